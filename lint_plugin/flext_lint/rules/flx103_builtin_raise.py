"""FLX103: a builtin error that has a typed equivalent."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.raise_sites import is_protocol
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at
from flext_lint.rules.flx102_untyped_raise import UNTYPED

if TYPE_CHECKING:
    from flext_lint.module import Mention, Module

HELPED = frozenset(["AttributeError", "KeyError", "IndexError", "TypeError"])


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a raise of a builtin that has a row in the catalogue and is not part of a protocol."""
    if node.exc is None or module.is_test:
        return
    for one in module.raised(node, block):
        builtin, target = module.replacement(one.facts, block)
        if builtin and builtin not in UNTYPED and not serves_protocol(builtin, block, module):
            yield at(node, builtin=builtin, target=target)


def serves_protocol(builtin: str, block: Block, module: Module) -> bool:
    """Return whether a raise is in a helper that only methods of a protocol call, or that becomes a property."""
    function = block.function()
    if builtin not in HELPED or function is None or not function.name.startswith("_"):
        return False
    serves = False
    for one in module.mentions(function.name):
        serves = is_for_protocol(builtin, one)
        if not serves:
            break
    return serves


def is_for_protocol(builtin: str, mention: Mention) -> bool:
    """Return whether a mention of a helper calls it in a method of the protocol, or passes it to ``property``."""
    if mention.is_call:
        return is_protocol(builtin, mention.block)
    made = getattr(mention.statement, "value", None)
    named = dotted(made.func) or "" if isinstance(made, ast.Call) else ""
    return builtin == "AttributeError" and named.endswith("property")


RULE = Rule(
    code="FLX103",
    name="builtin-raise",
    on=True,
    message="raises builtin {builtin}; raise {target}",
    flags=(
        "A raise of a builtin for which the catalogue has a typed error, called or not, directly or through a "
        "function of the module that creates it."
    ),
    silent=(
        "raises that are part of a protocol (`AttributeError` in `__getattr__` or a property, `KeyError` in "
        "`__getitem__`, `TypeError` in a dunder method, `StopIteration`, `NotImplementedError` and so on), also in a "
        "helper whose name starts with an underscore and that only such methods call; test code, where a raise "
        "imitates someone else's error; classes named in `allow`."
    ),
    why=(
        "A builtin error is only a text, and you have to parse it to find out what went wrong. A typed error has a "
        "code, fields and the correlation id, and the same handlers catch it."
    ),
    fix="Raise the typed error. `migrate` does so if it is certain that the program does the same.",
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
