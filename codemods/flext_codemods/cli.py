"""The command line: options in, report and exit status out."""

from __future__ import annotations

import gc
import tempfile
import traceback

import click

from flext_codemods.migration import Options, migrate_stdin, run_places, write_all
from flext_codemods.places import locate, usage
from flext_codemods.recipe import all_recipes
from flext_codemods.report import as_json, as_text, diff_of, may_break_lines, on_one_line
from flext_exceptions import FlextExceptions

__all__ = ["main"]


def chosen_recipes(select: str | None, ignore: str | None, unsafe: bool, retarget_to: str) -> tuple[str, ...]:
    """Return the names of the recipes to run: the safe ones or all, or those selected; without those ignored."""
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
        if name and option == "--select" and known[name].safety == "unsafe" and not unsafe:
            raise usage(f"--select: {name} may change what the program does; say --unsafe as well")
    usual = [name for name, recipe in known.items() if unsafe or recipe.safety == "safe"]
    wanted = [name.strip() for name in select.split(",")] if select else usual
    dropped = {name.strip() for name in (ignore or "").split(",")}
    return tuple(name for name in sorted(known) if name in wanted and name not in dropped)


@click.group(no_args_is_help=False)
def commands() -> None:
    """Take a repository from builtin exceptions to typed ones, without changing what it does."""


@commands.command()
@click.argument("paths", nargs=-1)
@click.option("--diff", is_flag=True, help="Print unified diffs and write nothing; exit 1 when there are any.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when anything would change.")
@click.option("--unsafe", is_flag=True, help="Run the recipes too that may change what the program does.")
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
    unsafe: bool,
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
    recipes = chosen_recipes(select, ignore, unsafe, retarget_to)
    options = Options(
        diff, check, recipes, unsafe, tests, include, jobs, output, allow_dirty, allow_no_vcs, retarget_to
    )
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
