"""Places where data from outside is used as if it were known: ``request.get_json()["text"]``, ``order["number"]``.

No raise statement says what such a place raises, but every stranger can make it raise: what it answers is not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.common.answers import own_expressions
from flext_analysis.entry_points.common.reading import Reader, method_name
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["unchecked_places"]

READS = frozenset(
    ["get_json", "json", "body", "form", "data", "POST", "GET", "json_body"]
)  # what gives data of requests
NUMBERS = frozenset(
    ["builtins.int", "builtins.float", "decimal.Decimal", "uuid.UUID", "datetime.datetime.fromisoformat"]
)


def unchecked_places(definition: Definition, reader: Reader) -> list[int]:
    """Return the positions in a function, outside of ``try``, where data that it is given is taken to have a shape.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> from flext_analysis.program.hierarchy import Hierarchy
    >>> from flext_analysis.program.project import Project
    >>> text = b"def f(order, table):\\n    try: order['x']\\n    except KeyError: pass\\n    return order['y']\\n"
    >>> project = Project.whole([("m.py", "m", summarize(text))])
    >>> reader = Reader(project, Hierarchy(project))
    >>> [place // 4096 for place in unchecked_places(project.by_path["m.py"].definitions[1], reader)]
    [4]
    """
    given = {one.name for one in definition.scope.parameters if one.name not in ("self", "cls", "request")}
    read = {name for name, bindings in definition.bindings.items() if any(is_read(one.code) for one in bindings)}
    found = []
    for statement in unprotected(definition.scope.code):
        stored = statement[1] if statement[0] == op.ASSIGN else []
        for one in own_expressions(statement):
            if one[0] == op.ITEM and one not in stored and is_outside(one[1], given | read):
                found.append(one[3])
            elif (method_name(one) and one[1][1][0] == op.NAME and one[1][1][1] in read) or (
                one[0] == op.CALL
                and one[2]
                and one[2][0][0] != op.CONSTANT
                and reader.path(one[1], definition) in NUMBERS
            ):
                found.append(one[4])
    return [place for place in found if place]


def unprotected(code: list[Code]) -> Iterator[Code]:
    """Yield the statements of a block that no ``except`` clause of the function stands around."""
    for one in code:
        if one[0] == op.TRY:
            inside = [] if one[2] else one[1]
            handlers = [each for handler in one[2] for each in handler[2]]
            yield from unprotected([*inside, *handlers, *one[3], *one[4]])
            continue
        yield one
        if one[0] == op.WITH:
            yield from unprotected(one[2])
        elif one[0] == op.CHOOSE:
            yield from unprotected([each for block in one[1] for each in block])


def is_read(code: Code | None) -> bool:
    """Say whether an expression reads data of a request."""
    if code is None:
        return False
    if code[0] == op.AWAIT:
        return is_read(code[1])
    if code[0] == op.CALL:
        return method_name(code) in READS
    return code[0] == op.ATTRIBUTE and code[2] in READS


def is_outside(code: Code, names: set[str]) -> bool:
    """Say whether an expression is data from outside."""
    return is_read(code) or (code[0] == op.NAME and code[1] in names)
