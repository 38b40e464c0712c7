"""What each builtin becomes: a type of the library, or a class of the project, read from its source."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_analysis.syntax.bindings import Names, dotted
from flext_analysis.syntax.source import Unreadable, read_source
from flext_analysis.syntax.statements import Block, FunctionNode, expressions
from flext_codemods.project.files import read_bytes
from flext_codemods.project.paths import relative
from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import ROWS, TARGETS

__all__ = ["LIBRARY", "Target", "absolute", "importable", "library_targets", "project_targets"]

LIBRARY = "flext_exceptions"
ROOT = "FlextExceptions"
# What changes how a class is constructed or shown, so that it may not stand in for the builtin.
BEHAVIOUR = frozenset(
    "__init__ __new__ __str__ __reduce__ __reduce_ex__ __getstate__ __setstate__ __eq__ __bool__ args".split()
)
BODIES = ("body", "orelse", "finalbody")
TYPES = {row.name: row for row in ROWS}


class Target(NamedTuple):
    """The class that replaces a builtin: where it is imported from, and what else catches it.

    ``module`` and ``name`` are what is imported, ``rest`` the attributes after it (".ValidationError"); ``ancestors``
    the dotted names of the typed classes whose handlers catch it; ``cycle`` the modules that it needs itself, which
    cannot import it; ``refused`` why it cannot stand in for the builtin, "" if it can.
    """

    module: str
    name: str
    rest: str
    ancestors: frozenset[str]
    cycle: frozenset[str] = frozenset()
    refused: str = ""

    @property
    def path(self) -> str:
        """The dotted name of the class."""
        return f"{self.module}.{self.name}{self.rest}"


def typed_ancestors(name: str) -> frozenset[str]:
    """Return the dotted names of the library's classes that catch the type with this name, including itself."""
    classes = [cls for cls in TYPES[name].type.__mro__ if issubclass(cls, FlextExceptions)]
    return frozenset(f"{LIBRARY}.{cls.__qualname__}" for cls in classes)


def library_targets() -> dict[str, Target]:
    """Return the library's own target for each builtin that has one."""
    return {
        builtin: Target(LIBRARY, ROOT, f".{row.name}", typed_ancestors(row.name)) for builtin, row in TARGETS.items()
    }


def importable(path: str) -> Target:
    """Return the target for a name of one of our own packages: a type of the library, or a helper for tests.

    >>> importable("flext_exceptions.FlextExceptions.TimeoutError").rest
    '.TimeoutError'
    """
    module, name, *rest = path.split(".")
    typed = typed_ancestors(rest[0]) if module == LIBRARY and rest else frozenset[str]()
    return Target(module, name, "".join(f".{part}" for part in rest), typed)


class ClassFacts(NamedTuple):
    """What the sources reveal about a class: the builtins that catch it, its typed ancestors, and any obstacle."""

    builtins: frozenset[type]
    ancestors: frozenset[str]
    problem: str = ""


class Sources:
    """The modules of a project, read on demand."""

    def __init__(self, files: list[Path]) -> None:
        self.files = files
        self.read: dict[str, tuple[ast.Module, Names, Path] | None] = {}

    def module(self, dotted: str) -> tuple[ast.Module, Names, Path] | None:
        """Return tree, names and file of the only module with this dotted name, None if there is none."""
        if dotted not in self.read:
            self.read[dotted] = self._load(dotted)
        return self.read[dotted]

    def _load(self, dotted: str) -> tuple[ast.Module, Names, Path] | None:
        parts = tuple(dotted.split("."))
        endings = ((*parts[:-1], f"{parts[-1]}.py"), (*parts, "__init__.py"))
        found = [file for file in self.files if any(file.parts[-len(ending) :] == ending for ending in endings)]
        if len(found) != 1:
            return None
        try:
            source = read_source(found[0].read_bytes())
        except (OSError, Unreadable):
            return None
        package = dotted if found[0].name == "__init__.py" else dotted.rpartition(".")[0]
        return source.tree, Names(source.tree, source.text, package), found[0]

    def split(self, path: str) -> tuple[str, list[str]] | None:
        """Split a dotted name into the longest module of the project and the names inside it."""
        parts = path.split(".")
        for length in range(len(parts) - 1, 0, -1):
            if self.module(".".join(parts[:length])) is not None:
                return ".".join(parts[:length]), parts[length:]
        return None


def find_class(body: list[ast.stmt], names: list[str]) -> ast.ClassDef | None:
    """Return the class that a chain of names refers to, if exactly one statement of each body defines it."""
    found = [node for node in body if isinstance(node, ast.ClassDef) and node.name == names[0]]
    if len(found) != 1:
        return None
    return found[0] if len(names) == 1 else find_class(found[0].body, names[1:])


def own_behaviour(node: ast.ClassDef) -> str:
    """Return what a class defines that may prevent it from standing in for its builtin, "" if nothing does."""
    if node.decorator_list or node.keywords:
        return "has a decorator or a metaclass"
    for statement in node.body:
        names = [getattr(statement, "name", "")]
        if isinstance(statement, ast.Assign):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            names = [statement.target.id]
        for name in names:
            if name in BEHAVIOUR:
                return f"defines {name}"
    return ""


