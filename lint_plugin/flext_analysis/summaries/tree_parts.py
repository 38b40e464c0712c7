"""What is looked for in a tree beside its code: returns, TYPE_CHECKING, docstrings, the texts of ``__all__``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flext_analysis.syntax.statements import run_here

__all__ = ["arms_of", "docstring_of", "is_type_checking", "returned_values", "texts"]

NAMES_ERRORS = re.compile(r"Raises|Exceptions:|:raises?\b|:except")  # in Google, NumPy and Sphinx style


def returned_values(body: list[ast.stmt]) -> Iterator[ast.expr]:
    """Yield what the return statements of a function return, except constants."""
    for one in run_here(body):
        if isinstance(one, ast.Return) and one.value is not None and not isinstance(one.value, ast.Constant):
            yield one.value


def docstring_of(body: list[ast.stmt] | ast.expr) -> str | None:
    """Return the docstring of a function where it may name errors, else "", None where there is none."""
    match body:
        case [ast.Expr(value=ast.Constant(value=str(text))), *_]:
            return text if NAMES_ERRORS.search(text) else ""
    return None


def is_type_checking(node: ast.expr) -> bool:
    """Return whether a condition is TYPE_CHECKING, by any import."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name == "TYPE_CHECKING"


def texts(node: ast.expr) -> list[str]:
    """Return the texts in a display such as ``["a", "b"]``, or in a sum of two."""
    if isinstance(node, ast.BinOp):
        return texts(node.left) + texts(node.right)
    members = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else [node]
    return [one.value for one in members if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def arms_of(node: ast.If) -> tuple[list[ast.If], list[ast.stmt]]:
    """Return the ``if`` and each ``elif`` of a choice, which may be many, and the statements of its ``else``."""
    found = [node]
    while len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        node = node.orelse[0]
        found.append(node)
    return found, node.orelse
