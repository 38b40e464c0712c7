"""What a decorator wants to know of the function that it is given."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from .safe_text import repr_of


def is_async(function: Callable[..., object]) -> bool:
    """Whether what the function returns is to be awaited; also of an object whose ``__call__`` is such a function.

    >>> async def fetch() -> None: ...
    >>> is_async(fetch), is_async(len)
    (True, False)
    """
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)


def function_name(function: Callable[..., object]) -> str:
    """The name of a function, or the repr of what is called and has none, such as a ``functools.partial``.

    >>> function_name(len)
    'len'
    """
    return getattr(function, "__name__", None) or repr_of(function)


def takes(function: Callable[..., object], keyword: str) -> bool:
    """Whether the function names this keyword among its own parameters; of some builtins nobody knows: False.

    >>> takes(lambda size, **rest: None, "size"), takes(lambda size, **rest: None, "rest")
    (True, False)
    """
    try:
        parameter = inspect.signature(function).parameters.get(keyword)
    except (TypeError, ValueError):
        return False
    return parameter is not None and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
