"""Helpers for the tests of the escape analysis: analyse small programs, and list what leaves their functions."""

from __future__ import annotations

import textwrap

from flext_analysis.escapes import NARROW, OPEN, EscapeAnalysis, Limits, analyse_escapes
from flext_analysis.program.project import Project
from flext_analysis.summaries.summarize import summarize


def analysis_of(text: str | dict[str, str], limits: Limits = NARROW, **options: object) -> EscapeAnalysis:
    """Return the analysis of one module named m, or of several by their paths."""
    files = {"m.py": text} if isinstance(text, str) else text
    project = Project.whole(
        (path, path[:-3].replace("/", ".").removesuffix(".__init__"), summarize(textwrap.dedent(code).encode()))
        for path, code in files.items()
    )
    return analyse_escapes(project, limits, **options)  # type: ignore[arg-type]


def leaving(text: str | dict[str, str], limits: Limits = NARROW) -> dict[str, str]:
    """Return for each function the short names of the classes that may leave it, without what is open."""
    found: dict[str, set[str]] = {}
    for function, errors in analysis_of(text, limits).by_function().items():
        names = {name.rpartition(".")[2] for name in errors if name != OPEN}
        found.setdefault(function.scope.qualname, set()).update(names)
    return {name: " ".join(sorted(errors)) for name, errors in found.items()}


def is_open(text: str, function: str) -> bool:
    """Say whether something is not known of a function."""
    found = analysis_of(text).by_function()
    return any(OPEN in errors for one, errors in found.items() if one.scope.qualname == function)
