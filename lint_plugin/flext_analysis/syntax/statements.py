"""The statements of a module, each with its location, and the blocks that contain them.

Statements, not expressions: on the standard library a walk over every node costs five times as much, and neither a
raise nor a handler is ever inside an expression.
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

__all__ = [
    "Block",
    "FunctionNode",
    "Placed",
    "Run",
    "ScopeNode",
    "by_scope",
    "expressions",
    "inner_runs",
    "parts_of",
    "run_here",
    "runs_of",
    "standing_at",
    "statements",
    "walk",
]

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
ScopeNode = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Block(NamedTuple):
    """A run of statements: the node that contains it, in which of its parts, and the block around that node.

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


BODY = ("body",)
BRANCHES = ("body", "orelse")
PARTS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.FunctionDef: BODY,
    ast.AsyncFunctionDef: BODY,
    ast.ClassDef: BODY,
    ast.With: BODY,
    ast.AsyncWith: BODY,
    ast.If: BRANCHES,
    ast.For: BRANCHES,
    ast.AsyncFor: BRANCHES,
    ast.While: BRANCHES,
    ast.Try: ("body", "handlers", "orelse", "finalbody"),
    ast.TryStar: ("body", "handlers", "orelse", "finalbody"),
    ast.Match: ("cases",),
}


Run = tuple[list[ast.stmt], Block]  # the statements of one block, with it
Placed = tuple[ast.stmt, Block]
SCOPES = frozenset([ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef])
MANY = 12  # statements of a block: shorter ones are searched one by one, longer ones at the lines in question
line_of = attrgetter("lineno")
block_of = tuple.__new__  # two thirds of the time of Block(...), which is a function written in Python


def inner_runs(node: ast.stmt, parts: tuple[str, ...], block: Block) -> list[Run]:
    """Return the blocks directly inside a compound statement with their statements, in source order."""
    found: list[Run] = []
    for part in parts:
        held = getattr(node, part)
        if part in ("handlers", "cases"):
            around = block_of(Block, (node, part, block))
            found += [(arm.body, block_of(Block, (arm, "body", around))) for arm in held]
        elif held:
            found.append((held, block_of(Block, (node, part, block))))
    return found


def parts_of(node: ast.stmt) -> tuple[str, ...]:
    """Return the fields of a statement that contain blocks; () for a simple one."""
    return PARTS.get(type(node), ())


def by_scope(tree: ast.Module) -> dict[ScopeNode, list[Run]]:
    """Return the blocks of each module, class and function with their statements: those whose names it binds.

    Scopes come in no particular order; a block comes before nested ones. Simple statements are skipped.

    >>> tree = ast.parse("def f():\\n    if x:\\n        y = 1")
    >>> [(type(scope).__name__, len(runs)) for scope, runs in by_scope(tree).items()]
    [('Module', 1), ('FunctionDef', 2)]
    """
    return walk(tree, frozenset())[0]


def walk(tree: ast.Module, wanted: Container[type[ast.AST]]) -> tuple[dict[ScopeNode, list[Run]], list[Placed]]:
    """Return the result of by_scope, and the statements of the wanted kinds with their blocks, unordered: one walk."""
    top: Run = (tree.body, block_of(Block, (tree, "body", None)))
    found: dict[ScopeNode, list[Run]] = {tree: [top]}
    placed: list[Placed] = []
    waiting: list[tuple[Run, list[Run]]] = [(top, found[tree])]
    while waiting:
        (nodes, block), runs = waiting.pop()
        for node in nodes:
            kind = type(node)
            if kind in wanted:
                placed.append((node, block))
            parts = PARTS.get(kind)
            if parts is None:
                continue
            if parts is BODY:
                run = (node.body, block_of(Block, (node, "body", block)))  # type: ignore[attr-defined]
                if kind in SCOPES:
                    found[node] = own = [run]  # type: ignore[index]
                    waiting.append((run, own))
                else:
                    runs.append(run)
                    waiting.append((run, runs))
                continue
            inside = branches(node, block) if parts is BRANCHES else inner_runs(node, parts, block)
            for run in inside:
                runs.append(run)
                waiting.append((run, runs))
    return found, placed


