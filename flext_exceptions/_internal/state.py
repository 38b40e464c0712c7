"""What an error keeps in its instance dict, and which part of it ``vars(error)`` shows.

Encoders publish ``vars`` of objects that they do not know, as FastAPI does with an error that a validator raised. So it
shows the attributes that the program set, as for a builtin error, but neither the context nor what was given by keyword
and is in the context.
"""

from __future__ import annotations

from .builtin_layout import state_slot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

state_of = state_slot.__get__
"""The instance dict of an error itself."""

_PRIVATE = frozenset(
    (
        "_made",
        "_later",
        "_is_remote",
        "_class_elsewhere",
        "_fields_elsewhere",
        "_members_elsewhere",
        "_trace_elsewhere",
        "context",
        "correlation_id",
    )
)


def is_remote(error: Any) -> bool:
    """Whether an error was read from a document: it happened elsewhere, and is counted and watched there."""
    return bool(state_of(error).get("_is_remote"))


def public_names(error: Any) -> list[str]:
    """The names of the attributes that ``vars(error)`` shows."""
    state = state_of(error)
    context = error.context if "_later" in state else state.get("context")
    given = context if type(context) is dict else ()
    keywords = type(error)._keywords
    return [name for name in tuple(state) if name not in _PRIVATE and not (name in keywords and name in given)]


class PublicAttributes(dict[str, "Any"]):
    """``vars(error)``: a dict of what it shows; writing to it sets attributes of the error."""

    __slots__ = ("_error",)

    def __init__(self, error: Any) -> None:
        state = state_of(error)
        super().__init__((name, state[name]) for name in public_names(error))
        self._error = error

    def __setitem__(self, name: str, value: object) -> None:
        state_of(self._error)[name] = value
        super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        state_of(self._error).pop(name, None)

    def update(self, *others: Any, **values: Any) -> None:
        """Like ``dict``."""
        for name, value in dict(*others, **values).items():
            self[name] = value

    def __ior__(self, other: Any) -> PublicAttributes:  # type: ignore[override, misc]
        self.update(other)
        return self

    def setdefault(self, name: str, default: Any = None) -> Any:
        """Like ``dict``."""
        if name not in self:
            self[name] = default
        return self[name]

    def pop(self, name: str, *default: Any) -> Any:
        """Like ``dict``."""
        state_of(self._error).pop(name, None) if name in self else None
        return super().pop(name, *default)

    def popitem(self) -> tuple[str, Any]:
        """Like ``dict``."""
        name, value = super().popitem()
        state_of(self._error).pop(name, None)
        return name, value

    def clear(self) -> None:
        """Like ``dict``."""
        _drop(self._error, self)
        super().clear()

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        return dict, (dict(self),)


def replace_public(error: Any, values: dict[str, Any]) -> None:
    """Make these the attributes that ``vars(error)`` shows."""
    _drop(error, public_names(error))
    state_of(error).update(values)


def _drop(error: Any, names: Iterable[str]) -> None:
    state = state_of(error)
    for name in tuple(names):
        state.pop(name, None)
