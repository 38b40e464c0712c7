"""Run tests with ``--flext-report`` in this process, and read the report."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import pytest

from tests.pytest_plugin.plugins import alone

OURS = """
import pytest, threading, unittest
from flext_exceptions import FlextExceptions as X
from flext_pytest import *
"""


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    """Run tests in this process."""
    pytester.makepyfile(test_shop=f"{OURS}\n{textwrap.dedent(source)}")
    return pytester.runpytest_inprocess(*alone(*options))


def report(pytester: pytest.Pytester, source: str, *options: str) -> dict[str, Any]:
    """Run tests in this process, and return the JSON document."""
    result = run(pytester, source, "--flext-report=json:report.json", *options)
    assert result.ret in (0, 1), result.outlines
    return read(pytester)


def read(pytester: pytest.Pytester) -> dict[str, Any]:
    """Return the JSON document."""
    found: dict[str, Any] = json.loads((pytester.path / "report.json").read_text())
    return found


def lines(result: pytest.RunResult) -> list[str]:
    """Return the lines of the section of the terminal."""
    start = next(at for at, line in enumerate(result.outlines) if line.strip("=") == " typed errors ")
    end = next(at for at, line in enumerate(result.outlines) if at > start and line.startswith("="))
    return [line.rstrip() for line in result.outlines[start + 1 : end] if line]


SHOP = """
class SoldOut(X.ValidationError):
    code = "SHOP_7"

@pytest.fixture(scope="module")
def shop():
    X.ConnectionError("at the start")
    yield
    X.TimeoutError("at the end")

def test_sold_out(shop):
    with pytest.raises(SoldOut):
        raise SoldOut("A-1")

@pytest.mark.parametrize("sku", range(4))
def test_order(sku):
    X.KeyError("A"), X.KeyError("B")

X.KeyError("imported")
"""
