"""All that is known of one file, without its tree: its scopes, and what the code in each does with values and errors.

A summary depends on the bytes of the file alone, so it is kept by their digest and travels between processes. Code is
kept as nested lists, which JSON gives back as they are. The first item of each says what it is: an expression or a
statement, by the numbers below. Positions are one number: line times 4096, plus the column (UTF-8 bytes, at most 4095).
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from flext_exceptions import FlextExceptions

__all__ = [
    "FORMAT",
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

FORMAT = 2  # of the data below; a summary of another format is not read

Code = list[Any]  # [operation, operand, ...]; see the table of each operation

# Expressions.
NAME = 0  # name
ATTRIBUTE = 1  # object, name, position
CALL = 2  # function, arguments, [[keyword or None, value], ...], position
CONSTANT = 3  # name of its type, its value where that is a text (cut) or a number, else None
LAMBDA = 4  # number of its scope
SEQUENCE = 5  # "tuple", "list" or "set"; members
MAPPING = 6  # keys (None for ``**``), values, position
ITEM = 7  # object, index, position
EITHER = 8  # values one of which it is, expressions that are only evaluated
YIELD = 9  # value or None, position
YIELD_FROM = 10  # value, position
AWAIT = 11  # value, position
OPERATOR = 12  # special method, left, right or None, position
COMPREHENSION = 13  # "list", "set", "dict" or "generator"; [[target, iterable, is asynchronous, position]]; values
NAMED = 14  # target name, value
STARRED = 15  # value
FORMATTED = 16  # [[conversion ("", "r", "s", "a"), value], ...], position, the text in front
COMPARED = 17  # [operator, ...], operands, position

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


class Scope(NamedTuple):
    """A module, class, function or lambda: its names and its code.

    ``kind`` is "module", "class", "function" or "lambda"; ``name`` and ``qualname`` are the interpreter's own
    (``load.<locals>.retry``); ``parent`` is the number of the scope around it, -1 for the module. ``flags`` holds
    "async", "generator" and what else the kind alone does not say. ``bound`` are the names that its code binds,
    without those that ``outer`` says belong to another scope ("global" or "nonlocal").
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
    code: list[Code]


class FileSummary(NamedTuple):
    """What is known of one file. ``scopes[0]`` is the module; ``exports`` is ``__all__``, None where there is none.

    ``problem`` says why a file could not be read: it has no scopes then.
    """

    scopes: tuple[Scope, ...]
    exports: tuple[str, ...] | None
    lines: int
    problem: str = ""


def dump_summary(summary: FileSummary) -> str:
    """Return a summary as JSON."""
    return json.dumps([FORMAT, summary], separators=(",", ":"))


def load_summary(text: str) -> FileSummary:
    """Return the summary that dump_summary wrote.

    Raises:
        ValueError: the text is something else, or of another format.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> summary = summarize(b"def f(x):\\n    raise ValueError(x)\\n")
    >>> load_summary(dump_summary(summary)) == summary
    True
    """
    loaded = json.loads(text)
    if not isinstance(loaded, list) or len(loaded) != 2 or loaded[0] != FORMAT:
        raise FlextExceptions.ValidationError("no summary of this format", field="format")
    scopes, exports, lines, problem = loaded[1]
    return FileSummary(tuple(map(load_scope, scopes)), None if exports is None else tuple(exports), lines, problem)


def load_scope(data: list[Any]) -> Scope:
    """Return a scope as it was before it became JSON."""
    scope = Scope(*data)
    return scope._replace(
        flags=tuple(scope.flags),
        parameters=tuple(Parameter(*one) for one in scope.parameters),
        decorators=tuple(scope.decorators),
        bases=tuple(scope.bases),
        keywords=tuple((name, value) for name, value in scope.keywords),
        bound=tuple(scope.bound),
    )
