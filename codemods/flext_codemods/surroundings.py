"""What the rest of the repository says about a raise: tables keyed by type, typed handlers, texts that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from flext_analysis.modules import is_test
from flext_codemods.cache import Cache
from flext_codemods.class_readers import Watching, read_in
from flext_codemods.discover import DOCUMENTS
from flext_codemods.facts import Facts, Look, handed_in, read_bytes, readers_of_classes, reads_by_type
from flext_codemods.messages import Said
from flext_codemods.paths import relative
from flext_codemods.targets import Target
from flext_codemods.texts_shown import Shown
from flext_codemods.type_tables import names_to_read, type_tables
from flext_codemods.typed_handlers import Handled

__all__ = ["Surroundings", "Survey", "survey"]

DOCUMENT_BYTES = 1_000_000  # of a larger one (a log, a table of data) the rest is not looked at


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


def survey(root: Path, files: Iterable[Path], targets: Mapping[str, Target], look: Look, cache: Cache) -> Survey:
    """Look at every file of a repository once, or take from the cache what an earlier look at its bytes brought."""
    states: dict[Path, bool | str] = {}
    facts: dict[Path, Facts] = {}
    for path in files:
        document = path.suffix in DOCUMENTS
        raw, problem = read_bytes(path, DOCUMENT_BYTES if document else -1)
        if not document:
            states[path] = problem or path.suffix != ".py"
        if (document or path.suffix == ".py") and not problem:
            kind = "document" if document else "test" if is_test(path.relative_to(root).parts) else "module"
            facts[path] = cache.facts(path, raw, partial(look.at, kind=kind))
    states |= {path: facts[path].site for path in facts.keys() & states.keys()}
    around = Surroundings(
        targets,
        tables_read_by_type(facts, cache),
        tuple(one._replace(path=str(path)) for path, each in facts.items() for one in each.handled),
        tuple(one._replace(path=str(path)) for path, each in facts.items() for one in each.shown),
        top_modules(states),
        classes_read(facts, cache),
    )
    return Survey(around, states, sum(each.lines for each in facts.values()))


def classes_read(facts: dict[Path, Facts], cache: Cache) -> dict[str, tuple[Watching, ...]]:
    """Return the names of the functions whose errors have their class read by a handler, with these handlers."""
    handing = {name for each in facts.values() for name in each.handing}
    for path, each in facts.items():
        if each.readers is None and not handing.isdisjoint(each.reading):
            raw, _ = read_bytes(path)
            facts[path] = each._replace(readers=readers_of_classes(raw, each.reading))
            cache.learn(path, raw, facts[path])
    readers = handing.intersection(name for each in facts.values() for name in each.readers or ())
    for path, each in facts.items():
        if each.handed is None and not readers.isdisjoint(each.handing):
            raw, _ = read_bytes(path)
            facts[path] = each._replace(handed=handed_in(raw, each.handing))
            cache.learn(path, raw, facts[path])
    watching = [one._replace(path=str(path)) for path, each in facts.items() for one in each.watching]
    for path, each in facts.items():
        for one in each.handed or ():
            handed = tuple(name for name in one.handed if name in readers)
            watching += [one._replace(path=str(path), handed=handed)] if handed else []
    return read_in(watching, readers)


def tables_read_by_type(facts: dict[Path, Facts], cache: Cache) -> dict[str, str]:
    """Return the builtins whose table is read by type, each with where the table stands."""
    tables = [
        table._replace(where=f"{relative(path)}{table.where}") for path, each in facts.items() for table in each.tables
    ]
    wanted = names_to_read(tables)
    words = None if wanted is None else [name.encode() for name in wanted]
    for path, each in facts.items() if tables else ():
        if each.reads is None:
            raw, _ = read_bytes(path)
            if words is None or any(word in raw for word in words):
                facts[path] = each._replace(reads=reads_by_type(raw))
                cache.learn(path, raw, facts[path])
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
