"""The command line: options in, report and exit status out."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from flext_analysis.settings import load_settings
from flext_codemods.advice import advice_for
from flext_codemods.discover import DOCUMENTS, is_ignored_by_git, list_files
from flext_codemods.findings import FileResult
from flext_codemods.paths import relative
from flext_codemods.placement import Placement
from flext_codemods.recipe import all_recipes
from flext_codemods.report import (
    Report,
    as_json,
    as_text,
    diff_of,
    may_break,
    may_break_lines,
    on_one_line,
)
from flext_codemods.run import Job, rewrite, run_files, start_pool, workers_for
from flext_codemods.surroundings import Surroundings, Survey, survey
from flext_codemods.targets import project_targets
from flext_codemods.vcs import unsafe_to_write
from flext_codemods.write import write_file
from flext_exceptions import FlextExceptions

__all__ = ["main"]


class Options(NamedTuple):
    """What the command line asks for."""

    diff: bool
    check: bool
    recipes: tuple[str, ...]
    tests: bool
    include: tuple[str, ...]
    jobs: str
    output: str
    allow_dirty: bool
    allow_no_vcs: bool
    retarget_to: str


class Place(NamedTuple):
    """A path of the command line, with the project whose settings hold there and the repository around it."""

    path: Path
    project: Path
    repository: Path


def usage(message: str) -> FlextExceptions.ConfigurationError:
    """Build the one-line error for a wrong use of the command."""
    return FlextExceptions.ConfigurationError(message)


def locate(text: str) -> Place:
    """Return where a path of the command line belongs."""
    path = Path.cwd() / os.path.normpath(text)
    if not text or not os.path.lexists(path):
        raise usage(f"{text or repr(text)}: there is no such file or folder")
    folder = path if path.is_dir() else path.parent
    chain = [folder, *folder.parents]
    repository = next((each for each in chain if (each / ".git").exists()), None)
    if repository is not None and folder != repository and is_ignored_by_git(folder):
        chain = chain[: chain.index(repository)]  # not part of that repository: a project of its own, or nothing
        repository = None
    inside = chain[: chain.index(repository) + 1] if repository else chain
    project = next((each for each in inside if (each / "pyproject.toml").is_file()), repository or folder)
    return Place(path, project, repository or project)


def chosen_recipes(select: str | None, ignore: str | None, retarget_to: str) -> tuple[str, ...]:
    """Return the names of the recipes to run: the safe ones, or those selected, without those ignored."""
    known = all_recipes()
    if retarget_to != "flext_exceptions" and select is None:
        select = "retarget"
    named = {
        name.strip(): option
        for option, text in (("--select", select), ("--ignore", ignore))
        for name in (text or "").split(",")
    }
    for name, option in named.items():
        if name and name not in known:
            raise usage(f"{option}: there is no recipe {name!r}; there are {', '.join(sorted(known))}")
    wanted = (
        [name.strip() for name in select.split(",")] if select else [n for n, r in known.items() if r.safety == "safe"]
    )
    dropped = {name.strip() for name in (ignore or "").split(",")}
    return tuple(name for name in sorted(known) if name in wanted and name not in dropped)


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


def prepare(place: Place, options: Options) -> tuple[Job, Survey]:
    """Read what a run needs to know of a repository."""
    settings = load_settings(place.project)
    listed = list_files(place.repository)
    python = [path for path in listed if path.suffix not in DOCUMENTS]
    targets = project_targets(settings.targets, python, partial(setting, place.project))
    found = survey(place.repository, listed, targets, options.retarget_to)
    placement = Placement(place.project, settings, python, tests=options.tests, include=options.include)
    return Job(options.recipes, placement, found.around, options.retarget_to), found


def files_below(place: Place, candidates: Mapping[Path, bool | str]) -> Mapping[Path, bool | str]:
    """Return the files that a path of the command line stands for."""
    if place.path.is_dir():
        if place.path == place.repository:
            return candidates
        return {path: state for path, state in candidates.items() if path.is_relative_to(place.path)}
    return {place.path: True}


@contextlib.contextmanager
def pool(workers: int) -> Iterator[Executor | None]:
    """Give an executor of so many processes, None for one."""
    if workers < 2:
        yield None
        return
    executor = start_pool(workers)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def run_places(places: list[Place], options: Options) -> tuple[Report, list[str]]:
    """Take every path through the run; return the report, and what went wrong with files that were named."""
    started = time.perf_counter()
    prepared: dict[tuple[Path, Path], tuple[Job, Survey]] = {}
    results: dict[str, FileResult] = {}
    seen: set[Path] = set()
    # Files first: one that is named is read, although its folder is named too and its bytes hint at nothing.
    for place in sorted(places, key=lambda place: place.path.is_dir()):
        key = (place.project, place.repository)
        if key not in prepared:
            prepared[key] = prepare(place, options)
        job, found = prepared[key]
        files = {path: state for path, state in files_below(place, found.files).items() if path not in seen}
        seen.update(files)
        for path, state in files.items():
            if isinstance(state, str):
                results[str(path)] = FileResult(str(path), reason="unreadable", detail=state)
        todo = [path for path, state in files.items() if state is True]
        with pool(workers_for(options.jobs, todo)) as executor:
            for result in with_progress(run_files(todo, job, executor), len(todo)):
                results[result.path] = result
    ordered = tuple(results[path] for path in sorted(results))
    shown = {one for job, _ in prepared.values() for one in job.around.shown}
    advice = [
        line
        for job, _ in prepared.values()
        for line in advice_for(job.placement.project, list(ordered), job.placement.build)
    ]
    named = {str(place.path) for place in places if not place.path.is_dir()}
    errors = [f"{relative(r.path)}: {r.detail}" for r in ordered if r.path in named and r.reason == "unreadable"]
    errors += [f"{relative(result.path)}: left as it was: {result.failure}" for result in ordered if result.failure]
    lines = sum(found.lines for _, found in prepared.values())
    report = Report(
        ordered,
        tuple(sorted(may_break(ordered, shown), key=lambda one: (one.path, one.line))),
        tuple(dict.fromkeys(advice)),
        files=sum(path.suffix == ".py" for path in seen),
        lines=lines,
        seconds=time.perf_counter() - started,
    )
    return report, errors


def write_all(report: Report, options: Options) -> tuple[Report, list[str]]:
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
    results = {result.path: result for result in report.results}
    errors = []
    for result in changed:
        try:
            assert result.new is not None
            write_file(Path(result.path), result.old, result.new)
        except OSError as error:
            what = error.strerror or str(error)
            results[result.path] = result._replace(new=None, failure=what)
            errors.append(f"{relative(result.path)}: cannot be written: {what}")
    return report._replace(results=tuple(results.values()), written=True), errors


def migrate_stdin(options: Options) -> int:
    """Rewrite what comes in on stdin to stdout; findings go to stderr."""
    raw = sys.stdin.buffer.read()
    project = locate(".").project
    settings = load_settings(project)
    python = list_files(project) if settings.targets else []
    targets = project_targets(settings.targets, python, partial(setting, project))
    placement = Placement(project, settings, include=["*"])
    result = rewrite(
        Path.cwd() / "stdin.py", raw, Job(options.recipes, placement, Surroundings(targets), options.retarget_to)
    )
    problem = result.failure or result.detail
    if options.diff:
        click.echo(diff_of(result._replace(path="stdin")) if result.new is not None else b"", nl=False)
    elif not options.check:
        click.echo(raw if result.new is None else result.new, nl=False)
    if problem:
        raise usage(f"stdin: {problem}")
    return int(result.new is not None and (options.diff or options.check))


@click.group(no_args_is_help=False)
def commands() -> None:
    """Take a repository from builtin exceptions to typed ones, without changing what it does."""


@commands.command()
@click.argument("paths", nargs=-1)
@click.option("--diff", is_flag=True, help="Print unified diffs and write nothing; exit 1 when there are any.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when anything would change.")
@click.option("--select", metavar="RECIPES", help="Run only these recipes (names with commas between).")
@click.option("--ignore", metavar="RECIPES", help="Do not run these recipes.")
@click.option("--tests", is_flag=True, help="Take test code along.")
@click.option("--include", multiple=True, metavar="GLOB", help="Take along files that are left for where they stand.")
@click.option("--to", "retarget_to", type=click.Choice(["flext_exceptions", "flext_core"]), default="flext_exceptions")
@click.option("--jobs", default="auto", metavar="auto|N", help="Processes to use; auto goes by the size of the work.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", help="How to report.")
@click.option("--allow-dirty", is_flag=True, help="Write to files that are untracked or not committed, too.")
@click.option("--allow-no-vcs", is_flag=True, help="Write where there is no git repository, too.")
def migrate(
    paths: tuple[str, ...],
    diff: bool,
    check: bool,
    select: str | None,
    ignore: str | None,
    tests: bool,
    include: tuple[str, ...],
    retarget_to: str,
    jobs: str,
    output: str,
    allow_dirty: bool,
    allow_no_vcs: bool,
) -> int:
    """Rewrite the files at PATHS (this folder when there are none; - for stdin) in place.

    Exit status: 0 done or nothing to do, 1 something would change (--diff, --check), 2 wrong usage, a file named that
    cannot be read or parsed, an error of writing or verification.
    """
    if jobs != "auto" and not (jobs.isdecimal() and int(jobs) > 0):
        raise usage(f"--jobs: {jobs!r} is neither auto nor a number from 1")
    recipes = chosen_recipes(select, ignore, retarget_to)
    options = Options(diff, check, recipes, tests, include, jobs, output, allow_dirty, allow_no_vcs, retarget_to)
    if "-" in paths:
        if len(paths) > 1:
            raise usage("-: stdin cannot be mixed with other paths")
        return migrate_stdin(options)
    report, errors = run_places([locate(path) for path in paths or (".",)], options)
    if (diff or check) and output == "text":
        for line in may_break_lines(report):
            click.echo(line, err=diff)
    if diff and output == "text":
        click.echo(b"".join(diff_of(result) for result in report.changed()), nl=False)
    if not (diff or check):
        report, unwritten = write_all(report, options)
        errors += unwritten
    report = report._replace(errors=tuple(errors))
    if output == "json":
        click.echo(as_json(report))
    else:
        click.echo(as_text(report), err=diff)
    for error in errors:
        complain(error)
    if errors:
        return 2
    return int(bool(report.changed()) and (diff or check))


@commands.command("recipes")
def list_recipes() -> int:
    """List the recipes: name, safety, what they do."""
    for recipe in all_recipes().values():
        click.echo(f"{recipe.name:12} {recipe.safety:7} {recipe.summary}\n{'':20} {recipe.before}  ->  {recipe.after}")
    return 0


def complain(message: str) -> None:
    """Print one line of error."""
    click.echo(f"flext-codemods: {on_one_line(' '.join(message.split()))}", err=True)


def main(argv: list[str]) -> int:
    """Run a command line; return the exit status."""
    was_on = gc.isenabled()
    gc.disable()  # trees have no cycles, and the collector would walk them for nothing
    try:
        status = commands.main(argv, "flext-codemods", standalone_mode=False)
    except FlextExceptions.BaseError as error:
        complain(str(error))
        return 2
    except click.ClickException as error:
        complain(f"{error.format_message()} (flext-codemods --help shows what there is)")
        return 2
    except (KeyboardInterrupt, click.Abort):
        complain("interrupted; every file is either as it was or as it was to be")
        return 130
    except SystemExit:
        return 2  # click's answer to a reader of the output that has gone
    except OSError as error:
        complain(f"{error.filename or 'output'}: {error.strerror or error}")
        return 2
    except Exception as error:
        # A mistake of ours: one line for the user, the whole of it in a file for whoever mends it.
        with tempfile.NamedTemporaryFile("w", prefix="flext-", suffix=".txt", delete=False) as file:
            traceback.print_exc(file=file)
        complain(f"internal error, please report it with {file.name}: {type(error).__name__}: {error}")
        return 2
    finally:
        if was_on:
            gc.enable()
    return status if isinstance(status, int) else 0
