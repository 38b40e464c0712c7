"""``flext_no_raises``: expect that no typed error comes out of a block."""

from __future__ import annotations

from types import TracebackType

from flext_pytest.assertions.failure_section import described, typed_errors

__all__ = ["flext_no_raises"]


class flext_no_raises:
    """Expect that no typed error comes out; any other exception goes on as it is. ``async with`` works as well.

    >>> with flext_no_raises():
    ...     pass

    Raises:
        AssertionError: a typed error came out, alone, in a group or as a cause: its parts, a line for each.
    """

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Say which typed error came out."""
        __tracebackhide__ = True
        found = [] if error is None else list(typed_errors(error))
        if found:
            lines = [f"  {line}" for each in found for line in described(each)]
            raise AssertionError("\n".join(["expected no typed error, got:", *lines])) from error

    async def __aenter__(self) -> None:
        """Do what ``with`` does."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Do what ``with`` does."""
        __tracebackhide__ = True
        self.__exit__(kind, error, traceback)
