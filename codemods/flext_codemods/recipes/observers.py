"""``type(err)`` to ``builtin_type(err)``, ``repr(err)`` to ``builtin_repr(err)``, if that frees other sites."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.statements import Block, expressions
from flext_codemods.model.finding import LOCAL_NAME, Edit, Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import OBSERVERS, Pairs, Recipe
from flext_codemods.repository.targets import LIBRARY

if TYPE_CHECKING:
    import libcst as cst

ASKED: Mapping[str, str] = {"type": f"{LIBRARY}.builtin_type", "repr": f"{LIBRARY}.builtin_repr"}
AS_REPR = ord("r")  # the conversion of ``{err!r}`` in a tree


def hint(raw: bytes, retarget_to: str) -> bool:
    """Return whether a file may read a class or a repr."""
    return any(text in raw for text in (b"type(", b"repr(", b"!r", b".__class__"))


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each observer that is to be made neutral."""
    wanted = {
        (one.location.line, one.column, one.neutral)
        for one in module.repository.observations.neutral.get(str(module.path), ())
    }
    lines = {line for line, _, _ in wanted}
    for statement, block in module.placed if wanted else ():
        if lines.isdisjoint(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)):
            continue
        nodes = [node for node in expressions(statement) if isinstance(node, ast.expr)]
        strings = {part: node for node in nodes if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
        for node in nodes:
            here = {text for line, column, text in wanted if (line, column) == (node.lineno, node.col_offset)}
            for text in sorted({read_text(text) for text in here}):
                yield from neutral(module, node, block, text, strings.get(node))


def read_text(text: str) -> str:
    """Return what to replace in the text that an observer reads: without the attribute of the class.

    >>> read_text("type(err).__name__"), read_text("err.__class__.__name__"), read_text("err!r")
    ('type(err)', 'err.__class__', 'err!r')
    """
    return re.sub(r"\.__(?:name|qualname|module)__$", "", text)


def neutral(module: Module, node: ast.expr, block: Block, text: str, string: ast.AST | None) -> Iterator[Finding]:
    """Yield the finding for a node that is the observer reading ``text``; ``string`` is the f-string around it."""
    edits: list[Edit] = []
    asked = "type"
    match node:
        case ast.Call(func=function, args=[_], keywords=[]) if text.endswith(")"):
            name = dotted(function) or ""
            asked = name.removeprefix("builtins.")
            same = text in (ast.unparse(node), f"{name}(...)")
            if same and asked in ASKED and module.names.resolve(function, block).path == f"builtins.{asked}":
                found = places(module, node, name, string)
                edits = [one._replace(end=one.start + len(name), text=LOCAL_NAME) for one in found]
        case ast.Attribute(value=ast.Name(id=name), attr="__class__") if text == f"{name}.__class__":
            edits = [one._replace(text=f"{LOCAL_NAME}({name})") for one in places(module, node, text, string)]
        case ast.JoinedStr() if text.endswith("!r"):
            asked = "repr"
            edits = list(conversions(module, node, text.removesuffix("!r")))
    if edits:
        start = module.source.offset(node.lineno, node.col_offset)
        module.block_at[start] = block
        column = start - module.source.starts[node.lineno - 1] + 1
        yield Finding(OBSERVERS, node.lineno, column, start, start, uses=(ASKED[asked],), also=tuple(edits))


def places(module: Module, node: ast.expr, text: str, string: ast.AST | None) -> Iterator[Edit]:
    """Yield the characters of a node that begin with ``text``; none if they do not.

    Python 3.11 does not report where the parts of an f-string are: there it is every node with the same code, as often
    as the text contains it.
    """
    if not isinstance(string, ast.JoinedStr):
        start, end = module.source.span(node)
        if module.source.text.startswith(text, start):
            yield Edit(start, end, "")
        return
    code = ast.unparse(node)
    found = list(
        re.finditer(rf"(?<![\w.]){re.escape(code)}(?!\w)", module.source.text[slice(*module.source.span(string))])
    )
    same = [part for part in ast.walk(string) if isinstance(part, type(node)) and ast.unparse(part) == code]
    if len(found) == len(same):
        start, _ = module.source.span(string)
        yield from (Edit(start + match.start(), start + match.end(), "") for match in found)


def conversions(module: Module, node: ast.JoinedStr, name: str) -> Iterator[Edit]:
    """Yield the edits for ``{name!r}`` in an f-string; none if text and tree disagree.

    Python 3.11 does not report where the parts of an f-string are.
    """
    start, end = module.source.span(node)
    pattern = re.compile(rf"(?<!\{{)(?:\{{\{{)*\{{(\s*{re.escape(name)}\s*!r)(?=[:}}])")
    found = list(pattern.finditer(module.source.text, start, end))
    shown = [part for part in ast.walk(node) if isinstance(part, ast.FormattedValue) and part.conversion == AS_REPR]
    if len(found) == sum(dotted(part.value) == name for part in shown):
        for match in found:
            yield Edit(match.start(1), match.end(1), f"{LOCAL_NAME}({name})")


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Return a statement unchanged: the edits of this recipe are smaller than any expression."""
    return [node]


def permits(old: object, new: object, finding: Finding) -> Pairs | None:
    """Permit the three changes. See Recipe.permits."""
    name = finding.names[0]
    match old, new:
        case ast.Name() | ast.Attribute(), ast.Name() | ast.Attribute() if dotted(new) == name != dotted(old):
            return [] if (dotted(old) or "").removeprefix("builtins.") in ASKED else None
        case ast.Attribute(attr="__class__"), ast.Call(func=function, args=[inner], keywords=[]):
            return [(old.value, inner)] if dotted(function) == name else None
        case ast.FormattedValue(conversion=conversion), ast.FormattedValue(conversion=-1, value=ast.Call() as call):
            if conversion == AS_REPR and dotted(call.func) == name and len(call.args) == 1:
                return [(old.value, call.args[0]), (old.format_spec, new.format_spec)]
    return None


RECIPE = Recipe(
    name=OBSERVERS,
    safety="safe",
    summary="ask for the builtin where the class or the repr of an error is read, so that its raise can become typed",
    before="type(err).__name__",
    after="builtin_type(err).__name__",
    hint=hint,
    find=find,
    rewrite=rewrite,
    permits=permits,
    by_default=False,
)
