"""``flext_raises``: expect an error, and check its attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TypeVar

import pytest

from flext_exceptions import FlextExceptions
from flext_pytest.assertions.matching import ABSENT, Expected, differences

__all__ = ["flext_raises"]

E = TypeVar("E", bound=BaseException)


class flext_raises(pytest.RaisesExc[E]):  # type: ignore[misc]
    """Expect an error of a class, with the attributes that the keywords give.

    Args:
        expected: the class, or a tuple of classes.
        match: a regular expression to find in the message, or in one of the notes.
        check: a predicate that the error itself must satisfy.
        context: keys and values that the context contains; with ``exact_context`` its complete content.
        cause: the class of the cause (a tuple for one of several), the very error, or None for no cause.
        notes: all notes, in their order.
        facts: ``code``, ``correlation_id``, ``retryable`` and any other attribute: ``field="email"``.

    Each value may be a predicate, or any object with its own ``==``. The class is a ``pytest.RaisesExc``, so it works
    inside ``pytest.RaisesGroup``; ``async with`` works as well.

    >>> with flext_raises(FlextExceptions.ValidationError, match="empty", field="sku", code="FLEXT_3001") as caught:
    ...     raise FlextExceptions.ValidationError("must not be empty", field="sku")
    >>> caught.value.field
    'sku'

    Raises:
        FlextExceptions.TypeError: the class is not an exception class, or an expectation is not possible.
        AssertionError: the error has the class, and one of its attributes differs: a line for each.
    """

    def __init__(
        self,
        expected: type[E] | tuple[type[E], ...],
        /,
        *,
        match: str | re.Pattern[str] | None = None,
        check: object = None,
        context: Mapping[str, object] | None = None,
        exact_context: Mapping[str, object] | None = None,
        cause: object = ABSENT,
        notes: Sequence[object] | None = None,
        **facts: object,
    ) -> None:
        classes = expected if isinstance(expected, tuple) else (expected,)
        for each in classes:
            if not (isinstance(each, type) and issubclass(each, BaseException)):
                raise FlextExceptions.TypeError(f"{each!r} is not an exception class", given=each)
        if context is not None and exact_context is not None:
            raise FlextExceptions.TypeError("context and exact_context exclude each other; pass one")
        whole = exact_context is not None
        given = exact_context if exact_context is not None else context
        if given is not None and not isinstance(given, Mapping):
            raise FlextExceptions.TypeError(f"context must be a mapping; it is {given!r}", given=given)
        super().__init__(expected, check=check)  # type: ignore[call-overload]
        self.expected = Expected(match, facts, given, whole, cause, notes)

    def matches(self, exception: BaseException | None) -> bool:  # type: ignore[override]
        """Return whether an error is as expected; ``fail_reason`` says what is not."""
        if not super().matches(exception):
            return False
        assert exception is not None  # otherwise it would not match
        found = list(differences(exception, self.expected))
        name = type(exception).__name__
        if isinstance(exception, FlextExceptions.BaseError) and any(line.startswith("code: ") for line in found):
            found.append(f"hint: the type is right; {name} was raised with another code")
        if found:
            self._fail_reason = "\n".join([f"{name} was raised, but differs:", *(f"  {line}" for line in found)])
        return not found

    async def __aenter__(self) -> pytest.ExceptionInfo[E]:
        """Do the same as ``with``."""
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        """Do the same as ``with``."""
        return self.__exit__(kind, error, traceback)
