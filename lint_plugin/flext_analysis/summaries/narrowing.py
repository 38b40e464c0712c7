"""What tests with ``isinstance`` say of a name: that it holds no error, or only instances of some classes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from flext_analysis.summaries.summary import Code

__all__ = ["NameReader", "bound_in", "leaves", "told_by"]

ERRORS = frozenset(["Exception", "BaseException"])
ASKED = ERRORS | {"isinstance"}
Told = Mapping[str, ast.expr | None]  # None for a name that holds no error, otherwise the classes
NOTHING: Told = {}


def told_by(test: ast.expr) -> tuple[Told, Told]:
    """Return what is known of names if a test is true, and if it is false.

    >>> test = ast.parse("not isinstance(x, (str, Exception)) and y", mode="eval").body
    >>> told_by(test)
    ({'x': None}, {})
    """
    true, false = said_by(test)
    if true or false:
        bound = frozenset(bound_in(test))  # by a walrus, maybe behind what was asked
        true, false = ({name: each[name] for name in each if name not in bound} for each in (true, false))
    return true, false


def said_by(test: ast.expr) -> tuple[Told, Told]:
    """Return what is known of names that the test itself does not bind; see told_by."""
    match test:
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), classes], keywords=[]):
            members = classes.elts if isinstance(classes, ast.Tuple) else [classes]
            asked: Told = {name: classes} if all(isinstance(one, ast.Name | ast.Attribute) for one in members) else {}
            any_error = any(isinstance(one, ast.Name) and one.id in ERRORS for one in members)
            return asked, {name: None} if any_error else NOTHING
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Is()], comparators=[ast.Constant(value=None) as nothing]):
            return {name: nothing}, NOTHING
        case ast.Compare(left=ast.Name(id=name), ops=[ast.IsNot()], comparators=[ast.Constant(value=None) as nothing]):
            return NOTHING, {name: nothing}
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            true, false = said_by(inner)
            return false, true
        case ast.BoolOp(op=ast.And(), values=values):
            parts = [said_by(one) for one in values]
            return joined([true for true, _ in parts]), shared([false for _, false in parts])
        case ast.BoolOp(op=ast.Or(), values=values):
            parts = [said_by(one) for one in values]
            return shared([true for true, _ in parts]), joined([false for _, false in parts])
    return NOTHING, NOTHING


def joined(parts: list[Told]) -> Told:
    """Return what is known if all parts hold: that a name holds no error says more than its classes."""
    found = {name: classes for part in parts for name, classes in part.items()}
    return found | {name: None for part in parts for name, classes in part.items() if classes is None}


def shared(parts: list[Told]) -> Told:
    """Return what is known if one of the parts holds: a name is an instance of any of its classes in them."""
    found: dict[str, ast.expr | None] = {}
    for name in set.intersection(*(set(part) for part in parts)):
        classes = [part[name] for part in parts]
        known = [one for one in classes if one is not None]
        if not known:
            found[name] = None
        elif len(known) == len(classes):
            members = [each for one in known for each in (one.elts if isinstance(one, ast.Tuple) else [one])]
            found[name] = ast.Tuple(members, ast.Load())
    return dict(sorted(found.items()))


def leaves(body: list[ast.stmt]) -> bool:
    """Return whether the statement after a block cannot be reached from its end."""
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)


def bound_in(node: ast.AST) -> Iterator[str]:
    """Yield the names that some code binds anywhere in it, and those that it declares as another scope's."""
    for one in ast.walk(node):
        if type(one) in BINDING:
            yield from bound_by(one)


def bound_by(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node itself binds or declares."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in names)
        case ast.Global(names=others) | ast.Nonlocal(names=others):
            yield from others


def shared_names(tree: ast.Module) -> Iterator[str]:
    """Yield the names of a module that a scope may bind in another, and those of ASKED that it binds itself."""
    for one in ast.walk(tree):
        if isinstance(one, ast.arg):
            yield from ASKED.intersection([one.arg])
        elif type(one) in DECLARING:
            yield from bound_by(one)
        elif type(one) in BINDING:
            yield from ASKED.intersection(bound_by(one))


DECLARING = frozenset([ast.Global, ast.Nonlocal])
BINDING = DECLARING | frozenset([ast.Name, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler])
BINDING |= frozenset([ast.MatchAs, ast.MatchStar, ast.MatchMapping, ast.Import, ast.ImportFrom])


class NameReader:
    """What is known about names at a point in a tree: those that a scope binds, and what tests said of them."""

    value: Callable[[ast.expr], Code]

    def __init__(self) -> None:
        self.tree = ast.Module([], [])
        self.kind = "module"
        self.bound: dict[str, None] = {}
        self.told: dict[str, Code | None] = {}  # by name: None if it holds no error, otherwise its classes
        self.shared: frozenset[str] | None = None  # see shared_names; computed on demand

    def bind(self, name: str) -> None:
        """Remember that the scope binds a name."""
        self.bound[name] = None
        self.told.pop(name, None)

    @contextmanager
    def narrowed(self, told: Told) -> Iterator[None]:
        """Assume what a test said of some names in a block, until they are rebound."""
        new = {name: None if classes is None else self.value(classes) for name, classes in self.narrowable(told)}
        before = self.told
        self.told = before | new
        yield
        self.told = {name: classes for name, classes in before.items() if name in self.told}

    def narrowable(self, told: Told) -> list[tuple[str, ast.expr | None]]:
        """Return what was said of names that no other scope can bind; nothing if ``isinstance`` is the module's own."""
        if not told or self.kind == "class":
            return []
        if self.shared is None:
            self.shared = frozenset(shared_names(self.tree))
        if self.shared & ASKED:
            return []
        known = self.bound.keys() - self.shared - {name for name, classes in self.told.items() if classes is None}
        return [(name, classes) for name, classes in told.items() if name in known]

    def widen(self, loop: ast.stmt) -> None:
        """Forget what is known about names that a loop binds: at its start they may hold what its end bound."""
        if self.told:
            bound = frozenset(bound_in(loop))
            self.told = {name: classes for name, classes in self.told.items() if name not in bound}
