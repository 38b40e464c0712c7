"""The ``audit`` command: options in, report and exit status out."""

from __future__ import annotations

import json

import click

from flext_analysis.settings import load_settings
from flext_codemods.audit.escapes import escapes_of
from flext_codemods.audit.program import read_program
from flext_codemods.audit.sources import list_sources, state_folder
from flext_codemods.audit.summaries import SummaryStore

__all__ = ["audit"]


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--format", "output", type=click.Choice(["json"]), default="json", help="How to report.")
@click.option("--tests", is_flag=True, help="Take test code along.")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep what earlier runs found out about files.")
def audit(paths: tuple[str, ...], output: str, tests: bool, no_cache: bool) -> int:
    """Say what the code at PATHS (this folder when there are none) raises, and what may leave each function."""
    sources = list_sources(paths or (".",), tests, ())
    load_settings(sources.project)
    store = SummaryStore(None if no_cache else state_folder(sources.repository))
    program = read_program(sources, store)
    functions: dict[str, list[dict[str, object]]] = {}
    for one in escapes_of(program):
        rows = functions.setdefault(one.name, [])
        rows += [{"class": each.path, "line": each.line, "via": each.via} for each in one.leaving]
    click.echo(json.dumps({"functions": functions}))
    return 0
