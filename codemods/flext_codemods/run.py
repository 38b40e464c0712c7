"""Take files through reading, analysis, editing and verification."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_analysis.source import Source, Unreadable, read_source
from flext_codemods.analyse import Module, analyse
from flext_codemods.edit import Plan, apply_edits, common_start, plan_edits
from flext_codemods.facts import Look, may_hold_a_site
from flext_codemods.findings import NOT_MIGRATABLE, Edit, FileResult, Finding
from flext_codemods.keeping import kept
from flext_codemods.placement import Placement
from flext_codemods.recipe import Recipe, all_recipes
from flext_codemods.surroundings import Surroundings
from flext_codemods.verify import verify

__all__ = ["Job", "lost_file", "rewrite", "rewrite_batch"]

PASSES = 5  # handlers inside handlers: nobody nests useless ones deeper


class Job(NamedTuple):
    """What is the same for every file of a run. Travels to worker processes.

    ``accepted`` are the places, by line and column, that somebody said yes to: None for all; ``look`` is what the next
    run looks for in a file, None where nothing is kept for it.
    """

    recipes: tuple[str, ...]
    placement: Placement
    around: Surroundings
    retarget_to: str = "flext_exceptions"
    unsafe: bool = False
    accepted: frozenset[tuple[int, int]] | None = None
    look: Look | None = None

    def chosen(self) -> Mapping[str, Recipe]:
        """Return the recipes of this run by name."""
        return {name: recipe for name, recipe in all_recipes().items() if name in self.recipes}

    def module(self, path: Path, source: Source) -> Module:
        """Return the module that the recipes are to look at."""
        return Module(path, source, self.around, self.retarget_to, self.recipes, self.unsafe)


def rewrite(path: Path, raw: bytes, job: Job) -> FileResult:
    """Return what the recipes find in a file, and its new bytes where they change it. Writes nothing."""
    verdict = job.placement.reason(path, raw)
    result = rewritten(path, raw, job, verdict)
    if job.look is None:
        return result
    return result._replace(kept=kept(raw, verdict, result, job.placement, job.look))


def rewritten(path: Path, raw: bytes, job: Job, verdict: tuple[str, str]) -> FileResult:
    """Do what rewrite does; ``verdict`` is the reason, and its detail, to leave the file whole."""
    lines = raw.count(b"\n")
    reason, detail = verdict
    if path.suffix != ".py":
        return FileResult(str(path), reason=reason, detail=detail)
    try:
        source = read_source(raw)
    except Unreadable as error:
        return FileResult(str(path), reason="unreadable", detail=str(error), lines=lines)
    recipes = job.chosen()
    module = job.module(path, source)
    findings = list(judged_whole(analyse(module, recipes.values()), recipes, reason, detail))
    if job.accepted is not None:
        findings = [declined(one) if (one.line, one.column) not in job.accepted else one for one in findings]
    plan = plan_edits(module, findings, recipes)
    if not plan.edits:
        return FileResult(str(path), tuple(plan.findings), lines=lines)
    try:
        made = carried_out(source, plan, job, path, verdict)
    except Unreadable as error:
        return FileResult(str(path), reason="unreadable", detail=str(error), lines=lines)
    if made.source is None:
        return FileResult(str(path), tuple(plan.findings), failure=made.problem, lines=lines)
    new = source.encode(made.source.text)
    return FileResult(
        str(path), tuple(plan.findings), raw, new, lines=lines, edits=tuple(made.edits), after=made.findings
    )


def declined(finding: Finding) -> Finding:
    """Return a finding that somebody said no to."""
    return finding if finding.left else finding._replace(reason="declined", detail="answered with no")


class Made(NamedTuple):
    """What carrying out a plan led to: the file (None: ``problem`` says why) and the edits, and what is found there.

    ``findings`` is None where nobody looked.
    """

    source: Source | None
    edits: list[Edit]
    problem: str = ""
    findings: tuple[Finding, ...] | None = None


def carried_out(source: Source, plan: Plan, job: Job, path: Path, whole: tuple[str, str]) -> Made:
    """Return the file with a plan's edits made; ``whole`` is the reason, and its detail, to leave the file whole.

    Edits around others are made in a further pass. After the last a pass more must find nothing to do.

    Raises:
        Unreadable: the file did not compile before.
    """
    recipes = job.chosen()
    now = source
    edits = plan.edits
    for _ in range(PASSES):
        new, problem = verify(now, apply_edits(now.text, plan.edits), plan, recipes)
        if new is None or problem:
            return Made(None, [], problem)
        now = new
        hinted = may_hold_a_site(now.encode(now.text), recipes.values(), job.retarget_to)
        if not hinted or job.accepted is not None:
            return Made(now, edits)
        module = job.module(path, now)
        deferred = plan.deferred
        plan = plan_edits(module, list(judged_whole(analyse(module, recipes.values()), recipes, *whole)), recipes)
        if not plan.edits:
            return Made(now, edits, "", tuple(plan.findings))
        if not deferred:
            break
        edits = [whole_edit(source.text, apply_edits(now.text, plan.edits))]
    return Made(None, [], "a second run would change it again")


def whole_edit(old: str, new: str) -> Edit:
    """Return the one edit, from the first character that differs to the last, that makes one text of another.

    >>> whole_edit("a b c", "a x c")
    Edit(start=2, end=3, text='x')
    """
    start = common_start(old, new)
    end = common_start(old[start:][::-1], new[start:][::-1])
    return Edit(start, len(old) - end, new[start : len(new) - end])


def judged_whole(
    findings: Iterable[Finding], recipes: Mapping[str, Recipe], reason: str, detail: str
) -> Iterator[Finding]:
    """Yield findings, each with the reason of the file where it is left whole: but in tests not what is for tests."""
    countable = reason not in NOT_MIGRATABLE
    for finding in findings:
        if reason and not (reason == "test-file" and recipes[finding.recipe].in_tests):
            finding = finding._replace(reason=reason, detail=detail, migratable=finding.migratable and countable)
        yield finding


def rewrite_file(path: Path, job: Job) -> FileResult:
    """Do what rewrite does, for a file on disk."""
    if path.suffix != ".py":
        return rewrite(path, b"", job)
    try:
        if not path.is_file():
            return FileResult(str(path), reason="unreadable", detail="is no regular file")
        return rewrite(path, path.read_bytes(), job)
    except OSError as error:
        return FileResult(str(path), reason="unreadable", detail=f"cannot be read: {error.strerror}")
    except Exception as error:
        # A mistake of ours in one file must not cost the others; it is reported and ends the run with status 2.
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        return FileResult(
            str(path), failure=f"internal error, please report: {type(error).__name__} at {where}: {error}"
        )


def rewrite_batch(paths: list[Path], job: Job) -> list[FileResult]:
    """Rewrite several files."""
    return [rewrite_file(path, job) for path in paths]


def lost_file(path: Path) -> FileResult:
    """Return the result of a file that ended the process that worked on it."""
    return FileResult(str(path), failure="the process that worked on it died")
