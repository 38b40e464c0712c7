"""Which names that a file imports lead to errors of its project? Told from the texts of modules, before any is parsed.

A linter asks this of every file, and most names lead to none. What is found here is looked at by ImportedClasses, which
reads the module: so a name too many costs time, and no truth.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flext_analysis.bindings import BUILTIN_ERRORS
from flext_analysis.definitions import Module
from flext_analysis.imported_classes import ImportedClasses
from flext_analysis.library import LIBRARIES
from flext_analysis.summary import FileSummary
from flext_exceptions import __all__ as LIBRARY_NAMES

__all__ = ["ErrorNames", "Leading"]

# Each begins with fixed letters, which the engine looks for first: these run over every file.
NAMES = re.compile(r"import[ \t]+(\([^)]*\)|[^\n\\;]*(?:\\\n[^\n\\;]*)*)")
CLASS = re.compile(r"class[ \t]+(\w+)[ \t]*(?:\[[^\]]*\])?\(([^)]*)\)")
NAMED = re.compile(r"\n([A-Z]\w*)[ \t]*(?::[^=\n]+)?=[ \t]*[(\[]?\s*([A-Za-z_][\w.]*)(?=[ \t]*[,)\n#])")
NOTE = re.compile(r"#[^\n]*")
OUTSIDE = frozenset(sys.stdlib_module_names) | LIBRARIES
MAX_DEPTH = 20  # modules that import from each other, in a row


class Leading(NamedTuple):
    """The names of a module that lead to errors, and those of them that may lead to errors of the library.

    ``others`` are the names that a module imports from the project, are written as classes are, and lead to none.
    """

    errors: frozenset[str]
    typed: frozenset[str]
    others: frozenset[str] = frozenset()


EMPTY = FileSummary((), None, 0)
NOTHING = Leading(frozenset(), frozenset())


@lru_cache(maxsize=10_000)
def entries(folder: str) -> frozenset[str]:
    """Return what a folder holds, nothing for one that cannot be read."""
    try:
        return frozenset(os.listdir(folder))  # noqa: PTH208 (for every import, and several times as fast)
    except OSError:
        return frozenset()


class ErrorNames:
    """The names of the modules of a project that lead to errors. Each module's text is read once."""

    def __init__(self, classes: ImportedClasses) -> None:
        self.classes = classes
        self._known: dict[str, Leading] = {}
        self._files: dict[tuple[str, str], str] = {}
        self._imports: dict[tuple[str, int], Leading] = {}

    def imported_by(self, text: str, path: Path) -> Leading:
        """Return the names that the imports of a file bind and that lead to errors of other modules."""
        if "import" not in text:
            return NOTHING
        key = str(path), hash(text)
        if key not in self._imports:
            self._imports[key] = self.from_imports(text, self.classes.importer(path), 0)
        return self._imports[key]

    def from_imports(self, text: str, importer: Module, depth: int) -> Leading:
        """Do what imported_by does, for a module that some others led to."""
        errors: set[str] = set()
        typed: set[str] = set()
        others: set[str] = set()
        for name, leading in self.imports(text, importer, depth):
            if name == "*":
                errors |= leading.errors
                typed |= leading.typed
                continue
            if leading.errors:
                errors.add(name)
            elif name[:1].isupper():
                others.add(name)
            if leading.typed:
                typed.add(name)
        return Leading(frozenset(errors), frozenset(typed), frozenset(others - errors))

    def imports(self, text: str, importer: Module, depth: int) -> Iterator[tuple[str, Leading]]:
        """Yield the local names that a text imports with what they lead to; those that lead nowhere left out."""
        for source, listed in imports_in(text):
            if not source:
                yield from self.modules(listed, importer, depth)
                continue
            level = len(source) - len(source.lstrip("."))
            if not level and source.partition(".")[0] in OUTSIDE:
                continue  # the library is known without any reading, the standard library by a table
            dotted = importer.absolute(source[level:], level)
            file = self.file_of(dotted, importer) if dotted else ""
            if file:
                yield from self.members(file, dotted, listed, depth)

    def modules(self, listed: str, importer: Module, depth: int) -> Iterator[tuple[str, Leading]]:
        """Yield what ``import a.b, c as d`` binds."""
        for part in NOTE.sub("", listed).split(","):
            dotted, _, local = (one.strip() for one in part.partition(" as "))
            first = dotted.partition(".")[0]
            if first not in OUTSIDE and dotted.replace(".", "").isidentifier():
                file = self.file_of(dotted, importer)
                if file:
                    yield local or first, self.of_file(file, dotted, depth + 1)

    def members(self, file: str, dotted: str, listed: str, depth: int) -> Iterator[tuple[str, Leading]]:
        """Yield what ``from dotted import listed`` binds."""
        plain = listed.islower() and "*" not in listed  # functions and modules: no class among them
        leading = NOTHING if plain else self.of_file(file, dotted, depth + 1)
        names = NOTE.sub("", listed).strip("() \t\n").replace("\\\n", " ")
        folder = os.path.dirname(file) if file.endswith("__init__.py") else ""  # noqa: PTH120 (likewise)
        for part in names.split(","):
            words = part.split()
            if not words:
                continue
            name = words[0]
            if name == "*":
                yield "*", leading
            elif name in leading.errors or name in leading.typed:
                own = frozenset([name])
                yield words[-1], Leading(own, own if name in leading.typed else frozenset())
            elif name[0].isupper():
                yield words[-1], NOTHING
            elif folder:
                inner = self.submodule(folder, name)
                if inner:
                    yield words[-1], self.of_file(inner, f"{dotted}.{name}", depth + 1)

    def submodule(self, folder: str, name: str) -> str:
        """Return the file of a module in a package, "" where there is none."""
        if f"{name}.py" in entries(folder):
            return f"{folder}{os.sep}{name}.py"
        if name in entries(folder) and "__init__.py" in entries(f"{folder}{os.sep}{name}"):
            return f"{folder}{os.sep}{name}{os.sep}__init__.py"
        return ""

    def file_of(self, dotted: str, importer: Module) -> str:
        """Return the file of a module of the project, "" for one outside of it."""
        roots = self.classes.roots_of(importer)
        key = dotted, roots[0]
        if key not in self._files:
            self._files[key] = next(filter(None, (self.below(root, dotted) for root in roots)), "")
        return self._files[key]

    def below(self, root: str, dotted: str) -> str:
        """Return the file of a module below a folder, "" where there is none."""
        *packages, last = dotted.split(".")
        for package in packages:
            if package not in entries(root):
                return ""
            root = f"{root}{os.sep}{package}"
        return self.submodule(root, last)

    def of_file(self, file: str, dotted: str, depth: int) -> Leading:
        """Return the names of a module that lead to errors."""
        known = self._known.get(file)
        if known is not None:
            return known
        self._known[file] = NOTHING  # for modules that import each other
        if depth > MAX_DEPTH:
            return NOTHING
        try:
            text = Path(file).read_text("utf-8", "replace")
        except OSError:
            return NOTHING
        self._known[file] = found = self.read(
            text, Module(file, dotted, self.classes.importer(Path(file)).summary), depth
        )
        return found

    def read(self, text: str, module: Module, depth: int) -> Leading:
        """Return what a module's text says: its imports, then its classes and names, in their order."""
        key = module.path, hash(text)
        imported = self._imports[key] = self._imports.get(key) or self.from_imports(text, module, depth)
        typed = set(imported.typed)
        if "flext_" in text:
            typed |= library_words(text)
        errors = {*imported.errors, *typed}
        classes = [one for one in CLASS.finditer(text) if is_first_on_line(text, one.start())]
        for match in sorted([*classes, *NAMED.finditer(text)], key=re.Match.start):
            firsts = {base.split("[")[0].strip().partition(".")[0] for base in match[2].split(",")}
            if not typed.isdisjoint(firsts):
                typed.add(match[1])
            if not errors.isdisjoint(firsts) or not BUILTIN_ERRORS.keys().isdisjoint(firsts):
                errors.add(match[1])
        return Leading(frozenset(errors | typed), frozenset(typed))


def is_first_on_line(text: str, at: int) -> bool:
    """Say whether nothing but space stands in front of a place on its line."""
    return not text[text.rfind("\n", 0, at) + 1 : at].strip()


def imports_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the import statements of a text: the module ("" for ``import a``), and what is listed behind ``import``.

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
