"""Everything known about one file, without its tree: its scopes, and what their code does with values and errors.

A summary depends on the bytes of the file alone, so it is stored by their digest and sent between processes. Code is
nested lists, which JSON preserves. The first item of each is its kind: an expression or a statement, by the numbers
below. Positions are one number: line times 4096, plus the column (UTF-8 bytes, at most 4095).
"""

from __future__ import annotations

import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from flext_exceptions import FlextExceptions

__all__ = [
    "FORMAT",
    "Body",
    "Code",
    "FileSummary",
    "Parameter",
    "Scope",
    "column_of",
    "dump_summary",
    "line_of",
    "load_summary",
    "position",
]

FORMAT = 8  # of the data below; a summary of another format is not read

Code = list[Any]  # [operation, operand, ...]; see the table of each operation

# Expressions.
NAME = 0  # name; the classes of which it holds instances, where a test said so: see narrowing
ATTRIBUTE = 1  # object, name, position
CALL = 2  # function, arguments, [[keyword or None, value], ...], position
CONSTANT = 3  # name of its type, its value if that is a text (cut) or a number, else None
LAMBDA = 4  # number of its scope
SEQUENCE = 5  # "tuple", "list" or "set"; members
MAPPING = 6  # keys (None for ``**``), values, position
ITEM = 7  # object, index, position
EITHER = 8  # the values that it may be, expressions that are only evaluated
YIELD = 9  # value or None, position
YIELD_FROM = 10  # value, position
AWAIT = 11  # value, position
OPERATOR = 12  # special method, left, right or None, position
COMPREHENSION = 13  # "list", "set", "dict" or "generator"; [[target, iterable, is asynchronous, position]]; values
NAMED = 14  # target name, value
STARRED = 15  # value
FORMATTED = 16  # [[conversion ("", "r", "s", "a"), value], ...], position, the text in front
COMPARED = 17  # [operator, ...], operands, position
NO_ERROR = 18  # value, which is not an error here: see narrowing

# Statements.
EVALUATE = 30  # expression
ASSIGN = 31  # targets, value
ANNOTATE = 32  # target, annotation, value or None
AUGMENT = 33  # target, special method, value, position
RETURN = 34  # value or None
RAISE = 35  # error or None, cause or None, has "from", position
TRY = 36  # body, [[classes or None, name or None, body, position], ...], orelse, finalbody, is ``try*``, position
WITH = 37  # [[manager, target or None], ...], body, is asynchronous, position
LOOP = 38  # target, iterable, is asynchronous, position; the body follows in the same block
IMPORT = 39  # [[local name, module, name or None, level], ...]; name "*" for a star; for type checkers only
DEFINE = 40  # number of the scope of a function or class
CHOOSE = 41  # [block, ...]: of which one runs; only where that matters, at the level of modules and classes
ASSERT = 42  # expression
MATCH = 43  # subject, classes that its patterns name, values that they name and attributes of it, position; then flat

LINE = 4096


def position(line: int, column: int) -> int:
    """Return a line and a column as one number.

    >>> position(3, 8)
    12296
    """
    return line * LINE + min(column, LINE - 1)


def line_of(place: int) -> int:
    """Return the line of a position.

    >>> line_of(position(3, 8))
    3
    """
    return place // LINE


def column_of(place: int) -> int:
    """Return the column of a position, from 0."""
    return place % LINE


class Parameter(NamedTuple):
    """A parameter of a function.

    ``kind`` is "only" (positional-only), "plain", "keyword" (keyword-only), "rest" (``*args``) or "more"
    (``**kwargs``).
    """

    name: str
    kind: str
    annotation: Code | None
    default: Code | None


