"""What the names of one file are bound to, read from its summary: the data for resolving names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flext_analysis.summaries import summary as op
from flext_analysis.summaries.summary import Code, FileSummary, Scope

__all__ = ["Binding", "Definition", "Module", "names_in_target", "star_modules", "statements_of"]


class Binding(NamedTuple):
    """One place that binds a name.

    ``kind`` is "import" (``source`` is module, name or None, level), "define" (a function or class: ``scope``),
    "assign" (``code`` is the value), "annotate" (``code`` is the annotation) or "other". ``for_types`` means that it is
    under TYPE_CHECKING, and does not run.
    """

    kind: str
    code: Code | None = None
    scope: int = -1
    source: tuple[str, str | None, int] = ("", None, 0)
    for_types: bool = False


class Definition:
    """A scope of a module with its context: a module, class, function or lambda, with what its names are bound to."""

    __slots__ = ("_bindings", "module", "number", "parent", "scope")

    def __init__(self, module: Module, number: int, scope: Scope, parent: Definition | None) -> None:
        self.module = module
        self.number = number
        self.scope = scope
        self.parent = parent
        self._bindings: dict[str, list[Binding]] | None = None

    def __repr__(self) -> str:
        return f"<{self.scope.kind} {self.path}>"

    @property
    def path(self) -> str:
        """The dotted name: that of the module, then the qualified name."""
        return f"{self.module.name}.{self.scope.qualname}" if self.scope.qualname else self.module.name

    @property
    def bindings(self) -> dict[str, list[Binding]]:
        """What each name is bound to by the code of the scope."""
        if self._bindings is None:
            found: dict[str, list[Binding]] = {}
            for name, binding in bindings_in(self.scope.code, self.module):
                found.setdefault(name, []).append(binding)
            self._bindings = found
        return self._bindings

    def outwards(self) -> Iterator[Definition]:
        """Yield the scopes in which a name of this one is looked up: itself, then those around it except classes."""
        yield self
        around = self.parent
        while around is not None:
            if around.scope.kind != "class":
                yield around
            around = around.parent


class Module:
    """A file with its location: its path from the root, its dotted name, and its summary."""

    __slots__ = ("_imported", "_stars", "definitions", "is_package", "name", "path", "summary")

    def __init__(self, path: str, name: str, summary: FileSummary) -> None:
        self.path = path
        self.name = name
        self.is_package = path.endswith("__init__.py")
        self.summary = summary
        self._stars: tuple[tuple[str, int], ...] | None = None
        self._imported: dict[str, str] | None = None
        self.definitions: list[Definition] = []
        for number, scope in enumerate(summary.scopes):
            parent = self.definitions[scope.parent] if number else None
            self.definitions.append(Definition(self, number, scope, parent))

    def __repr__(self) -> str:
        return f"<module {self.name}>"

    @property
    def top(self) -> Definition | None:
        """The module's own scope, None for a file that could not be read."""
        return self.definitions[0] if self.definitions else None

    @property
    def stars(self) -> tuple[tuple[str, int], ...]:
        """The modules whose stars the module imports, each with the level of the import."""
        if self._stars is None:
            self._stars = tuple(star_modules(self.top.scope)) if self.top is not None else ()
        return self._stars

    @property
    def imported(self) -> Mapping[str, str]:
        """The dotted names behind those that imports bind anywhere in the file, without relative imports."""
        if self._imported is None:
            self._imported = {
                local: f"{source}.{name}" if name is not None else source
                for definition in self.definitions
                for one in statements_of(definition.scope.code)
                if one[0] == op.IMPORT
                for local, source, name, level in one[1]
                if not level and local not in ("", "*")
            }
        return self._imported

    def absolute(self, module: str, level: int) -> str:
        """Return the absolute name of a module that the file imports, "" if it goes above the top.

        >>> from flext_analysis.summaries.summarize import summarize
        >>> Module("shop/cart.py", "shop.cart", summarize(b"")).absolute("errors", 1)
        'shop.errors'
        """
        if not level:
            return module
        parts = self.name.split(".")
        keep = len(parts) - level + self.is_package
        if keep < 0 or (not keep and not module):
            return ""
        return ".".join([*parts[:keep], *([module] if module else [])])


def statements_of(code: list[Code]) -> Iterator[Code]:
    """Yield the statements of a block and of the blocks inside it."""
    waiting = [iter(code)]
    while waiting:
        for one in waiting[-1]:
            yield one
            kind = one[0]
            if kind == op.TRY:
                inner = [*one[1], *(each for handler in one[2] for each in handler[2]), *one[3], *one[4]]
            elif kind == op.WITH:
                inner = one[2]
            elif kind == op.CHOOSE:
                inner = [each for block in one[1] for each in block]
            else:
                continue
            waiting.append(iter(inner))
            break
        else:
            waiting.pop()


def names_in_target(target: Code) -> Iterator[str]:
    """Yield the names that a target binds."""
    waiting = [target]
    while waiting:
        one = waiting.pop()
        if one[0] == op.NAME:
            yield one[1]
        elif one[0] == op.SEQUENCE:
            waiting += one[2]
        elif one[0] == op.STARRED:
            waiting.append(one[1])


def pairs_in_target(target: Code, value: Code) -> Iterator[tuple[str, Binding]]:
    """Yield what an assignment binds; members one by one if both sides are displays of equal length."""
    if target[0] == op.NAME:
        yield target[1], Binding("assign", value)
    elif target[0] == op.SEQUENCE and value[0] == op.SEQUENCE and len(target[2]) == len(value[2]):
        for one, part in zip(target[2], value[2], strict=True):
            yield from pairs_in_target(one, part)
    else:
        yield from ((name, Binding("other")) for name in names_in_target(target))


def bindings_in(code: list[Code], module: Module) -> Iterator[tuple[str, Binding]]:
    """Yield what a scope's code binds, in source order."""
    scopes = module.summary.scopes
    for one in statements_of(code):
        kind = one[0]
        if kind == op.DEFINE:
            scope = scopes[one[1]]
            yield scope.name, Binding("define", scope=one[1], for_types="types" in scope.flags)
        elif kind == op.IMPORT:
            for local, source, name, level in one[1]:
                if local not in ("", "*"):
                    yield local, Binding("import", source=(source, name, level), for_types=one[2])
        elif kind == op.ASSIGN:
            for target in one[1]:
                yield from pairs_in_target(target, one[2])
        elif kind == op.ANNOTATE:
            if one[1][0] == op.NAME:
                yield one[1][1], Binding("assign", one[3]) if one[3] is not None else Binding("annotate", one[2])
        elif kind == op.AUGMENT or kind == op.LOOP:
            yield from ((name, Binding("other")) for name in names_in_target(one[1]))
        elif kind == op.WITH:
            for _, target in one[1]:
                if target is not None:
                    yield from ((name, Binding("other")) for name in names_in_target(target))
        elif kind == op.TRY:
            yield from ((handler[1], Binding("other")) for handler in one[2] if handler[1])


def star_modules(scope: Scope) -> Iterator[tuple[str, int]]:
    """Yield the modules whose stars a scope's code imports, each with the level of the import."""
    for one in statements_of(scope.code):
        if one[0] == op.IMPORT:
            yield from ((source, level) for local, source, _, level in one[1] if local == "*")
