"""FLX112: values that are passed by position and so have no name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.classes import ClassFacts
from flext_analysis.syntax.statements import Block
from flext_lint.rule import LIBRARY, Finding, Rule, at
from flext_lint.rules.flx301_unknown_keyword import own_keywords
from flext_lint.typed_calls import TypedCall

if TYPE_CHECKING:
    from flext_lint.module import Module

# Builtins whose positional arguments have a meaning: errno and file names, and what a codec could not do.
BY_POSITION = frozenset(["builtins.OSError", "builtins.UnicodeError", "builtins.SyntaxError"])


def check(node: TypedCall, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a call with more positional arguments than the message."""
    if len(node.args) < 2 or any(isinstance(argument, ast.Starred) for argument in node.args):
        return
    if takes_by_position(node.facts) and not is_text(node.args[0]):
        return
    if node.facts.is_namespace or own_keywords(node.facts, module, frozenset()) is not None:
        yield at(node.args[1], name=node.facts.name)


def takes_by_position(facts: ClassFacts) -> bool:
    """Return whether the builtin that a type stands in for takes its values by position."""
    return not BY_POSITION.isdisjoint(facts.ancestors)


def is_text(node: ast.expr) -> bool:
    """Return whether an expression is a text: then it is the message."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


RULE = Rule(
    code="FLX112",
    name="positional-values",
    on=True,
    message="{name} gets a positional value, which reaches neither field nor context; pass it as a keyword",
    flags='A typed error with more positional arguments than its message: `ValidationError("malformed", sku)`.',
    silent=(
        "`*arguments`; types that replace OSError with a leading errno; a class of the project with its own "
        "`__init__`, or with an unknown base."
    ),
    why="The value has no name: it is in no field and no context, and the text of the error becomes a tuple.",
    fix="Pass the value to a keyword of the type, or to your own keyword.",
    bad="""
        raise FlextExceptions.ValidationError("malformed SKU", sku)
    """,
    good="""
        raise FlextExceptions.ValidationError("malformed SKU", field="sku", value=sku)
    """,
    nodes=(ast.Call,),
    words=(LIBRARY,),
    check=check,
)
