"""The value of a variable at a location, if the statements around it leave no doubt."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flext_analysis.syntax.bindings import Binding, Names
from flext_analysis.syntax.statements import Block

__all__ = ["Assigned", "assigned", "followed"]

MAX_CHAIN = 5  # names of names that are followed
LOOPS = (ast.For, ast.AsyncFor, ast.While)


class Assigned(NamedTuple):
    """The value of an assignment to one name, with its statement and the block of that."""

    value: ast.expr
    statement: ast.stmt
    block: Block


def assigned(node: ast.expr, block: Block, names: Names) -> Assigned | None:
    """Return the assignment that certainly gave a name its value at a location, None in any doubt.

    In the same scope it is the last one before the location, in a block around it, with no other binding since; a name
    of an outer scope must be bound once.

    >>> tree = ast.parse("text = 'a'\\ntext = 'b'\\nif x:\\n    f(text)")
    >>> inner = Block(tree.body[2], "body", Block(tree, "body", None))
    >>> ast.unparse(assigned(tree.body[2].body[0].value.args[0], inner, Names(tree, "")).value)
    "'b'"
    """
    if not isinstance(node, ast.Name):
        return None
    bindings = names.bindings(node.id, block)
    if not bindings:
        return None
    scope = bindings[0].block.scope()
    if scope is not block.scope() or any(one.kind in ("global", "nonlocal") for one in bindings):
        return given_by(bindings[0], node.id) if len(bindings) == 1 else None
    around = list(block.outwards())
    before = [one for one in bindings if line_of(one) < node.lineno and one.kind != "parameter"]
    last = max(before, key=line_of, default=None)
    if last is None or last.block not in around:
        return None
    since = around[: around.index(last.block)]
    if any(isinstance(outer.owner, LOOPS) for outer in since) and any(line_of(one) > line_of(last) for one in bindings):
        return None
    return given_by(last, node.id)


def line_of(binding: Binding) -> int:
    """Return the line of a binding; 0 for that of a walrus, whose position is not known."""
    return getattr(binding.node, "lineno", 0)


def given_by(binding: Binding, name: str) -> Assigned | None:
    """Return the value of ``name = value``, None for any other binding."""
    match binding.node:
        case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
            return Assigned(value, binding.node, binding.block)
        case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
            return Assigned(value, binding.node, binding.block)
    return None


def followed(node: ast.expr, block: Block, names: Names) -> tuple[ast.expr, Block]:
    """Return the expression behind a name, through further names, with its block.

    >>> tree = ast.parse("a = 1 + 1\\nb = a\\nf(b)")
    >>> ast.unparse(followed(tree.body[2].value.args[0], Block(tree, "body", None), Names(tree, ""))[0])
    '1 + 1'
    """
    for _ in range(MAX_CHAIN):
        found = assigned(node, block, names)
        if found is None:
            break
        node, block = found.value, found.block
    return node, block
