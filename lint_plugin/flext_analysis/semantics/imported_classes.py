"""The classes that one file sees in others: only the modules that it imports are read, each once per process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from flext_analysis.modules import name_in, package_of
from flext_analysis.program.hierarchy import ClassInfo, Hierarchy
from flext_analysis.program.library import LIBRARIES
from flext_analysis.program.project import Entity, Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Module
from flext_analysis.summaries.summary import FileSummary
from flext_analysis.summaries.summary_cache import SummaryCache

__all__ = ["ImportedClasses", "is_outside"]

MAX_MEMBERS = 200  # of a tuple of classes
EMPTY = FileSummary((), None, 0)


class ImportedClasses:
    """A project that is read only as far as files import each other. ``cache`` keeps summaries between runs.

    A module is looked for in the folder of the outermost package of the file that imports it, in ``src`` beside that,
    and in ``root``. A module that is not found there is outside the project.
    """

    def __init__(self, root: Path, cache: SummaryCache | None = None) -> None:
        self.root = root
        self.cache = cache or SummaryCache(None, bodies=False)
        self.project = Project(finder=self.find)
        self.hierarchy = Hierarchy(self.project)
        self._files: dict[str, Module | None] = {}
        self._found: dict[tuple[str, str], Module | None] = {}
        self._roots: dict[str, list[str]] = {}
        self._typed: dict[str, frozenset[str]] = {}
        self._packages: dict[str, str] = {}
        self._importers: dict[Path, Module] = {}

    def importer(self, path: Path) -> Module:
        """Return the location of a file from which names are looked up; the file itself is not read."""
        found = self._importers.get(path)
        if found is None:
            folder = str(path.parent)
            package = self._packages.get(folder)
            if package is None:
                package = self._packages[folder] = package_of(path)
            found = self._importers[path] = Module(str(path), name_in(package, path.stem), EMPTY)
        return found

    def markers(self) -> Iterator[str]:
        """Yield the files, existing or not, that decide whether the importing files' folders are packages."""
        seen: set[Path] = set()
        for path in self._importers:
            for folder in path.parents:
                if folder in seen:
                    break
                seen.add(folder)
                yield f"{folder}{os.sep}__init__.py"
                if folder == self.root:
                    break

    # Modules

    def find(self, dotted: str, importer: Module) -> Module | None:
        """Return the module with a dotted name, as a file imports it."""
        top = dotted.partition(".")[0]
        if top in sys.stdlib_module_names and importer.name.partition(".")[0] != top:
            return None
        roots = self.roots_of(importer)
        key = dotted, roots[0]
        if key not in self._found:
            self._found[key] = self.find_below(dotted, roots)
        return self._found[key]

    def find_below(self, dotted: str, roots: list[str]) -> Module | None:
        """Return the module with a dotted name below the first of some folders that has it."""
        path = dotted.replace(".", os.sep)
        for root in roots:
            for file in (f"{root}{os.sep}{path}.py", f"{root}{os.sep}{path}{os.sep}__init__.py"):
                if os.path.isfile(file):  # noqa: PTH113 (for every import, and several times as fast)
                    return self.read(file, dotted)
        return None

    def roots_of(self, importer: Module) -> list[str]:
        """Return the folders in which the modules that a file imports are looked for."""
        folder = os.path.dirname(importer.path)  # noqa: PTH120 (likewise)
        found = self._roots.get(folder)
        if found is None:
            depth = importer.name.count(".") + importer.is_package
            top = Path(importer.path).parents[depth]
            found = [str(top), str(top / "src"), str(self.root), str(self.root / "src")]
            self._roots[folder] = found
        return found

    def read(self, file: str, dotted: str) -> Module | None:
        """Return the module in a file."""
        if file not in self._files:
            self._files[file] = None
            try:
                raw = Path(file).read_bytes()
            except OSError:
                return None
            self._files[file] = self.project.add(Module(file, dotted, self.cache.get(raw)))
        return self._files[file]

    # Classes

    def entities(self, dotted: str, path: Path) -> list[Entity]:
        """Return what an absolute dotted name refers to in a file."""
        return self.project.of_path(dotted, self.importer(path))

    def of_path(self, dotted: str, path: Path) -> ClassInfo | None:
        """Return the class that a dotted name of the project refers to as a file sees it, None if it is not one.

        That may be a class of the library, of the standard library or a builtin that a module of the project
        re-exports. Of several that a name may be bound to (``try: from a import E``, ``except ImportError: from b
        import E``) the first counts if all have the same ancestors apart from themselves.
        """
        entities = [one for one in self.entities(dotted, path) if one.kind == "class" or one.path != dotted]
        found = [self.hierarchy.of_entity(one) for one in entities]
        known = [one for one in found if one is not None and (one.whole or one.definition is not None)]
        if not known or any(one.lineage[1:] != known[0].lineage[1:] for one in known):
            return None
        return known[0]

    def made(self, dotted: str, path: Path) -> ClassInfo | None:
        """Return the class whose instance a dotted name holds (``LATE = Bad("late")``), None for anything else."""
        found = self.entities(dotted, path)
        one = found[0] if len(found) == 1 else None
        if one is None or one.kind != "value" or one.code is None or one.code[0] != op.CALL:
            return None
        made = self.project.of_code(one.code[1], one.definition)
        return self.hierarchy.of_entity(made[0]) if len(made) == 1 and made[0].kind == "class" else None

    def members(self, dotted: str, path: Path) -> list[ClassInfo]:
        """Return the classes in a tuple that a dotted name refers to; [] if it is not one, or not all are known."""
        found: list[ClassInfo] = []
        waiting = self.entities(dotted, path)
        while waiting and len(found) < MAX_MEMBERS:
            one = waiting.pop(0)
            if one.kind == "value" and one.code is not None and one.code[0] == op.SEQUENCE:
                inner = [self.project.of_code(member, one.definition) for member in one.code[2]]
                if not all(inner):
                    return []
                waiting = [each for part in inner for each in part] + waiting
                continue
            info = self.hierarchy.of_entity(one)
            if info is None:
                return []
            found.append(info)
        return found

    def typed_names(self, module: Module) -> frozenset[str]:
        """Return the names of a module that are typed errors or namespaces of the library, or lead to them."""
        known = self._typed.get(module.path)
        if known is None:
            self._typed[module.path] = frozenset()  # for modules that import each other
            known = self._typed[module.path] = frozenset(self.find_typed(module))
        return known

    def find_typed(self, module: Module) -> Iterator[str]:
        """Yield what typed_names returns."""
        if module.top is None:
            return
        names = dict.fromkeys([*module.top.bindings, *self.project.exports_of(module)])
        for name in names:
            for entity in self.project.member_of_module(module, name):
                if self.is_typed(entity):
                    yield name
                    break

    def is_typed(self, entity: Entity) -> bool:
        """Return whether something is a typed error or a namespace, or a module, class or tuple that has some."""
        if entity.kind == "module" and entity.module is not None:
            return bool(self.typed_names(entity.module))
        if entity.kind == "value" and entity.code is not None and entity.code[0] == op.SEQUENCE:
            return any(
                self.is_typed(each) for one in entity.code[2] for each in self.project.of_code(one, entity.definition)
            )
        info = self.hierarchy.of_entity(entity)
        if info is None:
            return False
        if info.typed or info.is_below("flext_exceptions.FlextExceptions"):
            return True
        inner = info.definition.bindings if info.definition is not None else {}
        return any(
            binding.kind == "define" and self.is_typed(each)
            for name in inner
            for binding in inner[name]
            for each in self.project.member_of_class(info.definition, name)  # type: ignore[arg-type]
        )


def is_outside(dotted: str, importer: Module) -> bool:
    """Return whether an import leads out of the project: into the library or the standard library."""
    top = dotted.partition(".")[0]
    return top in LIBRARIES or (top in sys.stdlib_module_names and importer.name.partition(".")[0] != top)
