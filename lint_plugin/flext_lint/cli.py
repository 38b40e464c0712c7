"""The command line: ``flext-lint check``, ``rule``, ``baseline`` and ``server``."""

from __future__ import annotations

import difflib
import sys
import tempfile
import traceback
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import click

from flext_analysis.settings import checked_codes
from flext_exceptions import FlextExceptions
from flext_lint.check.checking import check_paths, check_stdin
from flext_lint.check.fixes import fix_text, fixable, require
from flext_lint.check.formats import names, render
from flext_lint.check.pages import rule_page
from flext_lint.check.selection import begins_a_code
from flext_lint.check.violation import Violation
from flext_lint.rule import all_rules

__all__ = ["main"]

HELP = {"help_option_names": ["-h", "--help"]}
CODES = "CODES"


def read_codes(context: click.Context, parameter: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    """Return the value of an option: comma-separated codes of rules or their prefixes."""
    option = f"--{parameter.human_readable_name}".replace("_", "-")
    given = [code.strip() for text in value for code in text.split(",") if code.strip()]
    if value and not given:
        raise click.UsageError(f"{option}: no rule given, such as FLX103 or FLX2")
    for code in checked_codes(option, given):
        if not begins_a_code(code):
            raise click.UsageError(f"{option}: no rule begins with {code}")
    return tuple(given)


VERSION = click.version_option(version("flext-exceptions"), prog_name="flext-lint")


@click.group(no_args_is_help=False, context_settings=HELP)
@VERSION
def commands() -> None:
    """Lint what is raised, what is handled, and how typed errors are used."""


@commands.command()
@VERSION
@click.argument("paths", nargs=-1)
@click.option("--select", multiple=True, metavar=CODES, callback=read_codes, help="Report only these rules.")
@click.option("--extend-select", multiple=True, metavar=CODES, callback=read_codes, help="Also report these rules.")
@click.option("--ignore", multiple=True, metavar=CODES, callback=read_codes, help="Do not report these rules.")
@click.option("--format", "output", type=click.Choice(names()), default="text", help="How to report.")
@click.option("--statistics", is_flag=True, help="Print the number of findings for each rule instead.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option("--stdin-filename", metavar="FILE", help="Lint standard input as if it were FILE.")
@click.option("--disable-noqa", is_flag=True, help="Ignore # noqa comments.")
@click.option(
    "--jobs", "-j", type=click.IntRange(0), default=0, help="Number of processes; 0 chooses by the amount of work."
)
@click.option("--no-cache", is_flag=True, help="Do not read or write the cache.")
@click.option("--fix", is_flag=True, help="Apply fixes that do not change what the program does.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also apply fixes that may change it.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, without changing it.")
def check(paths: tuple[str, ...], output: str, exit_zero: bool, **given: object) -> int:
    """Lint the files and folders at PATHS (this folder when there are none; - for standard input).

    Exit status: 0 no findings, 1 findings, 2 wrong usage or settings.
    """
    options = Namespace(**given)
    if options.unsafe_fixes and not (options.fix or options.diff):
        raise click.UsageError("--unsafe-fixes needs --fix or --diff")
    if options.statistics and output != "text":
        raise click.UsageError(f"--statistics prints text; --format {output} cannot be combined with it")
    if options.stdin_filename is not None or paths == ("-",):
        raw = sys.stdin.buffer.read()
        return check_text(raw, options.stdin_filename or "stdin.py", options, output, exit_zero)
    found = check_paths(paths or (".",), options)
    if options.fix or options.diff:
        changed = fix_files(found, options)
        if options.diff:
            return int(changed and not exit_zero)
        found = check_paths(paths or (".",), options) if changed else found
    show(found, output, statistics=options.statistics)
    return int(bool(found) and not exit_zero)


def check_text(raw: bytes, filename: str, options: Namespace, output: str, exit_zero: bool) -> int:
    """Lint standard input; with ``--fix`` print it fixed, with ``--diff`` print what that would change."""
    found = check_stdin(raw, filename, options)
    if options.fix or options.diff:
        require()
        new = fix_text(Path(filename), raw, mendable(found, options))
        if options.diff:
            click.echo(diff_of(filename, raw, new), nl=False)
            return int(new != raw and not exit_zero)
        sys.stdout.buffer.write(new)
        return int(bool(check_stdin(new, filename, options)) and not exit_zero)
    show(found, output, statistics=options.statistics)
    return int(bool(found) and not exit_zero)


def mendable(found: Sequence[Violation], options: Namespace) -> list[Violation]:
    """Return the findings that an allowed recipe fixes."""
    return [one for one in found if fixable(one.code, unsafe=options.unsafe_fixes)]


def fix_files(found: Sequence[Violation], options: Namespace) -> bool:
    """Fix files, or print what that would change; return whether any was or would be changed."""
    require()
    by_path: dict[str, list[Violation]] = {}
    for one in mendable(found, options):
        by_path.setdefault(one.path, []).append(one)
    changed = False
    for path, members in by_path.items():
        raw = Path(path).read_bytes()
        new = fix_text(Path(path), raw, members)
        if new == raw:
            continue
        changed = True
        if options.diff:
            click.echo(diff_of(path, raw, new), nl=False)
        else:
            replace(Path(path), new)
    return changed


def diff_of(path: str, old: bytes, new: bytes) -> str:
    """Return the unified diff between two contents of a file."""
    before, after = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (old, new))
    return "".join(difflib.unified_diff(before, after, path, path))


def replace(path: Path, raw: bytes) -> None:
    """Replace the content of a file in one step, so that nobody ever sees half of it; its mode is kept."""
    path = path.resolve()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(raw)
    new = Path(file.name)
    try:
        new.chmod(path.stat().st_mode)
        new.replace(path)
    except OSError:
        new.unlink()
        raise


def show(found: Sequence[Violation], output: str, *, statistics: bool) -> None:
    """Print findings, or the number of findings for each rule."""
    if statistics:
        counts = Counter(one.code for one in found)
        for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            rule = all_rules().get(code)
            click.echo(f"{count:<8} {code} {rule.name if rule is not None else ''}".rstrip())
        return
    if output == "text" and sys.stdout.isatty():
        show_in_colour(found)
        return
    click.echo(render(output, found), nl=False)


def show_in_colour(found: Sequence[Violation]) -> None:
    """Print findings to a terminal."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for one in found:
        place = Text.assemble((one.path, "bold"), (f":{one.line}:{one.column}: ", "dim"), (one.code, "bold red"))
        console.print(place, Text(one.message))


@commands.command("rule")
@VERSION
@click.argument("code")
def rule_command(code: str) -> int:
    """Print the page of the rule with this CODE (or name)."""
    rules = all_rules()
    rule = rules.get(code.upper()) or next((one for one in rules.values() if one.name == code), None)
    if rule is None:
        known = ", ".join(rules)
        raise FlextExceptions.ConfigurationError(
            f"{code}: no such rule; there are {known}", config_key="CODE", rule=code
        )
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(rule_page(rule)))
    else:
        click.echo(rule_page(rule), nl=False)
    return 0


@commands.command("baseline", context_settings={**HELP, "ignore_unknown_options": True})
@VERSION
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def baseline_command(arguments: tuple[str, ...]) -> int:
    """Record today's findings as known, so that only new ones are reported.

    ARGUMENTS are paths and the options --select, --extend-select and --ignore of check. If the project has a flake8
    configuration, or an option is one of flake8's, the findings come from flake8.
    """
    from flext_lint.check.recording import record

    return record(arguments)


@commands.command("server")
@VERSION
def server_command() -> int:
    """Run a language server (LSP) over standard input and output, for editors."""
    try:
        from flext_lint.server import server
    except ModuleNotFoundError as error:
        raise FlextExceptions.ConfigurationError(
            f"{error.name} missing: pip install 'flext-exceptions[server]'", config_key="server"
        ) from error
    server.start_io()
    return 0


def complain(message: str) -> None:
    """Print one line of error."""
    click.echo(f"flext-lint: {' '.join(message.split())}", err=True)


def main(argv: Sequence[str]) -> int:
    """Run a command line; return the exit status."""
    try:
        status = commands.main(list(argv), "flext-lint", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except FlextExceptions.BaseError as error:
        complain(str(error))
        return 2
    except click.ClickException as error:
        complain(f"{error.format_message()} (flext-lint --help lists the options)")
        return 2
    except (KeyboardInterrupt, click.Abort):
        complain("interrupted")
        return 130
    except BrokenPipeError:
        return 2  # nobody reads any more
    except OSError as error:
        complain(f"{error.filename or 'output'}: {error.strerror or error}")
        return 2
    except Exception as error:
        # A bug of ours: one line for the user, all of it in a file for the report.
        with tempfile.NamedTemporaryFile("w", prefix="flext-", suffix=".txt", delete=False) as file:
            traceback.print_exc(file=file)
        complain(f"internal error, please report it with {file.name}: {type(error).__name__}: {error}")
        return 2
