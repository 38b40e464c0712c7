"""Resolve names and dotted names of a module to where they come from, using only its source."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from flext_analysis.syntax.statements import Block, FunctionNode, Run, ScopeNode, by_scope, runs_of

__all__ = ["BUILTIN_ERRORS", "Binding", "Names", "Origin", "dotted", "last_name"]

BUILTINS = frozenset(dir(builtins))
# Every name of a builtin error with its class; IOError and EnvironmentError are names of OSError.
BUILTIN_ERRORS: dict[str, type[BaseException]] = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}
BEFORE_WALRUS = re.compile(r"(\w+)\s*$")
MAX_NAME = 250  # characters searched in front of a walrus
GLOBAL = re.compile(r"global[ \t\\]+\w+[ \t]*(?:[,;#]|$)", re.MULTILINE)


class Binding(NamedTuple):
    """One place that binds a name: how, what it refers to if that can be determined, and where.

    ``kind`` is one of import, alias (``E = ValueError``), class, function, parameter, other, global, star.
    """

    kind: str
    origin: str | None
    node: ast.AST
    block: Block


binding_of = tuple.__new__  # as block_of


class Origin(NamedTuple):
    """What a dotted name refers to at one location.

    ``path`` is the dotted path ("builtins.ValueError", "shop.errors.BadInput") or None if it cannot be determined;
    ``kind`` is how it was found: builtin (bound nowhere), or the kind of the only binding; ``star`` is whether a star
    import may bind it, ``bound`` whether several bindings do.
    """

    path: str | None
    kind: str


def dotted(node: ast.expr | None) -> str | None:
    """Return the text of a name or a chain of attributes, None for any other expression.

    >>> dotted(ast.parse("a.b.c", mode="eval").body)
    'a.b.c'
    """
    if type(node) is ast.Name:
        return node.id
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def last_name(node: ast.expr | None) -> str | None:
    """Return the last part of a dotted name, None for any other expression.

    >>> last_name(ast.parse("a.b.c", mode="eval").body)
    'c'
    """
    return (dotted(node) or "").rpartition(".")[2] or None


def absolute(module: str | None, level: int, package: str | None) -> str:
    """Return the absolute name of an import's module; dots remain in front if the package is not known."""
    if not level:
        return module or ""
    parents = package.split(".") if package else []
    if not parents or level > len(parents):
        return "." * level + (module or "")
    base = parents[: len(parents) - level + 1]
    return ".".join([*base, module] if module else base)


def target_names(node: ast.expr) -> Iterator[str]:
    """Yield the names that an assignment target binds."""
    waiting = [node]
    while waiting:
        target = waiting.pop()
        if isinstance(target, ast.Name):
            yield target.id
        elif isinstance(target, ast.Tuple | ast.List):
            waiting.extend(target.elts)
        elif isinstance(target, ast.Starred):
            waiting.append(target.value)


def pattern_names(pattern: ast.pattern) -> Iterator[str]:
    """Yield the names that a match pattern captures."""
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest


Bound = Iterator[tuple[str, str, str | None]]


def others(names: Iterable[str]) -> Bound:
    """Yield names that are bound to something that the text alone does not show."""
    return ((name, "other", None) for name in names)


def bound_by_assignment(node: ast.Assign, package: str | None) -> Bound:
    """Yield what ``a = b`` binds: another name for b if b is a name, also in ``a, c = b, d``."""
    if len(node.targets) == 1:
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name) and dotted(value):
            return iter([(target.id, "alias", dotted(value))])
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            return bound_by_members(target.elts, value.elts)
    return others(name for target in node.targets for name in target_names(target))


def bound_by_annotated(node: ast.AnnAssign) -> Bound:
    """Yield what ``a: TypeAlias = b`` binds, as without the annotation; nothing is bound by an annotation alone."""
    if isinstance(node.target, ast.Name) and dotted(node.value):
        return iter([(node.target.id, "alias", dotted(node.value))])
    return others(target_names(node.target))


def bound_by_members(targets: Sequence[ast.expr], values: Sequence[ast.expr]) -> Bound:
    """Yield what ``a, c = b, d`` binds."""
    if any(isinstance(one, ast.Starred) for one in (*targets, *values)):
        yield from others(name for target in targets for name in target_names(target))
        return
    for target, value in zip(targets, values, strict=True):
        if isinstance(target, ast.Name) and dotted(value):
            yield target.id, "alias", dotted(value)
        else:
            yield from others(target_names(target))


def bound_by_import(node: ast.Import, package: str | None) -> Bound:
    """Yield what ``import a.b`` or ``import a.b as c`` binds."""
    for alias in node.names:
        first = alias.name.partition(".")[0]
        yield alias.asname or first, "import", alias.name if alias.asname else first


def bound_by_from_import(node: ast.ImportFrom, package: str | None) -> Bound:
    """Yield what ``from m import a as b`` binds; "*" and the module for a star."""
    source = absolute(node.module, node.level, package)
    for alias in node.names:
        if alias.name == "*":
            yield "*", "star", source
        else:
            joint = "" if source.endswith(".") else "."
            yield alias.asname or alias.name, "import", f"{source}{joint}{alias.name}"


