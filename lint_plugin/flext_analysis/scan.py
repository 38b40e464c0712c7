"""One walk over the statements of a module, each with the place where it stands.

Statements, not expressions: on the standard library a walk over every node costs five times as much, and neither a
raise nor a handler ever stands inside an expression.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Block", "FunctionNode", "ScopeNode", "statements"]

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
ScopeNode = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Block(NamedTuple):
    """A run of statements: the node that holds it, in which of its parts, and the block around that node.

    >>> tree = ast.parse("try:\\n    f()\\nexcept ValueError:\\n    raise")
    >>> [(type(node).__name__, block.part) for node, block in statements(tree)]
    [('Try', 'body'), ('Expr', 'body'), ('Raise', 'body')]
    """

    owner: ast.AST
    part: str
    parent: Block | None

    def scope(self) -> ScopeNode:
        """Return the function, class or module whose names the statements of this block bind."""
        block: Block | None = self
        while block is not None:
            if isinstance(block.owner, ScopeNode):
                return block.owner
            block = block.parent
        raise AssertionError("a block always stands in a module")

    def function(self) -> FunctionNode | None:
        """Return the innermost function around this block, through classes, or None at module level."""
        block: Block | None = self
        while block is not None:
            if isinstance(block.owner, FunctionNode):
                return block.owner
            block = block.parent
        return None

    def outwards(self) -> Iterator[Block]:
        """Yield this block, then each block around it, the module's last."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent


PARTS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.FunctionDef: ("body",),
    ast.AsyncFunctionDef: ("body",),
    ast.ClassDef: ("body",),
    ast.With: ("body",),
    ast.AsyncWith: ("body",),
    ast.If: ("body", "orelse"),
    ast.For: ("body", "orelse"),
    ast.AsyncFor: ("body", "orelse"),
    ast.While: ("body", "orelse"),
    ast.Try: ("body", "handlers", "orelse", "finalbody"),
    ast.TryStar: ("body", "handlers", "orelse", "finalbody"),
    ast.Match: ("cases",),
}


def inner_blocks(node: ast.stmt, parts: tuple[str, ...], block: Block) -> list[tuple[Iterator[ast.stmt], Block]]:
    """Return the blocks directly inside a compound statement, in the order of the source."""
    found: list[tuple[Iterator[ast.stmt], Block]] = []
    for part in parts:
        held = getattr(node, part)
        if part in ("handlers", "cases"):
            around = Block(node, part, block)
            found.extend((iter(arm.body), Block(arm, "body", around)) for arm in held)
        elif held:
            found.append((iter(held), Block(node, part, block)))
    return found


def statements(tree: ast.Module) -> Iterator[tuple[ast.stmt, Block]]:
    """Yield every statement of a module in the order of the source, with its block. Never recurses.

    >>> [type(node).__name__ for node, _ in statements(ast.parse("def f():\\n    if x:\\n        raise E\\ny = 1"))]
    ['FunctionDef', 'If', 'Raise', 'Assign']
    """
    stack: list[tuple[Iterator[ast.stmt], Block]] = [(iter(tree.body), Block(tree, "body", None))]
    while stack:
        nodes, block = stack[-1]
        for node in nodes:
            yield node, block
            parts = PARTS.get(type(node))
            if parts is not None:
                stack.extend(reversed(inner_blocks(node, parts, block)))
                break
        else:
            stack.pop()
