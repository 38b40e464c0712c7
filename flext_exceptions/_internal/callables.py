"""What a decorator needs to know about the function that it wraps."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from .safe_text import repr_of


def is_async(function: Callable[..., object]) -> bool:
    """Whether the function returns an awaitable; also for an object whose ``__call__`` does.

    >>> async def fetch() -> None: ...
    >>> is_async(fetch), is_async(len)
    (True, False)
    """
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)


def function_name(function: Callable[..., object]) -> str:
    """The name of a function, or the repr of a callable without one, such as a ``functools.partial``.

    >>> function_name(len)
    'len'
    """
    return getattr(function, "__name__", None) or repr_of(function)


def takes(function: Callable[..., object], keyword: str) -> bool:
    """Whether the function has a parameter of this name; False for builtins whose signature is unknown.

    >>> takes(lambda size, **rest: None, "size"), takes(lambda size, **rest: None, "rest")
    (True, False)
    """
    try:
        parameter = inspect.signature(function).parameters.get(keyword)
    except (TypeError, ValueError):
        return False
    return parameter is not None and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
