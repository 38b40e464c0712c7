"""Where builtin errors are caught, and which attributes handlers read from an error."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flext_analysis.observers.readers import TYPED_ATTRIBUTES
from flext_analysis.syntax.bindings import BUILTIN_ERRORS, last_name
from flext_analysis.syntax.raise_sites import classes_in

__all__ = ["asked_names", "caught_builtins"]

CATCHING = frozenset(["suppress", "raises", "assertRaises", "assertRaisesRegex"])
ASKING = frozenset(["getattr", "hasattr"])


def caught_builtins(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the builtin errors that clauses and ``suppress`` name, by their last names, with the line."""
    for node in ast.walk(tree):
        caught: list[ast.expr] = []
        if isinstance(node, ast.ExceptHandler):
            caught = classes_in(node.type)
        elif isinstance(node, ast.Call) and last_name(node.func) in CATCHING:
            caught = [one for given in node.args for one in classes_in(given)]
        for one in caught:
            name = last_name(one) or ""
            if name in BUILTIN_ERRORS:
                yield BUILTIN_ERRORS[name].__name__, one.lineno


def asked_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the attributes that handlers read from an error and that a builtin does not have."""
    for handler in ast.walk(tree):
        if isinstance(handler, ast.ExceptHandler) and handler.name:
            for node in ast.walk(handler):
                match node:
                    case ast.Call(
                        func=ast.Name(id=function), args=[ast.Name(id=name), ast.Constant(value=str(word)), *_]
                    ):
                        if function in ASKING and name == handler.name and word in TYPED_ATTRIBUTES:
                            yield word, node.lineno
