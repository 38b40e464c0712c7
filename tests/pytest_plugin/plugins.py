"""Which plugins of others are left out of the runs within tests: importing them takes ten times as long as the run."""

from __future__ import annotations

__all__ = ["ALONE", "alone", "only"]

# By the names of their entry points, and one of pytest's own that writes files.
OTHERS = (
    "anyio",
    "asyncio",
    "cacheprovider",
    "hypothesispytest",
    "platformdirs",
    "pytest-lsp",
    "pytest_httpserver",
    "randomly",
    "schemathesis",
    "xdist",
    "xdist.looponfail",
)


def only(*kept: str) -> tuple[str, ...]:
    """Return the options of a run that loads only these of the installed plugins."""
    return tuple(word for name in OTHERS if name not in kept for word in ("-p", f"no:{name}"))


ALONE = only()


def alone(*options: str) -> tuple[str, ...]:
    """Return options with those that leave all plugins of others out, but xdist where the run has workers."""
    return (*(only("xdist") if "-n" in options else ALONE), *options)
