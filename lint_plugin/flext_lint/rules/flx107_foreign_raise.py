"""FLX107: an exception class of the project that is not typed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.classes import ClassFacts
from flext_analysis.semantics.raised_types import Raised
from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.raise_sites import raised_expression
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a raise of a class of the project that is an error, and known not to be a typed one."""
    if node.exc is None or module.is_test:
        return
    for one in module.raised(node, block):
        facts = one.facts or imported(one, block, module)
        if facts is not None and is_foreign(facts):
            yield at(node, name=facts.name)


def imported(one: Raised, block: Block, module: Module) -> ClassFacts | None:
    """Return the facts of a raised class in another module of the project, None for anything else."""
    named = raised_expression(one.value)[0]
    first = (dotted(named) or "").partition(".")[0]
    return module.classes.of(named, block) if first in module.leading.errors else None


def is_foreign(facts: ClassFacts) -> bool:
    """Return whether a class belongs to the project, is an error, and is certainly not a typed one."""
    own = facts.node is not None or facts.definition is not None
    known = own and facts.whole and not facts.typed and not facts.is_namespace
    return known and "builtins.Exception" in facts.ancestors and "builtins.Warning" not in facts.ancestors


RULE = Rule(
    code="FLX107",
    name="foreign-raise",
    on=False,
    message="raises {name}, a class of the project that is not a typed error; derive it from one",
    flags="A raise of a class of the project that is an exception but not a typed error.",
    silent=(
        "a class with an unknown base; a Warning; a class derived only from BaseException, which is a signal; test "
        "code."
    ),
    why=(
        "After a migration, the project's own hierarchy remains: its errors have no code, no context and no "
        "correlation id."
    ),
    fix="Derive the class from the typed error that the same handlers catch.",
    bad='''
        class FeedError(Exception):
            """No feed."""


        raise FeedError("the feed is broken")
    ''',
    good='''
        class FeedError(FlextExceptions.BaseError):
            """No feed."""


        raise FeedError("the feed is broken")
    ''',
    nodes=(ast.Raise,),
    words=("raise",),
    check=check,
)
