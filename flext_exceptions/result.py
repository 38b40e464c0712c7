"""FlextResult: a value, or the text and code of why there is none."""

from __future__ import annotations

from ._internal.safe_text import text_of
from .codes import ErrorCodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Generic, TypeVar

    T = TypeVar("T", covariant=True)
    V = TypeVar("V")
else:
    T = None

    class Generic:
        """``FlextResult[str]`` without ``import typing``, which costs more than this whole package."""

        __slots__ = ()
        __class_getitem__ = classmethod(type(list[int]))


# Set by errors.py, which needs this module through the settings: what has a code, and what unwrap raises.
typed_errors: Any = ()
unwrap_error: Any = None


class FlextResult(Generic[T]):
    """The result of an operation: success with a value, or failure with an error.

    >>> FlextResult[str].ok("x").value
    'x'
    >>> failed = FlextResult[str].fail("no such user", "NOT_FOUND")
    >>> failed.is_failure, failed.error, failed.error_code
    (True, 'no such user', 'NOT_FOUND')
    >>> failed.unwrap()
    Traceback (most recent call last):
    flext_exceptions.FlextExceptions.OperationError: no such user
    """

    __slots__ = ("_cause", "_value", "error", "error_code")

    error: str | None
    error_code: str | None

    def __init__(self, value: T, error: str | None, error_code: str | None, cause: BaseException | None) -> None:
        self._value = value
        self.error = error
        self.error_code = error_code
        self._cause = cause

    @staticmethod
    def ok(value: V) -> FlextResult[V]:
        """A success."""
        return FlextResult(value, None, None, None)

    @staticmethod
    def fail(error: str | BaseException, error_code: str | None = None) -> FlextResult[Any]:
        """A failure, from a text or an error; the code of a typed error is used unless another is given."""
        if isinstance(error, typed_errors):
            known: Any = error
            return FlextResult(None, known.message, known.code if error_code is None else error_code, known)
        return FlextResult(None, text_of(error), error_code, error if isinstance(error, BaseException) else None)

    @property
    def success(self) -> bool:
        """Whether there is a value."""
        return self.error is None

    is_success = success

    @property
    def failure(self) -> bool:
        """Whether there is an error."""
        return self.error is not None

    is_failure = failure

    def unwrap(self) -> T:
        """The value; for a failure, raises OperationError with the code UNWRAP_ERROR, from the error given to fail."""
        if self.error is None:
            return self._value
        raise unwrap_error(self.error, code=ErrorCodes.UNWRAP_ERROR) from self._cause

    @property
    def value(self) -> T:
        """The same as :meth:`unwrap`."""
        return self.unwrap()

    data = value

    def __repr__(self) -> str:
        if self.error is None:
            return f"FlextResult.ok({self._value!r})"
        return f"FlextResult.fail({self.error!r}, {self.error_code!r})"
