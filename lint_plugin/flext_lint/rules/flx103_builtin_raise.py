"""FLX103: a builtin error where there is a typed one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.statements import Block
from flext_lint.rule import Finding, Rule, at
from flext_lint.rules.flx102_untyped_raise import UNTYPED

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a raise of a builtin that has a row in the catalogue and is no part of a protocol."""
    if node.exc is None or module.is_test:
        return
    for one in module.raised(node, block):
        builtin, target = module.mend(one.facts, block)
        if builtin and builtin not in UNTYPED:
            yield at(node, builtin=builtin, target=target)


RULE = Rule(
    code="FLX103",
    name="builtin-raise",
    on=True,
    message="raises builtin {builtin}; raise {target}",
    flags=(
        "A raise of a builtin that the catalogue has a typed error for, called or not, directly or through a "
        "function of the module that builds it."
    ),
    silent=(
        "raises that are part of a protocol (`AttributeError` in `__getattr__` or a property, `KeyError` in "
        "`__getitem__`, `TypeError` in a dunder method, `StopIteration`, `NotImplementedError` and the like); "
        "test code, where a raise stands in for somebody else's error; classes named in `allow`."
    ),
    why=(
        "A builtin error is a text: what went wrong and with what can only be had back by parsing it. The typed "
        "one carries a code, fields and the correlation id, and the same handlers catch it."
    ),
    mend="Raise the typed error; `migrate` does it where it is sure that the program does the same.",
    bad="""
        raise ValueError(f"malformed SKU: {sku}")
    """,
    good="""
        raise FlextExceptions.ValidationError(f"malformed SKU: {sku}", field="sku", value=sku)
    """,
    nodes=(ast.Raise,),
    words=("raise",),
    check=check,
    recipe="raises",
)