# What each kind of statement binds in its own scope, given the package that relative imports start from.
BINDERS: dict[type[ast.AST], Callable[[Any, str | None], Bound]] = {
    ast.Assign: bound_by_assignment,
    ast.Delete: lambda node, _: others(name for target in node.targets for name in target_names(target)),
    ast.AnnAssign: lambda node, _: bound_by_annotated(node),
    ast.AugAssign: lambda node, _: others(target_names(node.target)),
    ast.For: lambda node, _: others(target_names(node.target)),
    ast.AsyncFor: lambda node, _: others(target_names(node.target)),
    ast.Import: bound_by_import,
    ast.ImportFrom: bound_by_from_import,
    ast.ClassDef: lambda node, _: iter([(node.name, "class", node.name)]),
    ast.FunctionDef: lambda node, _: iter([(node.name, "function", None)]),
    ast.AsyncFunctionDef: lambda node, _: iter([(node.name, "function", None)]),
    ast.With: lambda node, _: others(with_names(node)),
    ast.AsyncWith: lambda node, _: others(with_names(node)),
    ast.Try: lambda node, _: others(handler.name for handler in node.handlers if handler.name),
    ast.TryStar: lambda node, _: others(handler.name for handler in node.handlers if handler.name),
    ast.Match: lambda node, _: others(name for arm in node.cases for name in pattern_names(arm.pattern)),
    ast.Global: lambda node, _: iter([(name, "global", None) for name in node.names]),
    ast.Nonlocal: lambda node, _: iter([(name, "nonlocal", None) for name in node.names]),
}
if sys.version_info >= (3, 12):
    BINDERS[ast.TypeAlias] = lambda node, _: others(target_names(node.name))


def with_names(node: ast.With | ast.AsyncWith) -> Iterator[str]:
    """Yield the names after ``as``."""
    for item in node.items:
        if item.optional_vars is not None:
            yield from target_names(item.optional_vars)


def parameters(node: FunctionNode | ast.ClassDef) -> Iterator[str]:
    """Yield the names of a function's parameters, and of the type parameters of a function or class."""
    if isinstance(node, FunctionNode):
        arguments = node.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            yield argument.arg
        for extra in (arguments.vararg, arguments.kwarg):
            if extra is not None:
                yield extra.arg
    yield from (parameter.name for parameter in getattr(node, "type_params", ()))


def walrus_names(text: str) -> set[str]:
    """Return the names in front of each ``:=`` of a text, in code or not."""
    found: set[str] = set()
    at = text.find(":=")
    while at >= 0:
        before = BEFORE_WALRUS.search(text[max(0, at - MAX_NAME) : at])
        if before is not None:
            found.add(before[1])
        at = text.find(":=", at + 2)
    return found


def for_type_checkers(block: Block) -> bool:
    """Return whether a location is in the body of ``if TYPE_CHECKING:``, which does not run."""
    return any(
        isinstance(outer.owner, ast.If)
        and outer.part == "body"
        and (dotted(outer.owner.test) or "").rpartition(".")[2] == "TYPE_CHECKING"
        for outer in block.outwards()
    )


def at_run_time(bindings: list[Binding]) -> list[Binding]:
    """Return the bindings that a running program sees, or those for type checkers if there are no others.

    >>> text = "if TYPE_CHECKING:\\n    from a import E\\nelse:\\n    from b import E"
    >>> tree = ast.parse(text)
    >>> [one.origin for one in at_run_time(Names(tree, text).scope(tree)["E"])]
    ['b.E']
    """
    return [one for one in bindings if not for_type_checkers(one.block)] or bindings


