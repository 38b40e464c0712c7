"""Where a name is known to hold no error: after ``isinstance(x, Exception)`` was false."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["NEVER", "NameReader", "leaves", "without_errors"]

ERRORS = frozenset(["Exception", "BaseException"])
ASKED = ERRORS | {"isinstance"}
NEVER = frozenset[str]()


def without_errors(test: ast.expr) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that hold no error if a test is true, and if it is false.

    >>> test = ast.parse("not isinstance(x, (str, Exception)) and y", mode="eval").body
    >>> without_errors(test)
    (frozenset({'x'}), frozenset())
    """
    match test:
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), classes], keywords=[]):
            members = classes.elts if isinstance(classes, ast.Tuple) else [classes]
            if any(isinstance(one, ast.Name) and one.id in ERRORS for one in members):
                return NEVER, frozenset([name])
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            true, false = without_errors(inner)
            return false, true
        case ast.BoolOp(op=ast.And(), values=values):
            return NEVER.union(*(without_errors(one)[0] for one in values)), NEVER
        case ast.BoolOp(op=ast.Or(), values=values):
            return NEVER, NEVER.union(*(without_errors(one)[1] for one in values))
    return NEVER, NEVER


def leaves(body: list[ast.stmt]) -> bool:
    """Return whether the statement after a block cannot be reached from its end."""
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)


def bound_in(node: ast.AST) -> Iterator[str]:
    """Yield the names that some code binds anywhere in it, and those that it declares as another scope's."""
    for one in ast.walk(node):
        match one:
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
        if isinstance(one, ast.Global | ast.Nonlocal):
            yield from one.names
    yield from ASKED.intersection(bound_in(tree))
    yield from (one.arg for one in ast.walk(tree) if isinstance(one, ast.arg) and one.arg in ASKED)


class NameReader:
    """What is known about names at a point in a tree: those that a scope binds, and those that hold no error."""

    def __init__(self) -> None:
        self.tree = ast.Module([], [])
        self.kind = "module"
        self.bound: dict[str, None] = {}
        self.no_errors = NEVER
        self.shared: frozenset[str] | None = None  # see shared_names; computed on demand

    def bind(self, name: str) -> None:
        """Remember that the scope binds a name."""
        self.bound[name] = None
        self.no_errors -= {name}

    @contextmanager
    def narrowed(self, names: frozenset[str]) -> Iterator[None]:
        """Assume that some names hold no errors in a block, until they are rebound."""
        new = self.narrowable(names) - self.no_errors if names else NEVER
        self.no_errors |= new
        yield
        self.no_errors -= new

    def narrowable(self, names: frozenset[str]) -> frozenset[str]:
        """Return those of some names that no other scope can bind; none if the module has its own ``isinstance``."""
        if self.kind not in ("function", "lambda"):
            return NEVER
        if self.shared is None:
            self.shared = frozenset(shared_names(self.tree))
        return NEVER if self.shared & ASKED else (names & self.bound.keys()) - self.shared

    def widen(self, loop: ast.stmt) -> None:
        """Forget what is known about names that a loop binds: at its start they may hold what its end bound."""
        if self.no_errors:
            self.no_errors -= frozenset(bound_in(loop))
