"""The calls that construct typed errors, anywhere in an expression: found by name in the text, then in the tree.

Walking every expression would cost several times the budget of all rules. Few names can refer to a typed error, so
their positions in the text tell which statements to search.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from flext_analysis.semantics.class_facts import class_text
from flext_analysis.semantics.classes import Classes, ClassFacts
from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.positions import occurrences, statements_at
from flext_analysis.syntax.raise_sites import CHAINING, raised_values
from flext_analysis.syntax.statements import Block, expressions

__all__ = ["LIBRARY", "Given", "TypedCall", "message_of", "typed_calls"]

LIBRARY = "<library>"  # among a rule's words: the names of the library, and of the classes that the project declares
CALLED = re.compile(r"(?:\s*\.\s*\w+)*\s*(?:\[[^\]\n]*\]\s*)?\(")
PARTIAL = re.compile(r"\bpartial(?:method)?\(\s*(?:[\w.]+\.)?$")
SUPER = re.compile(r"\.__init__\(")
INSTANCES = ("self.", "cls.")


class Given(NamedTuple):
    """A keyword argument of a call: its name (None for ``**kw``), the value, and the node that a finding points at."""

    arg: str | None
    value: ast.expr
    node: ast.keyword | ast.expr


class TypedCall(NamedTuple):
    """The construction of a typed error.

    ``facts`` is what is known about its class; ``args`` and ``keywords`` are its arguments, those in a literal mapping
    (``**{"field": 1}``) among the keywords; ``added`` what ``.with_context(...)`` adds. ``kind`` is "call", "init"
    (``super().__init__(...)`` in a subclass) or "partial" (``partial(F.Error, ...)``).
    """

    node: ast.Call
    facts: ClassFacts
    statement: ast.stmt
    args: tuple[ast.expr, ...]
    keywords: tuple[Given, ...]
    added: tuple[Given, ...] = ()
    kind: str = "call"


def message_of(call: TypedCall) -> ast.expr | None:
    """Return the message argument of a call, None if it has none."""
    return call.args[0] if call.args else next((one.value for one in call.keywords if one.arg == "message"), None)


def typed_calls(classes: Classes) -> Iterator[tuple[TypedCall, Block]]:
    """Yield the typed calls of the module with these classes, each with its block, in source order."""
    found: dict[int, tuple[TypedCall, Block]] = {}
    for line in sorted(lines_to_read(classes)):
        for node, block in statements_at(line, classes.tree):
            for call in calls_in(node, block, classes):
                found.setdefault(id(call.node), (call, block))
    yield from found.values()


def lines_to_read(classes: Classes) -> set[int]:
    """Return the lines on which a call that constructs a typed error may begin."""
    text = classes.text
    places: list[int] = []
    for name in classes.error_names:
        places += (at for at in occurrences(name, text) if may_call(text, at, at + len(name)))
        for owner in INSTANCES if name in classes.nested_names else ():
            places += (at + len(owner) for at in occurrences(owner + name, text))
    if "__init__(" in text:
        places += (match.start() for match in SUPER.finditer(text))
    lines: set[int] = set()
    number, last = 1, 0
    for place in sorted(places):
        number += text.count("\n", last, place)
        last = place
        lines.add(number)
    return lines


def may_call(text: str, at: int, end: int) -> bool:
    """Return whether a name is called in the text, or passed to ``partial``."""
    return CALLED.match(text, end) is not None or PARTIAL.search(text, max(0, at - 60), at) is not None


def calls_in(node: ast.stmt, block: Block, classes: Classes) -> Iterator[TypedCall]:
    """Yield the typed calls in the expressions of one statement."""
    calls = [inner for inner in expressions(node) if isinstance(inner, ast.Call)]
    chains = [
        (list(raised_values(call.func.value)), call)
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in CHAINING
    ]
    for call in calls:
        known = made_by(call, block, classes)
        if known is None:
            continue
        facts, args, kind = known
        added = [given for inside, chain in chains if call in inside for given in keywords_of(chain)]
        yield TypedCall(call, facts, node, args, tuple(keywords_of(call)), tuple(added), kind)


def made_by(call: ast.Call, block: Block, classes: Classes) -> tuple[ClassFacts, tuple[ast.expr, ...], str] | None:
    """Return the class of the error that a call constructs, its positional arguments, and how; None for other calls."""
    func = call.func
    if isinstance(func, ast.Attribute) and func.attr == "__init__":
        return initialised(call, func, block, classes)
    text = class_text(func)
    if text is None:
        return None
    if text.rpartition(".")[2] in ("partial", "partialmethod") and call.args:
        facts = typed(call.args[0], block, classes)
        return (facts, tuple(call.args[1:]), "partial") if facts is not None else None
    facts = typed(func, block, classes)
    return (facts, tuple(call.args), "call") if facts is not None else None


def typed(node: ast.expr, block: Block, classes: Classes) -> ClassFacts | None:
    """Return the facts of a typed error or a namespace that an expression names, None for anything else."""
    text = class_text(node)
    if text is None or not classes.may_be_error_name(text):
        return None
    facts = classes.of(node, block)
    return facts if facts is not None and (facts.typed or facts.is_namespace) else None


def initialised(
    call: ast.Call, func: ast.Attribute, block: Block, classes: Classes
) -> tuple[ClassFacts, tuple[ast.expr, ...], str] | None:
    """Do the same as made_by, for ``super().__init__(...)`` and ``Base.__init__(self, ...)`` in a typed class."""
    function = block.function()
    inside = next((outer for outer in block.outwards() if outer.owner is function), None)
    around = inside.parent if inside is not None else None
    if around is None or not isinstance(around.owner, ast.ClassDef) or around.parent is None:
        return None
    own = classes.of_node(around.owner, around.parent)
    if not own.typed:
        return None
    if isinstance(func.value, ast.Call) and dotted(func.value.func) == "super":
        bases = [classes.of(base, around.parent) for base in around.owner.bases]
        known = [base for base in bases if base is not None and base.typed]
        return (known[0], tuple(call.args), "init") if len(bases) == len(known) == 1 else None
    facts = typed(func.value, block, classes)
    return (facts, tuple(call.args[1:]), "init") if facts is not None and facts.typed else None


def keywords_of(call: ast.Call) -> Iterator[Given]:
    """Yield the keywords of a call, with those of a literal mapping one by one."""
    for keyword in call.keywords:
        if keyword.arg is None and isinstance(keyword.value, ast.Dict):
            for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                named = isinstance(key, ast.Constant) and isinstance(key.value, str)
                yield Given(key.value if named else None, value, key or value)  # type: ignore[union-attr]
        else:
            yield Given(keyword.arg, keyword.value, keyword)
