"""Walk the code of a summary: the expressions of a statement, each with those around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, statements_of
from flext_analysis.summaries.summary import Code

__all__ = ["calls_in", "dotted_code", "expressions_of", "last_name", "walk_code"]


def present(*parts: Code | None) -> list[Code]:
    """Return the parts that exist."""
    return [one for one in parts if one is not None]


CHILDREN: dict[int, Callable[[Code], list[Code]]] = {
    op.ATTRIBUTE: lambda code: [code[1]],
    op.CALL: lambda code: [code[1], *code[2], *(one[1] for one in code[3])],
    op.SEQUENCE: lambda code: code[2],
    op.MAPPING: lambda code: [*present(*code[1]), *code[2]],
    op.ITEM: lambda code: [code[1], code[2]],
    op.EITHER: lambda code: [*code[1], *code[2]],
    op.YIELD: lambda code: present(code[1]),
    op.YIELD_FROM: lambda code: [code[1]],
    op.AWAIT: lambda code: [code[1]],
    op.OPERATOR: lambda code: present(code[2], code[3]),
    op.COMPREHENSION: lambda code: [*(part for loop in code[2] for part in loop[:2]), *code[3], *code[4]],
    op.NAMED: lambda code: [code[2]],
    op.NO_ERROR: lambda code: [code[1]],
    op.STARRED: lambda code: [code[1]],
    op.FORMATTED: lambda code: [one[1] for one in code[1]],
    op.COMPARED: lambda code: code[2],
}
OF_STATEMENT: dict[int, Callable[[Code], list[Code]]] = {
    op.EVALUATE: lambda code: [code[1]],
    op.ASSIGN: lambda code: [*code[1], code[2]],
    op.ANNOTATE: lambda code: present(code[1], code[3]),
    op.AUGMENT: lambda code: [code[1], code[3]],
    op.RETURN: lambda code: present(code[1]),
    op.RAISE: lambda code: present(code[1], code[2]),
    op.TRY: lambda code: present(*(handler[0] for handler in code[2])),
    op.WITH: lambda code: present(*(part for item in code[1] for part in item)),
    op.LOOP: lambda code: [code[1], code[2]],
    op.ASSERT: lambda code: present(code[1]),
    op.MATCH: lambda code: [code[1], *code[2], *code[3]],
}


def expressions_of(statement: Code) -> list[Code]:
    """Return the expressions of a statement itself, not those of the statements inside it."""
    reader = OF_STATEMENT.get(statement[0])
    return reader(statement) if reader is not None else []


def walk_code(code: list[Code]) -> Iterator[tuple[Code, Code, tuple[Code, ...]]]:
    """Yield every expression of a block with its statement and the expressions around it, the innermost last.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> code = summarize(b"f(x.y)").scopes[0].code
    >>> [(one[0] == op.NAME and one[1], len(around)) for one, _, around in walk_code(code)]
    [(False, 0), ('f', 1), (False, 1), ('x', 2)]
    """
    for statement in statements_of(code):
        waiting: list[tuple[Code, tuple[Code, ...]]] = [(one, ()) for one in reversed(expressions_of(statement))]
        while waiting:
            one, around = waiting.pop()
            yield one, statement, around
            reader = CHILDREN.get(one[0])
            if reader is not None:
                inside = (*around, one)
                waiting += [(part, inside) for part in reversed(reader(one))]


@cache
def calls_in(definition: Definition) -> tuple[Code, ...]:
    """Return the calls in a scope."""
    return tuple([code for code, _, _ in walk_code(definition.scope.code) if code[0] == op.CALL])


def dotted_code(code: Code) -> str:
    """Return the text of a name or a chain of attributes, "" for any other expression.

    >>> dotted_code([op.ATTRIBUTE, [op.NAME, "a"], "b", 0])
    'a.b'
    """
    parts: list[str] = []
    while code[0] == op.ATTRIBUTE:
        parts.append(code[2])
        code = code[1]
    return ".".join([code[1], *reversed(parts)]) if code[0] == op.NAME else ""


def last_name(code: Any) -> str:
    """Return the last part of a name, an attribute, or a call of one; "" for anything else."""
    if code[0] == op.CALL:
        code = code[1]
    found: str = code[1] if code[0] == op.NAME else code[2] if code[0] == op.ATTRIBUTE else ""
    return found