class Body:
    """The code of a scope. A stored one stays JSON until it is needed: that is most of the cost of loading.

    >>> Body('[[34,[0,"x"]]]').code, Body([[34, [0, "x"]]]).as_json()
    ([[34, [0, 'x']]], '[[34,[0,"x"]]]')
    """

    __slots__ = ("_code", "_text")

    def __init__(self, code: list[Code] | str) -> None:
        self._text = code if isinstance(code, str) else ""
        self._code = None if isinstance(code, str) else code

    @property
    def code(self) -> list[Code]:
        """The statements."""
        if self._code is None:
            code: list[Code]
            try:
                code = json.loads(self._text)
            except RecursionError:  # it is deep, and so is the stack here; that of a new thread is empty
                with ThreadPoolExecutor(1) as thread:
                    code = thread.submit(json.loads, self._text).result()
            self._code = code
        return self._code

    def mentions(self, name: str) -> bool:
        """Return whether a name stands anywhere in the code; that is seen without reading it.

        >>> Body('[[34,[0,"x"]]]').mentions("x"), Body([[34, [0, "x"]]]).mentions("y")
        (True, False)
        """
        return json.dumps(name) in self.as_json()

    def as_json(self) -> str:
        """Return the statements as JSON, on one line."""
        return self._text or json.dumps(self._code, separators=(",", ":"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Body) and self.code == other.code

    def __hash__(self) -> int:
        raise TypeError("code is a list")

    def __repr__(self) -> str:
        return f"Body({self.code!r})"


class Scope(NamedTuple):
    """A module, class, function or lambda: its names and its code.

    ``kind`` is "module", "class", "function" or "lambda"; ``name`` and ``qualname`` are the interpreter's own
    (``load.<locals>.retry``); ``parent`` is the number of the scope around it, -1 for the module. ``flags`` holds
    "async", "generator" and what else the kind alone does not say. ``bound`` are the names that its code binds,
    without those that ``outer`` says belong to another scope ("global" or "nonlocal"). ``docstring`` is that of a
    function where it may name errors, else "", None where there is none.
    """

    kind: str
    name: str
    qualname: str
    parent: int
    place: int
    end: int
    flags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    returns: Code | None
    decorators: tuple[Code, ...]
    bases: tuple[Code, ...]
    keywords: tuple[tuple[str | None, Code], ...]
    bound: tuple[str, ...]
    outer: dict[str, str]
    docstring: str | None
    body: Body

    @property
    def code(self) -> list[Code]:
        """The statements of the scope."""
        return self.body.code


class FileSummary(NamedTuple):
    """What is known about one file. ``scopes[0]`` is the module; ``exports`` is ``__all__``, None if there is none.

    ``problem`` says why a file could not be read; then it has no scopes.
    """

    scopes: tuple[Scope, ...]
    exports: tuple[str, ...] | None
    lines: int
    problem: str = ""


def dump_summary(summary: FileSummary) -> str:
    """Return a summary as text: a checksum, a line of JSON without the code, and one for the code of each scope."""
    head = [FORMAT, [scope[:-1] for scope in summary.scopes], *summary[1:]]
    text = "\n".join([json.dumps(head, separators=(",", ":")), *(scope.body.as_json() for scope in summary.scopes)])
    return f"{zlib.crc32(text.encode()):08x}{text}"


def load_summary(text: str) -> FileSummary:
    """Return the summary that dump_summary wrote.

    Raises:
        ValueError: the text is something else, or of another format.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> summary = summarize(b"def f(x):\\n    raise ValueError(x)\\n")
    >>> load_summary(dump_summary(summary)) == summary
    True
    """
    checksum, text = text[:8], text[8:]
    if checksum != f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}":
        raise FlextExceptions.ValidationError("no summary, or one that is damaged", field="checksum")
    head, *bodies = text.split("\n")
    number, scopes, exports, lines, problem = json.loads(head)
    if number != FORMAT:
        raise FlextExceptions.ValidationError("no summary of this format", field="format")
    loaded = tuple([load_scope(one, body) for one, body in zip(scopes, bodies, strict=True)])
    return FileSummary(loaded, None if exports is None else tuple(exports), lines, problem)


def load_scope(data: list[Any], body: str) -> Scope:
    """Return a scope as it was before it became JSON."""
    kind, name, qualname, parent, place, end, flags, parameters, returns, decorators, bases, keywords, bound = data[:-2]
    outer, docstring = data[-2:]
    return Scope(
        kind,
        name,
        qualname,
        parent,
        place,
        end,
        tuple(flags),
        tuple([Parameter(*one) for one in parameters]),
        returns,
        tuple(decorators),
        tuple(bases),
        tuple([(name, value) for name, value in keywords]),
        tuple(bound),
        outer,
        docstring,
        Body(body),
    )
