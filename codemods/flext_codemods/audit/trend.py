"""The numbers over the history of a repository."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

from flext_analysis.settings import Settings
from flext_codemods.audit.making import Audit, make_audit
from flext_codemods.audit.report import Point
from flext_codemods.audit.sources import Sources, sources_at
from flext_codemods.project.git import git

__all__ = ["audit_at", "trend_since"]

MOST = 12  # commits that are audited: more do not improve the picture


def audit_at(revision: str, sources: Sources, state: Path | None, settings: Settings) -> Audit:
    """Audit the files as they were at a revision.

    Raises:
        FlextExceptions.ConfigurationError: there is no repository, or no such revision.
    """
    gc.collect()  # of the audit before; the collector is off in a run
    return make_audit(sources_at(revision, sources), state, settings)


def trend_since(
    revision: str, before: Audit, now: Audit, sources: Sources, state: Path | None, settings: Settings
) -> Iterator[Point]:
    """Yield the numbers at a revision, at some evenly spaced commits after it, and now."""
    commits = commits_since(revision, sources.repository)
    after = commits[:0:-1]  # from HEAD backwards, so that HEAD itself is included
    step = max(1, -(-len(after) // (MOST - 2)))
    yield point(commits[0] if commits else revision, before, sources)
    for commit in reversed(after[::step]):
        yield point(commit, audit_at(commit, sources, state, settings), sources)
    yield Point("now", "", now.report.numbers, now.report.inventory.total.percent)


def commits_since(revision: str, repository: Path) -> list[str]:
    """Return a revision and the commits after it, on the first line of parents, the oldest first."""
    first = (git(repository, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") or b"").decode().strip()
    listed = git(repository, "rev-list", "--first-parent", "--reverse", f"{first}..HEAD") or b""
    return [first, *listed.decode().split()]


def point(commit: str, audit: Audit, sources: Sources) -> Point:
    """Return the numbers at a commit."""
    shown = git(sources.repository, "show", "--no-patch", "--format=%h %cs", commit) or b""
    name, _, date = shown.decode().strip().partition(" ")
    return Point(name or commit, date, audit.report.numbers, audit.report.inventory.total.percent)
