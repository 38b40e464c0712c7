"""FastAPI: routes of applications and routers, with their dependencies and the validation of the request."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.common.model import Application, EntryPoint, ErrorHandler
from flext_analysis.entry_points.common.reading import Made, Reader, argument, expressions_in, keyword, members
from flext_analysis.entry_points.starlette import ASGI_METHODS, asgi_application
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["entry_points"]

FRAMEWORK = "fastapi"
APPS = frozenset(["fastapi.FastAPI", "fastapi.applications.FastAPI"])
ROUTERS = frozenset(["fastapi.APIRouter", "fastapi.routing.APIRouter"])
REQUEST_ERROR = "fastapi.exceptions.RequestValidationError"
# Parameters that the framework fills in without reading the request's own data.
NOT_READ = frozenset("Request Response WebSocket HTTPConnection BackgroundTasks SecurityScopes".split())
MAX_NESTING = 10


def entry_points(reader: Reader) -> Iterator[EntryPoint]:
    """Yield the routes of FastAPI applications, a router's under each prefix with which it is included."""
    if "fastapi" not in reader.imported:
        return
    included = routers(reader)
    applications: dict[tuple[str, int], Application] = {}
    for definition, decorator in reader.decorated:
        if decorator[0] != op.CALL or decorator[1][0] != op.ATTRIBUTE:
            continue
        method = decorator[1][2]
        if method not in (*ASGI_METHODS, "api_route", "websocket"):
            continue
        for made in reader.made(decorator[1][1], definition.parent):
            if not reader.is_a(made, APPS | ROUTERS):
                continue
            path = reader.text(argument(decorator, 0, "path"), definition.parent) or ""
            if method == "api_route":
                names = [text for one in members(keyword(decorator, "methods")) if (text := reader.text(one, None))]
            else:
                names = [method.upper()]
            for prefix, app, more in mounts(made, included, reader):
                if app is not None and app.key not in applications:
                    applications[app.key] = application_of(app, reader)
                application = applications[app.key] if app is not None else Application(FRAMEWORK)
                functions, reads = dependencies(definition, [decorator, *more], reader)
                answers = checks(application) if reads or "{" in path + prefix else ()
                for name in names or ["GET"]:
                    yield EntryPoint(
                        FRAMEWORK, "route", f"{name} {prefix}{path}", functions, application, answers, definition
                    )


def application_of(made: Made, reader: Reader) -> Application:
    """Return what surrounds the routes of an application; the framework answers invalid requests."""
    found = asgi_application(made, reader, FRAMEWORK)
    usual = ErrorHandler((REQUEST_ERROR,), "the framework's validation of the request", (422,))
    return found._replace(handlers=(usual, *found.handlers))


def checks(application: Application) -> tuple[tuple[int, str], ...]:
    """Return the answers to an invalid request: 422, or those of the application's handler."""
    handler = application.handler_for((REQUEST_ERROR, "fastapi.exceptions.ValidationException", "builtins.Exception"))
    statuses = handler.statuses if handler is not None else ()
    return tuple((status, REQUEST_ERROR) for status in statuses or (422,))


Included = dict[tuple[str, int], list[tuple[str, Made, list[Code]]]]


def routers(reader: Reader) -> Included:
    """Return for each router where it is included: the prefix, into what, and the calls that may name dependencies."""
    found: Included = {}
    for site in reader.calls_of("include_router"):
        prefix = reader.text(keyword(site.code, "prefix"), site.where) or ""
        for outer in reader.made(site.code[1][1], site.where):
            for inner in reader.made(argument(site.code, 0, "router"), site.where):
                found.setdefault(inner.key, []).append((prefix, outer, [site.code]))
    return found


def mounts(
    made: Made, included: Included, reader: Reader, depth: int = 0
) -> Iterator[tuple[str, Made | None, list[Code]]]:
    """Yield the prefixes of an object, with the application around it, and the calls in between."""
    if reader.is_a(made, APPS):
        yield "", made, [made.code]
        return
    own = reader.text(keyword(made.code, "prefix"), made.where) or ""
    if made.key not in included or depth > MAX_NESTING:
        yield own, None, [made.code]
        return
    for prefix, outer, calls in included[made.key]:
        for outside, app, more in mounts(outer, included, reader, depth + 1):
            yield outside + prefix + own, app, [made.code, *calls, *more]


def dependencies(view: Definition, calls: list[Code], reader: Reader) -> tuple[tuple[Definition, ...], bool]:
    """Return the view with all functions that it depends on, and whether any of them reads data of the request."""
    found: dict[Definition, None] = {view: None}
    for call in calls:
        for needed in members(keyword(call, "dependencies")):
            found.update(dict.fromkeys(depended(needed, view.parent or view, reader)))
    reads = False
    waiting = list(found)
    while waiting:
        one = waiting.pop()
        for parameter in one.scope.parameters:
            if one.parent is not None and one.parent.scope.kind == "class" and parameter is one.scope.parameters[0]:
                continue
            where = one.parent or one
            parts = [part for part in (parameter.default, parameter.annotation) if part is not None]
            asked = [each for part in parts for each in depended(part, where, reader)]
            injected = is_filled_in(parameter.annotation, where, reader)
            reads = reads or not (asked or injected or parameter.kind in ("rest", "more"))
            for each in asked:
                if each not in found:
                    found[each] = None
                    waiting.append(each)
    return tuple(found), reads


def depended(code: Code, where: Definition, reader: Reader) -> Iterator[Definition]:
    """Yield the functions that ``Depends(...)`` in an expression names; the ``__init__`` of a class."""
    for one in expressions_in(code):
        if one[0] == op.CALL and reader.path(one[1], where).rpartition(".")[2] in ("Depends", "Security"):
            for function in reader.functions(argument(one, 0, "dependency"), where):
                yield from reader.methods(function, ["__init__"]) if function.scope.kind == "class" else [function]
            for made in reader.made(argument(one, 0, "dependency"), where):
                for entity in reader.project.of_path(made.path, made.where.module):
                    if entity.definition is not None:
                        yield from reader.methods(entity.definition, ["__call__"])


def is_filled_in(annotation: Code | None, where: Definition, reader: Reader) -> bool:
    """Return whether a parameter is the request or similar, which is passed without validation."""
    return annotation is not None and reader.path(annotation, where).rpartition(".")[2] in NOT_READ
