"""FLX108: a builtin error that is passed on instead of raised."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.raise_sites import injected, raised_expression, raised_values
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.stmt, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a builtin error that is thrown into a generator, set on a future, or set as a side effect."""
    if module.is_test:
        return
    for given in injected(node):
        for value in raised_values(given):
            value, place = module.followed(value, block)
            facts = module.classes.of(raised_expression(value)[0], place)
            builtin, target = module.replacement(facts, block)
            if builtin:
                yield at(value, builtin=builtin, target=target)


RULE = Rule(
    code="FLX108",
    name="untyped-injection",
    on=True,
    message="passes builtin {builtin} to be raised; pass {target}",
    flags=(
        "`.throw(...)`, `.athrow(...)`, `.set_exception(...)` and `side_effect=` with a builtin error for which the "
        "catalogue has a typed error."
    ),
    silent=(
        "test code; errors that are part of a protocol (`StopIteration`, `GeneratorExit`, `CancelledError`); "
        "classes named in `allow`."
    ),
    why=(
        "The error surfaces where the future is awaited or the generator resumes. It is untyped, although there is "
        "no `raise` in the code."
    ),
    fix="Pass the typed error.",
    bad="""
        future.set_exception(RuntimeError("the worker has stopped"))
    """,
    good="""
        future.set_exception(FlextExceptions.ProcessingError("the worker has stopped", operation="count"))
    """,
    nodes=(
        *(ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Raise, ast.Assert),
        *(ast.With, ast.AsyncWith, ast.If, ast.While, ast.For, ast.AsyncFor, ast.Match),
    ),
    words=("throw(", "set_exception(", "side_effect"),
    check=check,
    recipe="injections",
)
