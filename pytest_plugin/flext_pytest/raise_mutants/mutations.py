"""The mutations of an error: which ones are possible, and how each changes it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import ROWS
from flext_pytest.declared_classes import loaded_classes

__all__ = ["MUTATIONS", "kinds_finder", "other_type"]

BaseError = FlextExceptions.BaseError
UNIVERSAL = frozenset([*BaseError.__mro__])  # classes whose handlers catch every type of the catalogue
OTHER = "FLEXT_RAISE_MUTANT"  # a code and a text that nobody expects
TEXTS = ("strerror", "reason", "msg")  # where OSError, UnicodeError, SyntaxError and ImportError keep their text


def kinds_finder(untyped: bool, declared: Iterable[str]) -> Callable[[object], Iterable[str]]:
    """Return a function that lists the possible kinds of mutants of an error; untyped errors have none by default.

    ``cause`` is not among them: whether there is one depends on the statement, not the error.

    Args:
        untyped: whether untyped errors have mutants too.
        declared: the dotted names of classes that the project declares as typed.

    >>> kinds = kinds_finder(False, ())
    >>> list(kinds(FlextExceptions.ValidationError("no", field="sku"))), list(kinds(ValueError("no")))
    (['dropped', 'type', 'code', 'context', 'message'], [])
    """
    names = tuple(declared)

    def kinds_of(error: object) -> Iterable[str]:
        kind = error if isinstance(error, type) else type(error)
        if not issubclass(kind, BaseException):
            return
        ours = issubclass(kind, BaseError)
        if not (ours or untyped or any(issubclass(kind, each) for each in loaded_classes(names))):
            return
        yield "dropped"
        if error is sys.exception():  # raised again: its attributes were set where it was first raised
            return
        if other_type(kind) is not None:
            yield "type"
        if isinstance(error, BaseException):
            if ours:
                yield "code"
            if ours and getattr(error, "context", None):
                yield "context"
            if error.args:
                yield "message"
        elif ours:
            yield "code"

    return kinds_of


def other_type(kind: type[BaseException]) -> type[FlextExceptions.BaseError] | None:
    """Return a type of the catalogue that no handler of a class or of its bases catches.

    None if there is none: ``except Exception`` catches them all.

    >>> other_type(FlextExceptions.ValidationError).__name__, other_type(RuntimeError).__name__, other_type(Exception)
    ('Error', 'ValidationError', None)
    """
    bases = frozenset(kind.__mro__) - UNIVERSAL
    fitting = (row.type for row in ROWS if row.type is not BaseError and bases.isdisjoint(row.type.__mro__))
    return next(fitting, None) if bases else None


def instance(error: Any) -> Any:
    """Return an error; for a class, the one that raising it creates."""
    return error() if isinstance(error, type) else error


def change_type(error: Any) -> tuple[Any, bool]:
    """Return an error of another type with the same content."""
    error = instance(error)
    kind = other_type(type(error))
    if kind is None:
        return error, False
    if not isinstance(error, BaseError):
        return kind(*error.args[:1]), True
    known = {name: vars(error)[name] for name in ("correlation_id", "retryable") if name in vars(error)}
    return kind(*error.args[:1], code=error.code, context=error.context, **known), True


def change_code(error: Any) -> tuple[Any, bool]:
    """Return an error with another code; the same if its class computes the code."""
    error = instance(error)
    if not isinstance(error, BaseError):
        return error, False
    try:
        error.code = OTHER
    except AttributeError:
        return error, False
    return error, error.code == OTHER


def clear_context(error: Any) -> tuple[Any, bool]:
    """Return an error with an empty context and its named fields unset."""
    error = instance(error)
    if not (isinstance(error, BaseError) and error.context):
        return error, False
    names = [name for name in (*error._keywords, *error._native_keywords) if getattr(error, name, None) is not None]
    error.context = {}  # not cleared: the caller may share the dict
    for name in names:
        try:
            delattr(error, name)
        except (AttributeError, TypeError):  # not a field of the error, but a property of its class
            continue
    return error, True


def change_message(error: Any) -> tuple[Any, bool]:
    """Return an error with another text; the same if its class computes the text.

    >>> error = ValueError("no")
    >>> error.message = "no"  # what classes of older code give as their text
    >>> change_message(error)[0].args, error.message
    (('FLEXT_RAISE_MUTANT',), 'no')
    """
    error = instance(error)
    before, args = str(error), error.args
    for name in TEXTS:
        if isinstance(getattr(error, name, None), str):
            setattr(error, name, OTHER)
    if args:
        error.args = (OTHER, *args[1:])
    if str(error) == before and args and isinstance(args[0], str):  # otherwise the text may be an attribute
        for name in [name for name, value in vars(error).items() if value == args[0]]:
            setattr(error, name, OTHER)
    return error, str(error) != before


MUTATIONS: dict[str, Callable[[Any], tuple[Any, bool]]] = {
    "type": change_type,
    "code": change_code,
    "context": clear_context,
    "message": change_message,
}
"""The change for each kind; the switch does ``dropped`` and ``cause``, since they need none."""
