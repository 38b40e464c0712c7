"""FLX105: the factory called without a keyword that selects a type."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.classes import ClassFacts
from flext_analysis.syntax.statements import Block
from flext_exceptions.root import SELECTORS
from flext_lint.rule import LIBRARY, Finding, Rule, at
from flext_lint.typed_calls import Given, TypedCall

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: TypedCall | ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a call of the root or a namespace without a selecting keyword, and a raise of it without a call."""
    if isinstance(node, TypedCall):
        if node.kind != "init" and is_factory(node.facts) and not any(selects(keyword) for keyword in node.keywords):
            yield at(node.node, name=node.facts.name)
        return
    for one in module.raised(node, block):
        if one.call is None and not one.made and one.facts is not None and is_factory(one.facts):
            yield at(one.value, name=one.facts.name)


def is_factory(facts: ClassFacts) -> bool:
    """Return whether calling a class selects a type: a further base that is not known may be a type itself."""
    return facts.is_namespace and facts.whole


def selects(keyword: Given) -> bool:
    """Return whether a keyword may select the type: None selects nothing, and ``**kw`` may hold any."""
    if keyword.arg is None:
        return True
    return keyword.arg in SELECTORS and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None)


RULE = Rule(
    code="FLX105",
    name="untyped-factory",
    on=True,
    message="{name} without a keyword that selects a type creates a plain Error; name the type or pass its keyword",
    flags='`FlextExceptions("m")`, or the same with a nested namespace, without a keyword that selects a type.',
    silent="a call with `**kw`, which may contain such a keyword; a class with another, unknown base.",
    why=(
        "The factory chooses the type by keyword. Without one the error has the code of an unknown failure, status "
        "500, and the class of a RuntimeError."
    ),
    fix='Name the type (`FlextExceptions.ValidationError("m")`), or pass a keyword that selects it (`field=`).',
    bad="""
        raise FlextExceptions("the name is empty")
    """,
    good="""
        raise FlextExceptions("the name is empty", field="name")
    """,
    nodes=(ast.Call, ast.Raise),
    words=(LIBRARY,),
    check=check,
)
