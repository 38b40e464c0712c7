"""Helpers: repositories with a warm cache, and the output of a run with and without it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flext_analysis.semantics import star_imports as stars
from flext_codemods.model.finding import Finding
from flext_codemods.project.skip import Skip
from flext_codemods.storage.packing import packed
from flext_codemods.storage.state_dir import state_folder
from tests.codemods.conftest import Ran, Repository

LEFT = "def f(x):\n    raise ValueError(x, 1)\n"  # several arguments: left, and so found anew by every run
SKIP = Finding._fields.index("skip")
MARK = "found in the cache"
Change = Callable[[Repository], object]


def stored(root: Path) -> Path:
    """Return the file of the cache."""
    return state_folder(root) / "clean.json"


def kept(root: Path) -> dict[str, Any]:
    """Return what is kept for the next run."""
    found: dict[str, Any] = json.loads(stored(root).read_bytes())
    return found


def mark(root: Path) -> None:
    """Mark each finding in the cache."""
    found = kept(root)
    for _stamp, findings in found["findings"].values():
        for finding in findings:
            finding[SKIP] = packed(Skip("arguments", MARK))
    stored(root).write_text(json.dumps(found))


def without_seconds(ran: Ran) -> dict[str, Any]:
    """Return a report without what no two runs share."""
    report = ran.report()
    report["summary"].pop("seconds")
    return report


def look(repository: Repository, *arguments: str) -> tuple[dict[str, Any], set[str]]:
    """Return the report of a run that writes nothing, and the files whose findings came from the cache."""
    stars.top_level.cache_clear()  # its life is that of a process, and here one process runs many times
    report = without_seconds(repository.migrate("--check", "--format", "json", *arguments))
    return report, {site["path"] for site in report["sites"] if site["detail"] == MARK}


def is_as_without(repository: Repository, *arguments: str) -> bool:
    """Say whether a run says the same with the cache and without, where nothing in it is marked."""
    return look(repository, *arguments)[0] == look(repository, "--no-cache", *arguments)[0]


@pytest.fixture
def warm(repository: Repository) -> Repository:
    """A repository with a site that is left, the findings in the cache, and marked."""
    repository.write({"pkg/__init__.py": "", "pkg/mod.py": LEFT, "other.py": "x = 1\n"})
    assert repository.migrate().status == 0
    assert is_as_without(repository)
    mark(repository.root)
    assert look(repository)[1] == {"pkg/mod.py"}
    return repository


def quiet() -> dict[str, Any]:
    """Return the options of a process whose output is looked at."""
    return {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
