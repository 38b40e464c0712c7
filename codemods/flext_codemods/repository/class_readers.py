"""Handlers that read the class of what comes out of a function that they call, by themselves or through a helper.

``except ValueError as err: rows.append(type(err).__name__)`` tells a typed error from the builtin that it stands for,
and so does ``describe(err)`` where that reads ``err.__class__``. One call deep, by the names of functions.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from flext_analysis.bindings import BUILTIN_ERRORS, dotted
from flext_analysis.raise_sites import classes_in
from flext_analysis.statements import FunctionNode, expressions, run_here, statements
from flext_codemods.project.paths import Location

__all__ = [
    "ClassReadingHandler",
    "handed_names",
    "may_watch",
    "readers_by_name",
    "readers_in",
    "reading_names",
    "watching_in",
]

# Fixed letters first: these run over every file. Not self.__class__, and not type(x)(...), which builds another.
CLASS = re.compile(rb"\.__class__\b")
NAME = re.compile(rb"(\w+)$")
TYPE = re.compile(rb"type\(\s*(\w+)\s*\)")
COMPARED = re.compile(rb"\s*(?:\.__name__|\.__qualname__|is\b|==|!=|in\b)")
CAUGHT_AS = re.compile(rb"as\s+(\w+)\s*:")
CALLED = re.compile(rb"(?<!def )\b(\w+)\s*\(")
FUNCTION = re.compile(rb"^([ \t]*)(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)
SIGNATURE_END = re.compile(rb"\)[^()\n#,]*:[ \t]*(?:#[^\n]*)?\r?\n")
INSIDE = re.compile(rb"[\w.]")
REACH = 300  # bytes between the name of a function and the last of what it is given


class ClassReadingHandler(NamedTuple):
    """A handler that reads, or hands on, what it caught.

    ``calls`` are the last names of what its ``try`` calls; ``caught`` the builtins that it names, () for any error;
    ``handed`` the names of the functions that are given the error; ``reads`` says that it reads the class itself.
    """

    calls: tuple[str, ...]
    caught: tuple[str, ...]
    handed: tuple[str, ...]
    reads: bool
    line: int
    path: str = ""

    @property
    def location(self) -> Location:
        """Where it stands."""
        return Location(self.path, self.line)


class ClassRead(NamedTuple):
    """Where a file asks something by a name for its class, and whether it does no more than that: ``type(x)`` alone."""

    at: int
    name: bytes
    alone: bool


def class_reads(raw: bytes) -> list[ClassRead]:
    """Return where the bytes of a file ask something else than ``self`` for its class; nothing if it is never read."""
    found = []
    for match in CLASS.finditer(raw):
        name = NAME.search(raw, max(0, match.start() - 80), match.start())
        if name:
            found.append(ClassRead(match.start(), name[1], False))
    for match in TYPE.finditer(raw):
        found.append(ClassRead(match.start(), match[1], COMPARED.match(raw, match.end()) is None))
    found = [one for one in found if one.name not in (b"self", b"cls")]
    return [] if all(one.alone for one in found) else found


def reading_names(raw: bytes) -> tuple[str, ...]:
    """Return the names of the functions in a file that may read the class of what they are given, by its bytes.

    >>> reading_names(b"def f(err):\\n    return type(err).__name__\\n\\ndef g(n):\\n    return type(err) is n\\n")
    ('f',)
    """
    reads = class_reads(raw)
    if not reads:
        return ()
    found: set[bytes] = set()
    functions = [(match.start(), len(match[1].expandtabs()), match[2]) for match in FUNCTION.finditer(raw)]
    for one in reads:
        deeper = sys.maxsize
        for start, indent, name in reversed(functions):
            if start < one.at and indent < deeper:
                deeper = indent
                end = SIGNATURE_END.search(raw, start)
                if re.search(rb"\b%b\b" % one.name, raw[start : end.end() if end else one.at]):
                    found.add(name)
    return tuple(sorted(name.decode(errors="replace") for name in found))


def caught_names(raw: bytes) -> set[bytes]:
    """Return the names that the clauses of a file bind, and others after an ``as``."""
    return set(CAUGHT_AS.findall(raw)) if b"except" in raw else set()


def may_watch(raw: bytes) -> bool:
    """Say whether a handler in a file may read the class of what it caught, by its bytes."""
    caught = caught_names(raw)
    return bool(caught) and any(one.name in caught for one in class_reads(raw))


def handed_names(raw: bytes) -> tuple[str, ...]:
    """Return the names of the functions that a handler may give what it caught, and of others around.

    >>> handed_names(b"except ValueError as err:\\n    log(describe(err))\\n    done()")
    ('describe', 'log')
    """
    found: set[bytes] = set()
    for name in caught_names(raw):
        for match in re.finditer(rb"%b\s*[,)#]" % name, raw):
            if not INSIDE.match(raw, match.start() - 1):
                found.update(CALLED.findall(raw, max(0, match.start() - REACH), match.end()))
    return tuple(sorted(name.decode(errors="replace") for name in found))


def readers_in(tree: ast.Module, names: Collection[str]) -> Iterator[str]:
    """Yield those of some names under which functions read the class of one of their parameters.

    >>> list(readers_in(ast.parse("def describe(err): return f'{err.__class__.__name__}: {err}'"), ["describe"]))
    ['describe']
    """
    for node, _ in statements(tree):
        if isinstance(node, FunctionNode) and node.name in names:
            given = {each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
            if reads_class_of(given - {"self", "cls"}, node.body):
                yield node.name


def watching_in(tree: ast.Module, readers: Collection[str] = ()) -> Iterator[ClassReadingHandler]:
    """Yield the handlers that read the class of what they caught, or hand it to one of some functions."""
    tries = (node for node, _ in statements(tree) if isinstance(node, ast.Try | ast.TryStar))
    for node in tries:
        for handler in node.handlers:
            reads = reads_class_of({handler.name or ""}, handler.body)
            handed = sorted(handed_to(handler) & set(readers))
            if reads or handed:
                yield ClassReadingHandler(
                    tuple(sorted(called_in(node.body))), caught_by(handler), tuple(handed), reads, handler.lineno
                )


def reads_class_of(names: set[str], body: list[ast.stmt]) -> bool:
    """Say whether statements read the class of something by one of these names, other than to build another of it."""
    nodes = [inner for part in body for inner in ast.walk(part)]
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    for node in nodes:
        match node:
            case ast.Attribute(attr="__class__", value=ast.Name(id=name)) if id(node) not in called:
                if name in names:
                    return True
            case ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=name)]) if id(node) not in called:
                if name in names:
                    return True
    return False


def handed_to(handler: ast.ExceptHandler) -> set[str]:
    """Return the last names of the functions that are given what a handler caught."""
    calls = (inner for part in handler.body for inner in ast.walk(part) if isinstance(inner, ast.Call))
    named = handler.name or ""
    return {last_part(call.func) for call in calls if any(dotted(given) == named for given in call.args)}


def called_in(body: list[ast.stmt]) -> set[str]:
    """Return the last names of what statements call while they run."""
    nodes = (inner for part in run_here(body) for inner in expressions(part))
    return {last_part(inner.func) for inner in nodes if isinstance(inner, ast.Call)} - {""}


def caught_by(handler: ast.ExceptHandler) -> tuple[str, ...]:
    """Return the builtin errors that a clause names; () where it may catch any, or others."""
    names = [last_part(one) for one in classes_in(handler.type)]
    known = [BUILTIN_ERRORS[name].__name__ for name in names if name in BUILTIN_ERRORS]
    return tuple(sorted(set(known))) if len(known) == len(names) else ()


def last_part(node: ast.expr) -> str:
    """Return the attribute or the name that an expression is, whatever stands before its last dot; "" for others."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def readers_by_name(
    found: Iterable[ClassReadingHandler], readers: Collection[str]
) -> dict[str, tuple[ClassReadingHandler, ...]]:
    """Return for the name of each function whose errors have their class read the handlers that do it."""
    by_name: dict[str, list[ClassReadingHandler]] = {}
    for one in found:
        if one.reads or not set(readers).isdisjoint(one.handed):
            for name in one.calls:
                by_name.setdefault(name, []).append(one._replace(calls=()))
    return {name: tuple(each) for name, each in by_name.items()}
