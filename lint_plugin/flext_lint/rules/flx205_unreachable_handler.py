"""FLX205: a handler behind one that takes everything it is for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.classes import ClassFacts, catches
from flext_analysis.raise_sites import classes_in
from flext_analysis.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.Try | ast.TryStar, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the handlers all of whose classes earlier handlers of the same ``try`` catch."""
    if len(node.handlers) < 2:
        return
    before: list[ClassFacts] = []
    for handler in node.handlers:
        if handler.type is None:
            return
        known = [module.classes.of(caught, block) for caught in classes_in(handler.type)]
        taken = [facts and catches(before, facts) for facts in known]
        first, by = known[0] if known else None, taken[0] if taken else None
        if all(taken) and first is not None and by is not None:
            yield at(handler, name=first.name, by=by.name)
        before += [facts for facts in known if facts is not None]


RULE = Rule(
    code="FLX205",
    name="unreachable-handler",
    on=True,
    message="never reached: {name} is caught by the handler of {by} above; put it first or drop it",
    flags=(
        "A clause that an earlier one of the same `try` already catches, with the hierarchy of the builtins, of "
        "the typed errors and of the classes of the file."
    ),
    silent="a clause with a class that is not known, or with one that the earlier ones do not catch.",
    why="The first clause that matches wins: what stands in this one never runs.",
    mend="Put the more special handler first.",
    bad="""
        try:
            place()
        except ValueError:
            refuse()
        except FlextExceptions.ValidationError:
            explain()
    """,
    good="""
        try:
            place()
        except FlextExceptions.ValidationError:
            explain()
        except ValueError:
            refuse()
    """,
    nodes=(ast.Try, ast.TryStar),
    words=("except",),
    check=check,
)
