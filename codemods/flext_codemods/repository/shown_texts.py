"""Where tests, documents and doctests show a builtin error by name, found in the bytes of a file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flext_analysis.syntax.bindings import BUILTIN_ERRORS
from flext_analysis.syntax.source import Unreadable, read_source
from flext_codemods.project.paths import Location

__all__ = ["TRACEBACK", "ShownText", "shown_in_document", "shown_in_test", "shown_tracebacks"]

# Fixed letters first: the search runs on every file, and a pattern that starts with a name is many times slower.
COLON = re.compile(rb"(?:Error|Exception): ?([^\n]+)")
NAME = re.compile(rb"(?:\bbuiltins\.)?\b(\w+)$")
TRACEBACK = b"Traceback (most recent call last)"
CODE_BEFORE = re.compile(rb"^\s*(?:except|class|case|elif|if|return|raise|def)\b|[{\[(,]\s*$")
QUOTE = re.compile(rb"['\"]")
BARE = re.compile(rb"^[ \t]*(?:builtins\.)?(\w+(?:Error|Exception))[ \t]*\r?$", re.MULTILINE)
REPR = re.compile(rb"(Error|Exception)\(\\?['\"]([^'\"\\\n]+)")
IDENTITY = re.compile(
    rb"(?:\btype\([^()\n]*\)|\.type|\.__class__)\s*(?:is|is not|==|!=|,)\s*(?:builtins\.)?(\w+(?:Error|Exception))\b"
    rb"|(?:typename|__name__)\s*(?:==|!=|,)\s*['\"](\w+(?:Error|Exception))['\"]"
)
UNCOMPARED = frozenset(["assertNotIn", "skip", "skipTest", "skipif", "xfail", "importorskip"])
REACH = 2000  # characters after the head of a traceback that contain its last line


class ShownText(NamedTuple):
    """A place that shows a builtin error by name: in a test, a document, or the docstring of a module.

    ``kind`` is "doctest" (a traceback that is compared), "test" (the name with a text, in a string), "identity" (a test
    that compares a class with it; ``text`` is the line) or "document".
    """

    builtin: str
    text: str
    path: str
    line: int
    kind: str

    @property
    def location(self) -> Location:
        """Its location."""
        return Location(self.path, self.line)


def named_texts(raw: bytes, start: int, end: int) -> Iterator[tuple[str, str, bytes, int]]:
    """Yield (builtin, text, what precedes it on its line, line number) for each ``Builtin: text``."""
    number, counted = 1, 0
    for match in COLON.finditer(raw, start, end):
        line = raw.rfind(b"\n", 0, match.start()) + 1
        name = NAME.search(raw[line : match.start(1)].rstrip(b": "))
        builtin = name[1].decode(errors="replace") if name else ""
        if name and builtin in BUILTIN_ERRORS:
            text = match[1].decode(errors="replace").strip()
            # Counted on from the last: a log has a hundred thousand of them.
            number, counted = number + raw.count(b"\n", counted, line), line
            yield builtin, text, raw[line : line + name.start()], number


def shown_in_document(raw: bytes, path: Path, *, compared: bool = False) -> Iterator[ShownText]:
    """Yield the lines of a document that show ``Builtin: text``, and its doctests' tracebacks once more as such.

    One that is ``compared`` with what a program prints belongs to a test, which shows what begins a line there.
    """
    for builtin, text, before, line in named_texts(raw, 0, len(raw)):
        yield ShownText(builtin, text, str(path), line, "test" if compared and not before.strip() else "document")
    if b">>>" in raw:
        yield from shown_tracebacks(raw, path)


def shown_in_test(raw: bytes, path: Path) -> Iterator[ShownText]:
    """Yield the places of a test that show ``Builtin: text`` or ``Builtin('text')``, or compare a class with it.

    Docstrings, comments and skip reasons are compared with no message, and a text that a test asserts to be absent
    stays absent.
    """
    found = list(texts_in_test(raw, path))
    compared = compared_lines(raw) if any(one.kind == "test" for one in found) else None
    for one in found:
        prose = compared is not None and one.kind == "test" and one.line not in compared
        yield one._replace(kind="document") if prose else one


def compared_lines(raw: bytes) -> set[int] | None:
    """Return the lines of a test with texts that may be compared; None if it cannot be parsed."""
    try:
        tree = read_source(raw).tree
    except Unreadable:
        return None
    found: set[int] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant | ast.JoinedStr):
            found.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        passed_over = uncompared(node)
        waiting += [child for child in ast.iter_child_nodes(node) if child not in passed_over]
    return found


def uncompared(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node whose texts are compared with nothing."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Module():
            doc = ast.get_docstring(node, clean=False)
            prose = [node.body[0]] if doc is not None and TRACEBACK.decode() not in doc else []
            return [*prose, *getattr(node, "decorator_list", ())]
        case ast.Compare(ops=[ast.NotIn()]):
            return [node.left, *node.comparators]
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in UNCOMPARED:
            return [*node.args, *node.keywords]
    return []


def texts_in_test(raw: bytes, path: Path) -> Iterator[ShownText]:
    """Yield the places in the bytes of a test that show ``Builtin: text``, however the text is used."""
    for builtin, text, before, line in named_texts(raw, 0, len(raw)):
        quotes = QUOTE.findall(before)
        if quotes:  # the text ends with the string that contains it
            yield ShownText(builtin, text.partition(quotes[-1].decode())[0], str(path), line, "test")
        elif not CODE_BEFORE.search(before):  # inside a string of several lines
            yield ShownText(builtin, text, str(path), line, "test")
    for match in REPR.finditer(raw):
        start = raw.rfind(b"\n", 0, match.start()) + 1
        name = NAME.search(raw[start : match.end(1)])
        if name and name[1].decode() in BUILTIN_ERRORS and len(QUOTE.findall(raw[start : match.start()])) % 2:
            text = match[2].decode(errors="replace")
            yield ShownText(name[1].decode(), text, str(path), raw.count(b"\n", 0, start) + 1, "test")
    for match in IDENTITY.finditer(raw):
        builtin = (match[1] or match[2]).decode()
        if builtin in BUILTIN_ERRORS:
            text = raw[raw.rfind(b"\n", 0, match.start()) + 1 : match.end()].decode(errors="replace").strip()
            yield ShownText(builtin, text, str(path), raw.count(b"\n", 0, match.start()) + 1, "identity")


def shown_tracebacks(raw: bytes, path: Path) -> Iterator[ShownText]:
    """Yield the last lines of the tracebacks in a module's doctests."""
    position = raw.find(TRACEBACK)
    while position >= 0:
        bare = BARE.search(raw, position, position + REACH)
        named = next(named_texts(raw, position, position + REACH), None)
        if bare and bare[1].decode() in BUILTIN_ERRORS:
            line = raw.count(b"\n", 0, bare.start(1)) + 1
            if named is None or line < named[3]:
                yield ShownText(bare[1].decode(), "", str(path), line, "doctest")
        for builtin, text, before, line in named_texts(raw, position, position + REACH):
            if not before.strip():
                more = "..." if goes_on(raw, line) else ""
                yield ShownText(builtin, f"{text}{more}", str(path), line, "doctest")
                break
        position = raw.find(TRACEBACK, position + 1)


def goes_on(raw: bytes, line: int) -> bool:
    """Return whether the output of a doctest goes on below a line: neither blank, nor an example, nor the end."""
    below = raw.split(b"\n", line + 1)[line : line + 1]
    text = below[0].strip() if below else b""
    return bool(text) and not text.startswith((b">>>", b'"""', b"'''"))
