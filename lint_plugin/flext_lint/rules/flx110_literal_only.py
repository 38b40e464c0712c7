"""FLX110: values that only the message contains."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.interpolation import interpolated, names_in
from flext_analysis.syntax.statements import Block
from flext_lint.rule import LIBRARY, Finding, Rule, at
from flext_lint.rules.flx301_unknown_keyword import own_keywords
from flext_lint.rules.flx309_secret_in_message import secret_in
from flext_lint.typed_calls import Given, TypedCall, message_of

if TYPE_CHECKING:
    from flext_lint.module import Module

# Keywords that describe the error itself, and hold none of the values.
OWN = frozenset("code error_code correlation_id retryable http_status retry_after message".split())


def check(node: TypedCall, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a call whose message contains values, none of which a keyword or the context holds."""
    given = message_of(node)
    values = interpolated(module.followed(given, block)[0]) if given is not None else []
    if not values or any(isinstance(argument, ast.Starred) for argument in node.args):
        return
    # The error that is being handled becomes the cause or the context; a secret belongs nowhere, which FLX309 reports.
    caught = {outer.owner.name for outer in block.outwards() if isinstance(outer.owner, ast.ExceptHandler)}
    values = [value for value in values if told_by(value, block, module) - caught and not secret_in(value)]
    held = [one for one in (*node.keywords, *node.added) if one.arg not in OWN]
    if not values or any(holds(one, values) for one in held):
        return
    # An __init__ of the project may do anything with its arguments.
    if node.facts.is_namespace or own_keywords(node.facts, module, frozenset()) is not None:
        yield at(node.node, name=node.facts.name, value=dotted(values[0]) or min(names_in(values[0])))


def told_by(value: ast.expr, block: Block, module: Module) -> set[str]:
    """Return the names in a value that describe this failure: a constant of the module does not."""
    return {
        name
        for name in names_in(value)
        if not (name.isupper() and all(one.block.owner is module.tree for one in module.names.bindings(name, block)))
    }


def holds(keyword: Given, values: list[ast.expr]) -> bool:
    """Return whether a keyword holds one of the values, or may hold it."""
    if keyword.arg is None or (keyword.arg == "context" and not isinstance(keyword.value, ast.Dict)):
        return True
    inside = names_in(keyword.value)
    return any(not inside.isdisjoint(names_in(value)) for value in values)


RULE = Rule(
    code="FLX110",
    name="literal-only",
    on=False,
    message="only the message of {name} contains {value}; also pass it as a keyword or in context",
    flags=(
        "A typed error with values interpolated into its message, and no keyword or context that holds one of them. "
        "A message that was assigned to a name first counts as well."
    ),
    silent=(
        "a call with `**kw`, or with a `context` that is not a literal; the error being handled, which becomes the "
        "cause; module constants; a class of the project with its own `__init__`."
    ),
    why="A dashboard cannot group by a value that is only part of a text.",
    fix="Pass the value to a keyword of the type, to your own keyword, or in `context`.",
    bad="""
        raise FlextExceptions.ValidationError(f"malformed SKU: {sku}")
    """,
    good="""
        raise FlextExceptions.ValidationError(f"malformed SKU: {sku}", field="sku", value=sku)
    """,
    nodes=(ast.Call,),
    words=(LIBRARY,),
    check=check,
    recipe="context",
    unsafe=True,
)
