"""Every statement is visited once, in source order, with its place, however deeply it is nested."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from flext_analysis.syntax.statements import Block, statements

ALL_KINDS = """
import a
@decorator
class C(Base):
    x: int = 1
    def method(self):
        return 1
async def f():
    async for i in j:
        pass
    else:
        pass
    async with k as l:
        await l
    yield
def g():
    try:
        a1
    except A:
        a2
    except B:
        a3
    else:
        a4
    finally:
        a5
    try:
        b1
    except* A:
        b2
    match x:
        case 1:
            c1
        case _ if y:
            c2
    while x:
        d1
    else:
        d2
    if x:
        e1
    elif y:
        e2
    else:
        e3
    for x in y:
        continue
    else:
        break_
    with x:
        raise E
"""


def test_every_statement_comes_once_in_the_order_of_the_source() -> None:
    """Statements of every kind that holds others."""
    tree = ast.parse(ALL_KINDS)
    found = [node for node, _ in statements(tree)]
    expected = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    assert found == sorted(expected, key=lambda node: (node.lineno, node.col_offset))


@pytest.mark.parametrize("name", ["argparse.py", "typing.py", "asyncio/base_events.py", "_pydecimal.py"])
def test_every_statement_of_a_real_module_comes_once(name: str) -> None:
    """As many as ast.walk finds, none twice, none out of order."""
    tree = ast.parse((Path(sysconfig.get_path("stdlib")) / name).read_bytes())
    found = [node for node, _ in statements(tree)]
    assert {id(node) for node in found} == {id(node) for node in ast.walk(tree) if isinstance(node, ast.stmt)}
    assert len({id(node) for node in found}) == len(found)
    places = [(node.lineno, node.col_offset) for node in found]
    assert places == sorted(places)


def test_a_block_says_where_a_statement_stands() -> None:
    """The owner, which part of it, and what is around."""
    blocks = {
        ast.unparse(node): block for node, block in statements(ast.parse(ALL_KINDS)) if isinstance(node, ast.Expr)
    }
    parts = {
        text: [type(each.owner).__name__ + "." + each.part for each in block.outwards()]
        for text, block in blocks.items()
    }
    inside = ["FunctionDef.body", "Module.body"]
    assert parts["a1"] == ["Try.body", *inside]
    assert parts["a2"] == parts["a3"] == ["ExceptHandler.body", "Try.handlers", *inside]
    assert parts["a4"] == ["Try.orelse", *inside]
    assert parts["a5"] == ["Try.finalbody", *inside]
    assert parts["b2"] == ["ExceptHandler.body", "TryStar.handlers", *inside]
    assert parts["c2"] == ["match_case.body", "Match.cases", *inside]
    assert parts["d2"] == ["While.orelse", *inside]
    assert parts["e2"] == ["If.body", "If.orelse", *inside]
    assert parts["e3"] == ["If.orelse", "If.orelse", *inside]
    assert parts["break_"] == ["For.orelse", *inside]


def test_scope_and_function_are_the_innermost_ones() -> None:
    """A class is a scope and no function."""
    tree = ast.parse("def f():\n    class C:\n        if x:\n            y\nz")
    (function, top), *_, (inner, block), (last, outside) = statements(tree)
    assert isinstance(function, ast.FunctionDef) and isinstance(inner, ast.Expr) and isinstance(last, ast.Expr)
    scope = block.scope()
    assert isinstance(scope, ast.ClassDef)
    assert block.function() is function
    assert outside.scope() is tree and outside.function() is None
    assert top == Block(tree, "body", None)


def test_a_nest_of_90_blocks_is_walked() -> None:
    """Python's own limit is 100 levels of indentation."""
    text = "".join(f"{' ' * depth}if x:\n" for depth in range(90)) + " " * 90 + "raise E\n"
    *_, (last, block) = statements(ast.parse(text))
    assert isinstance(last, ast.Raise)
    assert len(list(block.outwards())) == 91


def test_a_nest_of_5000_blocks_is_walked_without_recursion() -> None:
    """Python cannot parse it, so the tree is made by hand."""
    body: list[ast.stmt] = [ast.Pass()]
    for _ in range(5000):
        body = [ast.If(ast.Constant(True), body, [])]
    *_, (last, block) = statements(ast.Module(body, []))
    assert isinstance(last, ast.Pass)
    assert len(list(block.outwards())) == 5001


def test_an_elif_chain_of_3000_arms_is_walked_without_recursion() -> None:
    """The tree of such a chain is as deep as it is long, more than Python's parser makes in one go."""
    orelse: list[ast.stmt] = [ast.Pass()]
    for number in range(3000, 0, -1):
        orelse = [ast.If(ast.Constant(number), [ast.Expr(ast.Constant(number))], orelse)]
    found = [node.value.value for node, _ in statements(ast.Module(orelse, [])) if isinstance(node, ast.Expr)]  # type: ignore[attr-defined]
    assert found == list(range(1, 3001))


def test_an_elif_chain_that_python_parses_is_walked() -> None:
    """Seven hundred arms."""
    text = "if x:\n    pass\n" + "".join(f"elif x == {n}:\n    {n}\n" for n in range(700))
    found = [ast.unparse(node) for node, _ in statements(ast.parse(text)) if isinstance(node, ast.Expr)]
    assert found == [str(number) for number in range(700)]


def test_an_empty_module_has_no_statement() -> None:
    """Nor a block."""
    assert list(statements(ast.parse("# nothing"))) == []
