"""Django: the views of URL patterns, functions and classes, through ``include``; middlewares that answer errors."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.common.handlers import middleware_of
from flext_analysis.entry_points.common.http_errors import HTTP_ERRORS
from flext_analysis.entry_points.common.model import Answer, Application, EntryPoint, ErrorHandler
from flext_analysis.entry_points.common.reading import Reader, argument, expressions_in, keyword, members, method_name
from flext_analysis.entry_points.rest_framework import rest_application, rest_views, router_routes
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, Module
from flext_analysis.summaries.summary import Code

__all__ = ["entry_points"]

FRAMEWORK = "django"
PATHS = frozenset(["django.urls.path", "django.urls.re_path", "django.conf.urls.url", "django.urls.conf.path"])
OTHERWISE = Answer((500,), "the framework's own page", handled=False)
VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
DECORATED = {
    "django.views.decorators.http.require_GET": ["GET"],
    "django.views.decorators.http.require_POST": ["POST"],
    "django.views.decorators.http.require_safe": ["GET", "HEAD"],
}
REQUIRE = "django.views.decorators.http.require_http_methods"
ANY = "ANY"


def entry_points(reader: Reader) -> Iterator[EntryPoint]:
    """Yield the routes of Django's URL patterns, from each list that no other includes."""
    if "django" not in reader.imported:
        return
    lists = {module.path: code for module in reader.project.modules if (code := patterns_of(module)) is not None}
    included: set[str] = set()
    for path, code in lists.items():
        for one in expressions_in(code):
            included |= {each.path for each in included_modules(one, reader.project.by_path[path].top, reader)}
    application = application_of(reader)
    for path, code in lists.items():
        if path not in included:
            yield from in_patterns(code, reader.project.by_path[path].top, "/", application, reader, 0)


def patterns_of(module: Module) -> Code | None:
    """Return what a module binds ``urlpatterns`` to; several lists are added."""
    top = module.top
    if top is None or "urlpatterns" not in top.scope.bound:
        return None
    found: list[Code] = []
    for statement in top.scope.code:
        if statement[0] == op.ASSIGN and [op.NAME, "urlpatterns"] in statement[1]:
            found.append(statement[2])
        elif statement[0] in (op.AUGMENT, op.ANNOTATE) and statement[1] == [op.NAME, "urlpatterns"]:
            found += [statement[3]] if statement[3] is not None else []
    return [op.SEQUENCE, "list", [[op.STARRED, one] for one in found]]


def application_of(reader: Reader) -> Application:
    """Return what surrounds all views: the framework's own answers, and the middlewares of the settings."""
    statuses = {path: error.status for path, error in HTTP_ERRORS.items() if path.startswith("django.")}
    handlers = tuple(ErrorHandler((path,), "the framework", (status,)) for path, status in statuses.items())
    middlewares: list[ErrorHandler] = []
    for module in reader.project.modules:
        for binding in module.top.bindings.get("MIDDLEWARE", ()) if module.top is not None else ():
            for one in members(binding.code):
                name = reader.text(one, module.top)
                for entity in reader.project.of_path(name, module) if name else ():
                    if entity.definition is not None and entity.definition.parent is not None:
                        named: Code = [op.NAME, entity.definition.scope.name]
                        middlewares += middleware_of(named, entity.definition.parent, reader)
    return Application(FRAMEWORK, handlers, tuple(middlewares), OTHERWISE)


def included_modules(call: Code, where: Definition | None, reader: Reader) -> Iterator[Module]:
    """Yield the modules that ``include("shop.urls")`` names."""
    if call[0] != op.CALL or where is None or not reader.path(call[1], where).endswith(".include"):
        return
    for one in (argument(call, 0, "arg"), *members(argument(call, 0, "arg"))):
        name = reader.text(one, where)
        module = reader.project.find_module(name, where.module) if name else None
        if module is not None:
            yield module
        yield from (each.module for each in reader.entities(one, where) if each.module is not None)


