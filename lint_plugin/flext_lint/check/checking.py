"""The command ``check``: which files, their findings, new or from the cache, and which of them are selected."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from flext_lint.check.files import python_files
from flext_lint.check.linting import Found, lines_of, lint_all, lint_bytes
from flext_lint.check.places import Place, Places
from flext_lint.check.results import Results, world_of
from flext_lint.check.violation import Violation

__all__ = ["check_paths", "check_stdin", "wanted"]

FEW = 200  # files to lint for which one process is enough


def check_paths(paths: Sequence[str], options: Namespace) -> list[Violation]:
    """Return the selected findings of the files below some paths, sorted.

    Raises:
        FlextExceptions.ConfigurationError: a path does not exist, or settings or a baseline are wrong.
    """
    places = Places(options)
    files = [file for file in python_files(paths) if not places.of(file).project.is_excluded(str(file))]
    keeps = not options.no_cache and any(os.path.isdir(path) for path in paths)  # noqa: PTH112
    found = dict(kept(files, places, options) if keeps else fresh(files, places, options))
    return [one for file in files for one in wanted(file, found[file], places.of(file))]


def check_stdin(raw: bytes, filename: str, options: Namespace) -> list[Violation]:
    """Return the selected findings of a text that stands for a file."""
    place = Places(options).of(Path(filename))
    if place.project.is_excluded(filename):
        return []
    found = lint_bytes(raw, filename, place.project, noqa=not options.disable_noqa)
    return wanted(Path(filename), found, place, lines_of(raw))


def fresh(files: Sequence[Path], places: Places, options: Namespace) -> Iterator[tuple[Path, Found]]:
    """Yield the files with their current findings."""
    for file in files:
        places.of(file)  # report wrong settings before the work begins
    jobs = options.jobs or (1 if len(files) <= FEW else os.cpu_count() or 1)
    yield from lint_all(files, options, places, jobs)


def kept(files: Sequence[Path], places: Places, options: Namespace) -> Iterator[tuple[Path, Found]]:
    """Yield the files with cached findings if nothing changed since, and with those of ``fresh`` otherwise."""
    by_place: dict[Place, list[Path]] = {}
    for file in files:
        by_place.setdefault(places.of(file), []).append(file)
    for place, members in by_place.items():
        raws = read_all(place.root, members)
        results = Results(
            place.root,
            place.settings,
            world_of({place.project.relative(str(file)): raw for file, raw in raws.items()}),
            options.disable_noqa,
            place.project.isolates,
            place.project.pytest,
        )
        keys = {file: results.key(place.project.relative(str(file)), raws[file]) for file in members if file in raws}
        known = {file: one for file in members if file in keys and (one := results.get(keys[file])) is not None}
        yield from known.items()
        missing = [file for file in members if file not in known]
        raws.clear()
        new = dict(fresh(missing, places, options))
        yield from new.items()
        results.learn((keys[file], one) for file, one in new.items() if file in keys)
        results.rows.close()


def read_all(root: Path, members: Sequence[Path]) -> dict[Path, bytes]:
    """Return the bytes of some files, and of all others of their project; unreadable files are left out."""
    found: dict[Path, bytes] = {}
    seen = {os.path.abspath(file): file for file in members}  # noqa: PTH100
    for path in {**seen, **{os.path.abspath(file): file for file in python_files([str(root)])}}:  # noqa: PTH100
        try:
            found[seen.get(path, Path(path))] = Path(path).read_bytes()
        except OSError:
            continue  # reported when it is linted
    return found


def wanted(file: Path, found: Found, place: Place, lines: list[str] | None = None) -> list[Violation]:
    """Return the selected findings of a file, without those in the baseline."""
    path = str(file)
    asked = [one for one in found if place.selection.asks_for(one[2].partition(" ")[0], path)]
    known = place.baseline
    if known is not None and (asked or known.names(path)):
        if lines is None:
            lines = lines_of(file.read_bytes()) if file.is_file() else []
        asked = list(known.new(path, asked, lines, lambda code: place.selection.asks_for(code, path)))
    return [Violation(path, line, column + 1, *text.split(" ", 1)) for line, column, text in asked]
