"""Take files through reading, analysis, editing and verification."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_analysis.syntax.source import Source, Unreadable, read_source
from flext_codemods.model.file_result import FileResult
from flext_codemods.model.finding import Edit, Finding
from flext_codemods.model.job import Job
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import OBSERVERS, Recipe
from flext_codemods.project.skip import Skip
from flext_codemods.project.text import common_start
from flext_codemods.raises.skip_reasons import NOT_MIGRATABLE
from flext_codemods.recipes import all_recipes
from flext_codemods.repository.file_scan import Hint, may_hold_a_site
from flext_codemods.repository.observations import line_mover
from flext_codemods.rewrite.cache_entry import cache_entry
from flext_codemods.rewrite.check_result import verify
from flext_codemods.rewrite.edits import Plan, apply_edits, plan_edits

__all__ = ["analyse", "lost_file", "recipes_of", "rewrite", "rewrite_batch"]

PASSES = 5  # handlers inside handlers: nobody nests useless ones deeper


def recipes_of(job: Job) -> Mapping[str, Recipe]:
    """Return the recipes of a run by name."""
    return {name: recipe for name, recipe in all_recipes().items() if name in job.recipes}


def hints_of(recipes: Mapping[str, Recipe]) -> list[Hint]:
    """Return a function that decides by a file's bytes whether one of some recipes may apply."""
    return [recipe.hint for recipe in recipes.values()]


def rewrite(path: Path, raw: bytes, job: Job) -> FileResult:
    """Return what the recipes find in a file, and its new bytes if they change it. Writes nothing."""
    whole = job.exclusions.skip(path, raw) or read_elsewhere(path, job)
    result = rewritten(path, raw, job, whole)
    if job.scanner is None:
        return result
    return result._replace(cache_entry=cache_entry(raw, whole, result, job.exclusions, job.scanner))


def read_elsewhere(path: Path, job: Job) -> Skip | None:
    """Return the reason to skip a file whose text is read elsewhere, to run it or write it out."""
    location = job.repository.read_elsewhere.get(str(path))
    return Skip("source", "its source is read there, to be run or written out", location) if location else None


def rewritten(path: Path, raw: bytes, job: Job, whole: Skip | None) -> FileResult:
    """Do the same as rewrite; ``whole`` is the reason to skip the file."""
    lines = raw.count(b"\n")
    if path.suffix != ".py":
        return FileResult(str(path), skip=whole)
    try:
        source = read_source(raw)
    except Unreadable as error:
        return FileResult(str(path), skip=Skip("unreadable", str(error)), lines=lines)
    recipes = recipes_of(job)
    module = Module(path, source, job)
    findings = list(judged_whole(analyse(module, recipes.values()), recipes, whole))
    if job.accepted is not None:
        asked = [one.recipe != OBSERVERS and (one.line, one.column) not in job.accepted for one in findings]
        findings = [declined(one) if no else one for one, no in zip(findings, asked, strict=True)]
    plan = plan_edits(module, findings, recipes)
    if not plan.edits:
        return FileResult(str(path), tuple(plan.findings), lines=lines)
    try:
        edited = carried_out(source, plan, job, path, whole)
    except Unreadable as error:
        return FileResult(str(path), skip=Skip("unreadable", str(error)), lines=lines)
    if edited.source is None:
        return FileResult(str(path), tuple(plan.findings), failure=edited.problem, lines=lines)
    new = source.encode(edited.source.text)
    return FileResult(
        str(path), tuple(plan.findings), raw, new, lines=lines, edits=tuple(edited.edits), after=edited.findings
    )


def declined(finding: Finding) -> Finding:
    """Return a finding that the user declined."""
    return finding if finding.left else finding._replace(skip=Skip("declined", "answered with no"))


class EditedFile(NamedTuple):
    """The result of carrying out a plan: the file (None: ``problem`` says why), the edits, and the new findings.

    ``findings`` is None if they were not computed.
    """

    source: Source | None
    edits: list[Edit]
    problem: str = ""
    findings: tuple[Finding, ...] | None = None


def carried_out(source: Source, plan: Plan, job: Job, path: Path, whole: Skip | None) -> EditedFile:
    """Return the file with a plan's edits made; ``whole`` is the reason to skip the file.

    Edits around others are made in a further pass. After the last one, another pass must find nothing to do.

    Raises:
        Unreadable: the file did not compile before.
    """
    recipes = recipes_of(job)
    now = source
    edits = plan.edits
    for _ in range(PASSES):
        new, problem = verify(now, apply_edits(now.text, plan.edits), plan, recipes)
        if new is None or problem:
            return EditedFile(None, [], problem)
        job = with_moved_lines(job, path, now.text, plan.edits)
        now = new
        hinted = may_hold_a_site(now.encode(now.text), hints_of(recipes), job.retarget_to)
        if not hinted or job.accepted is not None:
            return EditedFile(now, edits)
        module = Module(path, now, job)
        deferred = plan.deferred
        plan = plan_edits(module, list(judged_whole(analyse(module, recipes.values()), recipes, whole)), recipes)
        if not plan.edits:
            return EditedFile(now, edits, "", tuple(plan.findings))
        if not deferred:
            break
        edits = [whole_edit(source.text, apply_edits(now.text, plan.edits))]
    return EditedFile(None, [], "a second run would change it again")


def with_moved_lines(job: Job, path: Path, text: str, edits: Iterable[Edit]) -> Job:
    """Return a job with the positions of a file's observed sites after some edits."""
    observations = job.repository.observations
    if str(path) not in observations.sites:
        return job
    moved = observations.moved(line_mover({str(path): (text, edits)}))
    return job._replace(repository=job.repository._replace(observations=moved))


def whole_edit(old: str, new: str) -> Edit:
    """Return the one edit, from the first character that differs to the last, that turns one text into another.

    >>> whole_edit("a b c", "a x c")
    Edit(start=2, end=3, text='x')
    """
    start = common_start(old, new)
    end = common_start(old[start:][::-1], new[start:][::-1])
    return Edit(start, len(old) - end, new[start : len(new) - end])


def judged_whole(findings: Iterable[Finding], recipes: Mapping[str, Recipe], whole: Skip | None) -> Iterator[Finding]:
    """Yield findings, each skipped if the file is skipped, except findings of recipes for tests in test code."""
    for finding in findings:
        if whole and not (whole.reason == "test-file" and recipes[finding.recipe].in_tests):
            countable = finding.migratable and (whole.counts or whole.reason not in NOT_MIGRATABLE)
            finding = finding._replace(skip=whole, migratable=countable)
        yield finding


def rewrite_file(path: Path, job: Job) -> FileResult:
    """Do the same as rewrite, for a file on disk."""
    if path.suffix != ".py":
        return rewrite(path, b"", job)
    try:
        if not path.is_file():
            return FileResult(str(path), skip=Skip("unreadable", "is not a regular file"))
        return rewrite(path, path.read_bytes(), job)
    except OSError as error:
        return FileResult(str(path), skip=Skip("unreadable", f"cannot be read: {error.strerror}"))
    except Exception as error:
        # A bug of ours in one file must not cost the others; it is reported and ends the run with status 2.
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


def analyse(module: Module, recipes: Iterable[Recipe]) -> list[Finding]:
    """Return what the recipes find in a module, in the order of the source."""
    found: Iterator[Finding] = (finding for recipe in recipes for finding in recipe.find(module))
    return sorted(found, key=lambda finding: (finding.start, finding.end))
