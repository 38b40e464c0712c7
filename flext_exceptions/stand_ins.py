"""What an error would be if it were a builtin: for code that reads the class or the repr of what it caught.

A program that says ``type(error).__name__`` sees another name once its errors are typed. With these two functions it
sees the same before and after.
"""

from __future__ import annotations

from .base import stands_for


def builtin_type(value: object) -> type:
    """The builtin exception that an error of the catalogue stands for; of any other object its class.

    An error stands for a builtin where its type is the one that the same ``except`` clauses catch: ValidationError for
    ``ValueError``, not ConfigurationError, which no builtin is replaced by. A project's own types stand for themselves.

    >>> from flext_exceptions import FlextExceptions
    >>> builtin_type(FlextExceptions.ValidationError("no")).__name__, builtin_type(KeyError("k")).__name__
    ('ValueError', 'KeyError')
    >>> builtin_type(FlextExceptions.ConfigurationError("no")).__name__, builtin_type(3)
    ('ConfigurationError', <class 'int'>)
    """
    kind = type(value)
    return stands_for.get(kind, kind)


def builtin_repr(value: object) -> str:
    """The repr that the builtin would have, of an error that stands for one; else ``repr(value)``.

    It shows the arguments as they are: like ``repr`` of a builtin, and unlike that of an error of ours, it hides no
    secrets.

    >>> from flext_exceptions import FlextExceptions
    >>> builtin_repr(FlextExceptions.ValidationError("no", field="sku")), builtin_repr([1])
    ("ValueError('no')", '[1]')
    """
    kind = stands_for.get(type(value))
    if kind is None or not isinstance(value, BaseException):
        return repr(value)
    return f"{kind.__name__}({value.args[0]!r})" if len(value.args) == 1 else f"{kind.__name__}{value.args!r}"
