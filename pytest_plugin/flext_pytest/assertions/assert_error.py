"""``assert_error``: check the class and the parts of an error in hand."""

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
    """Check an error in hand, and return it; classes and parts are those of ``flext_raises``.

    >>> from flext_exceptions import FlextExceptions
    >>> error = FlextExceptions.ValidationError("must not be empty", field="sku")
    >>> assert_error(error, FlextExceptions.ValidationError, code="FLEXT_3001", field="sku").field
    'sku'

    Raises:
        FlextExceptions.TypeError: the class is none of an error, or a part is expected in a way that cannot be.
        AssertionError: it is no error, one of another class, or a part differs: a line for each.
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
