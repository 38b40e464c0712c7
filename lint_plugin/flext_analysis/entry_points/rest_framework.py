"""Django REST framework: class-based views, view sets behind routers, and the function that answers errors."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.common.answers import OWN, answers_in
from flext_analysis.entry_points.common.handlers import asked_classes, shown
from flext_analysis.entry_points.common.model import Application, EntryPoint, ErrorHandler
from flext_analysis.entry_points.common.reading import Reader, argument, keyword, members
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["rest_application", "rest_views", "router_routes"]

FRAMEWORK = "django rest framework"
VIEWS = "rest_framework."
ACTION = "rest_framework.decorators.action"
API_EXCEPTION = "rest_framework.exceptions.APIException"
VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
# Actions of a view set: what a router calls them for, and which of them are for one object.
ACTIONS = {
    "list": ("GET", False),
    "create": ("POST", False),
    "retrieve": ("GET", True),
    "update": ("PUT", True),
    "partial_update": ("PATCH", True),
    "destroy": ("DELETE", True),
}
ALWAYS = (
    "initial dispatch get_queryset get_object get_serializer get_serializer_class perform_create perform_update "
    "perform_destroy perform_authentication check_permissions check_throttles handle_exception"
).split()
ANSWERS = (
    (400, "rest_framework.exceptions.ParseError"),
    (406, "rest_framework.exceptions.NotAcceptable"),
    (415, "rest_framework.exceptions.UnsupportedMediaType"),
)
# What the generic views of the framework answer themselves, by the mixin or view that a class inherits from.
MISSING = (404, "django.http.response.Http404")
INVALID = (400, "rest_framework.exceptions.ValidationError")


def rest_application(around: Application, reader: Reader) -> Application:
    """Return what surrounds the views of REST framework, inside what surrounds those of Django."""
    handlers = list(around.handlers)
    handlers.append(ErrorHandler((API_EXCEPTION,), "REST framework, by the error's status_code", (), own=True))
    for module in reader.project.modules:
        for binding in module.top.bindings.get("REST_FRAMEWORK", ()) if module.top is not None else ():
            code = binding.code
            for key, value in zip(code[1], code[2], strict=True) if code and code[0] == op.MAPPING else ():
                name = reader.text(value, module.top)
                if reader.text(key, module.top) == "EXCEPTION_HANDLER" and name:
                    for entity in reader.project.of_path(name, module):
                        if entity.definition is not None:
                            handlers += own_handler(entity.definition, reader)
    return around._replace(framework=FRAMEWORK, handlers=tuple(handlers))


def own_handler(definition: Definition, reader: Reader) -> Iterator[ErrorHandler]:
    """Yield the project's own exception handler: for each class that it tests for, otherwise for any."""
    answers = answers_in(definition, reader)
    statuses = tuple(sorted(answers.keys() - {OWN}))
    if statuses or OWN in answers:
        yield ErrorHandler(
            asked_classes(definition, reader) or ("*",), shown(definition), statuses, OWN in answers, 0, definition
        )


def rest_views(
    cls: Definition, actions: Code | None, path: str, application: Application, reader: Reader
) -> Iterator[EntryPoint]:
    """Yield the entry points of a class-based view of REST framework; nothing for any other class."""
    lineage = reader.hierarchy.of_definition(cls).lineage
    if not any(one.startswith(VIEWS) for one in lineage):
        return
    around = rest_application(application, reader)
    always = tuple(reader.methods(cls, ALWAYS))
    if actions is not None and actions[0] == op.MAPPING:
        for key, value in zip(actions[1], actions[2], strict=True):
            verb, name = reader.text(key, cls.parent), reader.text(value, cls.parent)
            for each in reader.methods(cls, [name]) if verb and name else ():
                label = f"{(verb or '').upper()} {path}"
                yield EntryPoint(FRAMEWORK, "route", label, (each, *always), around, answers_of(lineage, True), each)
        return
    for verb in VERBS:
        own = reader.methods(cls, [verb])
        if own or verb in generic_verbs(lineage):
            label = f"{verb.upper()} {path}"
            yield EntryPoint(FRAMEWORK, "route", label, (*own, *always), around, answers_of(lineage, True), cls)


