"""Typed errors as results of Celery tasks: with JSON results their type, code, context and id come through.

    app = Celery("shop", broker=..., backend=...)
    install(app)

Celery's own JSON results hold the name of an error's class and its arguments, and are made an error again by calling
the class. ``install`` adds the error's document beside them, so that programs without it read the result as ever.

>>> from celery import Celery
>>> app = Celery("shop", backend="cache+memory://", set_as_current=False)
>>> install(app)
>>> error = FlextExceptions.NotFoundError("no such order", resource_id="7", correlation_id="req-1")
>>> result = app.backend.prepare_exception(error)
>>> result["exc_type"], result["exc_message"]
('FlextExceptions.NotFoundError', ('no such order',))
>>> back = app.backend.exception_to_python(result)
>>> back, back.context, back.correlation_id
(NotFoundError('no such order', resource_id='7'), {'resource_id': '7'}, 'req-1')
"""

from __future__ import annotations

from typing import Any

from flext_exceptions import FlextExceptions

from ..documents.to_dict import to_dict

try:
    from celery import Celery
    from celery.backends.base import Backend
except ModuleNotFoundError as missing:
    raise FlextExceptions.ModuleNotFoundError(
        f"{missing.name} is missing: pip install 'flext-exceptions[celery]'", name=missing.name
    ) from None

MEMBER = "flext_exceptions"
"""Where the document stands in a result."""


def install(app: Celery) -> None:
    """Let the results of an app hold typed errors whole: in the workers that write them and where they are read.

    Call it when the app is made, before its backend is used. It changes nothing about results that are pickled, which
    hold errors whole by themselves. Secrets are hidden and texts bounded, as by ``to_dict()``.
    """
    build = app._get_backend

    def get_backend() -> Backend:
        backend = build()
        own = type(backend)
        if not issubclass(own, TypedResults):
            backend.__class__ = type(own.__name__, (TypedResults, own), {"__module__": own.__module__})
        return backend

    app._get_backend = get_backend


class TypedResults(Backend):  # type: ignore[misc]
    """What :func:`install` adds to a backend; a backend of the program's own may derive from it instead."""

    def prepare_exception(self, exc: BaseException, serializer: str | None = None) -> Any:
        """What is stored of an error: Celery's own, with the document of a typed one."""
        prepared = super().prepare_exception(exc, serializer)
        if isinstance(prepared, dict) and isinstance(exc, FlextExceptions.BaseError):
            return prepared | {MEMBER: to_dict(exc)}
        return prepared

    def exception_to_python(self, exc: Any) -> BaseException | None:
        """The error of a result; of one whose document cannot be read, what Celery makes of the rest."""
        document = exc.get(MEMBER) if isinstance(exc, dict) else None
        if isinstance(document, dict):
            try:
                return FlextExceptions.from_dict(document)
            except FlextExceptions.ValidationError:
                exc = {name: value for name, value in exc.items() if name != MEMBER}
        error: BaseException | None = super().exception_to_python(exc)
        return error
