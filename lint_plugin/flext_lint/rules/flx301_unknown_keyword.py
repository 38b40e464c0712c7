"""FLX301: a keyword that is nearly one of the type's, or another type's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from flext_analysis.classes import ROOT, ClassFacts
from flext_analysis.statements import Block, FunctionNode
from flext_exceptions.catalogue import ROWS
from flext_exceptions.root import SELECTORS
from flext_lint.module import TypedCall
from flext_lint.rule import LIBRARY, Finding, Rule, at
from flext_lint.rules.flx105_untyped_factory import selects

if TYPE_CHECKING:
    from flext_lint.module import Module

COMMON = ("message", "code", "error_code", "context", "correlation_id", "retryable", "http_status", "retry_after")
CLOSE = 0.8  # the ratio of difflib from which a keyword is taken for a mistyped one
EVERYDAY = frozenset(["name", "obj", "path"])  # fields of builtins; in any other error good names for context
OWNERS: dict[str, list[str]] = {}
for _row in ROWS:
    for _keyword in _row.keywords:
        OWNERS.setdefault(_keyword, []).append(_row.name)
KEYWORDS = {row.name: row.keywords for row in ROWS}


def taken_by(call: TypedCall, module: Module) -> tuple[str, ...] | None:
    """Return the keywords that the class of a call takes, None where they are not known."""
    facts = call.facts
    if facts.is_namespace:
        chosen = [keyword.arg for keyword in call.node.keywords if keyword.arg and selects(keyword)]
        if any(keyword.arg is None for keyword in call.node.keywords):
            return None
        first = min((arg for arg in chosen if arg), key=list(SELECTORS).index, default="")
        return KEYWORDS[SELECTORS[first]] if first else tuple(SELECTORS)
    own = own_keywords(facts, module, frozenset())
    rows = [name for name in KEYWORDS if f"{ROOT}.{name}" in facts.ancestors]
    return None if own is None else (*own, *(keyword for name in rows for keyword in KEYWORDS[name]))


def own_keywords(facts: ClassFacts, module: Module, below: frozenset[str]) -> tuple[str, ...] | None:
    """Return the keywords that a class of the module declares, with its bases; None where one is not known.

    ``below`` are the classes that led here, so that one which is its own base comes to an end.
    """
    if facts.node is None or facts.block is None:
        return () if facts.row is not None else None
    if facts.path in below:
        return None
    found: list[str] = []
    for node in facts.node.body:
        if isinstance(node, FunctionNode) and node.name in ("__init__", "__new__"):
            return None
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.append(node.target.id)
    for base in facts.node.bases:
        known = module.classes.of(base, facts.block)
        inherited = own_keywords(known, module, below | {facts.path}) if known is not None else None
        if inherited is None:
            return None
        found += inherited
    return tuple(found)


def check(node: TypedCall, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the keywords of a call that are close to one that the type takes, or that only other types take."""
    if all(keyword.arg in COMMON for keyword in node.node.keywords):
        return
    taken = taken_by(node, module)
    if taken is None:
        return
    for keyword in node.node.keywords:
        name = keyword.arg
        if name is None or name in taken or name in COMMON or name in EVERYDAY:
            continue
        if name in OWNERS:
            owners = " and ".join(f"FlextExceptions.{owner}" for owner in OWNERS[name])
            yield at(keyword, keyword=name, name=node.facts.name, hint=f"{owners} does")
            continue
        close = get_close_matches(name, [*taken, *COMMON], 1, CLOSE)
        # service_id and db_service are names of their own.
        if close and not name.startswith(f"{close[0]}_") and not name.endswith(f"_{close[0]}"):
            yield at(keyword, keyword=name, name=node.facts.name, hint=f"did you mean {close[0]}?")


RULE = Rule(
    code="FLX301",
    name="unknown-keyword",
    on=True,
    message="{name} takes no keyword {keyword}; {hint}",
    flags="A keyword close to one that the type takes (`feild`), or one that only another type of the catalogue takes.",
    silent=(
        "any other keyword, which is context, `name`, `obj` and `path` among them; `**kw`; classes with an "
        "`__init__` of their own or with a base that is not known."
    ),
    why=(
        "The value goes into the context under the wrong name, and the attribute that handlers and dashboards "
        "read stays empty."
    ),
    mend="Use the keyword of the type, or the type of the keyword.",
    bad="""
        raise FlextExceptions.ValidationError("malformed", feild="sku")
    """,
    good="""
        raise FlextExceptions.ValidationError("malformed", field="sku")
    """,
    nodes=(ast.Call,),
    words=(LIBRARY,),
    check=check,
)