def answers_of(lineage: tuple[str, ...], one: bool) -> tuple[tuple[int, str], ...]:
    """Return the answers of the framework to a request of a view of this class."""
    generic = any(path.startswith(("rest_framework.generics.", "rest_framework.viewsets.Model")) for path in lineage)
    generic = generic or any(path.startswith("rest_framework.viewsets.ReadOnly") for path in lineage)
    generic = generic or any(path.startswith("rest_framework.mixins.") for path in lineage)
    return (*ANSWERS, *((MISSING,) if generic and one else ()), *((INVALID,) if generic else ()))


def generic_verbs(lineage: tuple[str, ...]) -> set[str]:
    """Return the HTTP methods that the generic views in a lineage answer.

    >>> sorted(generic_verbs(("shop.Orders", "rest_framework.generics.ListCreateAPIView")))
    ['get', 'post']
    """
    found = set()
    for path in lineage:
        name = path.rpartition(".")[2]
        if path.startswith("rest_framework.generics."):
            for word, verbs in GENERIC_VERBS.items():
                if word in name:
                    found |= verbs
    return found


GENERIC_VERBS = {
    "List": {"get"},
    "Create": {"post"},
    "Retrieve": {"get"},
    "Update": {"put", "patch"},
    "Destroy": {"delete"},
}
SET_ACTIONS = {
    "rest_framework.viewsets.ModelViewSet": frozenset(ACTIONS),
    "rest_framework.viewsets.ReadOnlyModelViewSet": frozenset(["list", "retrieve"]),
    "rest_framework.mixins.ListModelMixin": frozenset(["list"]),
    "rest_framework.mixins.CreateModelMixin": frozenset(["create"]),
    "rest_framework.mixins.RetrieveModelMixin": frozenset(["retrieve"]),
    "rest_framework.mixins.UpdateModelMixin": frozenset(["update", "partial_update"]),
    "rest_framework.mixins.DestroyModelMixin": frozenset(["destroy"]),
}


def router_routes(
    router: Code, where: Definition, prefix: str, application: Application, reader: Reader
) -> Iterator[EntryPoint]:
    """Yield the routes of the view sets that a router knows."""
    keys = {made.key for made in reader.made(router, where)}
    around = rest_application(application, reader)
    for site in reader.calls_of("register"):
        if not keys.intersection(made.key for made in reader.made(site.code[1][1], site.where)):
            continue
        path = f"{prefix}{reader.text(argument(site.code, 0, 'prefix'), site.where) or ''}/"
        for cls in reader.functions(argument(site.code, 1, "viewset"), site.where):
            yield from set_routes(cls, path, around, reader)


def set_routes(cls: Definition, path: str, application: Application, reader: Reader) -> Iterator[EntryPoint]:
    """Yield the routes of a view set: its actions, and those that ``@action`` adds."""
    lineage = reader.hierarchy.of_definition(cls).lineage
    given = {name for one in lineage for name in SET_ACTIONS.get(one, ())}
    always = tuple(reader.methods(cls, ALWAYS))
    for name, (verb, single) in ACTIONS.items():
        own = reader.methods(cls, [name])
        if own or name in given:
            label = f"{verb} {path}{'{pk}/' if single else ''}"
            answers = answers_of(lineage, single)
            yield EntryPoint(FRAMEWORK, "route", label, (*own, *always), application, answers, own[0] if own else cls)
    for definition, decorator in reader.decorated:
        callee = decorator[1] if decorator[0] == op.CALL else decorator
        if definition.parent is not cls or reader.path(callee, cls.parent) != ACTION or callee is decorator:
            continue
        single = keyword(decorator, "detail") == [op.CONSTANT, "bool", True]
        url = reader.text(keyword(decorator, "url_path"), cls) or definition.scope.name
        verbs = [text for one in members(keyword(decorator, "methods")) if (text := reader.text(one, cls))]
        for verb in verbs or ["get"]:
            label = f"{verb.upper()} {path}{'{pk}/' if single else ''}{url}/"
            answers = answers_of(lineage, single)
            yield EntryPoint(FRAMEWORK, "route", label, (definition, *always), application, answers)
