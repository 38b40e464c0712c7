"""Put a switch at each raise statement of a syntax tree. Lines and columns remain those of the source."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from flext_pytest.raise_mutants.model import Site

__all__ = ["SWITCH", "add_switches"]

SWITCH = "__flext_raise__"  # a name in builtins; with underscores on both sides it is not mangled in classes
NO_MUTANT = re.compile(r"#\s*flext:\s*no-mutant\b")
SHOWN = 80  # characters of the raised expression


def add_switches(tree: ast.Module, text: str, file: str, module: str) -> tuple[list[Site], int]:
    """Change each raise statement of a tree in place; return the sites, and how many a comment exempts.

    ``raise E from C`` becomes ``if switch(site): raise switch.error(site, E) from switch.cause(site, C)``, and a bare
    ``raise`` becomes ``if switch.reraise(site): raise``. A statement with ``# flext: no-mutant`` on one of its lines is
    unchanged.

    >>> tree = ast.parse("def f(x):\\n    raise KeyError(x) from None")
    >>> sites, exempt = add_switches(tree, "", "m.py", "m")
    >>> print(ast.unparse(tree))
    def f(x):
        if __flext_raise__(('m.py', 2, 4)):
            raise __flext_raise__.error(('m.py', 2, 4), KeyError(x)) from __flext_raise__.cause(('m.py', 2, 4), None)
    >>> sites[0].function, sites[0].error
    ('f', 'KeyError')
    """
    exempt_lines = set(comment_lines(text))
    sites: list[Site] = []
    exempt = 0
    for body, function in blocks(tree):
        for at, node in enumerate(body):
            if not isinstance(node, ast.Raise):
                continue
            last = node.end_lineno or node.lineno
            if not exempt_lines.isdisjoint(range(node.lineno, last + 1)):
                exempt += 1
                continue
            site = Site(file, node.lineno, node.col_offset, last, module, function, raised_text(node))
            sites.append(site)
            body[at] = switched(node, site)
    return sites, exempt


def blocks(tree: ast.Module) -> Iterator[tuple[list[ast.stmt], str]]:
    """Yield each list of statements with the dotted name of the function or class around it, in no particular order."""
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, around = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            around = f"{around}.{node.name}" if around else node.name
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            held = getattr(node, name, None)
            if isinstance(held, list):  # for a conditional expression and a lambda it is a single expression
                waiting += [(inner, around) for inner in held]  # first: the receiver of the list may change it
                if name not in ("handlers", "cases"):
                    yield held, around


def comment_lines(text: str) -> Iterator[int]:
    """Yield the numbers of the lines with a comment that exempts the statement there."""
    if NO_MUTANT.search(text) is None:
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and NO_MUTANT.search(token.string):
            yield token.start[0]


def raised_text(node: ast.Raise) -> str:
    """Return what a statement raises, as the source names it; "" for a bare raise."""
    if node.exc is None:
        return ""
    text = ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def switched(node: ast.Raise, site: Site) -> ast.If:
    """Return a raise statement behind its switch. Only names, constants and calls are new, all at its own location."""

    def located(new: ast.expr, place: ast.stmt | ast.expr) -> ast.expr:
        for each in ast.walk(new):
            if isinstance(each, ast.expr) and not hasattr(each, "lineno"):
                # Only the start: the interpreter takes the last line of a method call from its receiver.
                each.lineno = each.end_lineno = place.lineno
                each.col_offset = each.end_col_offset = place.col_offset
        return new

    def key() -> ast.expr:
        return ast.Tuple([ast.Constant(part) for part in site.key], ast.Load())

    def call(method: str, *given: ast.expr) -> ast.expr:
        name: ast.expr = ast.Name(SWITCH, ast.Load())
        return ast.Call(ast.Attribute(name, method, ast.Load()) if method else name, [key(), *given], [])

    if node.exc is None:
        return ast.copy_location(ast.If(located(call("reraise"), node), [node], []), node)
    node.exc = located(call("error", node.exc), node.exc)
    if node.cause is not None:
        node.cause = located(call("cause", node.cause), node.cause)
    return ast.copy_location(ast.If(located(call(""), node), [node], []), node)
