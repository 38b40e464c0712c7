"""FLX205: a handler after one that already catches everything it names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.classes import ClassFacts, catches
from flext_analysis.syntax.statements import Block
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
        named = module.caught(handler.type, block)
        known = [facts for _, facts in named]
        taken = [(facts and catches(before, facts)) or all_caught(before) for facts in known]
        if named and all(taken) and taken[0] is not None:
            name = known[0].name if known[0] is not None else shown(named[0][0])
            yield at(handler, name=name, by=taken[0].name)
        before += [facts for facts in known if facts is not None]


def all_caught(before: list[ClassFacts]) -> ClassFacts | None:
    """Return the one of some classes that catches whatever can be raised, None if there is none."""
    return next((facts for facts in before if facts.path == "builtins.BaseException"), None)


def shown(node: ast.expr) -> str:
    """Return the names in a clause, as written."""
    return " ".join(ast.unparse(node).split())


RULE = Rule(
    code="FLX205",
    name="unreachable-handler",
    on=True,
    message="never reached: {name} is caught by the handler of {by} above; put it first or remove it",
    flags=(
        "A clause that an earlier clause of the same `try` already catches, according to the hierarchy of builtins, "
        "the standard library, typed errors and the project's classes; any clause after `except BaseException`."
    ),
    silent="a clause with an unknown class, or with a class that the earlier clauses do not catch.",
    why="The first matching clause wins, so this one never runs.",
    fix="Put the more specific handler first.",
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
