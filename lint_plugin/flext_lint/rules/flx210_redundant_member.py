"""FLX210: a tuple with a class that another member already catches."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.classes import ClassFacts, catches
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.ExceptHandler, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the members of a clause's tuple that others make redundant."""
    if not isinstance(node.type, ast.Tuple) or len(node.type.elts) < 2:
        return
    members = [(one, module.classes.of(one, block)) for one in node.type.elts]
    kept: list[ClassFacts] = []
    for index, (one, facts) in enumerate(members):
        if facts is None:
            continue
        others = [other for _, other in members[index + 1 :] if other is not None and other.path != facts.path]
        by = catches([*kept, *others], facts)
        if by is not None:
            yield at(one, name=ast.unparse(one), by=by.name)
        else:
            kept.append(facts)


RULE = Rule(
    code="FLX210",
    name="redundant-member",
    on=True,
    message="{name} is caught by {by} in the same tuple; remove it",
    flags=(
        "A tuple in a clause that names a class and one of its subclasses, or one class twice: `(ValueError, "
        "FlextExceptions.ValidationError)`, `(OSError, IOError)`."
    ),
    silent="unknown classes; a tuple that is unpacked or assigned to a name.",
    why=(
        "It reads as if the two were different errors. A migration leaves such tuples behind: the typed error "
        "already is a ValueError."
    ),
    fix="Remove the class that the other one catches.",
    bad="""
        try:
            pay(order)
        except (ValueError, FlextExceptions.ValidationError):
            refuse(order)
    """,
    good="""
        try:
            pay(order)
        except ValueError:
            refuse(order)
    """,
    nodes=(ast.ExceptHandler,),
    words=("except",),
    check=check,
)
