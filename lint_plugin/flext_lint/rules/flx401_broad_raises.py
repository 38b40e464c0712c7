"""FLX401: a test that passes with any error."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at
from flext_lint.rules.flx202_swallowed_error import BROAD

if TYPE_CHECKING:
    from flext_lint.module import Module

EXPECTATIONS = frozenset(["pytest.raises", "flext_pytest.flext_raises"])
EVERY_TEXT = ("", ".*", ".+", "^", "^.*$", None)
ANY = re.compile(
    r"#.*(\b(any|either|whatever|whichever|exact (\w+ )?(error|exception|type|class))\b|(\bnot|n't) (care|matter))",
    re.I,
)


def expectations(node: ast.stmt) -> Iterator[tuple[ast.Call, ast.expr | None]]:
    """Yield the calls in a statement that may expect a raise, each with the name that its result is bound to."""
    if isinstance(node, ast.With | ast.AsyncWith):
        yield from ((i.context_expr, i.optional_vars) for i in node.items if isinstance(i.context_expr, ast.Call))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield node.value, None
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
        yield node.value, node.targets[0]


def expects(call: ast.Call, block: Block, module: Module) -> bool:
    """Return whether a call is ``pytest.raises(...)`` or ``self.assertRaises(...)``."""
    text = dotted(call.func) or ""
    last = text.rpartition(".")[2]
    if last == "assertRaises":
        return "." in text
    return last in ("raises", "flext_raises") and module.names.resolve(call.func, block).path in EXPECTATIONS


def narrows(keyword: ast.keyword, call: ast.Call) -> bool:
    """Return whether a keyword checks more than the class: a pattern that matches every text does not."""
    if keyword.arg == "match" and isinstance(keyword.value, ast.Constant):
        return keyword.value.value not in EVERY_TEXT
    of_ours = (dotted(call.func) or "").endswith("flext_raises")
    return keyword.arg in (None, "match", "check") or (of_ours and keyword.arg != "expected_exception")


def expected_in(call: ast.Call) -> ast.expr | None:
    """Return what an expectation names as the class, None for nothing."""
    if call.args:
        return call.args[0]
    return next((keyword.value for keyword in call.keywords if keyword.arg == "expected_exception"), None)


def is_used(target: ast.expr | None, block: Block) -> bool:
    """Return whether the name that the expectation is bound to is read anywhere in its function."""
    if target is None:
        return False
    if not isinstance(target, ast.Name):
        return True
    return any(
        isinstance(node, ast.Name) and node.id == target.id and isinstance(node.ctx, ast.Load)
        for node in ast.walk(block.scope())
    )


def is_explained(line: int, module: Module) -> bool:
    """Return whether a comment on a line, on one of the two above or on the next, says that any error will do."""
    return any(ANY.search(text) for text in module.lines[max(0, line - 3) : line + 1])


def check(node: ast.stmt, block: Block, module: Module) -> Iterator[Finding]:
    """Yield an expectation of any error that checks nothing else."""
    for call, target in expectations(node):
        first = expected_in(call)
        if first is None or not expects(call, block, module) or any(narrows(one, call) for one in call.keywords):
            continue
        for _, facts in module.caught(first, block):
            if facts is None or facts.path not in BROAD or is_used(target, block):
                continue
            if not is_explained(call.lineno, module):
                yield at(call, name=facts.name, call=dotted(call.func))
                break


RULE = Rule(
    code="FLX401",
    name="broad-raises",
    on=True,
    message="{call}({name}) accepts any error, even a typo; name the error, or match its text",
    flags=(
        "`pytest.raises`, `flext_raises` and `assertRaises` of Exception, BaseException, FlextExceptions or BaseError."
    ),
    silent=(
        "a call with a `match=` that does not match every text, with `check=`, or with a field (`code=`); one whose "
        "bound name is used; one with a comment on, above or below its line saying that any error will do."
    ),
    why="The test stays green when the code under test fails before it reaches the error that you mean.",
    fix="Name the type and check more of it: `match=`, or the code and fields of the caught error.",
    bad="""
        import pytest

        with pytest.raises(Exception):
            save(order)
    """,
    good="""
        import pytest

        with pytest.raises(FlextExceptions.ProcessingError, match="closed"):
            save(order)
    """,
    nodes=(ast.With, ast.AsyncWith, ast.Expr, ast.Assign),
    words=("aises(",),
    check=check,
)
