"""Raises that nobody else can see: caught in the same ``try``, by a handler that does nothing with the error."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import walk_code
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code
from flext_analysis.syntax.bindings import BUILTIN_ERRORS

__all__ = ["quietly_caught"]

# What runs no other code, which could ask for the error that is being handled.
QUIET_EXPRESSIONS = frozenset([op.NAME, op.CONSTANT, op.SEQUENCE, op.MAPPING, op.LAMBDA, op.NO_ERROR, op.STARRED])
QUIET_STATEMENTS = frozenset([op.EVALUATE, op.ASSIGN, op.ANNOTATE, op.RETURN])


def quietly_caught(definition: Definition) -> Iterator[int]:
    """Yield the places of the raises in a scope that a handler there catches, and nobody else gets to know of.

    >>> from flext_analysis.program.project import Project
    >>> from flext_analysis.summaries.summarize import summarize
    >>> lines = ["def f(x):", "  try:", "    if x: raise ValueError", "    raise KeyError"]
    >>> text = "\\n".join([*lines, "  except ValueError:", "    return 1"])
    >>> project = Project.whole([("a.py", "a", summarize(text.encode()))])
    >>> [op.line_of(place) for each in project.modules for place in quietly_caught(each.definitions[1])]
    [3]
    """
    waiting = list(definition.scope.code)
    while waiting:
        statement = waiting.pop()
        if statement[0] == op.TRY:
            waiting += [*statement[1], *statement[3], *statement[4]]
            waiting += [inner for handler in statement[2] for inner in handler[2]]
            for raised in raised_in(statement[1]):
                if any(catches_quietly(handler, raised[1], definition) for handler in statement[2][:1]):
                    yield raised[4]
        elif statement[0] == op.WITH:
            waiting += statement[2]
        elif statement[0] == op.CHOOSE:
            waiting += [inner for block in statement[1] for inner in block]


def raised_in(body: list[Code]) -> Iterator[Code]:
    """Yield the raises of a block with no ``try`` and no ``with`` in between."""
    for statement in body:
        if statement[0] == op.RAISE and statement[1] is not None:
            yield statement
        elif statement[0] == op.CHOOSE:
            for block in statement[1]:
                yield from raised_in(block)


def catches_quietly(handler: Code, raised: Code, definition: Definition) -> bool:
    """Return whether a handler catches a builtin that is made where it is raised, and does nothing with it."""
    classes, name, body, _ = handler
    made = raised[1] if raised[0] == op.CALL else raised
    error = builtin(made, definition)
    named = [] if classes is None else classes[2] if classes[0] == op.SEQUENCE else [classes]
    caught = [builtin(one, definition) for one in named]
    if name is not None or error is None or None in caught:
        return False
    if classes is not None and not any(one is not None and issubclass(error, one) for one in caught):
        return False
    return all(statement[0] in QUIET_STATEMENTS for statement in body) and all(
        code[0] in QUIET_EXPRESSIONS for code, _, _ in walk_code(body)
    )


def builtin(code: Code, definition: Definition) -> type[BaseException] | None:
    """Return the builtin error that a name stands for, None for any other expression."""
    if code[0] != op.NAME or definition.module.stars:
        return None
    if any(code[1] in one.scope.bound for one in definition.outwards()):
        return None
    return BUILTIN_ERRORS.get(code[1])
