"""``raise Bad("m")`` in a handler to ``raise Bad("m") from err``, naming the caught error if it has no name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.causes import lost_cause
from flext_analysis.semantics.handlers import is_bound_anew
from flext_analysis.semantics.raised_types import raised
from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.raise_sites import handler_of
from flext_analysis.syntax.statements import Block
from flext_codemods.model.finding import Edit, Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import Pairs, Recipe
from flext_codemods.project.skip import Skip

if TYPE_CHECKING:
    import libcst as cst

NAMES = ("err", "error", "exc", "cause", "caught")


def hint(raw: bytes, retarget_to: str) -> bool:
    """Return whether a file may raise in a handler."""
    return b"except" in raw and b"raise " in raw


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each raise of a new error in a handler without ``from``."""
    for node, block in module.placed:
        if not isinstance(node, ast.Raise) or node.exc is None or node.cause is not None:
            continue
        handler = handler_of(block)
        if handler is None or not lost_cause(node, raised(node.exc, block, module.classes), block, module.classes):
            continue
        skip = skip_of(node, handler)
        name = handler.name or free_name(handler, block)
        if not name:
            skip = Skip("conflict", f"{', '.join(NAMES)} are all in use")
        also = () if handler.name or skip else (binding(module, handler, name),)
        yield module.finding("chain", node, block, skip=skip, adds=name, also=also)


def skip_of(node: ast.Raise, handler: ast.ExceptHandler) -> Skip | None:
    """Return why a raise cannot simply be given its cause, None if it can."""
    if handler.name and is_bound_anew(handler):
        return Skip("name", f"{handler.name} is rebound in the handler")
    if isinstance(node.exc, ast.Call) and (dotted(node.exc.func) or "").endswith((".with_traceback", ".with_cause")):
        return Skip("name", "the raised error is created by a method")
    return None


def free_name(handler: ast.ExceptHandler, block: Block) -> str:
    """Return a name for a handler's exception that nothing else around it has, "" if all are taken.

    A handler deletes its name when it ends: another use anywhere in the function would lose its value.
    """
    used = names_used(block.scope(), {outer.owner for outer in block.outwards()} | set(ast.walk(handler)))
    return next((name for name in NAMES if name not in used), "")


def names_used(scope: ast.AST, near: set[ast.AST]) -> set[str]:
    """Return the names in a scope, except those of handlers that are neither around the site nor in it, in these."""
    used: set[str] = set()
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(scope, frozenset())]
    while waiting:
        node, own = waiting.pop()
        if isinstance(node, ast.ExceptHandler) and node.name and node not in near:
            own |= {node.name}
        named = {str(getattr(node, field, "")) for field in ("id", "name", "arg", "asname", "rest")}
        if isinstance(node, ast.Global | ast.Nonlocal):
            named.update(node.names)
        used |= named - own
        waiting += [(child, own) for child in ast.iter_child_nodes(node)]
    return used


def binding(module: Module, handler: ast.ExceptHandler, name: str) -> Edit:
    """Return the edit that names a handler's exception."""
    source = module.source
    if handler.type is None:
        at = source.offset(handler.lineno, handler.col_offset) + len("except")
        return Edit(at, at, f" BaseException as {name}")
    at = source.span(handler.type)[1]
    first = source.offset(handler.lineno, handler.col_offset)
    colon = closing(source.text, at, source.span(handler.body[0])[0])
    return Edit(colon, colon, f" as {name}") if first < colon else Edit(at, at, f" as {name}")


def closing(text: str, start: int, end: int) -> int:
    """Return where the clause ends after its classes: after closing brackets, before the colon."""
    at = start
    while at < end and text[at] in " \t)":
        at += 1
    return at if text[at - 1] == ")" else start


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Add the cause."""
    import libcst as cst

    assert isinstance(node, cst.Raise)
    cause = cst.From(
        item=cst.Name(finding.adds),
        whitespace_before_from=cst.SimpleWhitespace(" "),
        whitespace_after_from=cst.SimpleWhitespace(" "),
    )
    return [node.with_changes(cause=cause)]


def permits(old: object, new: object, finding: Finding) -> Pairs | None:
    """Permit a new cause, and a new name in a handler. See Recipe.permits."""
    if old is None and isinstance(new, ast.Name):
        return [] if new.id in (finding.adds, "BaseException") else None
    return [] if old is None and new == finding.adds else None


RECIPE = Recipe(
    name="chain",
    safety="unsafe",
    summary="name the cause of an error that a handler raises, and name what was caught if it has no name",
    before='except KeyError: raise Bad("m")',
    after='except KeyError as err: raise Bad("m") from err',
    hint=hint,
    find=find,
    rewrite=rewrite,
    permits=permits,
)
