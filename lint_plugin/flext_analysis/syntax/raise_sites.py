"""Raise sites and handlers: what is raised, which handlers around it may receive it, which raises are protocol."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.statements import Block, FunctionNode, ScopeNode, expressions

__all__ = [
    "RaiseSite",
    "classes_in",
    "handler_of",
    "handlers_around",
    "injected",
    "is_protocol",
    "raise_sites",
    "raised_expression",
    "raised_values",
]


class RaiseSite(NamedTuple):
    """A raise statement that names an exception, and its location.

    ``raised`` is the expression of the class (``ValueError`` in ``raise ValueError`` and ``raise ValueError("m")``);
    ``call`` is the call around it, None if the class itself is raised.
    """

    node: ast.Raise
    block: Block
    raised: ast.expr
    call: ast.Call | None


def raised_expression(node: ast.expr) -> tuple[ast.expr, ast.Call | None]:
    """Split the expression of a raise into the class and the call.

    >>> raised_expression(ast.parse("ValueError('m')", mode="eval").body)[0].id
    'ValueError'
    """
    return (node.func, node) if isinstance(node, ast.Call) else (node, None)


CHAINING = frozenset(["with_traceback", "with_context"])  # methods of an error that return the error itself


def raised_values(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the expressions that may be raised: through conditions, ``and``, ``or``, a walrus, with_traceback.

    >>> node = ast.parse("(e := A(1) if x else b or C).with_traceback(t)", mode="eval").body
    >>> [ast.unparse(value) for value in raised_values(node)]
    ['A(1)', 'b', 'C']
    """
    waiting = [node]
    while waiting:
        value = waiting.pop()
        match value:
            case ast.IfExp(body=body, orelse=orelse):
                waiting += [orelse, body]
            case ast.BoolOp(values=values):
                # A leading constant decides, and is not raised: ``None or ValueError()``.
                first = [one for one in values[:-1] if not isinstance(one, ast.Constant)]
                waiting += [values[-1], *reversed(first)]
            case ast.NamedExpr(value=inner):
                waiting.append(inner)
            case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in CHAINING:
                waiting.append(inner)
            case _:
                yield value


INJECTING = frozenset(["throw", "athrow", "set_exception"])  # methods that take an error and raise it elsewhere


def injected(node: ast.stmt) -> Iterator[ast.expr]:
    """Yield what a statement passes on to be raised elsewhere."""
    if isinstance(node, ast.Assign) and any(getattr(target, "attr", "") == "side_effect" for target in node.targets):
        yield node.value
    for inner in expressions(node):
        if isinstance(inner, ast.Call):
            if isinstance(inner.func, ast.Attribute) and inner.func.attr in INJECTING:
                yield from inner.args[:1]
                yield from (keyword.value for keyword in inner.keywords if keyword.arg == "exception")
            yield from (keyword.value for keyword in inner.keywords if keyword.arg == "side_effect")


def raise_sites(placed: Iterable[tuple[ast.stmt, Block]]) -> Iterator[RaiseSite]:
    """Yield the raise statements that name something, from statements with their blocks, in source order."""
    for node, block in placed:
        if isinstance(node, ast.Raise) and node.exc is not None:
            yield RaiseSite(node, block, *raised_expression(node.exc))


def handlers_around(block: Block) -> Iterator[ast.ExceptHandler]:
    """Yield the handlers of the same function whose ``try`` body contains this location, the innermost first."""
    for outer in block.outwards():
        if isinstance(outer.owner, ScopeNode):
            return
        if isinstance(outer.owner, ast.Try | ast.TryStar) and outer.part == "body":
            yield from outer.owner.handlers


def classes_in(node: ast.expr | None) -> list[ast.expr]:
    """Return the classes that a clause names: the members of a tuple, or the only class; none for ``except:``.

    >>> [cls.id for cls in classes_in(ast.parse("(A, B)", mode="eval").body)]
    ['A', 'B']
    """
    if node is None:
        return []
    return node.elts if isinstance(node, ast.Tuple) else [node]


def handler_of(block: Block) -> ast.ExceptHandler | None:
    """Return the innermost handler of the same function or class body that contains this block, None for none."""
    for outer in block.outwards():
        if isinstance(outer.owner, ast.ExceptHandler):
            return outer.owner
        if isinstance(outer.owner, ScopeNode):
            return None
    return None


# Which builtin errors belong to a protocol, and in which functions. The interpreter or the caller expects exactly
# these, often on a hot path. Source: the data model chapter of the language reference, and the collections.abc mixins.
ATTRIBUTE_METHODS = frozenset("__getattr__ __getattribute__ __setattr__ __delattr__ __get__ __set__ __delete__".split())
ITEM_METHODS = frozenset("__getitem__ __setitem__ __delitem__ __missing__ pop popitem popleft remove".split())
ALWAYS_PROTOCOL = frozenset(
    "StopIteration StopAsyncIteration NotImplementedError SystemExit KeyboardInterrupt GeneratorExit CancelledError "
    "AssertionError Warning BytesWarning DeprecationWarning EncodingWarning FutureWarning ImportWarning "
    "PendingDeprecationWarning ResourceWarning RuntimeWarning SyntaxWarning UnicodeWarning UserWarning".split()
)


def is_property(node: FunctionNode) -> bool:
    """Return whether a function is the getter, setter or deleter of a property, by its decorators."""
    for decorator in node.decorator_list:
        name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator) or ""
        last = name.rpartition(".")[2]
        if last.endswith("property") or ("." in name and last in ("setter", "getter", "deleter")):
            return True
    return False


def is_protocol(builtin: str, block: Block) -> bool:
    """Return whether raising this builtin at this location is part of a protocol of the language.

    >>> tree = ast.parse("class C:\\n    def __getitem__(self, i):\\n        raise IndexError(i)")
    >>> from flext_analysis.syntax.statements import statements
    >>> [is_protocol("IndexError", site.block) for site in raise_sites(statements(tree))]
    [True]
    """
    if builtin in ALWAYS_PROTOCOL:
        return True
    function = block.function()
    if function is None:
        return False
    name = function.name
    if builtin == "AttributeError":
        return name in ATTRIBUTE_METHODS or is_property(function)
    if builtin in ("KeyError", "IndexError"):
        return name in ITEM_METHODS
    dunder = name.startswith("__") and name.endswith("__") and len(name) > 4
    return builtin == "TypeError" and dunder and name not in ("__init__", "__call__")
