"""Typed errors as results of Celery tasks: JSON results keep their type, code, context and id.

    app = Celery("shop", broker=..., backend=...)
    install(app)

Celery's own JSON results hold the name of an error's class and its arguments, and calling the class restores the error.
``install`` adds the error's document beside them, so that programs without it still read the result as before.

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
"""The key of the document in a result."""


def install(app: Celery) -> None:
    """Store typed errors completely in the results of an app: in the workers that write them and where they are read.

    Call it when the app is created, before its backend is used. Pickled results are unchanged, since they hold complete
    errors by themselves. Secrets are hidden and texts bounded, as by ``to_dict()``.
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
    """The mixin that :func:`install` adds to a backend; a program's own backend may derive from it instead."""

    def prepare_exception(self, exc: BaseException, serializer: str | None = None) -> Any:
        """The stored form of an error: Celery's own, with the document of a typed one."""
        prepared = super().prepare_exception(exc, serializer)
        if isinstance(prepared, dict) and isinstance(exc, FlextExceptions.BaseError):
            return prepared | {MEMBER: to_dict(exc)}
        return prepared

    def exception_to_python(self, exc: Any) -> BaseException | None:
        """The error of a result; if its document cannot be read, what Celery makes of the rest."""
        document = exc.get(MEMBER) if isinstance(exc, dict) else None
        if isinstance(document, dict):
            try:
                return FlextExceptions.from_dict(document)
            except FlextExceptions.ValidationError:
                exc = {name: value for name, value in exc.items() if name != MEMBER}
        error: BaseException | None = super().exception_to_python(exc)
        return error
