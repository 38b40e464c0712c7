"""Which HTTP statuses the code of a function answers with, and which status an error has."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.common.http_errors import HTTP_ERRORS, canonical_error
from flext_analysis.entry_points.common.reading import Reader, argument, expressions_in
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, statements_of
from flext_analysis.summaries.summary import Code

__all__ = ["OWN", "answers_in", "class_status", "raised_statuses"]

OWN = -1  # the status in the error itself
EXITS = frozenset(["builtins.SystemExit", "typer.Exit", "click.exceptions.Exit"])  # whose status is an exit status
STATUS_NAMES = ("status_code", "status", "http_status")
OWN_NAMES = frozenset(["http_status", "status_code", "code", "get_response", "to_problem", "problem_response"])
# Responses and functions that answer with a status of their own, or raise an error with one.
RESPONSES = {
    "django.http.HttpResponseBadRequest": 400,
    "django.http.HttpResponseForbidden": 403,
    "django.http.HttpResponseNotFound": 404,
    "django.http.HttpResponseNotAllowed": 405,
    "django.http.HttpResponseGone": 410,
    "django.http.HttpResponseServerError": 500,
    "django.shortcuts.get_object_or_404": 404,
    "django.shortcuts.get_list_or_404": 404,
    "rest_framework.generics.get_object_or_404": 404,
}
ABORTS = frozenset(["flask.abort", "werkzeug.exceptions.abort", "werkzeug.exceptions.Aborter", "quart.abort"])
# suffixes of functions that take the status as their second argument
SECOND = ("Response", "make_response", "HTTPException")


def answers_in(definition: Definition, reader: Reader) -> dict[int, int]:
    """Return the statuses that the code of a function answers with, each with the line's position; OWN among them."""
    found: dict[int, int] = {}
    place = definition.scope.place
    for statement in statements_of(definition.scope.code):
        if statement[0] == op.RETURN and statement[1] is not None:
            for status in returned_statuses(statement[1], definition, reader):
                found.setdefault(status, place)
        elif statement[0] == op.ASSIGN:
            for target in statement[1] or ():
                if target[0] == op.ATTRIBUTE and target[2] in STATUS_NAMES:
                    found.update((status, target[3]) for status in status_values(statement[2], definition, reader))
        for one in own_expressions(statement):
            if statement[0] == op.RAISE and one is statement[1]:
                continue  # an error, whose status is that of its raise
            if one[0] == op.CALL:
                for status in call_statuses(one, definition, reader):
                    found.setdefault(status, one[4])
            elif one[0] == op.ATTRIBUTE and one[2] in ("get_response", "to_problem"):
                found.setdefault(OWN, one[3])
    return found


def own_expressions(statement: Code) -> Iterator[Code]:
    """Yield the expressions of a statement, except those of nested blocks, which are statements of their own."""
    kind = statement[0]
    if kind == op.TRY:
        parts = [handler[0] for handler in statement[2]]
    elif kind == op.WITH:
        parts = list(statement[1])
    elif kind in (op.CHOOSE, op.DEFINE, op.IMPORT):
        parts = []
    else:
        parts = statement[1:]
    for one in parts:
        yield from expressions_in(one)


def returned_statuses(code: Code, where: Definition, reader: Reader) -> Iterator[int]:
    """Yield the statuses of ``return body, 409``."""
    if code[0] == op.EITHER:
        for one in code[1]:
            yield from returned_statuses(one, where, reader)
    elif code[0] == op.SEQUENCE and code[1] == "tuple" and len(code[2]) > 1:
        yield from status_values(code[2][1], where, reader)


def call_statuses(call: Code, where: Definition, reader: Reader) -> Iterator[int]:
    """Yield the statuses that a call answers with: ``JSONResponse(..., status_code=409)``, ``abort(404)``."""
    path = reader.path(call[1], where) if call[1][0] in (op.NAME, op.ATTRIBUTE) else ""
    if call[1][0] == op.ATTRIBUTE and call[1][2] == "__init__":
        return  # of an error, or a response, that is answered where it is raised or returned
    if path in RESPONSES:
        yield RESPONSES[path]
        return
    if path in ABORTS:
        yield from status_values(argument(call, 0, "status"), where, reader)
        return
    if path == "flext_exceptions.web.responses.problem_response":
        yield OWN
        return
    given = [value for key, value in call[3] if key in STATUS_NAMES]
    if not given and path.endswith(SECOND) and canonical_error(path) not in HTTP_ERRORS and len(call[2]) > 1:
        given = [call[2][1]]
    if path in RAISED_ONLY or canonical_error(path) in HTTP_ERRORS:
        return  # an error, whose status is that of its raise
    for one in given:
        yield from status_values(one, where, reader)


