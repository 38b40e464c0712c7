"""A run of ``audit``: options in, report and exit status out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import click

from flext_analysis.collector import collector_off
from flext_codemods.audit.contracts.openapi import add_to_openapi, read_openapi
from flext_codemods.audit.documentation.check import fix_docstrings
from flext_codemods.audit.formats import FORMATS
from flext_codemods.audit.formats.html import as_html
from flext_codemods.audit.making import Audit, make_audit, next_step
from flext_codemods.audit.ratchet import changes_between, compare_with_baseline
from flext_codemods.audit.report import AuditReport
from flext_codemods.audit.sources import Sources, list_sources
from flext_codemods.audit.trend import audit_at, trend_since
from flext_codemods.audit.views import boundary_view, contract_view, docs_view, function_view
from flext_codemods.project.git import unsafe_to_write
from flext_codemods.project.usage import usage
from flext_codemods.storage.state_dir import make_state_folder
from flext_exceptions import FlextExceptions

__all__ = ["Options", "run_audit"]

FOR_PEOPLE = ("text", "markdown")


class Options(NamedTuple):
    """The options of a run, named as on the command line."""

    paths: tuple[str, ...]
    output: str
    function: str | None
    boundary: bool
    contract: bool
    openapi: Path | None
    docs: bool
    everything: bool
    fix: bool
    allow_dirty: bool
    baseline: Path | None
    since: str | None
    page: Path | None
    tests: bool
    no_cache: bool


@collector_off()
def run_audit(options: Options) -> int:
    """Audit, print the requested report, and return the exit status.

    Raises:
        FlextExceptions.ConfigurationError: an option does not fit; the message says which and why.
        FlextExceptions.OSError: a file cannot be written.
    """
    check(options)
    document = read_openapi(options.openapi) if options.openapi is not None else None
    shown = options.paths or (".",)
    sources = list_sources(shown, options.tests)
    settings = sources.project.settings
    state = None if options.no_cache else cache_folder(sources.repository)
    made = make_audit(sources, state, settings, options.everything, closely=options.docs)
    report = made.report
    if options.since is not None:
        before = audit_at(options.since, sources, state, settings)
        report = report._replace(changes=tuple(changes_between(before.report.contracts, report.contracts)))
        if not options.contract or options.page is not None:
            report = report._replace(trend=tuple(trend_since(options.since, before, made, sources, state, settings)))
    if options.baseline is not None:
        worse, said = compare_with_baseline(options.baseline, report.numbers)
        report = report._replace(worse=tuple(worse), baseline=said)
    if options.page is not None or (options.output in FOR_PEOPLE and not parts_of(options)):
        report = report._replace(next_step=next_step(shown))
    made = made._replace(report=report)
    if options.page is not None:
        write_page(options.page, made, sources)
    if options.docs:
        return run_docs(options, made, sources)
    if document is not None:
        found, missing = add_to_openapi(document, report.contracts)
        click.echo(json.dumps(found, indent=2))
        for one in missing:
            click.echo(f"flext-codemods: {one}: the document has no such operation", err=True)
    else:
        click.echo(view(options, made))
    return status_of(report, sources, 0)


def cache_folder(repository: Path) -> Path | None:
    """Return the folder for caches, None if there can be none: an audit needs no cache."""
    try:
        return make_state_folder(repository)
    except OSError:
        return None


def parts_of(options: Options) -> list[str]:
    """Return the options that request one part of the report."""
    parts = {
        "--function": options.function,
        "--boundary": options.boundary,
        "--contract": options.contract,
        "--docs": options.docs,
        "--openapi": options.openapi,
    }
    return [name for name, value in parts.items() if value not in (None, False)]


def check(options: Options) -> None:
    """Refuse options that do not go together."""
    if (options.fix or options.everything) and not options.docs:
        raise usage(f"{'--fix' if options.fix else '--all'} needs --docs")
    if options.allow_dirty and not options.fix:
        raise usage("--allow-dirty needs --docs --fix")
    if options.function is not None and not options.function.strip():
        raise usage("--function: no function given; name one as package.module.Class.method")
    if len(parts_of(options)) > 1:
        raise usage(f"{' and '.join(parts_of(options))} are separate reports: choose one")
    if options.page is not None and not options.page.parent.is_dir():
        raise usage(f"--html: there is no folder {options.page.parent}")


def view(options: Options, made: Audit) -> str:
    """Return the requested report."""
    if options.function is not None:
        return function_view(options.function, made, options.output)
    if options.boundary:
        return boundary_view(made, options.output)
    if options.contract:
        return contract_view(made.report, options.output)
    return FORMATS[options.output](made.report)


def run_docs(options: Options, made: Audit, sources: Sources) -> int:
    """Report on the documentation, fix it if requested, and return the exit status."""
    left = write_docs(made, sources, options.allow_dirty) if options.fix else []
    for line in left:
        click.echo(f"flext-codemods: {line}", err=True)
    click.echo(docs_view(made.report, options.output, options.fix and not left))
    return status_of(made.report, sources, 2 if left else int(bool(made.report.docs) and not options.fix))


def status_of(report: AuditReport, sources: Sources, status: int) -> int:
    """Return the exit status: that of the report, or of files and numbers; name unreadable files on stderr."""
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
    """Fix the docstrings; return a line for each file that is left."""
    paths = {one.shown: one.path for one in sources.files}
    wanted = {one.path for one in made.report.docs}
    left = unsafe_to_write([paths[one] for one in sorted(wanted)], allow_dirty=allow_dirty, allow_no_vcs=allow_dirty)
    if left:
        return left
    for shown in sorted(wanted):
        path = paths[shown]
        try:
            raw = path.read_bytes()
            new = fix_docstrings(raw, [one for one in made.report.docs if one.path == shown])
            if new != raw:
                path.write_bytes(new)
        except OSError as error:
            left.append(f"{shown}: cannot be written: {error.strerror}")
    return left
