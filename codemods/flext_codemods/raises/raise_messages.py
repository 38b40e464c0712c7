"""Which texts show the message of a raise: its own, and the tracebacks in the docstrings around it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flext_analysis.syntax.raise_sites import RaiseSite
from flext_analysis.syntax.statements import FunctionNode
from flext_codemods.model.finding import Edit
from flext_codemods.model.module import Module
from flext_codemods.repository.messages import may_say, pieces
from flext_codemods.repository.shown_texts import ShownText

__all__ = ["as_raised", "docstring_edits", "in_docstring_around", "may_be_said", "message_parts", "traceback_line"]


def docstring_edits(module: Module, site: RaiseSite, builtin: str, target: str) -> Iterator[Edit]:
    """Yield the edits for tracebacks that show the raise in the docstrings around it."""
    parts = message_parts(site, module)
    for doc in docstrings_around(site):
        start, end = module.source.span(doc)
        text = module.source.text
        first = text.find("Traceback (most recent call last)", start, end)
        for match in traceback_line(builtin).finditer(text, first, end) if first >= 0 else ():
            if not any(parts) or may_say(parts, as_raised(builtin, match[2] or "")):
                yield Edit(match.start(1), match.end(1), target)


def in_docstring_around(site: RaiseSite, shown: ShownText, module: Module) -> bool:
    """Return whether a position is in one of the docstrings around a raise."""
    if shown.path != str(module.path):
        return False
    return any(doc.lineno <= shown.line <= (doc.end_lineno or doc.lineno) for doc in docstrings_around(site))


def docstrings_around(site: RaiseSite) -> Iterator[ast.expr]:
    """Yield the docstrings of the functions and classes around a raise."""
    for outer in site.block.outwards():
        if isinstance(outer.owner, FunctionNode | ast.ClassDef) and ast.get_docstring(outer.owner, clean=False):
            doc = outer.owner.body[0]
            assert isinstance(doc, ast.Expr)
            yield doc.value


def traceback_line(builtin: str) -> re.Pattern[str]:
    """Return a pattern for the last line of a builtin's traceback: its name, then the text after the colon."""
    return re.compile(rf"^[ \t]*((?:builtins\.)?{builtin}\b)(?::[ ]?([^\n]*))?", re.MULTILINE)


def may_be_said(parts: list[str | None], text: str) -> bool:
    """Return whether a message may be a text; a fully computed one may be any."""
    return may_say(parts, text) or (bool(parts) and not any(parts) and bool(text))


def as_raised(builtin: str, text: str) -> str:
    """Return a text as an error shows it: a KeyError shows the repr of its key."""
    return text.strip().strip("'\"") if builtin == "KeyError" else text


def message_parts(site: RaiseSite, module: Module) -> list[str | None]:
    """Return the parts of the message at a site, resolved if it is a name."""
    if site.call is None or not site.call.args:
        return []
    message = site.call.args[0]
    match message:
        case ast.Name(id=name):
            return pieces(bound_to(name, site, module) or message)
        case ast.BinOp(left=ast.Name(id=name), op=ast.Mod(), right=right):
            return pieces(ast.BinOp(bound_to(name, site, module) or message.left, ast.Mod(), right))
    return pieces(message)


def bound_to(name: str, site: RaiseSite, module: Module) -> ast.expr | None:
    """Return the value of a name at a raise: from the statement before it, or its only assignment."""
    body: list[ast.stmt] = getattr(site.block.owner, site.block.part, [])
    before = body[body.index(site.node) - 1 : body.index(site.node)] if site.node in body else []
    only = [binding.node for binding in module.names.bindings(name, site.block)]
    for node in (*before, *(only if len(only) == 1 else ())):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                return value
    return None
