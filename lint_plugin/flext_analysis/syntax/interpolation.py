"""The values in a message, however it is built: f-string, percent, format, or concatenation."""

from __future__ import annotations

import ast

__all__ = ["interpolated", "names_in"]


def interpolated(message: ast.expr) -> list[ast.expr]:
    """Return the values in a message; [] for a literal text, and for an expression that may be anything."""
    match message:
        case ast.JoinedStr(values=values):
            parts = [part.value for part in values if isinstance(part, ast.FormattedValue)]
        case ast.BinOp(left=ast.Constant(value=str()) | ast.JoinedStr(), op=ast.Mod(), right=right):
            parts = right.elts if isinstance(right, ast.Tuple) else [right]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format"), args=args, keywords=keywords):
            parts = [*args, *(keyword.value for keyword in keywords)]
        case ast.BinOp(op=ast.Add()):
            added = summands(message)
            texts = any(isinstance(one, ast.JoinedStr) or is_text(one) for one in added)
            parts = [part for one in added for part in interpolated(one) or [one]] if texts else []
        case _:
            parts = []
    return parts


def is_text(node: ast.expr) -> bool:
    """Return whether an expression is a literal text."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def summands(node: ast.expr) -> list[ast.expr]:
    """Return the operands of a chain of ``+``."""
    found: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def names_in(node: ast.expr) -> set[str]:
    """Return the names in an expression, except those of the functions that it calls."""
    inside = list(ast.walk(node))
    called = {inner.func for inner in inside if isinstance(inner, ast.Call)}
    return {inner.id for inner in inside if isinstance(inner, ast.Name) and inner not in called}
