"""Run tests in this process, with the settings of an ini file."""

from __future__ import annotations

import textwrap

import pytest

# The plugins of others are loaded in the runs that are about them.
ALONE = (
    "-p",
    "no:schemathesis",
    "-p",
    "no:pytest-lsp",
    "-p",
    "no:randomly",
    "-p",
    "no:asyncio",
    "-p",
    "no:anyio",
    "-p",
    "no:xdist",
    "-p",
    "no:cacheprovider",
)


OURS = "from flext_exceptions import FlextExceptions as X"


def run(pytester: pytest.Pytester, source: str, *options: str, ini: str = "") -> pytest.RunResult:
    """Run tests in this process, with the settings of an ini file."""
    pytester.makeini(f"[pytest]\n{textwrap.dedent(ini)}")
    pytester.makepyfile(f"import pytest\n{OURS}\n{textwrap.dedent(source)}")
    return pytester.runpytest_inprocess(*ALONE, *options)
