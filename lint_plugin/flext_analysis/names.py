"""Who is this name? Resolve names and dotted names of a module to where they come from, from its source alone."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from typing import NamedTuple

from flext_analysis.scan import Block, FunctionNode, ScopeNode, statements

__all__ = ["BUILTIN_ERRORS", "Binding", "Names", "Origin", "dotted"]

BUILTINS = frozenset(dir(builtins))
# Every name of a builtin error with its class; IOError and EnvironmentError are names of OSError.
BUILTIN_ERRORS: dict[str, type[BaseException]] = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}
WALRUS = re.compile(r"\b(\w+)\s*:=")


class Binding(NamedTuple):
    """One place that binds a name: how, what it stands for where that can be told, and where.

    ``kind`` is one of import, alias (``E = ValueError``), class, function, parameter, other, global, star.
    """

    kind: str
    origin: str | None
    node: ast.AST
    block: Block


class Origin(NamedTuple):
    """What a dotted name stands for at one place.

    ``path`` is the dotted path ("builtins.ValueError", "shop.errors.BadInput") or None when it cannot be told; ``kind``
    says how it was found: builtin (bound nowhere), or the kind of the one binding; ``star`` when a star import may bind
    it, ``bound`` when several bindings do.
    """

    path: str | None
    kind: str


def dotted(node: ast.expr | None) -> str | None:
    """Return the text of a name or a chain of attributes, None for any other expression.

    >>> dotted(ast.parse("a.b.c", mode="eval").body)
    'a.b.c'
    """
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def absolute(module: str | None, level: int, package: str | None) -> str:
    """Return the absolute name of an import's module; dots stay in front where the package is not known."""
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


def bound_by(node: ast.stmt, package: str | None) -> Iterator[tuple[str, str, str | None]]:
    """Yield (name, kind, origin) for each name that a statement itself binds in its scope; ``*`` for a star import."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name() | ast.Attribute()):
            yield name, "alias", dotted(node.value)
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            for target in targets:
                yield from ((name, "other", None) for name in target_names(target))
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            yield from ((name, "other", None) for name in target_names(target))
        case ast.For(target=target) | ast.AsyncFor(target=target):
            yield from ((name, "other", None) for name in target_names(target))
        case ast.Import(names=names):
            for alias in names:
                first = alias.name.partition(".")[0]
                yield alias.asname or first, "import", alias.name if alias.asname else first
        case ast.ImportFrom(module=module, names=names, level=level):
            source = absolute(module, level, package)
            for alias in names:
                if alias.name == "*":
                    yield "*", "star", source
                else:
                    joint = "" if source.endswith(".") else "."
                    yield alias.asname or alias.name, "import", f"{source}{joint}{alias.name}"
        case ast.ClassDef(name=name):
            yield name, "class", name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name, "function", None
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                if item.optional_vars is not None:
                    yield from ((name, "other", None) for name in target_names(item.optional_vars))
        case ast.Try(handlers=handlers) | ast.TryStar(handlers=handlers):
            yield from ((handler.name, "other", None) for handler in handlers if handler.name)
        case ast.Match(cases=cases):
            for arm in cases:
                yield from ((name, "other", None) for name in pattern_names(arm.pattern))
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from ((name, "global" if isinstance(node, ast.Global) else "nonlocal", None) for name in names)
        case _ if type(node).__name__ == "TypeAlias":  # Python 3.12 and newer
            yield from ((name, "other", None) for name in target_names(node.name))  # type: ignore[attr-defined]


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


class Names:
    """The names of one module: every binding of every scope, made in one walk.

    ``package`` is the dotted name of the package that relative imports start from, None when it is not known.

    >>> tree = ast.parse("from builtins import ValueError as E\\nraise E('x')")
    >>> names = Names(tree, "", None)
    >>> names.resolve(tree.body[1].exc.func, Block(tree, "body", None))
    Origin(path='builtins.ValueError', kind='import')
    """

    def __init__(self, tree: ast.Module, text: str, package: str | None = None) -> None:
        self.tree = tree
        self.scopes: dict[ScopeNode, dict[str, list[Binding]]] = {tree: {}}
        self.stars: list[str] = []
        for node, block in statements(tree):
            if isinstance(node, FunctionNode | ast.ClassDef):
                inside = Block(node, "body", block)
                self.scopes[node] = {name: [Binding("parameter", None, node, inside)] for name in parameters(node)}
            for name, kind, origin in bound_by(node, package):
                if kind == "star":
                    self.stars.append(origin or "")
                else:
                    self._add(name, Binding(kind, origin, node, block))
        # A walrus stands in an expression, which the walk does not visit: its name counts as bound everywhere.
        for name in set(WALRUS.findall(text)) if ":=" in text else ():
            self._add(name, Binding("other", None, tree, Block(tree, "body", None)))

    def _add(self, name: str, binding: Binding) -> None:
        scope = binding.block.scope()
        self.scopes[scope].setdefault(name, []).append(binding)
        if binding.kind == "global" and scope is not self.tree:
            # What a function does with a global name happens to the module's name.
            self.scopes[self.tree].setdefault(name, []).append(binding._replace(kind="other"))

    def bindings(self, name: str, block: Block) -> list[Binding]:
        """Return the bindings of the scope that a bare name is looked up in at this place; [] when there are none."""
        innermost = block.scope()
        for outer in block.outwards():
            scope = outer.owner
            if not isinstance(scope, ScopeNode) or (isinstance(scope, ast.ClassDef) and scope is not innermost):
                continue
            found = self.scopes[scope].get(name)
            if found:
                kinds = {binding.kind for binding in found}
                if "global" in kinds and scope is not self.tree:
                    return self.scopes[self.tree].get(name, [])
                if "nonlocal" not in kinds:
                    return found
        return []

    def resolve(self, node: ast.expr, block: Block) -> Origin:
        """Say what a name or dotted name stands for at this place.

        Aliases (``E = ValueError``) are followed to the end, cycles and names bound twice give no path.
        """
        text = dotted(node)
        if text is None:
            return Origin(None, "other")
        return self.resolve_text(text, block)

    def resolve_text(self, text: str, block: Block, _seen: frozenset[str] = frozenset()) -> Origin:
        """Do what resolve does, for the text of a dotted name."""
        first, dot, rest = text.partition(".")
        found = self.bindings(first, block)
        if not found:
            if self.stars:
                return Origin(f"builtins.{text}" if first in BUILTINS else None, "star")
            return Origin(f"builtins.{text}", "builtin") if first in BUILTINS else Origin(None, "unbound")
        origins = {(binding.kind, binding.origin) for binding in found}
        if len(origins) > 1:
            return Origin(None, "bound")
        kind, origin = origins.pop()
        if origin is None or (kind == "alias" and origin in _seen):
            return Origin(None, kind)
        path: str | None = origin
        if kind == "alias":
            path = self.resolve_text(origin, found[0].block, _seen | {origin}).path
        return Origin(path and path + dot + rest, kind)
