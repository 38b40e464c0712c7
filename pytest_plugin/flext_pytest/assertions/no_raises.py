"""``flext_no_raises``: expect that a block raises no typed error."""

from __future__ import annotations

from types import TracebackType

from flext_pytest.assertions.failure_section import described, typed_errors

__all__ = ["flext_no_raises"]


class flext_no_raises:
    """Expect that a block raises no typed error; any other exception passes unchanged. ``async with`` works as well.

    >>> with flext_no_raises():
    ...     pass

    Raises:
        AssertionError: a typed error was raised, alone, in a group or as a cause: its attributes, a line for each.
    """

    def __enter__(self) -> None:
        """Enter the block."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Fail with the typed error that was raised."""
        __tracebackhide__ = True
        found = [] if error is None else list(typed_errors(error))
        if found:
            lines = [f"  {line}" for each in found for line in described(each)]
            raise AssertionError("\n".join(["expected no typed error, got:", *lines])) from error

    async def __aenter__(self) -> None:
        """Do the same as ``with``."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Do the same as ``with``."""
        __tracebackhide__ = True
        self.__exit__(kind, error, traceback)
