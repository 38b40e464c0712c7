"""Which names that a file imports refer to errors of its project, judged by the texts of modules before any is parsed.

A linter asks this for every file, and most names do not. ImportedClasses checks what is found here by reading the
module: so a superfluous name costs time, not correctness.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from flext_analysis.program.library import LIBRARIES
from flext_analysis.semantics.imported_classes import ImportedClasses, is_outside
from flext_analysis.summaries.definitions import Module
from flext_analysis.summaries.summary import FileSummary
from flext_analysis.syntax.bindings import BUILTIN_ERRORS
from flext_exceptions import __all__ as LIBRARY_NAMES

__all__ = ["ErrorImports", "ErrorNames"]

# Each begins with fixed letters, which the engine searches for first: these run on every file.
NAMES = re.compile(r"import[ \t]+(\([^)]*\)|[^\n\\;]*(?:\\\n[^\n\\;]*)*)")
CLASS = re.compile(r"class[ \t]+(\w+)[ \t]*(?:\[[^\]]*\])?\(([^)]*)\)")
NAMED = re.compile(r"\n([A-Z]\w*)[ \t]*(?::[^=\n]+)?=[ \t]*[(\[]?\s*([A-Za-z_][\w.]*)(?=[ \t]*[,()\n#])")
UNPACKED = re.compile(r"\n([A-Z]\w*(?:[ \t]*,[ \t]*[A-Z]\w*)+)[ \t]*=[ \t]*[(\[]?([\w., \t]+)")
HOLDER = re.compile(r"class[ \t]+(\w+)")
NOTE = re.compile(r"#[^\n]*")
MAX_DEPTH = 50  # star imports of star imports


class ErrorImports(NamedTuple):
    """The names that a module imports and that refer to errors, and those of them that refer to errors of the library.

    ``others`` are the names that it imports from the project, look like classes, and do not refer to errors.
    """

    errors: frozenset[str]
    typed: frozenset[str]
    others: frozenset[str]


class Lead(NamedTuple):
    """Whether a name refers to errors, and to errors of the library."""

    error: bool
    typed: bool


class Table(NamedTuple):
    """What the text of a module reveals about its names.

    ``bases`` holds the first names of the bases of each class, or of the value of a name; ``imports`` the module and
    the name in it (None: the module itself) that each import binds; ``stars`` the modules whose stars are imported;
    ``library`` the names that imports of the library bind.
    """

    module: Module
    bases: Mapping[str, frozenset[str]]
    imports: Mapping[str, tuple[str, str | None]]
    stars: tuple[str, ...]
    library: frozenset[str]


Key = tuple[str, str | None]  # the file of a module and a name in it; None for the module itself
NOWHERE, TYPED = Lead(False, False), Lead(True, True)
EMPTY = FileSummary((), None, 0)
NOTHING = ErrorImports(frozenset(), frozenset(), frozenset())


class ErrorNames:
    """The names of a project's modules that refer to errors. Each module's text is read once."""

    def __init__(self, classes: ImportedClasses) -> None:
        self.classes = classes
        self._tables: dict[str, Table | None] = {}
        self._leads: dict[Key, Lead] = {}
        self._files: dict[tuple[str, str], str] = {}
        self._names: dict[str, str] = {}
        self._sources: dict[tuple[str, str], str] = {}
        self._entries: dict[str, frozenset[str]] = {}

    def imported_by(self, text: str, path: Path) -> ErrorImports:
        """Return the names that the imports of a file bind and that refer to errors of other modules."""
        if "import" not in text:
            return NOTHING
        errors: set[str] = set()
        typed: set[str] = set()
        others: set[str] = set()
        importer = self.classes.importer(path)
        for source, listed in imports_in(text):
            file = self.source_file(source, importer) if source else ""
            if source and (not file or (listed.islower() and "*" not in listed and not is_package(file))):
                continue  # outside the project, or only functions
            for name, local in split(listed):
                target, inner = (file, name) if source else (self.source_file(name, importer), None)
                if inner == "*":
                    found = {one: self.lead(target, one) for one in self.names_in(target)}
                    errors.update(one for one, lead in found.items() if lead.error)
                    typed.update(one for one, lead in found.items() if lead.typed)
                    continue
                if inner is not None and inner.islower():  # a module or a function, not a class
                    submodule = self.submodule_of(target, inner)
                    if submodule or not self.imports(target, inner):
                        target, inner = submodule, None
                lead = self.lead(target, inner) if target else NOWHERE
                bound = local if source or local != name else name.partition(".")[0]
                if lead.error:
                    errors.add(bound)
                elif target and bound[:1].isupper():
                    others.add(bound)
                if lead.typed:
                    typed.add(bound)
        return ErrorImports(frozenset(errors), frozenset(typed), frozenset(others - errors))

    def looked_at(self) -> Iterator[str]:
        """Yield the files and folders that the results so far depend on, including missing ones."""
        yield from self._tables
        yield from self._entries
        yield from self.classes.markers()

    def source_file(self, source: str, importer: Module) -> str:
        """Return the file of a module as an import names it, "" for one outside the project."""
        key = importer.path.rpartition(os.sep)[0], source
        found = self._sources.get(key)
        if found is None:
            level = len(source) - len(source.lstrip("."))
            outside = not level and is_outside(source, importer)  # known without reading anything
            dotted = "" if outside else importer.absolute(source[level:], level)
            found = self._sources[key] = self.file_of(dotted, importer) if dotted else ""
        return found

    def lead(self, file: str, name: str | None) -> Lead:
        """Return what a name of a module refers to, or the module itself if the name is None."""
        key = file, name
        known = self._leads.get(key)
        if known is None:
            self.explore(key)
            known = self._leads[key]
        return known

    def explore(self, start: Key) -> None:
        """Find out what a name and those behind it refer to: forwards to errors, and back to those who name them."""
        reached: set[Key] = set()
        named_by: dict[Key, list[Key]] = {}
        errors: list[Key] = []
        typed: list[Key] = []
        waiting = [start]
        while waiting:
            key = waiting.pop()
            if key in reached:
                continue
            reached.add(key)
            lead = self._leads.get(key)
            targets: list[Key] = []
            if lead is None:
                lead, targets = self.named(*key)
            if lead.error:
                errors.append(key)
            if lead.typed:
                typed.append(key)
            for target in targets:
                named_by.setdefault(target, []).append(key)
                waiting.append(target)
        found = backwards(typed, named_by), backwards(errors, named_by)
        for key in reached:
            self._leads[key] = TYPED if key in found[0] else Lead(key in found[1], False)

    def named(self, file: str, name: str | None) -> tuple[Lead, list[Key]]:
        """Return what a name is by itself, and the names that it refers to."""
        table = self.table(file)
        if table is None:
            return NOWHERE, []
        if name is None:
            if table.library:
                return TYPED, []
            return NOWHERE, [(file, one) for one in (*table.bases, *table.imports) if one[:1].isupper()]
        if name in table.library:
            return TYPED, []
        targets: list[Key] = []
        lead = NOWHERE
        if name in table.bases:
            bases = table.bases[name]
            lead = NOWHERE if BUILTIN_ERRORS.keys().isdisjoint(bases) else Lead(True, False)
            targets += ((file, base) for base in bases if base not in BUILTIN_ERRORS)
        elif name in table.imports:
            dotted, inner = table.imports[name]
            target = self.file_of(dotted, table.module)
            if target:
                targets += self.held(target, inner)
        else:
            targets += self.held(file, name)[1:]
        for dotted in table.stars:
            target = self.file_of(dotted, table.module)
            if target:
                targets.append((target, name))
        return lead, targets

    def held(self, file: str, name: str | None) -> list[Key]:
        """Return a name of a module, and the module of that name in its package if there is one."""
        inner = self.submodule_of(file, name) if name else ""
        return [(file, name), (inner, None)] if inner else [(file, name)]

    def names_in(self, file: str, depth: int = 0) -> set[str]:
        """Return the names of a module that its star may bind."""
        table = self.table(file)
        if table is None or depth > MAX_DEPTH:
            return set()
        found = {*table.bases, *table.imports, *table.library}
        for dotted in table.stars:
            target = self.file_of(dotted, table.module)
            found |= self.names_in(target, depth + 1) if target else set()
        return found

    def table(self, file: str) -> Table | None:
        """Return what the text of a module reveals, None if it cannot be read."""
        if file not in self._tables:
            try:
                with open(file, "rb") as stream:  # noqa: PTH123 (for every module, and several times as fast)
                    text = stream.read().decode("utf-8", "replace")
            except OSError:
                self._tables[file] = None
            else:
                self._tables[file] = read(text, Module(file, self._names[file], EMPTY))
        return self._tables[file]

    def imports(self, file: str, name: str) -> bool:
        """Return whether a package binds a name by an import: possibly to a module, under another name."""
        table = self.table(file) if is_package(file) else None
        return table is not None and name in table.imports

    def submodule_of(self, file: str, name: str) -> str:
        """Return the file of a module in a package by the file of the package, "" if there is none."""
        found = self.submodule(file[: -len("/__init__.py")], name) if file.endswith("__init__.py") else ""
        self._names.setdefault(found, f"{self._names[file]}.{name}")
        return found

    def file_of(self, dotted: str, importer: Module) -> str:
        """Return the file of a module of the project, "" for one outside it."""
        roots = self.classes.roots_of(importer)
        key = dotted, roots[0]
        found = self._files.get(key)
        if found is None:
            found = self._files[key] = next(filter(None, (self.below(root, dotted) for root in roots)), "")
            self._names.setdefault(found, dotted)
        return found

    def below(self, root: str, dotted: str) -> str:
        """Return the file of a module below a folder, "" if there is none."""
        *packages, last = dotted.split(".")
        for package in packages:
            if package not in self.entries(root):
                return ""
            root = f"{root}{os.sep}{package}"
        return self.submodule(root, last)

    def submodule(self, folder: str, name: str) -> str:
        """Return the file of a module in a folder, "" if there is none."""
        held = self.entries(folder)
        if f"{name}.py" in held:
            return f"{folder}{os.sep}{name}.py"
        if name in held and "__init__.py" in self.entries(f"{folder}{os.sep}{name}"):
            return f"{folder}{os.sep}{name}{os.sep}__init__.py"
        return ""

    def entries(self, folder: str) -> frozenset[str]:
        """Return the contents of a folder, nothing if it cannot be read."""
        found = self._entries.get(folder)
        if found is None:
            try:
                found = frozenset(os.listdir(folder))  # noqa: PTH208 (for every import, and several times as fast)
            except OSError:
                found = frozenset()
            self._entries[folder] = found
        return found


def backwards(start: Iterable[Key], named_by: Mapping[Key, Sequence[Key]]) -> set[Key]:
    """Return some names and all that refer to them."""
    found: set[Key] = set()
    waiting = list(start)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += named_by.get(key, ())
    return found


def is_package(file: str) -> bool:
    """Return whether a file is a package's, which may contain modules."""
    return file.endswith("__init__.py")


