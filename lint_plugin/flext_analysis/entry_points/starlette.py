"""Starlette: routes in lists and by decorators, class-based endpoints, exception handlers, middlewares."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.common.handlers import handler_of, middleware_of
from flext_analysis.entry_points.common.model import Answer, Application, EntryPoint, ErrorHandler
from flext_analysis.entry_points.common.reading import CallSite, Made, Reader, argument, keyword, members, method_name
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["ASGI_METHODS", "asgi_application", "entry_points"]

FRAMEWORK = "starlette"
APPS = frozenset(["starlette.applications.Starlette"])
ASGI_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
OTHERWISE = Answer((500,), "the server's own page", handled=False)
HTTP_EXCEPTION = "starlette.exceptions.HTTPException"


def entry_points(reader: Reader) -> Iterator[EntryPoint]:
    """Yield the routes of Starlette applications."""
    if "starlette" not in reader.imported:
        return
    seen: set[int] = set()
    for call in reader.calls:
        for made in made_by(call, reader):
            if made.path in APPS and id(made.code) not in seen:
                seen.add(id(made.code))
                application = asgi_application(made, reader, FRAMEWORK)
                routes = argument(made.code, 1, "routes")
                yield from in_list(routes, made.where, "", application, reader)
                yield from added(made, application, reader)


def made_by(call: CallSite, reader: Reader) -> list[Made]:
    """Return the objects that a call creates itself."""
    return [Made(path, call.code, call.where) for path in reader.paths(call.code[1], call.where)]


def asgi_application(made: Made, reader: Reader, framework: str) -> Application:
    """Return what surrounds the routes of a Starlette or FastAPI application."""
    call, where = made.code, made.where
    handlers = [ErrorHandler((HTTP_EXCEPTION,), "the framework, by the error's status_code", (), own=True)]
    middlewares: list[ErrorHandler] = []
    table = keyword(call, "exception_handlers")
    for mapping in [table] if table is not None else []:
        value = mapping if mapping[0] == op.MAPPING else first_value(mapping, where, reader)
        if value is not None and value[0] == op.MAPPING:
            for key, function in zip(value[1], value[2], strict=True):
                handlers += handler_of(key, function, where, reader)
    for one in listed(keyword(call, "middleware"), where, reader):
        if one[0] == op.CALL:
            middlewares += middleware_of(argument(one, 0, "cls"), where, reader)
    for site in reader.calls_of("add_exception_handler", "add_middleware"):
        if is_on(site.code, site.where, made, reader):
            if site.code[1][2] == "add_exception_handler":
                classes, function = (
                    argument(site.code, 0, "exc_class_or_status_code"),
                    argument(site.code, 1, "handler"),
                )
                handlers += handler_of(classes, function, site.where, reader)
            else:
                middlewares += middleware_of(argument(site.code, 0, "middleware_class"), site.where, reader)
    for definition, decorator in reader.decorated:
        name, around = method_name(decorator), definition.parent or definition
        if name in ("exception_handler", "middleware") and is_on(decorator, around, made, reader):
            if name == "exception_handler":
                handlers += handler_of(argument(decorator, 0, ""), definition, around, reader)
            else:
                middlewares += middleware_of([op.NAME, definition.scope.name], around, reader)
    return Application(framework, tuple(handlers), tuple(middlewares), OTHERWISE)


def first_value(code: Code, where: Definition, reader: Reader) -> Code | None:
    """Return the display that a name refers to."""
    found = [one.code for one in reader.entities(code, where) if one.kind == "value"]
    return found[0] if len(found) == 1 else None


def listed(code: Code | None, where: Definition, reader: Reader) -> list[Code]:
    """Return the members of a list: under a name, of ``a + b``, of ``[*a, b]``."""
    if code is None:
        return []
    if code[0] == op.SEQUENCE:
        parts = (listed(one[1], where, reader) if one[0] == op.STARRED else [one] for one in code[2])
        return [each for part in parts for each in part]
    if code[0] == op.OPERATOR:
        return listed(code[2], where, reader) + listed(code[3], where, reader)
    inner = first_value(code, where, reader)
    return listed(inner, where, reader) if inner is not None and inner is not code else []


def is_on(call: Code, where: Definition | None, made: Made, reader: Reader) -> bool:
    """Return whether a method is called on an object, or on a parameter of its class."""
    for one in reader.made(call[1][1], where):
        if one.key == made.key or (one.code[4] < 0 and one.path == made.path):
            return True
    return False


def in_list(
    code: Code | None, where: Definition, prefix: str, application: Application, reader: Reader
) -> Iterator[EntryPoint]:
    """Yield the routes of a list of ``Route`` and ``Mount``."""
    for one in listed(code, where, reader):
        if one[0] != op.CALL:
            continue
        kind = reader.path(one[1], where).rpartition(".")[2]
        path = reader.text(argument(one, 0, "path"), where) or ""
        if kind in ("Route", "WebSocketRoute"):
            methods = [text for each in members(keyword(one, "methods")) if (text := reader.text(each, where))]
            yield from route(one, prefix + path, argument(one, 1, "endpoint"), methods, where, application, reader)
        elif kind == "Mount":
            routes = keyword(one, "routes")
            yield from in_list(routes, where, prefix + path.rstrip("/"), application, reader)
            for made in reader.made(argument(one, 1, "app"), where):
                if made.path in APPS:
                    inner = asgi_application(made, reader, FRAMEWORK)
                    routes = argument(made.code, 1, "routes")
                    yield from in_list(routes, made.where, prefix + path.rstrip("/"), inner, reader)


def route(
    call: Code,
    path: str,
    endpoint: Code | None,
    methods: list[str],
    where: Definition,
    application: Application,
    reader: Reader,
) -> Iterator[EntryPoint]:
    """Yield the entry points of one route: one per method."""
    for definition in reader.functions(endpoint, where):
        if definition.scope.kind != "class":
            for method in methods or ["GET"]:
                yield EntryPoint(FRAMEWORK, "route", f"{method} {path}", (definition,), application)
            continue
        for name in ASGI_METHODS:
            for each in reader.methods(definition, [name]):
                yield EntryPoint(FRAMEWORK, "route", f"{name.upper()} {path}", (each,), application)


def added(made: Made, application: Application, reader: Reader) -> Iterator[EntryPoint]:
    """Yield the routes that are added to an application by calls and decorators."""
    for site in reader.calls_of("add_route"):
        if is_on(site.code, site.where, made, reader):
            path = reader.text(argument(site.code, 0, "path"), site.where) or ""
            methods = [
                text for each in members(argument(site.code, 2, "methods")) if (text := reader.text(each, site.where))
            ]
            yield from route(site.code, path, argument(site.code, 1, "route"), methods, site.where, application, reader)
    for definition, decorator in reader.decorated:
        if method_name(decorator) == "route" and is_on(decorator, definition.parent, made, reader):
            path = reader.text(argument(decorator, 0, "path"), definition.parent) or ""
            methods = [text for each in members(keyword(decorator, "methods")) if (text := reader.text(each, None))]
            for method in methods or ["GET"]:
                yield EntryPoint(FRAMEWORK, "route", f"{method} {path}", (definition,), application)
