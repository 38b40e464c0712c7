"""Places that use outside data without checking it: ``request.get_json()["text"]``, ``order["number"]``.

No raise statement shows what such a place raises, but any client can make it raise.
"""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.common.answers import own_expressions
from flext_analysis.entry_points.common.reading import Reader, method_name
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, statements_of
from flext_analysis.summaries.summary import Code

__all__ = ["unchecked_places"]

READS = frozenset(["get_json", "json", "body", "form", "data", "POST", "GET"])  # what returns data of requests
CHECKED = frozenset(["form", "args", "files", "values", "headers", "cookies"])  # Flask answers 400 to a missing key
MAPPINGS = CHECKED | {"GET", "POST", "FILES", "META", "COOKIES", "query_params", "path_params"}
SAFE = frozenset(["get", "getlist", "items", "keys", "values", "to_dict"])
ORDERS = frozenset(["__lt__", "__le__", "__gt__", "__ge__"])
SIZES = frozenset(f"builtins.{name}" for name in "enumerate len list max min set sorted sum tuple".split())
REQUESTS = frozenset(["fastapi.Request", "starlette.requests.Request", "fastapi.requests.Request"])


def builtin(names: str) -> tuple[str, ...]:
    """Return the dotted names of builtin classes."""
    return tuple(f"builtins.{name}" for name in names.split())


# What data of any shape raises if it is used as if it had a certain one.
BY_KEY = builtin("KeyError TypeError")
BY_INDEX = builtin("KeyError IndexError TypeError")
BY_SHAPE = builtin("TypeError")
METHOD = builtin("AttributeError TypeError")
BODY = ("json.decoder.JSONDecodeError", "builtins.UnicodeDecodeError")
NUMBERS = {
    "builtins.int": builtin("ValueError TypeError OverflowError"),
    "builtins.float": builtin("ValueError TypeError OverflowError"),
    "decimal.Decimal": (*builtin("ValueError TypeError"), "decimal.InvalidOperation"),
    "uuid.UUID": builtin("ValueError AttributeError TypeError"),
    "datetime.datetime.fromisoformat": builtin("ValueError TypeError"),
    "datetime.date.fromisoformat": builtin("ValueError TypeError"),
}


def unchecked_places(definition: Definition, reader: Reader) -> dict[int, tuple[str, ...]]:
    """Return the positions in a function where data is assumed to have a shape, and what that raises.

    >>> from flext_analysis.summaries.summarize import summarize
    >>> from flext_analysis.program.hierarchy import Hierarchy
    >>> from flext_analysis.program.project import Project
    >>> text = b"def f(order, table):\\n    return order['y']\\n"
    >>> project = Project.whole([("m.py", "m", summarize(text))])
    >>> reader = Reader(project, Hierarchy(project))
    >>> function = project.by_path["m.py"].definitions[1]
    >>> [(place // 4096, raised) for place, raised in unchecked_places(function, reader).items()]
    [(2, ('builtins.KeyError', 'builtins.TypeError'))]
    """
    read, given = names_from_outside(definition)
    outside = read | given
    found: dict[int, tuple[str, ...]] = {}
    for statement in statements_of(definition.scope.code):
        stored = statement[1] if statement[0] == op.ASSIGN else []
        if statement[0] == op.LOOP and is_outside(statement[2], outside):
            found[statement[4]] = BY_SHAPE
        for one in own_expressions(statement):
            if one[0] == op.ITEM and one not in stored and is_outside(one[1], outside):
                if not is_checked(one[1], definition, reader):
                    found[one[3]] = BY_KEY if one[2][0] == op.CONSTANT and one[2][1] == "str" else BY_INDEX
            elif one[0] == op.CALL:
                found.update((one[4], raised) for raised in call_raises(one, read, definition, reader))
            elif one[0] == op.COMPARED and compares(one, read):
                found[one[3]] = BY_SHAPE
            elif one[0] == op.COMPREHENSION:
                found.update((loop[3], BY_SHAPE) for loop in one[2] if is_outside(loop[1], outside))
    found.pop(0, None)  # anywhere
    return found


def names_from_outside(definition: Definition) -> tuple[set[str], set[str]]:
    """Return the names of a function that hold data of requests, and those that hold its arguments, or parts of them.

    Parts are members of a loop and items. The analysis decides whether an argument comes from a request.
    """
    read = {name for name, bindings in definition.bindings.items() if any(is_read(one.code) for one in bindings)}
    plain = [one.name for one in definition.scope.parameters if one.kind not in ("rest", "more")]
    given = {name for name in plain if name not in ("self", "cls", "request")}
    for names in (read, given):
        for statement in statements_of(definition.scope.code):
            if statement[0] == op.LOOP and is_outside(statement[2], names):
                names.update(target_names(statement[1]))
            elif statement[0] == op.ASSIGN and statement[2][0] == op.ITEM and is_outside(statement[2][1], names):
                names.update(name for target in statement[1] for name in target_names(target))
    return read, given - read


def target_names(target: Code) -> list[str]:
    """Return the names that a target binds."""
    if target[0] == op.SEQUENCE:
        return [name for one in target[2] for name in target_names(one)]
    return [target[1]] if target[0] == op.NAME else []


def compares(code: Code, names: set[str]) -> bool:
    """Return whether a comparison requires data of requests to have a type: an order, or a container."""
    operands = zip(code[1], code[2], code[2][1:], strict=False)
    return any(
        (name in ORDERS and (is_outside(left, names) or is_outside(right, names)))
        or (name == "__contains__" and is_outside(right, names))
        for name, left, right in operands
    )


def call_raises(call: Code, read: set[str], where: Definition, reader: Reader) -> Iterator[tuple[str, ...]]:
    """Yield what a call raises for data of any shape."""
    if call[2] and call[2][0][0] not in (op.CONSTANT, op.COMPARED):
        numbers = NUMBERS.get(reader.path(call[1], where))
        if numbers is not None:
            yield numbers
            return
        if is_outside(call[2][0], read) and reader.path(call[1], where) in SIZES:
            yield BY_SHAPE
            return
    if not method_name(call):
        return
    owner = call[1][1]
    if owner[0] == op.NAME and owner[1] in read:
        yield METHOD
    elif is_mapping_of_request(owner) and method_name(call) in SAFE:
        yield ()  # a mapping, whatever the request
    elif method_name(call) == "json" and any(one.path in REQUESTS for one in reader.made(owner, where)):
        yield BODY


def is_mapping_of_request(code: Code) -> bool:
    """Return whether an expression is one of the frameworks' mappings of a request: ``request.GET``."""
    if code[0] != op.ATTRIBUTE or code[2] not in MAPPINGS:
        return False
    owner: Code = code[1]
    return owner == [op.NAME, "request"] or (owner[0] == op.ATTRIBUTE and owner[2] == "request")


def is_checked(code: Code, where: Definition, reader: Reader) -> bool:
    """Return whether an expression is a field of Flask's request, whose missing keys Flask answers itself."""
    return code[0] == op.ATTRIBUTE and code[2] in CHECKED and reader.path(code[1], where) == "flask.request"


def is_read(code: Code | None) -> bool:
    """Return whether an expression reads data of a request."""
    if code is None:
        return False
    if code[0] == op.AWAIT:
        return is_read(code[1])
    if code[0] == op.CALL:
        return method_name(code) in READS
    return code[0] == op.ATTRIBUTE and code[2] in READS


def is_outside(code: Code, names: set[str]) -> bool:
    """Return whether an expression is data from outside."""
    return is_read(code) or (code[0] == op.NAME and code[1] in names)
