"""Flask: routes of applications and blueprints, class-based views, functions before requests, error handlers."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.common.handlers import PROBLEM_MIDDLEWARES, handler_of, problem_middleware
from flext_analysis.entry_points.common.model import Answer, Application, EntryPoint, ErrorHandler
from flext_analysis.entry_points.common.reading import (
    Made,
    Reader,
    argument,
    expressions_in,
    keyword,
    members,
    method_name,
)
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, statements_of
from flext_analysis.summaries.summary import Code

__all__ = ["entry_points"]

FRAMEWORK = "flask"
APPS = frozenset(["flask.Flask", "flask.app.Flask"])
BLUEPRINTS = frozenset(["flask.Blueprint", "flask.blueprints.Blueprint"])
HTTP_EXCEPTION = "werkzeug.exceptions.HTTPException"
OTHERWISE = Answer((500,), "the framework's own page", handled=False)
METHODS = ("get", "post", "put", "patch", "delete")
HOOKS = frozenset(
    "before_request after_request teardown_request before_app_request after_app_request url_value_preprocessor".split()
)
VERBS = (*METHODS, "head", "options")
# What reads the body of a request, and the answers to an unreadable one (werkzeug.wrappers.Request).
READS = {"get_json": (400, 415), "json": (400, 415)}
KEYED = frozenset(["form", "args", "files", "values", "headers", "cookies"])


Registered = dict[tuple[str, int], list[tuple[str, Made]]]  # of a blueprint: prefixes, and where it is registered


def entry_points(reader: Reader) -> Iterator[EntryPoint]:
    """Yield the routes of Flask applications, a blueprint's under each prefix with which it is registered."""
    if "flask" not in reader.imported:
        return
    registered: Registered = {}
    for site in reader.calls_of("register_blueprint"):
        prefix = reader.text(keyword(site.code, "url_prefix"), site.where) or ""
        for outer in reader.made(site.code[1][1], site.where):
            for inner in reader.made(argument(site.code, 0, "blueprint"), site.where):
                registered.setdefault(inner.key, []).append((prefix, outer))
    applications: dict[tuple[tuple[str, int], ...], tuple[Application, list[Definition]]] = {}
    for made, path, methods, view in views(reader):
        for prefix, chain in mounts(made, registered, reader):
            key = tuple(one.key for one in chain)
            if key not in applications:
                applications[key] = application_of(chain, reader), hooks(chain, reader)
            application, before = applications[key]
            functions = (view, *before)
            answers = tuple({answer for one in functions for answer in body_answers(one, reader)})
            for name in methods:
                yield EntryPoint(FRAMEWORK, "route", f"{name} {prefix}{path}", functions, application, answers, view)


def views(reader: Reader) -> Iterator[tuple[Made, str, list[str], Definition]]:
    """Yield each view: where it is registered, its path and methods, and the function."""
    for definition, decorator in reader.decorated:
        name = method_name(decorator)
        where = definition.parent or definition
        if name == "route" or name in METHODS:
            for made in owners(decorator, where, reader):
                path = reader.text(argument(decorator, 0, "rule"), where) or ""
                yield made, path, verbs(decorator, name, where, reader), definition
    for site in reader.calls_of("add_url_rule"):
        for made in owners(site.code, site.where, reader):
            path = reader.text(argument(site.code, 0, "rule"), site.where) or ""
            view = argument(site.code, 2, "view_func")
            if view is not None and method_name(view) == "as_view":
                for cls in reader.functions(view[1][1], site.where):
                    for verb in VERBS:
                        for each in reader.methods(cls, [verb]):
                            yield made, path, [verb.upper()], each
                    for each in reader.methods(cls, ["dispatch_request"]):
                        yield made, path, verbs(site.code, "", site.where, reader), each
                continue
            for definition in reader.functions(view, site.where):
                yield made, path, verbs(site.code, "", site.where, reader), definition


def owners(call: Code, where: Definition, reader: Reader) -> list[Made]:
    """Return the applications and blueprints that a method is called on."""
    return [made for made in reader.made(call[1][1], where) if reader.is_a(made, APPS | BLUEPRINTS)]


def verbs(call: Code, name: str, where: Definition, reader: Reader) -> list[str]:
    """Return the HTTP methods that a registration names, GET if it names none."""
    if name in METHODS:
        return [name.upper()]
    found = [text for one in members(keyword(call, "methods")) if (text := reader.text(one, where))]
    return [one.upper() for one in found] or ["GET"]


