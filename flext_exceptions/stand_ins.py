"""What an error would be if it were a builtin: for code that reads the class or the repr of what it caught.

A program that reads ``type(error).__name__`` sees another name once its errors are typed. With these two functions it
sees the same before and after.
"""

from __future__ import annotations

from .base import stands_for


def builtin_type(value: object) -> type:
    """The builtin exception that an error of the catalogue replaces; for any other object, its class.

    An error replaces a builtin if its type is the one that the same ``except`` clauses catch: ValidationError for
    ``ValueError``, but not ConfigurationError, which replaces no builtin. A project's own types keep their class.

    >>> from flext_exceptions import FlextExceptions
    >>> builtin_type(FlextExceptions.ValidationError("no")).__name__, builtin_type(KeyError("k")).__name__
    ('ValueError', 'KeyError')
    >>> builtin_type(FlextExceptions.ConfigurationError("no")).__name__, builtin_type(3)
    ('ConfigurationError', <class 'int'>)
    """
    kind = type(value)
    return stands_for.get(kind, kind)


def builtin_repr(value: object) -> str:
    """The repr that the builtin would have, for an error that replaces one; otherwise ``repr(value)``.

    It shows the arguments unchanged: like the ``repr`` of a builtin, and unlike that of an error of ours, it does not
    hide secrets.

    >>> from flext_exceptions import FlextExceptions
    >>> builtin_repr(FlextExceptions.ValidationError("no", field="sku")), builtin_repr([1])
    ("ValueError('no')", '[1]')
    """
    kind = stands_for.get(type(value))
    if kind is None or not isinstance(value, BaseException):
        return repr(value)
    return f"{kind.__name__}({value.args[0]!r})" if len(value.args) == 1 else f"{kind.__name__}{value.args!r}"
