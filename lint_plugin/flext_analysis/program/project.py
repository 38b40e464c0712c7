"""The files of a repository joined: which module a name is in, and what a dotted name refers to, across modules."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Binding, Definition, Module, statements_of
from flext_analysis.summaries.summary import Code, FileSummary

__all__ = ["Entity", "Finder", "Project"]

BUILTINS = frozenset(dir(builtins))
MAX_CHAIN = 50  # the limit for chains of aliases
Finder = Callable[[str, Module], "Module | None"]  # the module with a dotted name, as a file imports it


class Entity(NamedTuple):
    """What a name refers to.

    ``kind`` is "class", "function" (``definition`` is its scope), "module" (``module``), "external" (``path`` is its
    dotted name: something outside the repository, including builtins), or "value" (``code`` in ``definition`` is an
    expression that is not a name).
    """

    kind: str
    path: str = ""
    definition: Definition | None = None
    module: Module | None = None
    code: Code | None = None


class Project:
    """The summaries of a repository, joined. Complete if ``modules`` are all its files, otherwise lazy by ``finder``.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> files = {"shop/errors.py": b"class Bad(ValueError): ...", "shop/cart.py": b"from .errors import Bad as B"}
    >>> project = Project.whole((path, path[:-3].replace("/", "."), summarize(raw)) for path, raw in files.items())
    >>> [entity.path for entity in project.look_up(project.by_path["shop/cart.py"].top, "B")]
    ['shop.errors.Bad']
    """

    def __init__(self, modules: Iterable[Module] = (), finder: Finder | None = None) -> None:
        self.by_path: dict[str, Module] = {}
        self.by_last: dict[str, list[Module]] = {}
        self.finder = finder
        self._exports: dict[str, dict[str, None]] = {}
        self._looking: set[tuple[Definition, str]] = set()  # names that are being looked up, to end cycles
        for module in modules:
            self.add(module)

    @classmethod
    def whole(cls, files: Iterable[tuple[str, str, FileSummary]]) -> Project:
        """Return the project of files given by path from the root, dotted name and summary."""
        return cls(Module(path, name, summary) for path, name, summary in files)

    def add(self, module: Module) -> Module:
        """Add a module, and return it."""
        self.by_path[module.path] = module
        self.by_last.setdefault(last_part(module.path), []).append(module)
        return module

    @property
    def modules(self) -> Iterable[Module]:
        """All modules that were read."""
        return self.by_path.values()

    # Modules

    def find_module(self, dotted: str, importer: Module) -> Module | None:
        """Return the module with a dotted name as a file imports it: the nearest if several have that name."""
        if not dotted:
            return None
        parts = tuple(dotted.split("."))
        if parts[0] in sys.stdlib_module_names and importer.name.partition(".")[0] != parts[0]:
            return None
        found = [one for one in self.by_last.get(parts[-1], ()) if is_named(one, dotted, parts)]
        if not found:
            return self.finder(dotted, importer) if self.finder else None
        if len(found) == 1:
            return found[0]
        exact = [one for one in found if one.name == dotted] or found
        return max(exact, key=lambda one: (common_parts(one.path, importer.path), one is not importer))

    def imported_modules(self, module: Module) -> Iterator[Module]:
        """Yield the modules of the repository that a module imports when it is imported itself."""
        if module.top is None:
            return
        for kind, names, for_types in (one for one in top_statements(module) if one[0] == op.IMPORT):
            del kind
            for _, source, name, level in names if not for_types else ():
                base = module.absolute(source, level)
                found = self.find_module(f"{base}.{name}", module) if name and name != "*" else None
                found = found or self.find_module(base, module)
                if found is not None:
                    yield found

    # Names

    def look_up(self, where: Definition | None, name: str, depth: int = 0) -> list[Entity]:
        """Return what a bare name may refer to in a scope; [] if that is unknown."""
        if where is None:
            return []
        for scope in where.outwards():
            kind = scope.scope.outer.get(name)
            if kind == "global" and scope.parent is not None:
                return self.look_up(scope.module.top, name, depth)
            if kind == "nonlocal":
                continue
            if scope.scope.kind in ("function", "lambda") and any(one.name == name for one in scope.scope.parameters):
                return []
            found = scope.bindings.get(name)
            if found:
                return self.of_bindings(found, scope, name, depth)
            if name in scope.scope.bound:
                return []
        return self.starred(where.module, name, depth) or self.of_builtin(name)

    def of_builtin(self, name: str) -> list[Entity]:
        """Return the builtin of that name."""
        return [Entity("external", canonical(f"builtins.{name}"))] if name in BUILTINS else []

    def of_bindings(self, found: list[Binding], scope: Definition, name: str, depth: int) -> list[Entity]:
        """Return what bindings of one name refer to; those for type checkers only if there are no others."""
        if depth > MAX_CHAIN:
            return []
        key = scope, name
        if key in self._looking:  # ``callable = callable``: the earlier meaning
            return self.of_builtin(name)
        running = [one for one in found if not one.for_types] or found
        entities: dict[tuple[object, ...], Entity] = {}
        self._looking.add(key)
        for binding in running:
            for entity in self.of_binding(binding, scope, name, depth + 1):
                entities.setdefault((entity.kind, entity.path, id(entity.definition), id(entity.code)), entity)
        self._looking.discard(key)
        return list(entities.values())

    def of_binding(self, binding: Binding, scope: Definition, name: str, depth: int) -> list[Entity]:
        """Return what one binding leads to."""
        if binding.kind == "define":
            definition = scope.module.definitions[binding.scope]
            kind = "class" if definition.scope.kind == "class" else "function"
            return [Entity(kind, definition.path, definition)]
        if binding.kind == "import":
            return self.of_import(binding.source, scope.module, depth)
        if binding.kind == "assign" and binding.code is not None:
            return self.of_code(binding.code, scope, depth)
        return []

    def of_import(self, source: tuple[str, str | None, int], module: Module, depth: int = 0) -> list[Entity]:
        """Return the result of an import: a module of the repository, a name in one, or something outside."""
        base = module.absolute(source[0], source[2])
        name = source[1]
        if not base and name is None:
            return []
        found = self.find_module(base, module)
        if name is None:
            return [Entity("module", base, module=found)] if found else [Entity("external", base)]
        if found is not None and found is not module:
            named = self.member_of_module(found, name, depth)
            if named:
                return named
        inner = self.find_module(f"{base}.{name}" if base else name, module)
        if found is module and (inner is None or inner is module) and name in module_names(module):
            return self.look_up(module.top, name, depth + 1)
        if inner is not None:
            return [Entity("module", f"{base}.{name}", module=inner)]
        if found is not None:
            return []
        return [Entity("external", canonical(f"{base}.{name}" if base else name))]

    def member_of_module(self, module: Module, name: str, depth: int = 0) -> list[Entity]:
        """Return what a name of a module refers to, including its submodules."""
        if module.top is None or depth > MAX_CHAIN:
            return []
        if name in module.top.bindings:
            return self.of_bindings(module.top.bindings[name], module.top, name, depth)
        found = self.starred(module, name, depth)
        if not found and module.is_package:
            inner = self.find_module(f"{module.name}.{name}", module)
            if inner is not None:
                return [Entity("module", inner.name, module=inner)]
        return found

    def starred(self, module: Module, name: str, depth: int = 0) -> list[Entity]:
        """Return what the star imports of a module bind a name to; [] if none does."""
        found = self.star_source(module, name) if depth <= MAX_CHAIN else None
        return self.member_of_module(found, name, depth + 1) if found is not None else []

    def star_source(self, module: Module, name: str) -> Module | None:
        """Return the module of the repository from which a star import brings a name, None if none does."""
        for source, level in reversed(module.stars):
            found = self.find_module(module.absolute(source, level), module)
            if found is not None and found is not module and name in self.exports_of(found):
                return found
        return None

    def has_open_star(self, module: Module) -> bool:
        """Return whether a module has a star import from outside the repository."""
        if module.top is None:
            return False
        bases = (module.absolute(source, level) for source, level in module.stars)
        return any(self.find_module(base, module) is None for base in bases)

    def exports_of(self, module: Module) -> dict[str, None]:
        """Return the names that the star of a module binds."""
        found = self._exports.get(module.path)
        if found is None:
            self._exports[module.path] = found = {}
            if module.summary.exports is not None:
                found.update(dict.fromkeys(module.summary.exports))
            elif module.top is not None:
                found.update((name, None) for name in module.top.scope.bound if not name.startswith("_"))
                for source, level in module.stars:
                    inner = self.find_module(module.absolute(source, level), module)
                    if inner is not None:
                        found.update(self.exports_of(inner))
        return found

    # Dotted names and expressions

    def of_code(self, code: Code, where: Definition | None, depth: int = 0) -> list[Entity]:
        """Return what an expression may refer to: a name, an attribute, or a value of its own."""
        kind: int = code[0]
        if depth > MAX_CHAIN:
            return []
        if kind == op.NAME:
            return self.look_up(where, code[1], depth)
        if kind == op.ATTRIBUTE:
            found = self.of_code(code[1], where, depth + 1)
            return [each for one in found for each in self.attribute(one, code[2], depth + 1)]
        if kind == op.ITEM and is_class_subscript(self, code, where, depth):
            return self.of_code(code[1], where, depth + 1)
        if kind == op.EITHER:
            return [each for one in code[1] for each in self.of_code(one, where, depth + 1)]
        if kind == op.NAMED or kind == op.NO_ERROR:
            return self.of_code(code[-1], where, depth + 1)
        return [Entity("value", definition=where, code=code)]

    def attribute(self, entity: Entity, name: str, depth: int = 0) -> list[Entity]:
        """Return what an attribute of something refers to."""
        if entity.kind == "module" and entity.module is not None:
            return self.member_of_module(entity.module, name, depth)
        if entity.kind == "external":
            return [Entity("external", canonical(f"{entity.path}.{name}"))]
        if entity.kind == "class" and entity.definition is not None:
            return self.member_of_class(entity.definition, name, depth)
        return []

    def member_of_class(self, definition: Definition, name: str, depth: int = 0) -> list[Entity]:
        """Return what an attribute of a class refers to: its own, or that of the first base that has it."""
        if depth > MAX_CHAIN:
            return []
        own = definition.bindings.get(name)
        if own:
            return self.of_bindings(own, definition, name, depth)
        for base in definition.scope.bases:
            for entity in self.of_code(base, definition.parent, depth + 1):
                found = self.attribute(entity, name, depth + 1) if entity.definition is not definition else []
                if found:
                    return found
        return []

    def of_path(self, path: str, importer: Module) -> list[Entity]:
        """Return what an absolute dotted name refers to, as a file would import it."""
        parts = path.split(".")
        for length in range(len(parts), 0, -1):
            module = self.find_module(".".join(parts[:length]), importer)
            if module is not None:
                found = [Entity("module", module.name, module=module)]
                for name in parts[length:]:
                    found = [each for one in found for each in self.attribute(one, name)]
                return found
        return [Entity("external", canonical(path))]


def is_class_subscript(project: Project, code: Code, where: Definition | None, depth: int) -> bool:
    """Return whether an item is that of a class, ``Generic[T]``, rather than of a table."""
    found = project.of_code(code[1], where, depth + 1)
    return any(one.kind == "class" or (one.kind == "external" and one.path in GENERIC) for one in found)


def last_part(path: str) -> str:
    """Return the last part of the dotted name of the module in a file."""
    parts = path.split("/")
    return parts[-2] if parts[-1] == "__init__.py" and len(parts) > 1 else parts[-1].removesuffix(".py")


def is_named(module: Module, dotted: str, parts: tuple[str, ...]) -> bool:
    """Return whether a module is imported by a dotted name: its own, or a longer one if folders are namespaces."""
    if module.name == dotted:
        return True
    if not dotted.endswith(f".{module.name}"):
        return False
    path = module.path.removesuffix("/__init__.py").removesuffix(".py").split("/")
    return tuple(path[-len(parts) :]) == parts


def common_parts(one: str, other: str) -> int:
    """Return how many folders two paths have in common from the root."""
    count = 0
    for first, second in zip(one.split("/"), other.split("/"), strict=False):
        if first != second:
            break
        count += 1
    return count


def module_names(module: Module) -> Mapping[str, object]:
    """Return the names that a module binds."""
    return module.top.bindings if module.top is not None else {}


def top_statements(module: Module) -> Iterator[Code]:
    """Yield the statements that run when a module is imported, including those of its classes."""
    for definition in module.definitions:
        inside = definition
        while inside.scope.kind == "class" and inside.parent is not None:
            inside = inside.parent
        if inside.scope.kind == "module":
            yield from statements_of(definition.scope.code)


GENERIC = frozenset(
    f"{module}.{name}" for module in ("typing", "typing_extensions") for name in ("Generic", "Protocol")
)
SAME = {"builtins.IOError": "builtins.OSError", "builtins.EnvironmentError": "builtins.OSError"}
if sys.platform == "win32":
    SAME["builtins.WindowsError"] = "builtins.OSError"


def canonical(path: str) -> str:
    """Return the canonical name of something with several names.

    >>> canonical("builtins.IOError")
    'builtins.OSError'
    """
    return SAME.get(path, path)