def in_patterns(
    code: Code | None, where: Definition | None, prefix: str, application: Application, reader: Reader, depth: int
) -> Iterator[EntryPoint]:
    """Yield the routes of a list of patterns."""
    if depth > 20 or where is None:
        return
    for one in flat(code, where, reader):
        if one[0] == op.ATTRIBUTE and one[2] == "urls":
            yield from router_routes(one[1], where, prefix, application, reader)
        if one[0] != op.CALL or reader.path(one[1], where) not in PATHS:
            continue
        path = prefix + (reader.text(argument(one, 0, "route"), where) or "").lstrip("^")
        view = argument(one, 1, "view")
        if view is None:
            continue
        for module in included_modules(view, where, reader):
            yield from in_patterns(patterns_of(module), module.top, path, application, reader, depth + 1)
        if view[0] == op.CALL and reader.path(view[1], where).endswith(".include"):
            inner = argument(view, 0, "arg")
            parts = members(inner)
            listed = parts[0] if parts and inner is not None and inner[1] == "tuple" else inner
            yield from in_patterns(listed, where, path, application, reader, depth + 1)
            if listed is not None and listed[0] == op.ATTRIBUTE and listed[2] == "urls":
                yield from router_routes(listed[1], where, path, application, reader)
            continue
        yield from routes(path, view, where, application, reader)


def flat(code: Code | None, where: Definition, reader: Reader) -> list[Code]:
    """Return the members of a list of patterns, through names and additions."""
    if code is None:
        return []
    if code[0] == op.NAME:
        return [each for one in reader.entities(code, where) if one.code is not None for each in members(one.code)]
    if code[0] == op.OPERATOR:
        return flat(code[2], where, reader) + flat(code[3], where, reader)
    if code[0] == op.ATTRIBUTE:
        return [code]
    found: list[Code] = []
    for one in code[2] if code[0] == op.SEQUENCE else ():
        found += flat(one[1], where, reader) if one[0] == op.STARRED else [one]
    return found


def routes(path: str, view: Code, where: Definition, application: Application, reader: Reader) -> Iterator[EntryPoint]:
    """Yield the entry points of one pattern: one function, or each method of a class."""
    if method_name(view) == "as_view":
        for cls in reader.functions(view[1][1], where):
            rest = list(
                rest_views(cls, keyword(view, "actions") or argument(view, 0, "actions"), path, application, reader)
            )
            if rest:
                yield from rest
                continue
            always = tuple(reader.methods(cls, ["setup", "dispatch", "http_method_not_allowed"]))
            generic = tuple(reader.methods(cls, GENERIC))
            for verb in VERBS:
                own = reader.methods(cls, [verb])
                if own:
                    yield EntryPoint(
                        FRAMEWORK, "route", f"{verb.upper()} {path}", (*own, *always, *generic), application
                    )
        return
    while view[0] == op.CALL:  # csrf_exempt(view)
        inner = argument(view, 0, "view_func")
        if inner is None:
            return
        view = inner
    for definition in reader.functions(view, where):
        if definition.scope.kind == "class":
            continue
        methods, drf = declared_methods(definition, reader)
        around = rest_application(application, reader) if drf else application
        framework = "django rest framework" if drf else FRAMEWORK
        for name in methods:
            yield EntryPoint(framework, "route", f"{name} {path}", (definition,), around, rest_answers(drf))


def rest_answers(drf: bool) -> tuple[tuple[int, str], ...]:
    """Return the answers of REST framework to a request that it cannot read."""
    return REST_ANSWERS if drf else ()


def declared_methods(definition: Definition, reader: Reader) -> tuple[list[str], bool]:
    """Return the methods that the decorators of a view allow, and whether it is one of REST framework."""
    where = definition.parent
    for decorator in definition.scope.decorators:
        callee = decorator[1] if decorator[0] == op.CALL else decorator
        path = reader.path(callee, where)
        if path in DECORATED:
            return DECORATED[path], False
        if path in (REQUIRE, "rest_framework.decorators.api_view"):
            given = members(argument(decorator, 0, "http_method_names")) if decorator[0] == op.CALL else []
            names = [text for one in given if (text := reader.text(one, where))]
            return names or ["GET"], path != REQUIRE
    return [ANY], False


GENERIC = ("get_queryset", "get_object", "get_context_data", "form_valid", "form_invalid", "test_func")
REST_ANSWERS = (
    (400, "rest_framework.exceptions.ParseError"),
    (406, "rest_framework.exceptions.NotAcceptable"),
    (415, "rest_framework.exceptions.UnsupportedMediaType"),
)
