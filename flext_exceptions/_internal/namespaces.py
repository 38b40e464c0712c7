"""Namespaces: direct subclasses of the root that hold a project's types and are not types themselves."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FACTS = (
    "code", "error_code", "title", "category", "http_status", "grpc_status", "severity", "retryable", "retry_after",
    "__init__", "__new__",
)  # fmt: skip
_FOUNDATION = Exception.__mro__


def check(cls: type[Exception], root: Any) -> None:
    """Refuse a namespace that looks as if an error type was meant; raises TypeError."""
    facts = [name for name in _FACTS if name in vars(cls)]
    fields = [
        name
        for name, annotation in cls.__annotations__.items()
        if not name.startswith("_") and not any(word in str(annotation) for word in ("ClassVar", "TypeAlias"))
    ]
    foreign = [
        base.__name__
        for base in cls.__mro__
        if issubclass(base, BaseException) and not issubclass(base, root) and base not in _FOUNDATION
    ]
    if facts or fields or foreign:
        raise root.TypeError(
            f"{cls.__qualname__} is a namespace and cannot have {', '.join(facts + fields + foreign)}: "
            "an error type derives from FlextExceptions.BaseError or a type below it",
            namespace=cls.__qualname__,
        )
