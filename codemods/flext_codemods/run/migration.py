"""A whole run over the paths of a command line: preparation, the files here or in workers, and the writing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from flext_analysis.settings import load_settings
from flext_codemods.model.file_result import FileResult
from flext_codemods.model.job import Job
from flext_codemods.options import Options
from flext_codemods.project.dependency import declaration
from flext_codemods.project.exclusions import Exclusions
from flext_codemods.project.files import DOCUMENTS, ChangedFile, list_files
from flext_codemods.project.git import unsafe_to_write
from flext_codemods.project.next_steps import advice_for
from flext_codemods.project.paths import relative
from flext_codemods.project.roots import PathArgument, locate
from flext_codemods.project.skip import Skip
from flext_codemods.project.usage import usage
from flext_codemods.recipes import all_recipes
from flext_codemods.reports.diff import diff_of
from flext_codemods.reports.report import Report, may_break
from flext_codemods.reports.text import may_break_lines
from flext_codemods.repository.file_scan import Scanner
from flext_codemods.repository.repository import Repository
from flext_codemods.repository.targets import project_targets
from flext_codemods.rewrite.pipeline import lost_file, rewrite, rewrite_batch
from flext_codemods.run.cache import Cache
from flext_codemods.run.interactive import choose
from flext_codemods.run.scan import Scan, scan
from flext_codemods.run.unsafe_scan import scan_for_unsafe
from flext_codemods.storage.apply import write_results
from flext_codemods.workers.executors import Workers

__all__ = ["migrate_stdin", "prepare", "run_paths", "write_all"]


class Prepared(NamedTuple):
    """What a run knows of a repository before it rewrites files."""

    job: Job
    scan: Scan
    cache: Cache


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


def prepare(argument: PathArgument, options: Options, workers: Workers) -> Prepared:
    """Read what a run needs to know of a repository."""
    settings = load_settings(argument.project)
    listed = list_files(argument.repository)
    python = [path for path in listed if path.suffix not in DOCUMENTS]
    targets = project_targets(settings.targets, python, partial(setting, argument.project))
    hints = [all_recipes()[name].hint for name in options.recipes]
    cache = Cache(
        argument.repository,
        argument.project,
        [options.recipes, options.retarget_to, targets],
        reads=options.cache,
        writes=options.cache and options.writes,
    )
    scanner = Scanner(argument.repository, targets, hints, options.retarget_to)
    found = scan(listed, targets, scanner, cache, workers)
    exclusions = Exclusions(argument.project, settings, python, tests=options.tests, include=options.include)
    job = Job(options.recipes, exclusions, found.repository, options.retarget_to, options.unsafe)
    job = job._replace(repository=scan_for_unsafe(job, python), scanner=scanner if cache.writes else None)
    cache.begin(job)
    return Prepared(job, found, cache)


def files_below(argument: PathArgument, candidates: Mapping[Path, bool | str]) -> Mapping[Path, bool | str]:
    """Return the files that a path of the command line stands for."""
    if not argument.path.is_dir():
        return {argument.path: True}
    if argument.path == argument.repository:
        return candidates
    return {path: state for path, state in candidates.items() if path.is_relative_to(argument.path)}


class Run(NamedTuple):
    """What came of the files of a run: the report, what went wrong with files that were named, and the caches."""

    report: Report
    errors: list[str]
    caches: list[Cache]


def run_paths(arguments: list[PathArgument], options: Options, remote: Executor | None = None) -> Run:
    """Take every path through the run. Writes nothing.

    ``remote`` does the work where it is given, else processes here.
    """
    started = time.perf_counter()
    prepared: dict[tuple[Path, Path], Prepared] = {}
    results: dict[str, FileResult] = {}
    jobs: dict[str, Job] = {}
    seen: set[Path] = set()
    with Workers(options.jobs, remote) as workers:
        # Files first: one that is named is read, although its folder is named too and its bytes hint at nothing.
        for argument in sorted(arguments, key=lambda argument: argument.path.is_dir()):
            key = (argument.project, argument.repository)
            if key not in prepared:
                prepared[key] = prepare(argument, options, workers)
            job, found, cache = prepared[key]
            files = {path: state for path, state in files_below(argument, found.files).items() if path not in seen}
            seen.update(files)
            for path, state in files.items():
                if isinstance(state, str):
                    results[str(path)] = FileResult(str(path), skip=Skip("unreadable", state))
            todo = [path for path, state in files.items() if state is True]
            known = {result.path: result for result in cache.known(todo, job)}
            results |= known
            todo = [path for path in todo if str(path) not in known]
            rewritten = workers.spread(todo, partial(rewrite_batch, job=job), lost_file)
            for result in with_progress(rewritten, len(todo)):
                results[result.path] = result
                jobs[result.path] = job
                cache.add(result)
    if options.interactive:
        results = choose(results, jobs)
    if options.add_dependency:
        declarations = (declaration(each.job.exclusions.project) for each in prepared.values())
        results |= {file.path: FileResult(file.path, old=file.old, new=file.new) for file in declarations if file}
    ordered = tuple(results[path] for path in sorted(results))
    shown = {one for each in prepared.values() for one in each.job.repository.shown}
    report = Report(
        ordered,
        tuple(sorted(may_break(ordered, shown), key=lambda one: (one.path, one.line))),
        tuple(dict.fromkeys(advice(prepared.values(), ordered))),
        files=sum(path.suffix == ".py" for path in seen),
        lines=sum(each.scan.lines for each in prepared.values()),
        seconds=time.perf_counter() - started,
    )
    return Run(report, errors_of(report, arguments), [each.cache for each in prepared.values()])


def advice(prepared: Iterable[Prepared], results: Iterable[FileResult]) -> Iterator[str]:
    """Yield what is left to do by hand."""
    changed = [changed_file(result) for result in results if result.new is not None]
    for each in prepared:
        yield from advice_for(each.job.exclusions.project, changed, each.job.exclusions.build)


def changed_file(result: FileResult) -> ChangedFile:
    """Return a changed file with its bytes before and after."""
    assert result.new is not None
    return ChangedFile(result.path, result.old, result.new)


def errors_of(report: Report, arguments: Iterable[PathArgument]) -> list[str]:
    """Return what went wrong: files that were named and cannot be read, and rewritings that failed their checks."""
    named = {str(argument.path) for argument in arguments if not argument.path.is_dir()}
    unreadable = [each for each in report.results if each.path in named and each.reason == "unreadable"]
    failed = [each for each in report.results if each.failure]
    return [
        *(f"{relative(each.path)}: {each.detail}" for each in unreadable),
        *(f"{relative(each.path)}: left as it was: {each.failure}" for each in failed),
    ]


def write_all(run: Run, arguments: Sequence[PathArgument], options: Options) -> Run:
    """Write the changed files; return the run as it is then. Refuses, with all names, before the first.

    A file that cannot be written is a failure in the report: its sites are not rewritten.
    """
    report = run.report
    changed = report.changed()
    refused = unsafe_to_write(
        [Path(result.path) for result in changed], allow_dirty=options.allow_dirty, allow_no_vcs=options.allow_no_vcs
    )
    if refused:
        raise usage("; ".join(refused[:5]) + (f"; and {len(refused) - 5} more" if len(refused) > 5 else ""))
    if options.output == "text":
        for line in may_break_lines(report):
            click.echo(line)
    failures, problems = write_results(arguments, map(changed_file, changed))
    results = tuple(
        result._replace(new=None, failure=failures[result.path]) if result.path in failures else result
        for result in report.results
    )
    unwritten = [f"{relative(path)}: cannot be written: {why}" for path, why in failures.items()]
    for cache in run.caches:
        cache.save()
    report = report._replace(results=results, written=True)
    return Run(report, [*run.errors, *unwritten, *problems], run.caches)


def migrate_stdin(options: Options) -> int:
    """Rewrite what comes in on stdin to stdout; findings go to stderr."""
    raw = sys.stdin.buffer.read()
    project = locate(".").project
    settings = load_settings(project)
    python = list_files(project) if settings.targets else []
    targets = project_targets(settings.targets, python, partial(setting, project))
    exclusions = Exclusions(project, settings, include=["*"])
    result = rewrite(
        Path.cwd() / "stdin.py",
        raw,
        Job(options.recipes, exclusions, Repository(targets), options.retarget_to, options.unsafe),
    )
    problem = result.failure or result.detail
    if options.diff:
        click.echo(diff_of(result._replace(path="stdin")) if result.new is not None else b"", nl=False)
    elif not options.check:
        click.echo(raw if result.new is None else result.new, nl=False)
    if problem:
        raise usage(f"stdin: {problem}")
    return int(result.new is not None and (options.diff or options.check))