def class_facts(path: str, sources: Sources, seen: frozenset[str] = frozenset()) -> ClassFacts:
    """Read a class and its bases, through the modules of the project, down to the builtins and the library."""
    nothing = ClassFacts(frozenset(), frozenset())
    module, _, name = path.rpartition(".")
    if module == "builtins":
        builtin = getattr(builtins, name, None)
        return nothing._replace(builtins=frozenset(builtin.__mro__)) if isinstance(builtin, type) else nothing
    if module == f"{LIBRARY}.{ROOT}" and name in TYPES:
        caught_by = frozenset(cls for cls in TYPES[name].type.__mro__ if cls.__module__ == "builtins")
        return ClassFacts(caught_by, typed_ancestors(name))
    where = sources.split(path)
    if where is None or path in seen:
        return nothing._replace(problem=f"{path} was not found in the project")
    loaded = sources.module(where[0])
    assert loaded is not None  # split() only names modules that loaded
    tree, names, _file = loaded
    node = find_class(tree.body, where[1])
    if node is None:
        origin = names.resolve_text(".".join(where[1]), Block(tree, "body", None)).path
        if origin is None or origin == path or origin in where[1]:
            return nothing._replace(problem=f"{path} was not found in the project")
        return class_facts(origin, sources, seen | {path})
    behaviour = own_behaviour(node)
    if behaviour:
        return nothing._replace(problem=f"{path} {behaviour}")
    caught_by, ancestors = frozenset[type](), frozenset([path])
    for base in node.bases:
        origin = names.resolve(base, Block(tree, "body", None)).path
        if origin is not None and "." not in origin:  # a class of the same module
            origin = f"{where[0]}.{origin}"
        facts = class_facts(origin, sources, seen | {path}) if origin else nothing._replace(problem="a computed base")
        if facts.problem:
            return facts
        caught_by, ancestors = caught_by | facts.builtins, ancestors | facts.ancestors
    return ClassFacts(caught_by, ancestors)


def needed_modules(module: str, sources: Sources) -> frozenset[str]:
    """Return the modules of the project that are imported while a module is, including itself."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        loaded = sources.module(name)
        if name in found or loaded is None:
            continue
        found.add(name)
        tree, _names, file = loaded
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        for imported in imported_at_start(tree.body, package):
            parts = imported.split(".")
            waiting.extend(".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return frozenset(found)


def imported_at_start(body: list[ast.stmt], package: str) -> Iterator[str]:
    """Yield what statements import when they are run, not when a function in them is called later.

    ``importlib.import_module()`` and ``__import__()`` with a constant count; imports under ``if TYPE_CHECKING`` do not.
    """
    for node in body:
        if isinstance(node, FunctionNode):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node.module or "", node.level, package)
            yield from (f"{base}.{alias.name}" if base else alias.name for alias in node.names)
        elif isinstance(node, ast.If) and (dotted(node.test) or "").rpartition(".")[2] == "TYPE_CHECKING":
            yield from imported_at_start(node.orelse, package)
        else:
            for part in BODIES:
                yield from imported_at_start(getattr(node, part, []), package)
            for clause in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
                yield from imported_at_start(clause.body, package)
            yield from imported_by_call(node, package)


def absolute(module: str, level: int, package: str) -> str:
    """Return the dotted name of a module that is given relative to a package."""
    if not level:
        return module
    parents = package.split(".")
    base = parents[: len(parents) - level + 1]
    return ".".join([*base, module] if module else base)


def imported_by_call(node: ast.stmt, package: str) -> Iterator[str]:
    """Yield the constants that a statement's own expressions pass to ``import_module`` and ``__import__``."""
    for call in expressions(node):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        function = (dotted(call.func) or "").rpartition(".")[2]
        match call.args[0]:
            case ast.Constant(value=str(name)) if function in ("import_module", "__import__"):
                bare = name.lstrip(".")
                yield absolute(bare, len(name) - len(bare), package)


def set_later(paths: Iterable[str], files: Iterable[Path]) -> str:
    """Return what later code sets on some classes that prevents them from standing in, "" for nothing."""
    names = "|".join(sorted({path.rpartition(".")[2] for path in paths if not path.startswith(f"{LIBRARY}.")}))
    if not names:
        return ""
    methods = "|".join(sorted(BEHAVIOUR))
    attribute = rf"\b({names})\.({methods})\s*=[^=]"
    call = rf"\bsetattr\(\s*[\w.]*\b({names})\s*,\s*['\"]({methods})\b"
    setting = re.compile(f"{attribute}|{call}")
    for file in files:
        found = setting.search(read_bytes(file)[0].decode(errors="replace"))
        if found is not None:
            return f"{found[1] or found[3]} is given another {found[2] or found[4]} at {relative(file)}"
    return ""


def project_targets(
    chosen: Mapping[str, str], own: list[Path], everything: list[Path], where: Callable[[str], str]
) -> dict[str, Target]:
    """Return the target of each builtin for a project: its own classes if it names some, otherwise the library's.

    They are looked for in its ``own`` files, then in those of the whole repository.

    ``where`` names, for a message, the setting that names the target of a builtin.

    Raises:
        FlextExceptions.ConfigurationError: a target is not in any module of the project.
    """
    targets = library_targets()
    own_sources, all_sources = Sources(own), Sources(everything)
    for builtin, path in chosen.items():
        sources = own_sources if own_sources.split(path) else all_sources
        split = sources.split(path)
        if split is None:
            raise FlextExceptions.ConfigurationError(
                f"{where(builtin)}: no module of the project defines {path}; write it as module.Class",
                config_key=f"tool.flext.targets.{builtin}",
            )
        module, names = split
        facts = class_facts(path, sources)
        expected = frozenset(getattr(builtins, builtin).__mro__)
        refused = facts.problem
        refused = refused or set_later(facts.ancestors, everything)
        if not refused and facts.builtins != expected:
            missing = sorted(cls.__name__ for cls in facts.builtins ^ expected)
            refused = f"{path} is not caught by the same handlers as {builtin}: {', '.join(missing)}"
        cycle = needed_modules(module, sources)
        rest = "".join(f".{name}" for name in names[1:])
        targets[builtin] = Target(module, names[0], rest, facts.ancestors, cycle, refused)
    return targets