def runs_of(inside: Block) -> list[Run]:
    """Return the blocks of one scope with their statements, by the block of its body; inner scopes are skipped."""
    found: list[Run] = [(inside.owner.body, inside)]  # type: ignore[attr-defined]
    for nodes, block in found:  # grows meanwhile
        for node in nodes:
            parts = PARTS.get(type(node))
            if parts is not None and type(node) not in SCOPES:
                found += inner_runs(node, parts, block)
    return found


def standing_at(tree: ast.Module, wanted: Container[type[ast.AST]], lines: Sequence[int]) -> list[Placed]:
    """Return the statements of the wanted kinds that contain one of some lines (sorted), and maybe more, unordered.

    A compound statement that contains none of the lines is skipped, so that the time depends on what may be found and
    not on the length of the module.

    >>> tree = ast.parse("def f():\\n    raise A\\ndef g():\\n    raise B")
    >>> [ast.unparse(node) for node, _ in standing_at(tree, {ast.Raise}, [4])]
    ['raise B']
    """
    count = len(lines)
    found: list[Placed] = []
    waiting: list[Run] = [(tree.body, block_of(Block, (tree, "body", None)))]
    for nodes, block in waiting:  # grows meanwhile
        for node in nodes if len(nodes) < MANY else at_lines(nodes, lines):
            kind = type(node)
            if kind in wanted:
                found.append((node, block))
            parts = PARTS.get(kind)
            if parts is not None:
                at = bisect_left(lines, node.lineno)
                if at < count and lines[at] <= node.end_lineno:  # type: ignore[operator]
                    waiting += inner_runs(node, parts, block)
    return found


def at_lines(nodes: list[ast.stmt], lines: Sequence[int]) -> Iterator[ast.stmt]:
    """Yield those of many statements of one block that contain one of some lines (sorted)."""
    at, index, last = bisect_left(lines, nodes[0].lineno), -1, nodes[-1].end_lineno or 0
    while at < len(lines) and lines[at] <= last:
        line = lines[at]
        after = bisect_right(nodes, line, key=line_of)
        start = max(index + 1, after - 1)
        while start > index + 1 and (nodes[start - 1].end_lineno or 0) >= line:  # several on one line
            start -= 1
        yield from (node for node in nodes[start:after] if (node.end_lineno or 0) >= line)
        index = after - 1
        at = bisect_left(lines, max(line + 1, nodes[index].end_lineno or 0), at)


def branches(node: Any, block: Block) -> list[Run]:
    """Do the same as inner_runs, for the commonest statements with blocks: if, for, while."""
    found = [(node.body, block_of(Block, (node, "body", block)))]
    if node.orelse:
        found.append((node.orelse, block_of(Block, (node, "orelse", block))))
    return found


def statements(tree: ast.Module) -> Iterator[tuple[ast.stmt, Block]]:
    """Yield every statement of a module in source order, with its block. Never recurses.

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
                stack.extend((iter(inner), around) for inner, around in reversed(inner_runs(node, parts, block)))
                break
        else:
            stack.pop()


def run_here(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a block and of nested blocks that run with it: not those of functions and classes.

    >>> body = ast.parse("if x:\\n    y = 1\\ndef f():\\n    z = 1").body
    >>> [type(node).__name__ for node in run_here(body)]
    ['If', 'FunctionDef', 'Assign']
    """
    waiting = [body]
    while waiting:
        for node in waiting.pop():
            yield node
            parts = PARTS.get(type(node))
            if parts is not None and not isinstance(node, ScopeNode):
                waiting += [inner for inner, _ in inner_runs(node, parts, Block(node, "body", None))]


def expressions(node: ast.stmt) -> Iterator[ast.AST]:
    """Yield every node in a statement's own expressions, not those of nested statements. Never recurses.

    >>> [one.id for one in expressions(ast.parse("if a:\\n    b").body[0]) if isinstance(one, ast.Name)]
    ['a']
    """
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from ast.walk(child)
