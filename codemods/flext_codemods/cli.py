"""The command line: options in, report and exit status out."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from contextlib import nullcontext
from pathlib import Path

import click

from flext_analysis.collector import collector_off
from flext_codemods.audit.command import audit
from flext_codemods.model.recipe import OBSERVERS, REVERT
from flext_codemods.options import Options, chosen_recipes
from flext_codemods.project.roots import locate
from flext_codemods.project.usage import usage
from flext_codemods.recipes import all_recipes
from flext_codemods.reports import FORMATS
from flext_codemods.reports.diff import coloured, diff_of
from flext_codemods.reports.html import check_file, write_html
from flext_codemods.reports.report import Report
from flext_codemods.reports.text import may_break_lines, on_one_line
from flext_codemods.run.check_command import CheckCommand
from flext_codemods.run.explain import explained, parse_line
from flext_codemods.run.migration import migrate_stdin, run_paths, verify_run, write_all
from flext_codemods.run.prepare import prepare
from flext_codemods.run.type_mutants import type_mutants
from flext_codemods.run.verify import baseline
from flext_codemods.storage.apply import alone
from flext_codemods.storage.recovery import Outcome, resume, undo
from flext_codemods.workers.executors import Workers, elsewhere
from flext_exceptions import FlextExceptions

__all__ = ["main"]

OURS = "flext_exceptions"


def check_executor(executor: str, scheduler: str, jobs: str) -> None:
    """Refuse options that contradict each other about who does the work, or that are incomplete."""
    if (executor == "dask") is not bool(scheduler):
        raise usage("--executor dask and --scheduler ADDRESS require each other")
    if scheduler and jobs != "auto":
        raise usage("--jobs is for processes; with --executor dask the cluster decides")


HELP = {"help_option_names": ["-h", "--help"]}
VERSION = click.version_option(package_name="flext-exceptions", prog_name="flext-codemods")


@click.group(no_args_is_help=False, context_settings=HELP)
@VERSION
def commands() -> None:
    """Migrate a repository from builtin exceptions to typed ones, without changing its behaviour."""


@commands.command(context_settings=HELP)
@VERSION
@click.argument("paths", nargs=-1)
@click.option("--diff", is_flag=True, help="Print unified diffs and write nothing; exit 1 if there are any.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
@click.option("--unsafe", is_flag=True, help="Also run recipes that may change what the program does.")
@click.option("--select", metavar="RECIPES", help="Run only these recipes; +NAME adds one to the default ones.")
@click.option("--ignore", metavar="RECIPES", help="Do not run these recipes.")
@click.option("--tests", is_flag=True, help="Include test code.")
@click.option("--include", multiple=True, metavar="GLOB", help="Include files that are left because of their location.")
@click.option("--to", "retarget_to", type=click.Choice(["flext_exceptions", "flext_core"]), default="flext_exceptions")
@click.option(
    "--jobs", default="auto", metavar="auto|N", help="Number of processes; auto chooses by the amount of work."
)
@click.option(
    "--executor", type=click.Choice(["processes", "dask"]), default="processes", help="Where to run the work."
)
@click.option("--scheduler", metavar="ADDRESS", default="", help="Address of the dask scheduler, as tcp://host:8786.")
@click.option("--quiet", "-q", is_flag=True, help="Print only errors, and with --diff the diffs.")
@click.option("--format", "output", type=click.Choice(list(FORMATS)), default="text", help="How to report.")
@click.option("--verify", metavar="COMMAND", help="Run this before and after, and undo what changes its result.")
@click.option(
    "--verify-runs",
    type=click.IntRange(min=4),
    default=20,
    show_default=True,
    help="Maximum number of runs after writing.",
)
@click.option(
    "--report", "page", metavar="FILE.html", type=Path, help="Write a page with everything, including the diffs."
)
@click.option("--interactive", is_flag=True, help="Ask about each site: y, n, a (all the rest), q (none of the rest).")
@click.option("--add-dependency", is_flag=True, help="Add flext-exceptions to pyproject.toml or requirements.txt.")
@click.option("--allow-dirty", is_flag=True, help="Also write to files that are untracked or have uncommitted changes.")
@click.option("--allow-no-vcs", is_flag=True, help="Also write outside git repositories.")
@click.option("--no-cache", is_flag=True, help="Do not read or write the cache.")
def migrate(
    paths: tuple[str, ...],
    diff: bool,
    check: bool,
    unsafe: bool,
    select: str | None,
    ignore: str | None,
    tests: bool,
    include: tuple[str, ...],
    retarget_to: str,
    jobs: str,
    executor: str,
    scheduler: str,
    quiet: bool,
    output: str,
    verify: str | None,
    verify_runs: int,
    page: Path | None,
    interactive: bool,
    add_dependency: bool,
    allow_dirty: bool,
    allow_no_vcs: bool,
    no_cache: bool,
) -> int:
    """Rewrite the files at PATHS (this folder when there are none; - for stdin) in place.

    Exit status: 0 done or nothing to do, 1 something would change (--diff, --check), 2 wrong usage, a named file that
    cannot be read or parsed, an error of writing or verification.
    """
    if jobs != "auto" and not (jobs.isdecimal() and int(jobs) > 0):
        raise usage(f"--jobs: {jobs!r} is neither auto nor a positive number")
    check_executor(executor, scheduler, jobs)
    recipes = chosen_recipes(select, ignore, unsafe, retarget_to)
    options = Options(
        diff,
        check,
        recipes,
        unsafe,
        tests,
        include,
        jobs,
        output,
        allow_dirty,
        allow_no_vcs,
        retarget_to,
        not no_cache,
        quiet,
        interactive=interactive,
        add_dependency=add_dependency,
    )
    if interactive and (diff or check or output != "text" or "-" in paths):
        raise usage("--interactive asks before it writes; it cannot be combined with --diff, --check, --format or -")
    if interactive and OBSERVERS in recipes:
        raise usage("--interactive asks about single sites, but those that observers frees belong together")
    if verify is not None and not verify.strip():
        raise usage("--verify: no command given")
    if verify and (diff or check or interactive or "-" in paths):
        raise usage("--verify runs a command after writing; it excludes --diff, --check, --interactive and -")
    if page is not None:
        check_file(page)
    if "-" in paths:
        if len(paths) > 1 or page is not None:
            raise usage("-: stdin cannot be combined with other paths or --report")
        return migrate_stdin(options)
    return carry_out(paths, options, CheckCommand(verify, verify_runs - 2) if verify else None, scheduler, page)


def carry_out(
    paths: tuple[str, ...],
    options: Options,
    command: CheckCommand | None = None,
    scheduler: str = "",
    page: Path | None = None,
) -> int:
    """Run the recipes over paths, write the files if requested, and report; return the exit status."""
    arguments = [locate(path) for path in paths or (".",)]
    with alone(arguments) if options.writes else nullcontext(), elsewhere(scheduler) as remote:
        before = baseline(command) if command else None
        run = run_paths(arguments, options, remote)
        for warning in () if options.quiet else run.report.warnings:
            click.echo(f"warning: {on_one_line(warning)}", err=True)
        mutants = type_mutants(command) if command and run.report.changed() else None
        if options.writes:
            run = write_all(run, arguments, options)
        if command and before and run.report.changed():
            run = verify_run(run, arguments, command, before, mutants)
    report = run.report._replace(errors=tuple(run.errors))
    text = options.output == "text"
    if not options.writes and text and not options.quiet:
        for line in may_break_lines(report):
            click.echo(line, err=options.diff)
    if options.diff and text:
        show_diffs(report)
    if not options.quiet:
        click.echo(FORMATS[options.output](report), err=options.diff and text)
    for error in run.errors:
        complain(error)
    if page is not None:
        write_html(report, page)
    if run.errors:
        return 2
    return int(bool(report.changed()) and not options.writes)


@commands.command("revert", context_settings=HELP)
@VERSION
@click.argument("paths", nargs=-1)
@click.option("--diff", is_flag=True, help="Print unified diffs and write nothing; exit 1 if there are any.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
@click.option("--include", multiple=True, metavar="GLOB", help="Include files that are left because of their location.")
@click.option("--quiet", "-q", is_flag=True, help="Print only errors, and with --diff the diffs.")
@click.option("--format", "output", type=click.Choice(list(FORMATS)), default="text", help="How to report.")
@click.option("--allow-dirty", is_flag=True, help="Also write to files that are untracked or have uncommitted changes.")
@click.option("--allow-no-vcs", is_flag=True, help="Also write outside git repositories.")
def revert_command(
    paths: tuple[str, ...],
    diff: bool,
    check: bool,
    include: tuple[str, ...],
    quiet: bool,
    output: str,
    allow_dirty: bool,
    allow_no_vcs: bool,
) -> int:
    """Raise builtins again at PATHS (this folder when there are none) where typed errors carry only a message.

    Test code is included. Raises that would lose information are listed. Exit status: as for migrate.
    """
    jobs = "auto"
    flags = (diff, check, (REVERT,), False, True, include, jobs, output, allow_dirty, allow_no_vcs, OURS, False, quiet)
    return carry_out(paths, Options(*flags))


@commands.command("undo", context_settings=HELP)
@VERSION
@click.argument("path", default=".")
def undo_command(path: str) -> int:
    """Restore the files of the last run over the repository around PATH (this folder), if they are unchanged since.

    Exit status: 0 done or nothing to undo; 2 some files changed since, are gone or cannot be written; they are named.
    """
    return tell(undo(path))


@commands.command("resume", context_settings=HELP)
@VERSION
@click.argument("path", default=".")
def resume_command(path: str) -> int:
    """Finish the last run over the repository around PATH (this folder) if it was interrupted.

    Exit status: 0 done or nothing to resume; 2 some files changed since, are gone or cannot be written; they are named.
    """
    return tell(resume(path))


@commands.command("explain", context_settings=HELP)
@VERSION
@click.argument("place", metavar="FILE:LINE")
def explain_command(place: str) -> int:
    """Show what would happen at one line, with the safe recipes and with --unsafe, and why; once if both are the same.

    Exit status: 0; 2 for a file that cannot be read or parsed, or a line that does not exist.
    """
    line = parse_line(place)
    found: list[list[str]] = []
    for unsafe in (False, True):
        recipes = chosen_recipes(None, None, unsafe, OURS)
        options = Options(False, True, recipes, unsafe, False, (), "1", "text", True, True, OURS)
        located = locate(line.file)
        if located.path.is_dir():
            raise usage(f"{line.file}: is a folder")
        prepared = prepare(located.repository, [located.path, located.repository], options, Workers("1"))
        found.append(list(explained(line, located.path, prepared.job_of(located.path))))
    commands = ["migrate", "migrate --unsafe"] if found[0] != found[1] else ["migrate and migrate --unsafe"]
    for command, texts in zip(commands, found, strict=False):
        click.echo(f"{command}:")
        for text in texts:
            click.echo(on_one_line(f"  {text}"))
    return 0


@commands.command("recipes", context_settings=HELP)
@VERSION
def list_recipes() -> int:
    """List the recipes: name, safety, what they do."""
    for recipe in all_recipes().values():
        way = "flext-codemods revert" if recipe.name == REVERT else f"--select +{recipe.name}"
        off = "" if recipe.by_default else f" (off: {way})"
        click.echo(f"{recipe.name:12} {recipe.safety:7} {recipe.summary}{off}")
        click.echo(f"{'':20} {recipe.before}  ->  {recipe.after}")
    return 0


commands.add_command(audit)


def show_diffs(report: Report) -> None:
    """Print the diffs: in colours on a terminal, otherwise in the bytes of the files, for patch and git."""
    plain = "NO_COLOR" in os.environ or not sys.stdout.isatty()
    for result in report.changed():
        click.echo(diff_of(result) if plain else coloured(diff_of(result)), nl=False)


def tell(outcome: Outcome) -> int:
    """Print what undo or resume did; return the exit status."""
    click.echo(on_one_line(outcome.summary))
    for line in outcome.left:
        complain(line)
    return 2 if outcome.left else 0


def complain(message: str) -> None:
    """Print one line of error."""
    click.echo(f"flext-codemods: {on_one_line(' '.join(message.split()))}", err=True)


def main(argv: list[str]) -> int:
    """Run a command line; return the exit status."""
    with collector_off():
        return run(argv)


def run(argv: list[str]) -> int:
    """Run a command line, and report errors in one line; return the exit status."""
    try:
        status = commands.main(argv, "flext-codemods", standalone_mode=False)
    except FlextExceptions.BaseError as error:
        complain(str(error))
        return 2
    except click.ClickException as error:
        complain(f"{error.format_message()} (flext-codemods --help lists the options)")
        return 2
    except (KeyboardInterrupt, click.Abort) as stop:
        remedy = getattr(stop.__cause__ or stop, "__notes__", [])
        complain("; ".join(["interrupted; every file has either its old or its new content", *remedy]))
        return 130
    except SystemExit:
        return 2  # click's answer when the reader of the output is gone
    except OSError as error:
        complain(f"{error.filename or 'output'}: {error.strerror or error}")
        return 2
    except Exception as error:
        # A bug of ours: one line for the user, all of it in a file for the report.
        with tempfile.NamedTemporaryFile("w", prefix="flext-", suffix=".txt", delete=False) as file:
            traceback.print_exc(file=file)
        complain(f"internal error, please report it with {file.name}: {type(error).__name__}: {error}")
        return 2
    return status if isinstance(status, int) else 0