RAISED_ONLY = frozenset(["fastapi.HTTPException", "starlette.exceptions.HTTPException"])


def status_values(code: Code | None, where: Definition, reader: Reader) -> Iterator[int]:
    """Yield the statuses that an expression may be; OWN for an attribute of an error."""
    if code is None:
        return
    if code[0] == op.EITHER:
        for one in code[1]:
            yield from status_values(one, where, reader)
        return
    status = reader.number(code, where)
    if status is not None:
        if 100 <= status <= 599:
            yield status
    elif code[0] == op.ATTRIBUTE and code[2] in OWN_NAMES:
        yield OWN


def raised_statuses(raised: Code | None, where: Definition, reader: Reader) -> list[int | None]:
    """Return the statuses that a raise gives its error: ``raise HTTPException(status_code=409)``, ``http_status=409``.

    None is an unknown one, 0 that of its class.
    """
    found: dict[int | None, None] = {}
    for call in raised_calls(raised, where):
        code = status_argument(call, where, reader)
        found.update(dict.fromkeys([0] if code is None else numbers(code, where, reader)))
    return list(found) or [0]


def raised_calls(raised: Code | None, where: Definition) -> list[Code]:
    """Return the calls that construct what is raised: directly, or under a local name."""
    if raised is not None and raised[0] == op.NAME:
        made = [one.code for one in where.bindings.get(raised[1], ()) if one.kind == "assign"]
    else:
        made = [raised]
    return [one for one in made if one is not None and one[0] == op.CALL]


def status_argument(call: Code, where: Definition, reader: Reader) -> Code | None:
    """Return the argument of an error's call that gives its status, None if there is none."""
    for name in STATUS_NAMES:
        code = argument(call, -1, name)
        if code is not None:
            return code
    path = reader.path(call[1], where)
    if path in EXITS:
        return argument(call, 0, "code")
    error = HTTP_ERRORS.get(canonical_error(path))
    return argument(call, error.argument, "") if error is not None and error.argument >= 0 else None


def numbers(code: Code, where: Definition, reader: Reader) -> list[int | None]:
    """Return the numbers that an expression may be, including None for an unknown one; ``None`` is 0."""
    if code[0] == op.EITHER:
        return [each for one in code[1] for each in numbers(one, where, reader)]
    if code[0] == op.CONSTANT and code[1] == "NoneType":
        return [0]
    whole = reader.number(code, where)
    if whole is not None:
        return [whole]
    found = [reader.entity_constant(one) for one in reader.entities(code, where)] if code[0] == op.NAME else []
    known = [one for one in found if isinstance(one, int) and not isinstance(one, bool)]
    return [*known] if known and len(known) == len(found) else [None]


def class_status(lineage: tuple[Definition | str, ...], reader: Reader) -> int | None:
    """Return the status that a class gives its errors: an attribute of its body, or what its ``__init__`` passes up.

    Only whole numbers in the range of a status count: ``code`` is a text in many classes.
    """
    for one in lineage:
        if isinstance(one, Definition):
            for name in (*STATUS_NAMES, "code"):
                for binding in one.bindings.get(name, ()):
                    status = reader.number(binding.code, one) if binding.kind == "assign" else None
                    if status is not None and 100 <= status <= 599:
                        return status
            status = handed_up(one, reader)
            if status is not None:
                return status
        elif canonical_error(one) in HTTP_ERRORS:
            return HTTP_ERRORS[canonical_error(one)].status or None
    return None


def handed_up(cls: Definition, reader: Reader) -> int | None:
    """Return the status that the ``__init__`` of a class passes to ``super().__init__(...)``."""
    for init in reader.methods(cls, ["__init__"]):
        for statement in statements_of(init.scope.code):
            for call in own_expressions(statement):
                if call[0] == op.CALL and call[1][0] == op.ATTRIBUTE and call[1][2] == "__init__":
                    for code in (*(argument(call, -1, name) for name in STATUS_NAMES), argument(call, 0, "")):
                        status = reader.number(code, init)
                        if status is not None and 100 <= status <= 599:
                            return status
    return None