def split(listed: str) -> Iterator[tuple[str, str]]:
    """Yield what an import lists: each name, and its local name.

    >>> list(split("(a, b as c,  # both\\n)"))
    [('a', 'a'), ('b', 'c')]
    """
    if "#" in listed or "\\" in listed:
        listed = NOTE.sub("", listed).replace("\\\n", " ")
    for part in listed.strip("() \t\n").split(","):
        words = part.split()
        if words:
            yield words[0], words[-1]


def bound(text: str, importer: Module) -> Iterator[tuple[str, str | None, str]]:
    """Yield what imports bind, from modules that may be the project's: module, name in it or None, and local name."""
    for source, listed in imports_in(text):
        level = len(source) - len(source.lstrip("."))
        if source and not level and is_outside(source, importer):
            continue  # the library is known without reading it, the standard library by a table
        dotted = importer.absolute(source[level:], level) if source else ""
        if source and not dotted:
            continue
        for name, local in split(listed):
            if source:
                yield dotted, name, local
            elif not is_outside(name, importer):
                yield name, None, local if local != name else name.partition(".")[0]


def read(text: str, module: Module) -> Table:
    """Return what the text of a module reveals about its names."""
    bases: dict[str, frozenset[str]] = {}
    imports: dict[str, tuple[str, str | None]] = {}
    stars: list[str] = []
    for dotted, name, local in bound(text, module):
        if name == "*":
            stars.append(dotted)
        else:
            imports.setdefault(local, (dotted, name))
    classes = [one for one in CLASS.finditer(text) if is_first_on_line(text, one.start())]
    for match in (*classes, *NAMED.finditer(text)):
        firsts = frozenset(base.split("[")[0].strip().partition(".")[0] for base in match[2].split(","))
        for name in (match[1], holder_of(match, text)):
            bases[name] = bases.get(name, frozenset()) | firsts
    for match in UNPACKED.finditer(text):  # with several names each may be any of the values
        firsts = frozenset(value.strip().partition(".")[0] for value in match[2].split(","))
        for name in match[1].split(","):
            bases[name.strip()] = bases.get(name.strip(), frozenset()) | firsts
    library = library_words(text) if "flext_" in text else set()
    return Table(module, bases, imports, tuple(stars), frozenset(library))


