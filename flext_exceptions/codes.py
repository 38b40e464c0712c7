"""The stable codes of errors, and the record of which class of a project owns which code."""

from __future__ import annotations

from _weakref import ref

from ._internal.usage_warning import warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ErrorCodes:
    """The codes by name. FLEXT_1xxx is business, 2xxx technical, 3xxx validation, 4xxx security.

    >>> from flext_exceptions import FlextExceptions
    >>> FlextExceptions.ErrorCodes.VALIDATION_ERROR
    'FLEXT_3001'
    """

    GENERIC_ERROR = "FLEXT_0001"
    VALIDATION_ERROR = "FLEXT_3001"
    CONFIGURATION_ERROR = "FLEXT_2003"
    CONNECTION_ERROR = "FLEXT_2001"
    AUTHENTICATION_ERROR = "AUTHENTICATION_ERROR"
    PERMISSION_ERROR = "PERMISSION_ERROR"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    TIMEOUT_ERROR = "FLEXT_2002"
    PROCESSING_ERROR = "PROCESSING_ERROR"
    CRITICAL_ERROR = "CRITICAL_ERROR"
    OPERATION_ERROR = "OPERATION_ERROR"
    TYPE_ERROR = "TYPE_ERROR"
    UNWRAP_ERROR = "UNWRAP_ERROR"
    BUSINESS_ERROR = "BUSINESS_RULE_ERROR"
    INFRASTRUCTURE_ERROR = "FLEXT_2005"


_owners: dict[str, list[ref[type[Any]]]] = {}


def claim(cls: type[Any]) -> None:
    """Record that a project's class declares its code; warn if a class of another name already has it."""
    others = [other for other in _living(cls.code) if not _is_again(cls, other)]
    _owners[cls.code] = [ref(owner) for owner in (*others, cls)]
    if others:
        names = ", ".join(other.__qualname__ for other in others)
        warn(f"{cls.__qualname__} declares the code {cls.code!r} of {names}")


def clashes() -> list[tuple[str, tuple[type[Any], ...]]]:
    """Codes that two or more living classes of a project declare, each with these classes."""
    owned = [(code, tuple(_living(code))) for code in list(_owners)]
    return [(code, classes) for code, classes in owned if len(classes) > 1]


def _living(code: str) -> list[type[Any]]:
    return [cls for cls in [owner() for owner in _owners.get(code, ())] if cls is not None]


def _is_again(cls: type[Any], other: type[Any]) -> bool:
    """Whether cls is other defined again: by a reload, in a notebook cell, in a function called twice.

    ``dataclass(slots=True)`` creates its second class under the bare name and sets the qualified one afterwards.
    """
    name = cls.__qualname__
    return name == other.__qualname__ or (name == other.__name__ and cls.__module__ == other.__module__)
