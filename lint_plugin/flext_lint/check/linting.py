"""Lint files: read, parse if a rule may apply, run the rules, and drop findings that comments silence."""

from __future__ import annotations

import io
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from flext_analysis.collector import collector_off
from flext_analysis.processes import worker_context
from flext_analysis.syntax.source import Unreadable, detect_encoding, parse
from flext_lint.check.noqa import not_silenced
from flext_lint.check.places import Places
from flext_lint.check.violation import PARSE_ERROR
from flext_lint.module import Module
from flext_lint.project import Project
from flext_lint.runner import checks_for, findings

__all__ = ["Found", "lines_of", "lint_all", "lint_bytes", "lint_text"]

Found = list[tuple[int, int, str]]  # line from 1, column from 0, "CODE message"
CHUNK = 40  # files in one batch for a process


class Job(NamedTuple):
    """Files for one process, with the options of the command."""

    files: Sequence[Path]
    options: Namespace


def lines_of(raw: bytes) -> list[str]:
    """Return the lines of a file as flake8 reads them: if its encoding does not fit, as Latin-1."""
    for encoding in (None, "latin-1"):
        try:
            text = io.TextIOWrapper(io.BytesIO(raw), encoding or detect_encoding(raw)).readlines()
        except (SyntaxError, UnicodeError, LookupError):
            continue
        if text and text[0].startswith("\ufeff"):
            text[0] = text[0][1:]
        return text
    return []


def lint_bytes(raw: bytes, filename: str, project: Project, *, noqa: bool = True) -> Found:
    """Return the findings of the rules in a file, in source order; one that does not parse gives one finding."""
    return lint_text(lines_of(raw), filename, project, noqa=noqa)


def lint_text(lines: list[str], filename: str, project: Project, *, noqa: bool = True) -> Found:
    """Do the same as lint_bytes, for the lines of a file."""
    module = Module(None, lines, filename, project)
    try:
        table = checks_for(module)
        if not table:
            return []
        module.tree = parse(module.text)
        found = findings(module, table)
        return list(not_silenced(found, lines, module.tree)) if noqa else found
    except Unreadable as error:
        line = error.context.get("line")
        return [(line if isinstance(line, int) else 1, 0, f"{PARSE_ERROR} {error.message}")]
    finally:
        module.let_go()


def lint_all(files: Sequence[Path], options: Namespace, places: Places, jobs: int) -> Iterator[tuple[Path, Found]]:
    """Yield each file with its findings, in no particular order if several processes work."""
    if jobs <= 1 or len(files) <= CHUNK:
        yield from lint_some(files, places, options)
        return
    chunks = [Job(files[at : at + CHUNK], options) for at in range(0, len(files), CHUNK)]
    with ProcessPoolExecutor(min(jobs, len(chunks)), worker_context(), begin, (options,)) as pool:
        for part in pool.map(work, chunks):
            yield from part


shared: list[Places] = []  # of this process, so that a worker reads each module of a project once


def begin(options: Namespace) -> None:
    """Prepare a worker."""
    shared.append(Places(options))


def work(job: Job) -> list[tuple[Path, Found]]:
    """Lint the files of one job in a worker."""
    return list(lint_some(job.files, shared[0], job.options))


def lint_some(files: Iterable[Path], places: Places, options: Namespace) -> Iterator[tuple[Path, Found]]:
    """Yield each file with its findings."""
    with collector_off():
        for file in files:
            try:
                raw = file.read_bytes()
            except OSError as error:
                yield file, [(1, 0, f"{PARSE_ERROR} cannot be read: {error.strerror}")]
                continue
            yield file, lint_bytes(raw, str(file), places.of(file).project, noqa=not options.disable_noqa)