def holder_of(match: re.Match[str], text: str) -> str:
    """Return the outer class that contains a class, by which others name it; its own name if there is none."""
    if match.start() == 0 or text[match.start() - 1] == "\n" or match[0][0] == "\n":
        return match[1]
    holder = HOLDER.match(text, text.rfind("\nclass ", 0, match.start()) + 1)
    return holder[1] if holder is not None else match[1]


def is_first_on_line(text: str, at: int) -> bool:
    """Return whether only space precedes a position on its line."""
    return not text[text.rfind("\n", 0, at) + 1 : at].strip()


def imports_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the import statements of a text: the module ("" for ``import a``), and the list after ``import``.

    >>> list(imports_in("from a.b import (\\n  c,\\n)\\nimport d as e\\nimportant = 1"))
    [('a.b', '(\\n  c,\\n)'), ('', 'd as e')]
    """
    at = text.find("import")
    while at >= 0:
        match = NAMES.match(text, at)
        if match is not None:
            before = text[text.rfind("\n", 0, at) + 1 : at].split()
            if not before:
                yield "", match[1]
            elif len(before) == 2 and before[0] == "from":
                yield before[1], match[1]
            at = match.end() - 1
        at = text.find("import", at + 1)


def library_words(text: str) -> set[str]:
    """Return the names that a module's imports of the library bind.

    >>> sorted(library_words("from flext_exceptions import FlextExceptions as F"))
    ['F']
    """
    found: set[str] = set()
    for source, listed in imports_in(text):
        for part in NOTE.sub("", listed).strip("() \t\n").split(","):
            words = part.split()
            if source.partition(".")[0] in LIBRARIES:
                found.update(LIBRARY_NAMES if words == ["*"] else words[-1:])
            elif not source and words and words[0].partition(".")[0] in LIBRARIES:
                found.add(words[-1].partition(".")[0])
    return found
