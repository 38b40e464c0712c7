"""``assert_error``: check the class and the attributes of an error that was already caught."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from flext_pytest.assertions.matching import shown
from flext_pytest.assertions.raises import flext_raises

__all__ = ["assert_error"]

E = TypeVar("E", bound=BaseException)


@overload
def assert_error(error: object, expected: type[E] | tuple[type[E], ...], /, **parts: Any) -> E: ...
@overload
def assert_error(error: object, /, **parts: Any) -> BaseException: ...
def assert_error(
    error: object, expected: type[BaseException] | tuple[type[BaseException], ...] = BaseException, /, **parts: Any
) -> BaseException:
    """Check an error that was already caught, and return it; classes and keywords are those of ``flext_raises``.

    >>> from flext_exceptions import FlextExceptions
    >>> error = FlextExceptions.ValidationError("must not be empty", field="sku")
    >>> assert_error(error, FlextExceptions.ValidationError, code="FLEXT_3001", field="sku").field
    'sku'

    Raises:
        FlextExceptions.TypeError: the class is not an exception class, or an expectation is not possible.
        AssertionError: it is not an error, has another class, or something differs: a line for each.
    """
    __tracebackhide__ = True
    wanted = flext_raises(expected, **parts)
    if not isinstance(error, expected):
        classes = expected if isinstance(expected, tuple) else (expected,)
        names = " or ".join(each.__name__ for each in classes) if expected is not BaseException else "an error"
        raise AssertionError(f"expected {names}, got {shown(error)}")
    if not wanted.matches(error):
        raise AssertionError(wanted.fail_reason)
    return error
