"""Reporting an error without failing, whatever it holds and whatever the program's own code does."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from .. import settings
from ..documents.json_values import bounded
from .safe_text import repr_of, text_of
from .usage_warning import warn_about

LEVELS = {"warning": logging.WARNING, "error": logging.ERROR, "critical": logging.CRITICAL}
"""The level of a log entry by the severity of the error."""


def attribute(error: BaseException, name: str) -> object:
    """An attribute of an error; None if it has none or a property of the program fails.

    >>> attribute(ValueError("m"), "code") is None
    True
    """
    try:
        return getattr(error, name, None)
    except Exception:  # noqa: FLX202 (a property that raises must not end the logging)
        return None


def context_of(error: BaseException) -> object:
    """The context of an error without its secrets, as JSON of at most ``max_error_details`` characters.

    >>> from flext_exceptions import FlextExceptions
    >>> context_of(FlextExceptions.Error("m", user="ada", login={"password": "x"}))
    {'user': 'ada', 'login': {'password': '[redacted]'}}
    """
    return bounded(attribute(error, "context"), settings.current.max_error_details)


def add_context(error: BaseException, /, **context: object) -> None:
    """Add to the context of an error the keys that it lacks.

    Its own keys are closer to the cause, and its fields must keep agreeing with its context.

    >>> from flext_exceptions import FlextExceptions
    >>> error = FlextExceptions.ConnectionError("no answer", service="stock")
    >>> add_context(error, service="orders", operation="place")
    >>> error.context
    {'service': 'stock', 'operation': 'place'}
    """
    try:
        for key, value in context.items():
            error.context.setdefault(key, value)  # type: ignore[attr-defined]
    except Exception as failure:
        warn_about(error, f"the context of {type(error).__name__} cannot be changed: {repr_of(failure)}")


def put_over(error: BaseException, /, **context: object) -> None:
    """Set keys in the context of an error; previous values move to a list beside it, nearest to the cause first.

    >>> from flext_exceptions import FlextExceptions
    >>> error = FlextExceptions.ConnectionError("no answer", service="stock")
    >>> put_over(error, service="orders", operation="place")
    >>> error.context
    {'service': 'orders', 'inner_services': ['stock'], 'operation': 'place'}
    """
    try:
        known: dict[str, object] = error.context  # type: ignore[attr-defined]
        for key, value in context.items():
            before = known.get(key)
            change = {key: value}
            if before is not None and before != value:
                inner = known.get(f"inner_{key}s")
                change[f"inner_{key}s"] = [*(inner if isinstance(inner, list) else ()), before]
            known.update(change)
    except Exception as failure:
        warn_about(error, f"the context of {type(error).__name__} cannot be changed: {repr_of(failure)}")


def log(
    logger: logging.Logger,
    level: int,
    message: str,
    extra: Mapping[str, object],
    error: BaseException | None = None,
    *,
    always: bool = False,
) -> None:
    """Log a message, with the traceback of an error where ``enable_stack_traces`` is on, or ``always``.

    Exceptions of filters and handlers become a FlextUsageWarning.
    """
    # Half a character (a lone surrogate) makes a file refuse the whole entry. It is escaped in the message, and the
    # traceback, which would show it again, is left out.
    text = message.encode("utf-8", "backslashreplace").decode()
    shown = error if (always or settings.current.enable_stack_traces) and text == message else None
    try:
        logger.log(level, "%s", text, exc_info=shown, extra=_unclaimed(logger, extra))
    except Exception as failure:
        about = failure if error is None else error
        warn_about(about, f"logging {text!r} failed: {repr_of(failure)}")


def _unclaimed(logger: logging.Logger, extra: Mapping[str, object]) -> Mapping[str, object]:
    """The part of ``extra`` that a record does not have yet: logging refuses to overwrite a record factory's values."""
    if logging.getLogRecordFactory() is logging.LogRecord:
        return extra
    taken = vars(logger.makeRecord(logger.name, logging.NOTSET, "", 0, "", (), None))
    return {name: value for name, value in extra.items() if name not in taken}


def tell(logger: logging.Logger, function: Callable[..., object], *args: object) -> bool:
    """Call a function of the program and return whether it succeeded; a failure is logged and not propagated.

    >>> tell(logging.getLogger("doctest"), [].append, 3)
    True
    """
    try:
        function(*args)
    except Exception as failure:
        text = f"{repr_of(function)} failed: {type(failure).__name__}: {text_of(failure)}"
        log(logger, logging.ERROR, text, {"exception_type": type(failure).__name__}, failure)
        return False
    return True