class Names:
    """The names of one module. The bindings of a scope are read on demand.

    ``package`` is the dotted name of the package that relative imports start from, None if it is not known; ``runs``
    the result of by_scope for the tree, if it was computed already.

    >>> tree = ast.parse("from builtins import ValueError as E\\nraise E('x')")
    >>> names = Names(tree, "", None)
    >>> names.resolve(tree.body[1].exc.func, Block(tree, "body", None))
    Origin(path='builtins.ValueError', kind='import')
    """

    def __init__(
        self,
        tree: ast.Module,
        text: str,
        package: str | None = None,
        runs: Mapping[ScopeNode, Sequence[Run]] | None = None,
    ) -> None:
        self.tree = tree
        self.text = text
        self.package = package
        self._runs = runs
        self._read: dict[ScopeNode, dict[str, list[Binding]]] = {}
        self._imports: dict[ScopeNode, list[tuple[str, str]]] = {}

    @cached_property
    def runs(self) -> Mapping[ScopeNode, Sequence[Run]]:
        """Every block with its statements, by scope."""
        return by_scope(self.tree) if self._runs is None else self._runs

    @cached_property
    def stars(self) -> list[str]:
        """The modules whose stars are imported."""
        imports = (node for nodes, _ in self._runs_in(self.tree) for node in nodes if type(node) is ast.ImportFrom)
        return [
            absolute(node.module, node.level, self.package)
            for node in imports
            if any(alias.name == "*" for alias in node.names)
        ]

    def _runs_in(self, scope: ScopeNode, inside: Block | None = None) -> Sequence[Run]:
        """Return the blocks of one scope; ``inside`` is the block of its body, if that is known."""
        if isinstance(scope, ast.Module):
            inside = Block(scope, "body", None)
        if inside is None or "runs" in self.__dict__ or self._runs is not None:
            return self.runs[scope]
        return runs_of(inside)

    def _bound_in_module(self) -> dict[str, list[Binding]]:
        """Read the module's own names, and what other places do to them."""
        found = self._read[self.tree] = self._bound_in(self.tree)
        # A walrus is inside an expression, and those are not visited here: its name counts as bound everywhere.
        for name in walrus_names(self.text):
            found.setdefault(name, []).append(Binding("other", None, self.tree, Block(self.tree, "body", None)))
        if GLOBAL.search(self.text):
            # What a function does with a global name applies to the module's name.
            for scope in self.runs:
                for name, bindings in self.scope(scope).items() if scope is not self.tree else ():
                    made = [one._replace(kind="other") for one in bindings if one.kind == "global"]
                    if made:
                        found.setdefault(name, []).extend(made)
        return found

    def _bound_in(self, scope: ScopeNode, inside: Block | None = None) -> dict[str, list[Binding]]:
        """Read the statements of one scope."""
        runs = self._runs_in(scope, inside)
        found: dict[str, list[Binding]] = {}
        if not isinstance(scope, ast.Module):
            inside = runs[0][1]
            found.update((name, [Binding("parameter", None, scope, inside)]) for name in parameters(scope))
        binders = BINDERS
        for nodes, block in runs:
            for node in nodes:
                binder = binders.get(type(node))
                if binder is None:
                    continue
                for name, kind, origin in binder(node, self.package):
                    if kind != "star":
                        found.setdefault(name, []).append(binding_of(Binding, (kind, origin, node, block)))
        return found

    def scope(self, scope: ScopeNode, inside: Block | None = None) -> dict[str, list[Binding]]:
        """Return every binding of the names of one scope; given the block of its body, no other scope is read."""
        found = self._read.get(scope)
        if found is None:
            found = self._bound_in_module() if scope is self.tree else self._bound_in(scope, inside)
            self._read[scope] = found
        return found

    @property
    def scopes(self) -> dict[ScopeNode, dict[str, list[Binding]]]:
        """Every binding of every scope, in source order."""
        places = sorted(self.runs, key=lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0)))
        return {scope: self.scope(scope) for scope in places}

    def imports(self, scope: ScopeNode) -> list[tuple[str, str]]:
        """Return what one scope imports, as (local name, origin)."""
        found = self._imports.get(scope)
        if found is None:
            each = ((local, one) for local, bindings in self.scope(scope).items() for one in bindings)
            found = [(local, one.origin) for local, one in each if one.kind == "import" and one.origin is not None]
            self._imports[scope] = found
        return found

    def bindings(self, name: str, block: Block) -> list[Binding]:
        """Return the bindings of the scope that a bare name is looked up in at this location; [] if there are none."""
        innermost = block.scope()
        for outer in block.outwards():
            scope = outer.owner
            if not isinstance(scope, ScopeNode) or (isinstance(scope, ast.ClassDef) and scope is not innermost):
                continue
            found = self.scope(scope, outer).get(name)
            if found:
                kinds = {binding.kind for binding in found}
                if "global" in kinds and scope is not self.tree:
                    return self.scope(self.tree).get(name, [])
                if "nonlocal" not in kinds:
                    return found
        return []

    def resolve(self, node: ast.expr, block: Block) -> Origin:
        """Return what a name or dotted name refers to at this location.

        Aliases (``E = ValueError``) are followed to the end; cycles and names bound twice have no path.
        """
        text = dotted(node)
        if text is None:
            return Origin(None, "other")
        return self.resolve_text(text, block)

    def resolve_text(self, text: str, block: Block, _seen: frozenset[str] = frozenset()) -> Origin:
        """Do the same as resolve, for the text of a dotted name. At most 50 aliases are followed."""
        first, dot, rest = text.partition(".")
        found = self.bindings(first, block)
        if not found:
            if self.stars:
                return Origin(f"builtins.{text}" if first in BUILTINS else None, "star")
            return Origin(f"builtins.{text}", "builtin") if first in BUILTINS else Origin(None, "unbound")
        origins = {(binding.kind, binding.origin) for binding in found}
        if len(origins) > 1:
            found = at_run_time(found)
            origins = {(binding.kind, binding.origin) for binding in found}
        if len(origins) > 1:
            return Origin(None, "bound")
        kind, origin = origins.pop()
        if origin is None or (kind == "alias" and (origin in _seen or len(_seen) > 50)):
            return Origin(None, kind)
        path: str | None = origin
        if kind == "alias":
            path = self.resolve_text(origin, found[0].block, _seen | {origin}).path
        return Origin(path and path + dot + rest, kind)
