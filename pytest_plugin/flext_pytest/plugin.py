"""The pytest plugin: options, marker, fixtures and hooks. Inert until used: what does the work is imported then."""

from __future__ import annotations

import sys

import pytest

__all__: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options and settings."""
    group = parser.getgroup("flext", "typed errors (flext-exceptions)")
    group.addoption(
        "--flext-report",
        nargs="?",
        const="text",
        metavar="json:PATH|html:PATH",
        help="show which typed errors the tests made, how often, which tests, and which were never asserted on",
    )
    group.addoption(
        "--flext-raise-coverage",
        nargs="?",
        const="text",
        metavar="json:PATH",
        help="show which raise sites of typed errors the tests reached",
    )
    group.addoption(
        "--flext-raise-fail-under", metavar="PERCENT", help="fail where fewer of the raise sites were reached"
    )
    group.addoption(
        "--flext-strict",
        action="store_true",
        help="fail a test that lets an untyped exception out of the packages of the project",
    )
    parser.addini("flext_packages", "packages of the project, for raise coverage and --flext-strict", type="args")
    parser.addini("flext_isolate", "metrics, configuration and correlation id apart for every test", type="bool")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        "flext(environment=None, correlation_id=None, isolate=True): typed errors of this test: an environment's "
        "configuration, a bound correlation id, metrics of its own",
    )


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain a failed comparison of typed errors part by part; where their package is not imported there are none."""
    if "flext_exceptions" not in sys.modules:
        return None
    from flext_pytest.explain import explanation

    return explanation(op, left, right)


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
    """Give the report of a test that fails with a typed error a section on it; all others are left to pytest.

    Later hooks, such as pytest_exception_interact, come after xdist and JUnit have taken the report.
    """
    if call.excinfo is None or "flext_exceptions" not in sys.modules:
        return None
    from flext_pytest.failures import report_of

    return report_of(item, call)
