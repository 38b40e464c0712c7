"""The JSON document of a run with raise mutants."""

from __future__ import annotations

from typing import Any

from flext_pytest.raise_mutants.model import NOT_REPEATED, NOT_TRIED
from flext_pytest.raise_mutants.results import Results

__all__ = ["document"]


def document(results: Results) -> dict[str, Any]:
    """Return the content of the JSON file.

    ``version`` is 1; ``root`` is pytest's root, below which files are named; ``packages`` are names; ``untyped`` is
    whether untyped raises were changed too; ``sites``, ``mutants``, ``killed``, ``survived``, ``not_tried``,
    ``not_repeated`` and ``exempt`` are numbers; ``percent`` is the share of the tried mutants that were killed, null
    for none; ``seconds`` is the total time; ``files`` holds the figures of each file. ``results`` holds each mutant in
    the order of file, line and kind, with ``status`` (killed, survived, not tried or not repeated), the tests that
    reach it, and for a killed one ``noticed_by``, a node id, and ``how``: failed, timed out or crashed.
    ``reached_outside_tests``, ``failing_tests``, ``unsound_tests`` and ``modules_imported_before`` list what could not
    be tried.
    """
    *files, total = results.rows()
    return {
        "version": 1,
        "root": results.root.as_posix(),
        "packages": list(results.packages),
        "untyped": results.untyped,
        "sites": total.sites,
        "mutants": total.mutants,
        "killed": total.killed,
        "survived": total.survived,
        "not_tried": len(results.with_status(NOT_TRIED)),
        "not_repeated": len(results.with_status(NOT_REPEATED)),
        "exempt": sum(results.exempt.values()),
        "percent": results.percent,
        "seconds": round(results.seconds, 3),
        "files": [{"file": row.name, **{name: getattr(row, name) for name in row._fields[1:]}} for row in files],
        "results": [
            {
                "file": results.shown(each.site.file),
                "line": each.site.line,
                "end_line": each.site.end_line,
                "function": each.site.function,
                "error": each.site.error,
                "mutant": each.kind,
                "status": each.outcome.status,
                "noticed_by": each.outcome.test,
                "how": each.outcome.how,
                "tests": list(each.tests),
            }
            for each in results.sorted
        ],
        "reached_outside_tests": [f"{results.shown(site.file)}:{site.line}" for site in results.only_outside],
        "failing_tests": list(results.failed),
        "unsound_tests": list(results.unsound),
        "modules_imported_before": list(results.missed),
    }
