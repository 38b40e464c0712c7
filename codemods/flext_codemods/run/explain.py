"""Show what would happen at one line of a file, and why."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from flext_codemods.model.file_result import FileResult
from flext_codemods.model.finding import Finding
from flext_codemods.model.job import Job
from flext_codemods.project.paths import relative
from flext_codemods.project.usage import usage
from flext_codemods.raises.skip_reasons import REASONS
from flext_codemods.recipes import all_recipes
from flext_codemods.rewrite.pipeline import rewrite

__all__ = ["Line", "explained", "parse_line"]


class Line(NamedTuple):
    """A line of a file, counted from 1."""

    file: str
    number: int


def parse_line(text: str) -> Line:
    """Split FILE:LINE.

    Raises:
        FlextExceptions.ConfigurationError: it has another form.
    """
    file, colon, number = text.rpartition(":")
    if not colon or not file or not number.isdecimal() or int(number) < 1:
        raise usage(f"{text}: write a place as FILE:LINE, such as shop/cart.py:21")
    return Line(file, int(number))


def explained(line: Line, path: Path, job: Job) -> Iterator[str]:
    """Yield what one run would do at a line: the finding, its replacement, or why it is left.

    Raises:
        FlextExceptions.ConfigurationError: the file cannot be read, or ends before the line.
    """
    raw = path.read_bytes()
    result = rewrite(path, raw, job)
    if result.reason:
        raise usage(f"{relative(path)}: {result.detail}")
    lines = raw.count(b"\n") + 1
    if line.number > lines:
        raise usage(f"{relative(path)}:{line.number}: the file has {lines} lines")
    text = raw.decode("utf-8", "replace")
    here = [one for one in result.findings if covers(one, line.number, text)]
    for site, held in groupby(here, key=lambda one: (one.line, one.column)):
        for finding in (found := list(held)):
            recipe = all_recipes()[finding.recipe]
            yield f"{relative(path)}:{finding.line}:{finding.column}: {recipe.name} ({recipe.safety}): {recipe.summary}"
            yield from (f"  {each}" for each in why_left(finding))
        if not all(finding.left for finding in found):
            yield from (f"  {each}" for each in change_at(site, result, job))
    if not here:
        yield f"{relative(path)}:{line.number}: no recipe applies here"


def covers(finding: Finding, number: int, text: str) -> bool:
    """Return whether a line is one of those that a finding is about."""
    return finding.line <= number <= finding.line + text[finding.start : finding.end].count("\n")


def why_left(finding: Finding) -> Iterator[str]:
    """Yield why a finding is skipped, and what helps; nothing for one that is not."""
    if finding.left:
        yield f"left ({finding.reason}): {finding.detail}"
        yield f"that is: {REASONS[finding.reason].explanation}"
        if finding.skip is not None and finding.skip.freed_by:
            yield f"what helps: migrate --select +{finding.skip.freed_by}"
        if REASONS[finding.reason].remedy:
            yield f"what helps: {REASONS[finding.reason].remedy}"


def change_at(site: tuple[int, int], result: FileResult, job: Job) -> Iterator[str]:
    """Yield the diff of one site alone."""
    raw = Path(result.path).read_bytes()
    alone = rewrite(Path(result.path), raw, job._replace(accepted=frozenset([site])))
    if alone.new is None:
        yield f"not changed: {result.failure or alone.failure}"
        return
    old, new = (part.decode("utf-8", "replace").splitlines() for part in (alone.old, alone.new))
    yield from list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
