"""Errors that are not raised in place: thrown into a generator, set on a future, bound before their raise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flext_analysis.syntax.raise_sites import INJECTING, injected, raised_values
from flext_analysis.syntax.statements import Block
from flext_codemods.model.module import Module

__all__ = ["handed_over"]

WORDS = ("side_effect", *sorted(INJECTING))
THROWN = re.compile(rf"\.(?:{'|'.join(sorted(INJECTING))})\s*\(|\bside_effect\b")


def handed_over(module: Module) -> Iterator[tuple[ast.expr, ast.stmt, Block]]:
    """Yield each expression whose error is passed on, or bound to a name on the line before its raise.

    Each comes with its statement and the block of that.
    """
    text = module.source.text
    if any(word in text for word in WORDS) and THROWN.search(text):
        for node, block in module.placed:
            for given in injected(node):
                for value in raised_values(given):
                    yield value, node, block
    for site in module.raise_sites:
        if site.call is None and isinstance(site.raised, ast.Name):
            body: list[ast.stmt] = getattr(site.block.owner, site.block.part)
            before = body[max(body.index(site.node) - 1, 0)]
            bound = bound_before(before, site.node)
            if bound is not None:
                yield bound, before, site.block


def bound_before(node: ast.stmt, following: ast.Raise) -> ast.Call | None:
    """Return the error that a statement assigns to the name that the next one raises, None if it does not."""
    match node, following.exc:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call), ast.Name(id=raised) if name == raised:
            return call
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call), ast.Name(id=raised) if name == raised:
            return call
    return None
