"""The stable codes of errors, and the record of which class of a project owns which code."""

from __future__ import annotations

from _weakref import ref

from .usage import warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .base import BaseError


class ErrorCodes:
    """The codes by name. FLEXT_1xxx is business, 2xxx technical, 3xxx validation, 4xxx security.

    >>> ErrorCodes.VALIDATION_ERROR
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


_owners: dict[str, dict[str, ref[type[BaseError]]]] = {}


def claim(cls: type[BaseError]) -> None:
    """Note that a project's class declares its code; warn when a class of another name has it already."""
    owners = _owners.setdefault(cls.code, {})
    # The same qualified name is the same class defined again: a reload, a notebook cell, dataclass(slots=True).
    others = [name for name, earlier in list(owners.items()) if name != cls.__qualname__ and earlier() is not None]
    owners[cls.__qualname__] = ref(cls)
    if others:
        warn(f"{cls.__qualname__} has the code {cls.code!r} of {', '.join(others)}")


def clashes() -> list[tuple[str, tuple[type[BaseError], ...]]]:
    """Codes that two or more living classes of a project declare, each with these classes."""
    owned = (
        (code, tuple(cls for cls in [owner() for owner in list(owners.values())] if cls is not None))
        for code, owners in list(_owners.items())
    )
    return [(code, classes) for code, classes in owned if len(classes) > 1]
