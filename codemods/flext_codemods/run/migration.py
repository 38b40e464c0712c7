"""A whole run over the paths of a command line: preparation, the files here or in workers, and the writing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from flext_analysis.manifests import declares
from flext_codemods.model.file_result import FileResult
from flext_codemods.model.job import Job
from flext_codemods.model.recipe import OBSERVERS, REVERT
from flext_codemods.options import Options
from flext_codemods.project.dependency import declaration
from flext_codemods.project.exclusions import Exclusions
from flext_codemods.project.files import ChangedFile, list_files, read_bytes
from flext_codemods.project.git import unsafe_to_write
from flext_codemods.project.next_steps import advice_after_revert, advice_for
from flext_codemods.project.paths import relative
from flext_codemods.project.python_versions import too_old
from flext_codemods.project.roots import PathArgument, Projects, locate
from flext_codemods.project.skip import Skip
from flext_codemods.project.usage import usage
from flext_codemods.reports.diff import diff_of
from flext_codemods.reports.observer_costs import observer_costs
from flext_codemods.reports.report import Report, may_break
from flext_codemods.reports.text import may_break_lines
from flext_codemods.repository.repository import Repository
from flext_codemods.rewrite.pipeline import lost_file, rewrite, rewrite_batch
from flext_codemods.run.cache import Cache
from flext_codemods.run.check_command import CheckCommand
from flext_codemods.run.interactive import choose
from flext_codemods.run.prepare import Prepared, prepare, targets_of
from flext_codemods.run.type_mutants import TypeMutants
from flext_codemods.run.verify import Baseline, verified
from flext_codemods.storage.apply import write_results
from flext_codemods.storage.recovery import take_back
from flext_codemods.storage.state_dir import old_state, state_folder
from flext_codemods.workers.executors import Workers

__all__ = ["Run", "migrate_stdin", "run_paths", "verify_run", "write_all"]

REFRESH = 0.1  # seconds between two refreshes of the progress bar
ADVISED = "advised"  # a file in the state folder: written once a repository has seen the message
DEPLOYMENT = (
    "deploy the readers of queues, caches and pickles before the writers: old code cannot unpickle the new types"
)


def with_progress(results: Iterator[FileResult], total: int) -> Iterator[FileResult]:
    """Pass results on, with a progress bar on a terminal if there is much to do.

    No thread refreshes the bar: workers are forked while it is shown, and a fork beside a thread may deadlock.
    """
    if total < 50 or not sys.stderr.isatty():
        yield from results
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task, refreshed = bar.add_task("migrating", total=total), 0.0
        for result in results:
            yield result
            bar.advance(task)
            if time.monotonic() > refreshed + REFRESH:
                bar.refresh()
                refreshed = time.monotonic()


def files_below(argument: PathArgument, candidates: Mapping[Path, bool | str]) -> Mapping[Path, bool | str]:
    """Return the files that a path of the command line stands for."""
    if not argument.path.is_dir():
        return {argument.path: True}
    if argument.path == argument.repository:
        return candidates
    return {path: state for path, state in candidates.items() if path.is_relative_to(argument.path)}


class Run(NamedTuple):
    """The results of a run: the report, what went wrong with named files, the caches, the jobs."""

    report: Report
    errors: list[str]
    caches: list[Cache]
    jobs: Mapping[str, Job]


def run_paths(arguments: list[PathArgument], options: Options, remote: Executor | None = None) -> Run:
    """Take every path through the run. Writes nothing.

    ``remote`` does the work if it is given, otherwise processes here.
    """
    started = time.perf_counter()
    prepared: dict[Path, Prepared] = {}
    results: dict[str, FileResult] = {}
    jobs: dict[str, Job] = {}
    seen: set[Path] = set()
    with Workers(options.jobs, remote) as workers:
        # Files first: a named one is read, even if its folder is named too and its bytes contain no hint.
        for argument in sorted(arguments, key=lambda argument: argument.path.is_dir()):
            top = argument.repository
            if top not in prepared:
                named = [each.path for each in arguments if each.repository == top]
                prepared[top] = prepare(top, named, options, workers)
            around = prepared[top]
            below = files_below(argument, around.scan.files).items()
            files = {path: state for path, state in below if path not in seen}
            seen.update(files)
            for path, state in files.items():
                if isinstance(state, str):
                    results[str(path)] = FileResult(str(path), skip=Skip("unreadable", state))
            for job, group in around.by_job(path for path, state in files.items() if state is True):
                known = {result.path: result for result in around.cache.known(group, job)}
                results |= known
                todo = [path for path in group if str(path) not in known]
                rewritten = workers.spread(todo, partial(rewrite_batch, job=job), lost_file)
                for result in with_progress(rewritten, len(todo)):
                    results[result.path] = result
                    jobs[result.path] = job
                    around.cache.add(result, job)
    refuse_without_observers(results, prepared.values())
    if options.interactive:
        results = choose(results, jobs)
    if options.add_dependency:
        declarations = [declaration(root) for root in changed_projects(prepared.values(), results)]
        results |= {file.path: FileResult(file.path, old=file.old, new=file.new) for file in declarations if file}
    ordered = tuple(results[path] for path in sorted(results))
    reverting = REVERT in options.recipes  # which does not apply to a migration then
    shown = {one for each in prepared.values() for one in each.scan.repository.shown if not reverting}
    started_from = [] if reverting else changed_projects(prepared.values(), results)
    report = Report(
        ordered,
        tuple(sorted(may_break(ordered, shown), key=lambda one: (one.path, one.line))),
        tuple(dict.fromkeys(advice(prepared.values(), ordered, options))),
        files=sum(path.suffix == ".py" for path in seen),
        lines=sum(each.scan.lines for each in prepared.values()),
        seconds=time.perf_counter() - started,
        warnings=tuple(filter(None, map(too_old, started_from))),
        observers=observer_costs(ordered, (each.observations for each in prepared.values())),
    )
    return Run(report, errors_of(report, arguments), [each.cache for each in prepared.values()], jobs)


def refuse_without_observers(results: Mapping[str, FileResult], prepared: Iterable[Prepared]) -> None:
    """Raise if an observer that is to be made neutral is in a file that could not be rewritten.

    Raises:
        FlextExceptions.ConfigurationError: it names the observer; the errors that it reads would visibly have changed.
    """
    for path in (path for each in prepared for path in each.observations.neutral):
        if path not in results or results[path].new is None:
            why = (results[path].failure if path in results else "") or "it cannot be rewritten"
            raise usage(
                f"{relative(path)}: {why}; nothing was done, since it contains an observer (--select +observers)"
            )


def changed_projects(prepared: Iterable[Prepared], results: Mapping[str, FileResult]) -> list[Path]:
    """Return the roots of the projects with files that change."""
    found = {
        each.projects.of(Path(path)).root: None
        for each in prepared
        for path, result in results.items()
        if result.new is not None and Path(path).is_relative_to(each.projects.repository)
    }
    return list(found)


def advice(prepared: Iterable[Prepared], results: Sequence[FileResult], options: Options) -> Iterator[str]:
    """Yield what is left to do by hand."""
    changed = [changed_file(result) for result in results if result.new is not None]
    if REVERT in options.recipes:
        files = [(one.path, one.new if one.new is not None else read_bytes(Path(one.path))[0]) for one in results]
        declared = any(declares(root) for each in prepared for root in each.jobs)
        yield from advice_after_revert(files, declared) if changed else ()
        return
    for each in prepared:
        for job in each.jobs.values():
            root = job.exclusions.project
            own = [file for file in changed if each.projects.of(Path(file.path)).root == root]
            yield from advice_for(root, own, job.exclusions.build, each.projects.repository)
        old = old_state(each.projects.repository)
        if old:
            yield old
        told = not options.writes or (state_folder(each.projects.repository) / ADVISED).exists()
        if own_changes(each, changed) and not told:
            yield DEPLOYMENT


def own_changes(prepared: Prepared, changed: Iterable[ChangedFile]) -> bool:
    """Return whether modules of a repository change."""
    paths = (Path(file.path) for file in changed if file.path.endswith(".py"))
    return any(path.is_relative_to(prepared.projects.repository) for path in paths)


def changed_file(result: FileResult) -> ChangedFile:
    """Return a changed file with its bytes before and after."""
    assert result.new is not None
    return ChangedFile(result.path, result.old, result.new)


def errors_of(report: Report, arguments: Iterable[PathArgument]) -> list[str]:
    """Return what went wrong: named files that cannot be read, and rewrites that failed their checks."""
    named = {str(argument.path) for argument in arguments if not argument.path.is_dir()}
    unreadable = [each for each in report.results if each.path in named and each.reason == "unreadable"]
    failed = [each for each in report.results if each.failure]
    return [
        *(f"{relative(each.path)}: {each.detail}" for each in unreadable),
        *(f"{relative(each.path)}: not changed: {each.failure}" for each in failed),
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
    if options.output == "text" and not options.quiet:
        for line in may_break_lines(report):
            click.echo(line)
    failures, problems = write_results(arguments, map(changed_file, changed))
    results = tuple(
        result._replace(new=None, failure=failures[result.path]) if result.path in failures else result
        for result in report.results
    )
    if any(one.recipe == OBSERVERS for each in changed if each.path in failures for one in each.findings):
        undone = [line for top in sorted({each.repository.resolve() for each in arguments}) for line in take_back(top)]
        where = "; ".join(f"{relative(path)}: cannot be written: {why}" for path, why in failures.items())
        raise usage(
            "; ".join([where, "it contains an observer of errors raised elsewhere, so everything is undone", *undone])
        )
    unwritten = [f"{relative(path)}: cannot be written: {why}" for path, why in failures.items()]
    for cache in run.caches:
        cache.save()
        with suppress(OSError):  # then it is shown once more
            if DEPLOYMENT in report.advice and state_folder(cache.repository).is_dir():
                (state_folder(cache.repository) / ADVISED).touch()
    report = report._replace(results=results, written=True)
    return Run(report, [*run.errors, *unwritten, *problems], run.caches, run.jobs)


def verify_run(
    run: Run, arguments: Sequence[PathArgument], check: CheckCommand, before: Baseline, mutants: TypeMutants | None
) -> Run:
    """Return a run that was written, with what the check lets stand; see ``verified``."""
    kept = verified(run.report.results, run.jobs, arguments, check, before)
    untold = mutants.advice(kept.results) if mutants is not None else ()
    report = run.report._replace(results=kept.results, advice=(*run.report.advice, *kept.advice, *untold))
    return run._replace(report=report)


def migrate_stdin(options: Options) -> int:
    """Rewrite stdin to stdout; findings go to stderr."""
    raw = sys.stdin.buffer.read()
    repository = locate(".").repository
    project = Projects(repository).at(Path.cwd())
    python = list_files(project.root) if project.settings.targets else []
    targets = targets_of(project, python, python)
    exclusions = Exclusions(project, include=["*"])
    job = Job(options.recipes, exclusions, Repository(targets), options.retarget_to, options.unsafe)
    result = rewrite(Path.cwd() / "stdin.py", raw, job)
    problem = result.failure or result.detail
    if options.diff:
        click.echo(diff_of(result._replace(path="stdin")) if result.new is not None else b"", nl=False)
    elif not options.check:
        click.echo(raw if result.new is None else result.new, nl=False)
    if problem:
        raise usage(f"stdin: {problem}")
    return int(result.new is not None and (options.diff or options.check))
