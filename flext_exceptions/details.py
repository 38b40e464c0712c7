"""Showing values without secrets, without end, and without ever raising."""

from __future__ import annotations

from _weakref import ref

from . import settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .base import BaseError

REDACTED = "[redacted]"


def text_of(value: object) -> str:
    """``str(value)``, or what can be said of a value that has none."""
    try:
        return str(value)
    except Exception:
        return f"<unprintable {type(value).__name__}>"


def repr_of(value: object) -> str:
    """``repr(value)``, or what can be said of a value that has none."""
    try:
        return repr(value)
    except Exception:
        return f"<unprintable {type(value).__name__}>"


def is_secret(key: object) -> bool:
    """Whether a value under this key is not for showing: a redacted key, or one that ends in it as a word.

    >>> is_secret("apiKey"), is_secret("db-password"), is_secret("token_count")
    (True, True, False)
    """
    if not isinstance(key, str):
        return False
    name = key.lower().replace("-", "_")
    keys = [secret.lower().replace("-", "_") for secret in settings.current.redact_keys]
    return name.replace("_", "") in {secret.replace("_", "") for secret in keys} or name.endswith(
        tuple("_" + secret for secret in keys)
    )


def redacted(value: object, around: tuple[int, ...] = ()) -> object:
    """The value with the secrets replaced at any depth of its dicts, lists and tuples; a cycle ends in "..."."""
    if not isinstance(value, dict | list | tuple):
        return value
    if id(value) in around:
        return "..."
    around = (*around, id(value))
    if isinstance(value, dict):
        return {key: REDACTED if is_secret(key) else redacted(item, around) for key, item in value.items()}
    items = [redacted(item, around) for item in value]
    return items if isinstance(value, list) else tuple(items)


def shown(value: object) -> str:
    """The repr of a value without its secrets."""
    try:
        return repr(redacted(value))
    except Exception:
        return f"<unprintable {type(value).__name__}>"


class Details:
    """A note that shows code, correlation id and context of its error as they are when it is printed."""

    def __init__(self, error: BaseError) -> None:
        self._error = ref(error)  # a strong one would keep every error alive until the next collection

    def __str__(self) -> str:
        error = self._error()
        if error is None:
            return "(the error is gone)"
        text = f"code: {text_of(error.code)}\ncorrelation_id: {text_of(error.correlation_id)}"
        if error.context:
            context, limit = shown(error.context), settings.current.max_error_details
            text += f"\ncontext: {context if len(context) <= limit else context[:limit] + '...'}"
        return text

    __repr__ = __str__

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)
