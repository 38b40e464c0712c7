"""The ``audit`` command: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

__all__ = ["audit"]

FORMATS = ("text", "json", "sarif", "markdown", "github")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="flext-exceptions", prog_name="flext-codemods")
@click.argument("paths", nargs=-1)
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", help="How to report.")
@click.option(
    "--function", "function", metavar="NAME", help="Show which errors one function may raise, and along which calls."
)
@click.option("--boundary", is_flag=True, help="List untyped errors that public functions may raise.")
@click.option("--contract", is_flag=True, help="Report only the error contract of the entry points.")
@click.option("--openapi", type=Path, metavar="FILE", help="Add the contract to this OpenAPI document (JSON).")
@click.option("--docs", is_flag=True, help="Compare docstrings with the code; exit 1 if they differ.")
@click.option("--all", "everything", is_flag=True, help="With --docs: include builtin errors and private functions.")
@click.option("--fix", is_flag=True, help="With --docs: write the sections (recipe raises-docs).")
@click.option(
    "--allow-dirty",
    is_flag=True,
    help="With --fix: also write to files that are untracked or have uncommitted changes.",
)
@click.option("--baseline", type=Path, metavar="FILE", help="Exit 1 if a number is worse than in this file.")
@click.option("--since", metavar="REV", help="Show the trend since a revision; with --contract, what changed.")
@click.option("--html", "page", type=Path, metavar="FILE", help="Write a page with everything.")
@click.option("--tests", is_flag=True, help="Include test code.")
@click.option("--no-cache", is_flag=True, help="Do not read or write the cache.")
def audit(**given: Any) -> int:
    """Report what the code at PATHS (this folder when there are none) raises, and how its entry points may answer.

    Nothing is imported or run. Exit status: 0 done; 1 a number got worse (--baseline), or docstrings differ (--docs); 2
    wrong usage, or a named file that cannot be read or parsed.
    """
    from flext_codemods.audit.run import Options, run_audit  # late: a run with nothing to do starts quickly

    return run_audit(Options(**given))
