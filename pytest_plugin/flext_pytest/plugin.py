"""The pytest plugin: settings, marker, fixtures and hooks. Inert until used: the implementation is imported then."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flext_pytest.metrics import FlextMetrics

__all__: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare settings and options."""
    parser.addini("flext_isolate", "isolate metrics, configuration and correlation id for every test", type="bool")
    parser.addini(
        "flext_packages",
        "packages whose raise sites and untyped errors are checked; default: those in rootdir and rootdir/src",
        type="args",
    )
    group = parser.getgroup("flext", "typed errors (flext-exceptions)")
    group.addoption(
        "--flext-report",
        nargs="?",
        const="",
        metavar="json:PATH|html:PATH",
        help="report which typed errors the tests created and which were never asserted on; a path writes it",
    )
    group.addoption(
        "--flext-raise-coverage",
        nargs="?",
        const="",
        metavar="json:PATH",
        help="report which raise sites of typed errors the tests reached; a path writes it",
    )
    group.addoption(
        "--flext-raise-fail-under",
        metavar="PERCENT",
        help="fail if fewer raise sites were reached; turns --flext-raise-coverage on",
    )
    group.addoption(
        "--flext-raise-mutants",
        nargs="?",
        const="",
        action="append",
        metavar="all|KIND|json:PATH",
        help="change each raise site that the tests reach, and report which changes no test notices; 'all' changes "
        "untyped raises too, 'type' (or another kind) tries only mutants of this kind, json:PATH writes the result; "
        "may be given more than once",
    )
    group.addoption(
        "--flext-raise-mutants-fail-under",
        metavar="PERCENT",
        help="fail if fewer mutants were killed; turns --flext-raise-mutants on",
    )
    group.addoption(
        "--flext-raise-mutants-seconds",
        metavar="SECONDS",
        help="try mutants for at most this long, the most revealing first; turns --flext-raise-mutants on",
    )
    group.addoption("--flext-raise-mutants-child", help=argparse.SUPPRESS)
    group.addoption(
        "--flext-strict",
        action="store_true",
        help="fail each test that lets an untyped exception leave the packages of flext_packages, even if it expects "
        "it; exceptions that tests catch with a plain try are seen on Python 3.12 and newer",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Compile the packages with switches if raise mutants are requested: before a conftest imports them."""
    if mutants_are_wanted(early_config.known_args_namespace):
        from flext_pytest.raise_mutants.start import install

        install(early_config)


def mutants_are_wanted(options: argparse.Namespace) -> bool:
    """Return whether an option requests raise mutants."""
    return any(
        getattr(options, f"flext_raise_mutants{each}", None) is not None
        for each in ("", "_fail_under", "_seconds", "_child")
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, check the settings, and register what options request."""
    config.addinivalue_line(
        "markers",
        "flext(environment=None, correlation_id=None, isolate=True): typed errors of this test: an environment's "
        "configuration, a bound correlation id, metrics of its own",
    )
    try:
        config.getini("flext_isolate")
    except (TypeError, ValueError, pytest.UsageError) as error:  # pytest's own message does not name the setting
        raise pytest.UsageError(f"flext_isolate: {error}; valid is true or false") from None
    if config.getoption("--flext-report") is not None:
        from flext_pytest.report.hooks import Report

        config.pluginmanager.register(Report(config), "flext_report")
    if (
        config.getoption("--flext-raise-coverage") is not None
        or config.getoption("--flext-raise-fail-under") is not None
    ):
        from flext_pytest.raise_coverage.hooks import RaiseCoverage

        config.pluginmanager.register(RaiseCoverage(config), "flext_raise_coverage")
    if mutants_are_wanted(config.option):
        from flext_pytest.raise_mutants.start import register

        register(config)
    if config.getoption("--flext-strict"):
        from flext_pytest.strict.hooks import Strict

        config.pluginmanager.register(Strict(config), "flext_strict")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Isolate the tests that need it: all with ``flext_isolate``, otherwise those with the marker.

    Last, so that markers are seen that other plugins add to tests at the end of collection.
    """
    chosen = items if config.getini("flext_isolate") else [each for each in items if each.get_closest_marker("flext")]
    if chosen:
        from flext_pytest.marker import prepare

        prepare(chosen)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Report what is wrong with the markers that a worker of xdist found."""
    found = getattr(node, "workeroutput", {}).get("flext_mistakes")
    if found:
        raise pytest.UsageError(*found)


@pytest.fixture
def _flext_marked(request: pytest.FixtureRequest) -> Iterator[None]:
    """Do what the marker ``flext`` and ``flext_isolate`` request for this test; it is set up only for such tests."""
    from flext_pytest.marker import apply_marker

    with apply_marker(request.node):
        yield


@pytest.fixture
def flext_metrics(request: pytest.FixtureRequest) -> Iterator[FlextMetrics]:
    """Count the typed errors of this test from zero: a mapping, .total, .errors, .assert_counts(), .assert_none()."""
    from flext_pytest.metrics import record_metrics

    with record_metrics(request.node) as metrics:
        yield metrics


@pytest.fixture
def flext_correlation_id(request: pytest.FixtureRequest) -> Iterator[str]:
    """Bind a fixed, readable correlation id for this test, derived from its node id, and return it."""
    from flext_pytest.isolation import bind_id
    from flext_pytest.marker import correlation_id_of

    with bind_id(request.node, correlation_id_of(request.node)) as correlation_id:
        yield correlation_id


@pytest.fixture
def flext_config() -> Iterator[Callable[..., None]]:
    """Configure typed errors for this test: flext_config(environment="production"); restored afterwards."""
    from flext_pytest.isolation import flext_config as configure
    from flext_pytest.isolation import restore_settings

    with restore_settings():
        yield configure


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain a failed comparison of typed errors; if their package is not imported there are none."""
    if "flext_exceptions" not in sys.modules:
        return None
    from flext_pytest.assertions.assertrepr import explanation

    return explanation(op, left, right)


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
    """Add a section to the report of a test that fails with a typed error; all others are left to pytest.

    Later hooks, such as pytest_exception_interact, come after xdist and JUnit have taken the report.
    """
    if call.excinfo is None or "flext_exceptions" not in sys.modules:
        return None
    from flext_pytest.assertions.failure_section import report_of

    return report_of(item, call)
