"""Run tests in this process, with the settings of an ini file."""

from __future__ import annotations

import textwrap

import pytest

from tests.pytest_plugin.plugins import alone

OURS = "from flext_exceptions import FlextExceptions as X"


def run(pytester: pytest.Pytester, source: str, *options: str, ini: str = "") -> pytest.RunResult:
    """Run tests in this process, with the settings of an ini file."""
    pytester.makeini(f"[pytest]\n{textwrap.dedent(ini)}")
    pytester.makepyfile(f"import pytest\n{OURS}\n{textwrap.dedent(source)}")
    return pytester.runpytest_inprocess(*alone(*options))
