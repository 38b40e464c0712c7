"""Handlers that do more or less than they say: ``except:``, ``raise err`` for ``raise``, handlers without effect."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.handlers import is_bare_end, is_verbose_reraise, useless_handlers
from flext_analysis.syntax.raise_sites import handler_of
from flext_analysis.syntax.statements import Block, run_here
from flext_codemods.model.finding import Edit, Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import Pairs, Recipe
from flext_codemods.project.skip import Skip

if TYPE_CHECKING:
    import libcst as cst


def hint(raw: bytes, retarget_to: str) -> bool:
    """Return whether a file has handlers."""
    return b"except" in raw


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each handler of everything, each raise by name, and each try with useless handlers."""
    for node, block in module.placed:
        if isinstance(node, ast.Raise) and is_verbose_reraise(node, block):
            yield module.finding("handlers", node, block, also=without_name(module, node, block))
        elif isinstance(node, ast.Try | ast.TryStar):
            yield from bare_ends(module, node, block)
            yield from without_useless(module, node, block)


def without_name(module: Module, node: ast.Raise, block: Block) -> tuple[Edit, ...]:
    """Return the edit that drops a handler's name, if only the raise uses it."""
    handler = handler_of(block)
    assert handler is not None and handler.type is not None and handler.name  # the name is raised
    if sum(isinstance(inner, ast.Name) and inner.id == handler.name for inner in ast.walk(handler)) > 1:
        return ()
    start, end = module.source.span(handler.type)[1], module.source.span(handler.body[0])[0]
    named = re.compile(rf"\s+as\s+{handler.name}\b").search(module.source.text, start, end)
    return (Edit(named.start(), named.end(), ""),) if named else ()


def bare_ends(module: Module, node: ast.Try | ast.TryStar, block: Block) -> Iterator[Finding]:
    """Yield the finding for ``except:`` where errors end, including Ctrl-C."""
    clauses = Block(node, "handlers", block)
    for handler in node.handlers:
        if is_bare_end(handler, Block(handler, "body", clauses), module.classes):
            at = module.source.offset(handler.lineno, handler.col_offset)
            module.block_at[at] = block
            column = handler.col_offset + 1
            end = at + len("except")
            yield Finding("handlers", handler.lineno, column, at, at, also=(Edit(end, end, " Exception"),))


def without_useless(module: Module, node: ast.Try | ast.TryStar, block: Block) -> Iterator[Finding]:
    """Yield the finding for a ``try`` whose last handlers only re-raise."""
    useless = list(useless_handlers(node))
    if not useless:
        return
    problem = in_the_way(module, node, useless)
    text = None if problem else text_without(module, node, useless)
    yield module.finding(
        "handlers", node, block, skip=Skip("layout", problem) if problem else None, text=text, adds=str(len(useless))
    )


def in_the_way(module: Module, node: ast.Try | ast.TryStar, useless: list[ast.ExceptHandler]) -> str:
    """Return why the lines of handlers cannot be removed, "" if they can."""
    lines = module.source.text.split("\n")
    for handler in useless:
        if handler.body[0].lineno == handler.lineno:
            return f"the handler on line {handler.lineno} is on one line"
        following = next_part(node, handler)
        if any("#" in line for line in lines[handler.lineno - 1 : following - 1]):
            return f"a comment in the handler on line {handler.lineno} would be lost"
    if len(useless) < len(node.handlers) or node.finalbody:
        return "its else needs a handler" if node.orelse and len(useless) == len(node.handlers) else ""
    if lines[node.lineno - 1].strip() != "try:":
        return "the try has more than its word on its line"
    if node.orelse:
        between = lines[next_part(node, node.handlers[-1]) - 1 : node.orelse[0].lineno - 1]
        if "".join(between).strip() != "else:":
            return "the else has more than its word on its line"
    for statement in run_here([*node.body, *node.orelse]):
        for inner in ast.walk(statement):
            if isinstance(inner, ast.Constant | ast.JoinedStr) and inner.end_lineno != inner.lineno:
                return f"the string on line {inner.lineno} would be shifted"
    return ""


def next_part(node: ast.Try | ast.TryStar, handler: ast.ExceptHandler) -> int:
    """Return the number of the line after a handler: of the next one, or of the end of the statement."""
    following = [other.lineno for other in node.handlers if other.lineno > handler.lineno]
    return min(following, default=(handler.body[-1].end_lineno or handler.lineno) + 1)


def text_without(module: Module, node: ast.Try | ast.TryStar, useless: list[ast.ExceptHandler]) -> str:
    """Return the text of a ``try`` statement without its useless handlers, and without the ``try`` if none is left.

    The text has the same start and end as the statement.
    """
    start, end = module.source.span(node)
    lines = module.source.text[start:end].split("\n")
    gone = {
        number - node.lineno
        for handler in useless
        for number in range(handler.lineno, (handler.body[-1].end_lineno or handler.lineno) + 1)
    }
    if len(useless) < len(node.handlers) or node.finalbody:
        return "\n".join(line for number, line in enumerate(lines) if number not in gone).rstrip()
    gone.add(0)
    if node.orelse:
        gone.update(range(next_part(node, node.handlers[-1]) - node.lineno, node.orelse[0].lineno - node.lineno))
    kept = [line for number, line in enumerate(lines) if number not in gone]
    margin, indent = node.col_offset, node.body[0].col_offset
    shifted = [line[:margin] + line[indent:] if line[margin:indent].isspace() else line for line in kept]
    return "\n".join(shifted).lstrip(" \t").rstrip()


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Remove the name from a raise of the caught error."""
    import libcst as cst

    assert isinstance(node, cst.Raise)
    return [cst.Raise()]


def permits(old: object, new: object, finding: Finding) -> Pairs | None:
    """Permit the three changes. See Recipe.permits."""
    match old, new:
        case ast.Raise(exc=ast.Name(), cause=None), ast.Raise(exc=None):
            return []
        case (None, ast.Name(id="Exception")) | (str(), None):
            return []
        case ast.Try() | ast.TryStar(), list() | ast.stmt():
            return without_handlers(old, new, finding)
    return None


def without_handlers(old: ast.Try | ast.TryStar, new: object, finding: Finding) -> Pairs | None:
    """Return the parts of a ``try`` that must be equal, without as many of its last handlers as the finding says."""
    if not finding.adds or (old.lineno, old.col_offset + 1) != (finding.line, finding.column):
        return None  # another one inside it
    if len(list(useless_handlers(old))) != int(finding.adds):
        return None
    kept = old.handlers[: -int(finding.adds)]
    if isinstance(new, ast.Try | ast.TryStar) and (kept or old.finalbody):
        return [(kept, new.handlers), (old.body, new.body), (old.orelse, new.orelse), (old.finalbody, new.finalbody)]
    if kept or old.finalbody:
        return None
    return [([*old.body, *old.orelse], new if isinstance(new, list) else [new])]


RECIPE = Recipe(
    name="handlers",
    safety="unsafe",
    summary="change except: to except Exception:, change raise err to raise, and remove handlers that only re-raise",
    before="except: log()",
    after="except Exception: log()",
    hint=hint,
    find=find,
    rewrite=rewrite,
    permits=permits,
)
