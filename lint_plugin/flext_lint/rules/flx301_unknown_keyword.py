"""FLX301: a keyword that is nearly one of the type's, or another type's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.classes import MIXINS, ROOT, ClassFacts
from flext_analysis.summaries import summary as op
from flext_analysis.syntax.statements import Block, FunctionNode
from flext_exceptions.catalogue import ROWS
from flext_exceptions.root import SELECTORS
from flext_lint.rule import LIBRARY, Finding, Rule, at
from flext_lint.rules.flx105_untyped_factory import selects
from flext_lint.typed_calls import TypedCall

if TYPE_CHECKING:
    from flext_lint.module import Module

COMMON = ("message", "code", "error_code", "context", "correlation_id", "retryable", "http_status", "retry_after")
# Words that are one letter away from a keyword and not typos; plurals are recognised by a rule.
OTHER_WORDS = frozenset(
    "mode node core cord cope coda cove cone coke lode rode bode ode cod codes content contest contents massage valve "
    "valued yield wield fiend fielded afield services device endpoints obi names path_ paths".split()
)
EVERYDAY = frozenset(["name", "obj", "path"])  # fields of builtins; in any other error good names for context
OWNERS: dict[str, list[str]] = {}
for _row in ROWS:
    for _keyword in _row.keywords:
        OWNERS.setdefault(_keyword, []).append(_row.name)
KEYWORDS = {row.name: row.keywords for row in ROWS}


def taken_by(call: TypedCall, module: Module) -> tuple[str, ...] | None:
    """Return the keywords that the class of a call takes, None if they are not known."""
    facts = call.facts
    if facts.is_namespace:
        chosen = [keyword.arg for keyword in call.keywords if keyword.arg and selects(keyword)]
        if any(keyword.arg is None for keyword in call.keywords):
            return None
        first = min((arg for arg in chosen if arg), key=list(SELECTORS).index, default="")
        return KEYWORDS[SELECTORS[first]] if first else tuple(SELECTORS)
    own = own_keywords(facts, module, frozenset())
    rows = [name for name in KEYWORDS if f"{ROOT}.{name}" in facts.ancestors]
    return None if own is None else (*own, *(keyword for name in rows for keyword in KEYWORDS[name]))


def own_keywords(facts: ClassFacts, module: Module, below: frozenset[str]) -> tuple[str, ...] | None:
    """Return the keywords that a class of the module declares, with its bases; None if one is not known.

    ``below`` are the classes that led here, so that a class that is its own base ends the search.
    """
    if facts.definition is not None:
        return declared_elsewhere(facts, module)
    if facts.node is None or facts.block is None:
        return () if facts.row is not None or adds_nothing(facts.path) else None
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


def adds_nothing(path: str) -> bool:
    """Return whether a base takes no keywords of its own: a builtin, ``Generic[T]``, ``Protocol``."""
    return path in MIXINS or path.startswith("builtins.")


def declared_elsewhere(facts: ClassFacts, module: Module) -> tuple[str, ...] | None:
    """Do the same as own_keywords, for a class of another module of the project."""
    found: list[str] = []
    for path in sorted(facts.ancestors):
        if path.startswith("flext_exceptions.") or adds_nothing(path):
            continue
        info = module.project.outside(path, module.path)
        if info is None or info.definition is None:
            return None
        if not {"__init__", "__new__"}.isdisjoint(info.definition.bindings):
            return None
        for statement in info.definition.scope.code:
            if statement[0] == op.ANNOTATE and statement[1][0] == op.NAME:
                found.append(statement[1][1])
    return tuple(found) if facts.whole else None


def check(node: TypedCall, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the keywords of a call that are close to one that the type takes, or that only other types take."""
    if all(keyword.arg in COMMON for keyword in node.keywords):
        return
    taken = taken_by(node, module)
    if taken is None:
        return
    for keyword in node.keywords:
        name = keyword.arg
        if name is None or name in taken or name in COMMON or name in EVERYDAY:
            continue
        if name in OWNERS:
            owners = " and ".join(f"FlextExceptions.{owner}" for owner in OWNERS[name])
            yield at(keyword.node, keyword=name, name=node.facts.name, hint=f"{owners} does")
            continue
        meant = next((one for one in (*taken, *COMMON) if is_mistyped(name, one)), "")
        if meant:
            yield at(keyword.node, keyword=name, name=node.facts.name, hint=f"did you mean {meant}?")


def is_mistyped(name: str, meant: str) -> bool:
    """Return whether a name is a keyword with one letter more, less, swapped or replaced, and not another word.

    >>> [is_mistyped(name, "field") for name in ("feild", "fild", "fields", "yield", "filter")]
    [True, True, False, False, False]
    """
    if name in OTHER_WORDS or name in (f"{meant}s", f"{meant}es", f"{meant}_", f"_{meant}"):
        return False
    if len(name) == len(meant):
        differing = [index for index, (one, other) in enumerate(zip(name, meant, strict=True)) if one != other]
        if len(differing) == 2 and differing[1] == differing[0] + 1:
            first, second = differing
            return name[first] == meant[second] and name[second] == meant[first]
        return len(differing) == 1 and len(meant) > 4 and not name[differing[0]].isdigit()
    if len(meant) <= 4 or abs(len(name) - len(meant)) > 1:
        return False
    longer, shorter = sorted((name, meant), key=len, reverse=True)
    return any(
        longer[:index] + longer[index + 1 :] == shorter and not (longer[index].isdigit() or longer[index] == "_")
        for index in range(len(longer))
    )


RULE = Rule(
    code="FLX301",
    name="unknown-keyword",
    on=True,
    message="{name} takes no keyword {keyword}; {hint}",
    flags=(
        "A keyword that differs from a keyword of the type by one letter added, removed, swapped or replaced "
        "(`feild`), or that only another type of the catalogue takes."
    ),
    silent=(
        "any other keyword, which becomes context: `name`, `obj`, `path`, a plural (`fields`), another word "
        "(`content`); `**kw`; classes with their own `__init__` or with an unknown base."
    ),
    why=(
        "The value is stored in the context under the wrong name, and the attribute that handlers and dashboards "
        "read stays empty."
    ),
    fix="Use a keyword of the type, or the type that takes the keyword.",
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
