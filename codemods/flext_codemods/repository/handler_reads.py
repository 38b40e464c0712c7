"""Does a handler read the class of what it caught, or ask it for what only a typed error answers?"""

from __future__ import annotations

import ast

from flext_analysis.bindings import dotted
from flext_exceptions.base import BaseError
from flext_exceptions.catalogue import ROWS

__all__ = ["TYPED_NAMES", "reads_class"]

# What an error answers once it is typed, and a builtin does not: of any type, and the keywords of some.
TYPED_NAMES = frozenset(name for name in set(dir(BaseError)) - set(dir(Exception)) if name[0].islower())
TYPED_NAMES |= {keyword for row in ROWS for keyword in row.keywords}


def reads_class(handler: ast.ExceptHandler) -> bool:
    """Say whether a handler looks at the class or the repr of what it caught, or asks it for what typed errors have.

    To build another error of its class is no look.
    """
    nodes = list(ast.walk(handler))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    caught = {handler.name or ""}
    for node in nodes:
        if isinstance(node, ast.Assign) and (is_call(node.value, "exception") or dotted(node.value) in caught):
            caught.update(target.id for target in node.targets if isinstance(target, ast.Name))
    for node in nodes:
        # sys.exc_info()[0], or its parts bound to names; passed on whole it is for a log
        if isinstance(node, ast.Subscript | ast.Assign) and is_call(node.value, "exc_info") and not is_traceback(node):
            return True
        if any(dotted(one) in caught or is_call(one, "exception") for one in looked_at(node, called)):
            return True
    return False


def is_traceback(node: ast.AST) -> bool:
    """Say whether an expression takes the traceback of sys.exc_info() alone: the last of its three parts."""
    index = node.slice if isinstance(node, ast.Subscript) else None
    return isinstance(index, ast.Constant) and index.value == 2


def is_call(node: ast.expr, name: str) -> bool:
    """Say whether an expression calls a function of ``sys``, however that is imported."""
    return isinstance(node, ast.Call) and dotted(node.func) in (name, f"sys.{name}")


def looked_at(node: ast.AST, called: set[int]) -> list[ast.expr]:
    """Return the expressions whose class or repr a node shows; ``called`` holds what is called to build another."""
    match node:
        case ast.Call(func=ast.Name(id="type" | "repr" | "ascii"), args=[value]) if id(node) not in called:
            return [value]
        case ast.Attribute(attr="__class__", value=value) if id(node) not in called:
            return [value]
        case ast.Call(func=ast.Name(id="getattr" | "hasattr"), args=[value, ast.Constant(value=asked), *_]):
            return [value] if asked in TYPED_NAMES else []
        case (
            ast.Attribute(attr="__repr__", value=value) | ast.FormattedValue(value=value, conversion=114 | 97)
        ):  # !r, !a
            return [value]
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=right) if "%r" in text:
            return right.elts if isinstance(right, ast.Tuple) else [right]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")) if "!r" in text:
            return [*node.args, *(keyword.value for keyword in node.keywords)]
    return []
