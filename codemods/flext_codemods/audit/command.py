"""The ``audit`` command: options in, report and exit status out."""

from __future__ import annotations

import json
from pathlib import Path

import click

from flext_analysis.settings import load_settings
from flext_codemods.audit.documentation import mended
from flext_codemods.audit.formats import FORMATS
from flext_codemods.audit.formats.html import as_html
from flext_codemods.audit.making import Audit, make_audit, next_step
from flext_codemods.audit.openapi import add_to_openapi, read_openapi
from flext_codemods.audit.ratchet import changes_between, compare_with_baseline
from flext_codemods.audit.report import AuditReport
from flext_codemods.audit.sources import Sources, list_sources, state_folder
from flext_codemods.audit.summaries import SummaryStore
from flext_codemods.audit.trend import audit_at, trend_since
from flext_codemods.audit.views import boundary_view, contract_view, docs_view, function_view
from flext_codemods.places import usage
from flext_codemods.vcs import unsafe_to_write
from flext_exceptions import FlextExceptions

__all__ = ["audit"]

FOR_PEOPLE = ("text", "markdown")


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--format", "output", type=click.Choice(list(FORMATS)), default="text", help="How to report.")
@click.option("--function", "function", metavar="NAME", help="Show what may leave one function, and the ways there.")
@click.option("--boundary", is_flag=True, help="List what leaves public functions untyped.")
@click.option("--contract", is_flag=True, help="Report the error contract of the entry points alone.")
@click.option("--openapi", type=Path, metavar="FILE", help="Add the contract to this OpenAPI document (JSON).")
@click.option("--docs", is_flag=True, help="Compare docstrings with the code; exit 1 where they differ.")
@click.option("--all", "everything", is_flag=True, help="With --docs: builtin errors and private functions, too.")
@click.option("--fix", is_flag=True, help="With --docs: write the sections (recipe raises-docs).")
@click.option(
    "--allow-dirty", is_flag=True, help="With --fix: write to files that are untracked or not committed, too."
)
@click.option("--baseline", type=Path, metavar="FILE", help="Exit 1 when a number is worse than in this file.")
@click.option("--since", metavar="REV", help="Show the trend since a revision; with --contract, what changed.")
@click.option("--html", "page", type=Path, metavar="FILE", help="Write a page with all of it.")
@click.option("--tests", is_flag=True, help="Take test code along.")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep what earlier runs found out about files.")
def audit(
    paths: tuple[str, ...],
    output: str,
    function: str | None,
    boundary: bool,
    contract: bool,
    openapi: Path | None,
    docs: bool,
    everything: bool,
    fix: bool,
    allow_dirty: bool,
    baseline: Path | None,
    since: str | None,
    page: Path | None,
    tests: bool,
    no_cache: bool,
) -> int:
    """Say what the code at PATHS (this folder when there are none) raises, and what its entry points may answer with.

    Nothing is imported or run. Exit status: 0 done; 1 a number got worse (--baseline), or docstrings differ (--docs);
    2 wrong usage, or a file named that cannot be read or parsed.
    """
    if (fix or everything) and not docs:
        raise usage(f"{'--fix' if fix else '--all'} goes with --docs")
    if sum([bool(function), boundary, contract, docs, openapi is not None]) > 1:
        raise usage("--function, --boundary, --contract, --docs and --openapi each are a report of their own: name one")
    if page is not None and not page.parent.is_dir():
        raise usage(f"--html: there is no folder {page.parent}")
    document = read_openapi(openapi) if openapi is not None else None
    shown = paths or (".",)
    sources = list_sources(shown, tests, ())
    settings = load_settings(sources.project)
    if settings.tests and not tests:
        sources = list_sources(shown, tests, settings.tests)
    store = SummaryStore(None if no_cache else state_folder(sources.repository))
    made = make_audit(sources, store, settings, everything)
    report = made.report
    if since is not None:
        before = audit_at(since, sources, store, settings)
        report = report._replace(changes=tuple(changes_between(before.report.contracts, report.contracts)))
        if not contract or page is not None:
            report = report._replace(trend=tuple(trend_since(since, before, made, sources, store, settings)))
    if baseline is not None:
        worse, said = compare_with_baseline(baseline, report.numbers)
        report = report._replace(worse=tuple(worse), baseline=said)
    whole = not (function or boundary or contract or docs or document is not None)
    if page is not None or (whole and output in FOR_PEOPLE):
        report = report._replace(next_step=next_step(shown))
    made = made._replace(report=report)
    if page is not None:
        write_page(page, made, sources)
    if function:
        click.echo(function_view(function, made, output))
    elif boundary:
        click.echo(boundary_view(made, output))
    elif document is not None:
        found, missing = add_to_openapi(document, report.contracts)
        click.echo(json.dumps(found, indent=2))
        for one in missing:
            click.echo(f"flext-codemods: {one}: the document has no such operation", err=True)
    elif contract:
        click.echo(contract_view(report, output))
    elif docs:
        left = write_docs(made, sources, allow_dirty) if fix else []
        for line in left:
            click.echo(f"flext-codemods: {line}", err=True)
        click.echo(docs_view(report, output, fix))
        return status_of(report, sources, 2 if left else int(bool(report.docs) and not fix))
    else:
        click.echo(FORMATS[output](report))
    return status_of(report, sources, 0)


def status_of(report: AuditReport, sources: Sources, status: int) -> int:
    """Return the exit status: that of the report, or of files and numbers; say on stderr which files are not read."""
    for one in report.problems:
        click.echo(f"flext-codemods: {one.path}: {' '.join(one.why.split())}", err=True)
    if any(one.path in sources.named for one in report.problems):
        return 2
    return max(status, int(bool(report.worse)))


def write_page(page: Path, made: Audit, sources: Sources) -> None:
    """Write the page.

    Raises:
        FlextExceptions.OSError: it cannot be written.
    """
    try:
        page.write_text(as_html(made, page, sources.repository), "utf-8", "backslashreplace")
    except OSError as error:
        raise FlextExceptions.OSError(f"{page}: cannot be written: {error.strerror}", path=str(page)) from error


def write_docs(made: Audit, sources: Sources, allow_dirty: bool) -> list[str]:
    """Mend the docstrings; return a line for each file that is left."""
    paths = {one.shown: one.path for one in sources.files}
    wanted = {one.path for one in made.report.docs}
    left = unsafe_to_write([paths[one] for one in sorted(wanted)], allow_dirty=allow_dirty, allow_no_vcs=allow_dirty)
    if left:
        return left
    for shown in sorted(wanted):
        path = paths[shown]
        try:
            raw = path.read_bytes()
            new = mended(raw, [one for one in made.report.docs if one.path == shown])
            if new != raw:
                path.write_bytes(new)
        except OSError as error:
            left.append(f"{shown}: cannot be written: {error.strerror}")
    return left
