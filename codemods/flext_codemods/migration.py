"""A whole run over the paths of a command line: preparation, the files here or in workers, and the writing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from flext_analysis.settings import load_settings
from flext_codemods.advice import advice_for
from flext_codemods.cache import Cache
from flext_codemods.dependency import declaration
from flext_codemods.discover import DOCUMENTS, list_files
from flext_codemods.executors import Workers
from flext_codemods.facts import Look
from flext_codemods.findings import FileResult
from flext_codemods.interactive import choose
from flext_codemods.paths import relative
from flext_codemods.placement import Placement
from flext_codemods.places import Place, locate, usage
from flext_codemods.recipe import all_recipes
from flext_codemods.report import Report, may_break
from flext_codemods.reports.diff import diff_of
from flext_codemods.reports.text import may_break_lines
from flext_codemods.run import Job, lost_file, rewrite, rewrite_batch
from flext_codemods.surroundings import Surroundings, Survey, survey
from flext_codemods.targets import project_targets
from flext_codemods.vcs import unsafe_to_write
from flext_codemods.wider import look_wider
from flext_codemods.writing import write_results

__all__ = ["Options", "migrate_stdin", "prepare", "run_places", "write_all"]


class Options(NamedTuple):
    """What the command line asks for."""

    diff: bool
    check: bool
    recipes: tuple[str, ...]
    unsafe: bool
    tests: bool
    include: tuple[str, ...]
    jobs: str
    output: str
    allow_dirty: bool
    allow_no_vcs: bool
    retarget_to: str
    cache: bool = True
    interactive: bool = False
    add_dependency: bool = False


def with_progress(results: Iterator[FileResult], total: int) -> Iterator[FileResult]:
    """Pass results on, with a bar on a terminal while there is much to do."""
    if total < 50 or not sys.stderr.isatty():
        yield from results
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(results, description="migrating", total=total, console=Console(stderr=True), transient=True)


def setting(project: Path, builtin: str) -> str:
    """Return where a project names its target for a builtin, for a message."""
    return f"{relative(str(project / 'pyproject.toml'))}: [tool.flext] targets.{builtin}"


def prepare(place: Place, options: Options, workers: Workers) -> tuple[Job, Survey, Cache]:
    """Read what a run needs to know of a repository."""
    settings = load_settings(place.project)
    listed = list_files(place.repository)
    python = [path for path in listed if path.suffix not in DOCUMENTS]
    targets = project_targets(settings.targets, python, partial(setting, place.project))
    recipes = [all_recipes()[name] for name in options.recipes]
    cache = Cache(
        place.repository,
        place.project,
        [options.recipes, options.retarget_to, targets],
        reads=options.cache,
        writes=options.cache and not (options.diff or options.check),
    )
    look = Look(place.repository, targets, recipes, options.retarget_to)
    found = survey(listed, targets, look, cache, workers)
    placement = Placement(place.project, settings, python, tests=options.tests, include=options.include)
    job = Job(options.recipes, placement, found.around, options.retarget_to, options.unsafe)
    job = job._replace(around=look_wider(job, python), look=look if cache.writes else None)
    cache.begin(job)
    return job, found, cache


def files_below(place: Place, candidates: Mapping[Path, bool | str]) -> Mapping[Path, bool | str]:
    """Return the files that a path of the command line stands for."""
    if place.path.is_dir():
        if place.path == place.repository:
            return candidates
        return {path: state for path, state in candidates.items() if path.is_relative_to(place.path)}
    return {place.path: True}


def run_places(places: list[Place], options: Options, remote: Executor | None = None) -> tuple[Report, list[str]]:
    """Take every path through the run; return the report, and what went wrong with files that were named.

    ``remote`` does the work where it is given, else processes here.
    """
    started = time.perf_counter()
    prepared: dict[tuple[Path, Path], tuple[Job, Survey, Cache]] = {}
    results: dict[str, FileResult] = {}
    jobs: dict[str, Job] = {}
    seen: set[Path] = set()
    with Workers(options.jobs, remote) as workers:
        # Files first: one that is named is read, although its folder is named too and its bytes hint at nothing.
        for place in sorted(places, key=lambda place: place.path.is_dir()):
            key = (place.project, place.repository)
            if key not in prepared:
                prepared[key] = prepare(place, options, workers)
            job, found, cache = prepared[key]
            files = {path: state for path, state in files_below(place, found.files).items() if path not in seen}
            seen.update(files)
            for path, state in files.items():
                if isinstance(state, str):
                    results[str(path)] = FileResult(str(path), reason="unreadable", detail=state)
            todo = [path for path, state in files.items() if state is True]
            known = {result.path: result for result in cache.known(todo, job)}
            results |= known
            todo = [path for path in todo if str(path) not in known]
            made = workers.spread(todo, partial(rewrite_batch, job=job), lost_file)
            for result in with_progress(made, len(todo)):
                results[result.path] = result
                jobs[result.path] = job
                cache.keep(result)
    if options.interactive:
        results = choose(results, jobs)
    if options.add_dependency:
        added = (declaration(job.placement.project) for job, *_ in prepared.values())
        results |= {change.path: change for change in added if change is not None}
    ordered = tuple(results[path] for path in sorted(results))
    shown = {one for job, *_ in prepared.values() for one in job.around.shown}
    advice = [
        line
        for job, *_ in prepared.values()
        for line in advice_for(job.placement.project, list(ordered), job.placement.build)
    ]
    named = {str(place.path) for place in places if not place.path.is_dir()}
    errors = [f"{relative(r.path)}: {r.detail}" for r in ordered if r.path in named and r.reason == "unreadable"]
    errors += [f"{relative(result.path)}: left as it was: {result.failure}" for result in ordered if result.failure]
    lines = sum(found.lines for _, found, _ in prepared.values())
    report = Report(
        ordered,
        tuple(sorted(may_break(ordered, shown), key=lambda one: (one.path, one.line))),
        tuple(dict.fromkeys(advice)),
        files=sum(path.suffix == ".py" for path in seen),
        lines=lines,
        seconds=time.perf_counter() - started,
        caches=tuple(cache for *_, cache in prepared.values()),
    )
    return report, errors


def write_all(report: Report, places: Sequence[Place], options: Options) -> tuple[Report, list[str]]:
    """Write the changed files; return what was done, and what could not be. Refuses, with all names, before the first.

    A file that cannot be written is a failure in the report: its sites are not rewritten.
    """
    changed = report.changed()
    refused = unsafe_to_write(
        [Path(result.path) for result in changed], allow_dirty=options.allow_dirty, allow_no_vcs=options.allow_no_vcs
    )
    if refused:
        raise usage("; ".join(refused[:5]) + (f"; and {len(refused) - 5} more" if len(refused) > 5 else ""))
    if options.output == "text":
        for line in may_break_lines(report):
            click.echo(line)
    failures, problems = write_results(places, changed)
    results = tuple(
        result._replace(new=None, failure=failures[result.path]) if result.path in failures else result
        for result in report.results
    )
    errors = [f"{relative(path)}: cannot be written: {why}" for path, why in failures.items()] + problems
    for cache in report.caches:
        cache.save()
    return report._replace(results=results, written=True), errors


def migrate_stdin(options: Options) -> int:
    """Rewrite what comes in on stdin to stdout; findings go to stderr."""
    raw = sys.stdin.buffer.read()
    project = locate(".").project
    settings = load_settings(project)
    python = list_files(project) if settings.targets else []
    targets = project_targets(settings.targets, python, partial(setting, project))
    placement = Placement(project, settings, include=["*"])
    result = rewrite(
        Path.cwd() / "stdin.py",
        raw,
        Job(options.recipes, placement, Surroundings(targets), options.retarget_to, options.unsafe),
    )
    problem = result.failure or result.detail
    if options.diff:
        click.echo(diff_of(result._replace(path="stdin")) if result.new is not None else b"", nl=False)
    elif not options.check:
        click.echo(raw if result.new is None else result.new, nl=False)
    if problem:
        raise usage(f"stdin: {problem}")
    return int(result.new is not None and (options.diff or options.check))
