"""What answers errors around entry points, in all frameworks: registered handlers, and our own middlewares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flext_analysis.entry_points.common.answers import OWN, answers_in
from flext_analysis.entry_points.common.http_errors import canonical_error
from flext_analysis.entry_points.common.model import ErrorHandler
from flext_analysis.entry_points.common.reading import Reader, argument, expressions_in
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, statements_of
from flext_analysis.summaries.summary import Code

__all__ = ["PROBLEM_MIDDLEWARES", "asked_classes", "handler_of", "middleware_of", "problem_middleware", "shown"]

PROBLEM_MIDDLEWARES = frozenset(
    ["flext_exceptions.web.asgi.ProblemMiddleware", "flext_exceptions.web.wsgi.ProblemMiddleware"]
)
BASE_ERROR = "flext_exceptions.FlextExceptions.BaseError"


def shown(definition: Definition) -> str:
    """Return a readable name of a function: its file and its qualified name."""
    return f"{definition.module.path}::{definition.scope.qualname}"


def handler_of(
    classes: Code | None, function: Code | Definition | None, where: Definition, reader: Reader
) -> list[ErrorHandler]:
    """Return the handlers that result from registering a function for a class, a tuple of them or a status."""
    functions = [function] if isinstance(function, Definition) else reader.functions(function, where)
    status = reader.number(classes, where)
    paths = tuple(canonical_error(one.path) for one in reader.classes(classes, where)) if status is None else ()
    found = []
    targets: list[Definition | None] = [*functions] or [None]
    for one in targets:
        answers = answers_in(one, reader) if one is not None else {}
        own = OWN in answers or (one is not None and returns_its_error(one))
        statuses = tuple(sorted(answers.keys() - {OWN}))
        name = shown(one) if one is not None else "a handler that is not known"
        found.append(ErrorHandler(paths, name, statuses, own, status or 0, one))
    return [one for one in found if one.classes or one.status]


def returns_its_error(function: Definition) -> bool:
    """Return whether a handler returns the error that it was given, as Flask allows."""
    names = {one.name for one in function.scope.parameters}
    for one in statements_of(function.scope.code):
        if one[0] == op.RETURN and one[1] is not None and one[1][0] == op.NAME and one[1][1] in names:
            return True
    return False


def problem_middleware() -> list[ErrorHandler]:
    """Return how ProblemMiddleware of flext_exceptions answers: a typed error with its status."""
    return [ErrorHandler((BASE_ERROR,), "ProblemMiddleware", (), own=True)]


def middleware_of(code: Code | None, where: Definition, reader: Reader) -> list[ErrorHandler]:
    """Return the handlers of a middleware class in an expression; none if it is not known."""
    if PROBLEM_MIDDLEWARES.intersection(reader.paths(code, where)):
        return problem_middleware()
    found: list[ErrorHandler] = []
    for cls in reader.functions(code, where):
        found += class_handlers(cls, reader)
    return found


def class_handlers(cls: Definition, reader: Reader) -> Iterator[ErrorHandler]:
    """Yield the handlers of a middleware of the project: the clauses around its call of the wrapped application."""
    methods: Iterable[Definition] = [cls] if cls.scope.kind != "class" else reader.methods(cls, METHODS)
    for method in methods:
        answers = answers_in(method, reader)
        if method.scope.name == "process_exception":
            statuses = tuple(sorted(answers.keys() - {OWN}))
            if statuses or OWN in answers:
                classes = asked_classes(method, reader) or ("*",)
                yield ErrorHandler(classes, shown(method), statuses, OWN in answers, 0, method)
        for one in statements_of(method.scope.code):
            if one[0] == op.TRY and any(call_of_next(each) for each in one[1]):
                for classes, _, _, _ in one[2]:
                    paths = tuple(canonical_error(info.path) for info in reader.classes(classes, method)) or ("*",)
                    statuses = tuple(sorted(status for status in answers if status >= 400))
                    if statuses or OWN in answers:
                        yield ErrorHandler(paths, shown(method), statuses, OWN in answers, 0, method)


def asked_classes(function: Definition, reader: Reader) -> tuple[str, ...]:
    """Return the classes that a function tests for with ``isinstance``."""
    found: dict[str, None] = {}
    for statement in function.scope.code:
        for one in expressions_in(statement):
            if one[0] == op.CALL and one[1] == [op.NAME, "isinstance"]:
                found.update((info.path, None) for info in reader.classes(argument(one, 1, ""), function))
    return tuple(found)


def call_of_next(statement: Code) -> bool:
    """Return whether a statement may call the wrapped application: anything but a plain text or number."""
    return statement[0] in (op.EVALUATE, op.ASSIGN, op.RETURN)


METHODS = ("dispatch", "__call__", "process_exception")
