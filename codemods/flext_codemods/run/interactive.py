"""Ask about each site that would be rewritten: yes, no, all the rest, quit."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

import click

from flext_codemods.model.file_result import FileResult
from flext_codemods.model.finding import Finding
from flext_codemods.model.job import Job
from flext_codemods.project.paths import relative
from flext_codemods.reports.diff import COLOURS
from flext_codemods.reports.text import on_one_line
from flext_codemods.rewrite.pipeline import rewrite

__all__ = ["choose"]

HELP = (
    "y: rewrite this site; n: leave it; a: rewrite it and all that follow; q: leave it and all that follow, and write"
)
CONTEXT = 3  # lines around a change that are shown, as in a diff

Site = tuple[int, int]  # line and column: changes of several recipes at one site are one question


class Answers:
    """The answers so far."""

    def __init__(self) -> None:
        self.rest = ""

    def accepts(self, where: str, preview: Iterator[str]) -> bool:
        """Show one site and ask for an answer, unless the rest was decided already."""
        if not self.rest:
            click.echo(click.style(where, bold=True))
            for line in preview:
                click.secho(on_one_line(line), fg=COLOURS.get(line[:1]))
            answer = ask()
            self.rest = answer if answer in "aq" else ""
            return answer in "ya"
        return self.rest == "a"


def ask() -> str:
    """Return one of y, n, a and q.

    Raises:
        click.Abort: the input has ended, or Ctrl-C was pressed.
    """
    while True:
        answer: str = click.prompt("rewrite this site? [y/n/a/q/?]", prompt_suffix=" ", show_default=False)
        answer = answer.strip().lower()[:1]
        if answer in ("y", "n", "a", "q"):
            return answer
        click.echo(HELP)


def choose(results: Mapping[str, FileResult], jobs: Mapping[str, Job]) -> dict[str, FileResult]:
    """Return the results with only the accepted sites; ``jobs`` has the job of each file.

    Raises:
        click.Abort: as in ask; nothing is to be written.
    """
    changing = [results[path] for path in sorted(results) if results[path].new is not None]
    total = sum(len(sites_of(result)) for result in changing)
    answers = Answers()
    chosen = dict(results)
    number = 0
    for result in changing:
        accepted: set[Site] = set()
        sites = sites_of(result)
        for site, findings in sites.items():
            number += 1
            names = ", ".join(finding.recipe for finding in findings)
            where = f"{relative(result.path)}:{site[0]}:{site[1]}: {names} ({number} of {total})"
            if answers.accepts(on_one_line(where), preview(result, jobs[result.path], site)):
                accepted.add(site)
        if len(accepted) < len(sites):
            chosen[result.path] = again(result, jobs[result.path], frozenset(accepted))
    return chosen


def sites_of(result: FileResult) -> dict[Site, list[Finding]]:
    """Return the places of a file that would be rewritten, each with its findings, in the order of the source."""
    rewritten = sorted((one for one in result.findings if not one.left), key=lambda one: (one.line, one.column))
    return {site: list(held) for site, held in groupby(rewritten, key=lambda one: (one.line, one.column))}


def again(result: FileResult, job: Job, accepted: frozenset[Site]) -> FileResult:
    """Return the result of a file with only some of its sites accepted."""
    return rewrite(Path(result.path), result.old, job._replace(accepted=accepted))


def preview(result: FileResult, job: Job, site: Site) -> Iterator[str]:
    """Yield the lines of the diff for one site alone, its import included."""
    alone = again(result, job, frozenset([site]))
    if alone.new is None:
        yield alone.failure
        return
    old, new = (part.decode("utf-8", "replace").splitlines() for part in (alone.old, alone.new))
    yield from list(difflib.unified_diff(old, new, n=CONTEXT, lineterm=""))[2:]