def mounts(
    made: Made, registered: Registered, reader: Reader, depth: int = 0
) -> Iterator[tuple[str, tuple[Made, ...]]]:
    """Yield the prefixes of an object, and what surrounds it: itself first, the application last."""
    own = reader.text(keyword(made.code, "url_prefix"), made.where) or ""
    if reader.is_a(made, APPS) or made.key not in registered or depth > 10:
        yield own, (made,)
        return
    for prefix, outer in registered[made.key]:
        for outside, chain in mounts(outer, registered, reader, depth + 1):
            yield outside + (prefix or own), (made, *chain)


def application_of(chain: tuple[Made, ...], reader: Reader) -> Application:
    """Return the handlers of an application, preceded by those of the blueprints, which are asked first."""
    handlers = [ErrorHandler((HTTP_EXCEPTION,), "the framework, by the error's code", (), own=True)]
    for made in reversed(chain):
        for definition, decorator in reader.decorated:
            name = method_name(decorator)
            where = definition.parent or definition
            if name in ("errorhandler", "app_errorhandler") and is_on(decorator, where, made, chain, reader):
                handlers += handler_of(argument(decorator, 0, ""), definition, where, reader)
        for site in reader.calls_of("register_error_handler"):
            if is_on(site.code, site.where, made, chain, reader):
                classes, function = argument(site.code, 0, "code_or_exception"), argument(site.code, 1, "f")
                handlers += handler_of(classes, function, site.where, reader)
    middlewares = problem_middleware() if is_wrapped(chain[-1], reader) else []
    return Application(FRAMEWORK, tuple(handlers), tuple(middlewares), OTHERWISE)


def is_on(call: Code, where: Definition, made: Made, chain: tuple[Made, ...], reader: Reader) -> bool:
    """Return whether a method is called on an object, including the application as a function's parameter."""
    for one in reader.made(call[1][1], where):
        if one.key == made.key or (one.code[4] < 0 and made is chain[-1] and reader.is_a(one, APPS)):
            return True
        if call[1][2] == "app_errorhandler" and made is chain[-1] and reader.is_a(one, BLUEPRINTS):
            return True
    return False


def is_wrapped(made: Made, reader: Reader) -> bool:
    """Return whether ProblemMiddleware wraps an application: its ``wsgi_app``, or the application itself."""
    for definition in reader.definitions("module", "function"):
        for statement in statements_of(definition.scope.code):
            for call in expressions_in(statement[1:]) if statement[0] in SIMPLE else ():
                if call[0] == op.CALL and PROBLEM_MIDDLEWARES.intersection(reader.paths(call[1], definition)):
                    inner = argument(call, 0, "app")
                    if inner is not None and inner[0] == op.ATTRIBUTE and inner[2] == "wsgi_app":
                        inner = inner[1]
                    if any(one.key == made.key for one in reader.made(inner, definition)):
                        return True
    return False


SIMPLE = frozenset([op.EVALUATE, op.ASSIGN, op.RETURN, op.ANNOTATE])


def hooks(chain: tuple[Made, ...], reader: Reader) -> list[Definition]:
    """Return the functions that run before and after each request."""
    found: dict[Definition, None] = {}
    for definition, decorator in reader.decorated:
        if decorator[0] == op.ATTRIBUTE and decorator[2] in HOOKS:
            owner = reader.made(decorator[1], definition.parent)
            whole = decorator[2] in ("before_app_request", "after_app_request")
            if any(one.key == made.key or whole for one in owner for made in chain):
                found[definition] = None
    for site in reader.calls_of(*HOOKS):
        if any(one.key == made.key for one in reader.made(site.code[1][1], site.where) for made in chain):
            found.update(dict.fromkeys(reader.functions(argument(site.code, 0, "f"), site.where)))
    return list(found)


def body_answers(function: Definition, reader: Reader) -> Iterator[tuple[int, str]]:
    """Yield the answers to a request whose body or fields a function cannot read."""
    for statement in statements_of(function.scope.code):
        for one in expressions_in(statement):
            if one[0] == op.ATTRIBUTE and one[2] in READS and reader.path(one[1], function) == "flask.request":
                for status in READS[one[2]]:
                    yield status, BODY_ERRORS[status]
            elif is_field(one) and reader.path(one[1][1], function) == "flask.request":
                yield 400, "werkzeug.exceptions.BadRequestKeyError"


def is_field(code: Code) -> bool:
    """Return whether an expression reads a field of something: ``x.form["name"]``."""
    return code[0] == op.ITEM and code[1][0] == op.ATTRIBUTE and code[1][2] in KEYED


BODY_ERRORS = {400: "werkzeug.exceptions.BadRequest", 415: "werkzeug.exceptions.UnsupportedMediaType"}
