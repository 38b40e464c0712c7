"""The readable name of an error class."""

from __future__ import annotations

__all__ = ["public_name"]


def public_name(kind: type[BaseException]) -> str:
    """Return the name of a class: the public one for the library's and Python's, with its module for any other.

    >>> from flext_exceptions import FlextExceptions
    >>> from json import JSONDecodeError
    >>> public_name(FlextExceptions.ValidationError), public_name(KeyError), public_name(JSONDecodeError)
    ('ValidationError', 'KeyError', 'json.decoder.JSONDecodeError')
    """
    known = kind.__module__ in ("flext_exceptions", "builtins")
    return kind.__name__ if known else f"{kind.__module__}.{kind.__qualname__}"
