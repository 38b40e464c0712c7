"""What the rest of the repository says about a raise: tables keyed by type, typed handlers, texts that are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from flext_codemods.cache import Cache
from flext_codemods.class_readers import Watching, read_in
from flext_codemods.discover import DOCUMENTS
from flext_codemods.executors import Workers
from flext_codemods.facts import Facts, Look, Looked, look_at, look_closer, lost_look, read_bytes
from flext_codemods.messages import Said
from flext_codemods.paths import relative
from flext_codemods.targets import Target
from flext_codemods.texts_shown import Shown
from flext_codemods.type_tables import names_to_read, type_tables
from flext_codemods.typed_handlers import Handled

__all__ = ["Surroundings", "Survey", "survey"]

LookAtPart = Callable[[str, list[Path]], None]  # fills in a part of the facts about some files


class Surroundings(NamedTuple):
    """What holds for the whole repository, whichever file is looked at.

    A recipe that wants to know more of other files than stands here has to put it here: the cache goes by it.
    """

    targets: Mapping[str, Target]
    tables: Mapping[str, str] = {}
    handled: tuple[Handled, ...] = ()
    shown: tuple[Shown, ...] = ()
    first_party: frozenset[str] = frozenset()
    read_in: Mapping[str, tuple[Watching, ...]] = {}
    caught: Mapping[str, str] = {}
    family: Mapping[str, str] = {}
    said: Mapping[str, tuple[Said, ...]] = {}


class Survey(NamedTuple):
    """What one look at a repository brings: the surroundings, and what is to be done about each Python file.

    ``files`` says whether a file may hold a site, or why it cannot be read; ``lines`` is how many were looked at.
    """

    around: Surroundings
    files: Mapping[Path, bool | str]
    lines: int


def survey(files: Iterable[Path], targets: Mapping[str, Target], look: Look, cache: Cache, workers: Workers) -> Survey:
    """Look at every file of a repository once, or take from the cache what an earlier look at its bytes brought."""
    looked: dict[Path, Looked] = {}
    unknown: list[Path] = []
    for path in files:
        known = cache.facts(path)
        looked[path] = known or Looked(path)  # also keeps the order of the files
        if known is None:
            unknown.append(path)
    for one in workers.spread(unknown, partial(look_at, look=look), lost_look):
        looked[one.path] = one
        cache.learn(one)
    facts = {path: one.facts for path, one in looked.items() if not one.problem}
    states = {path: one.problem or one.facts.site for path, one in looked.items() if path.suffix not in DOCUMENTS}

    def look_at_part(part: str, paths: list[Path]) -> None:
        known = {path: facts[path] for path in paths}
        work = partial(look_closer, known=known, part=part)
        for one in workers.spread(paths, work, lambda path: Looked(path, facts=known[path])):
            facts[one.path] = one.facts
            cache.learn(one)

    around = Surroundings(
        targets,
        tables_read_by_type(facts, look_at_part),
        tuple(one._replace(path=str(path)) for path, each in facts.items() for one in each.handled),
        tuple(one._replace(path=str(path)) for path, each in facts.items() for one in each.shown),
        top_modules(states),
        classes_read(facts, look_at_part),
    )
    return Survey(around, states, sum(each.lines for each in facts.values()))


def classes_read(facts: Mapping[Path, Facts], look: LookAtPart) -> dict[str, tuple[Watching, ...]]:
    """Return the names of the functions whose errors have their class read by a handler, with these handlers."""
    handing = {name for each in facts.values() for name in each.handing}
    look("readers", [path for path, each in facts.items() if each.readers is None and handing & {*each.reading}])
    readers = handing.intersection(name for each in facts.values() for name in each.readers or ())
    look("handed", [path for path, each in facts.items() if each.handed is None and readers & {*each.handing}])
    watching = [one._replace(path=str(path)) for path, each in facts.items() for one in each.watching]
    for path, each in facts.items():
        for one in each.handed or ():
            handed = tuple(name for name in one.handed if name in readers)
            watching += [one._replace(path=str(path), handed=handed)] if handed else []
    return read_in(watching, readers)


def tables_read_by_type(facts: Mapping[Path, Facts], look: LookAtPart) -> dict[str, str]:
    """Return the builtins whose table is read by type, each with where the table stands."""
    tables = [
        table._replace(where=f"{relative(path)}{table.where}") for path, each in facts.items() for table in each.tables
    ]
    names = names_to_read(tables)
    words = None if names is None else [name.encode() for name in names]

    def may_read(path: Path) -> bool:
        raw = b"" if words is None else read_bytes(path)[0]
        return words is None or any(word in raw for word in words)

    look("reads", [path for path, each in facts.items() if tables and each.reads is None and may_read(path)])
    return type_tables(tables, (one for each in facts.values() for one in each.reads or ()))


def top_modules(files: Iterable[Path]) -> frozenset[str]:
    """Return the names under which the project's own packages and modules are imported."""
    python = [path for path in files if path.suffix == ".py"]
    packages = {path.parent for path in python if path.name == "__init__.py"}
    found = set()
    for path in python:
        top = path
        while top.parent in packages:
            top = top.parent
        found.add(top.stem)
    return frozenset(found)
