"""Watching typed errors as they are constructed: for tools that collect errors, such as a test run."""

from __future__ import annotations

from . import configuration, settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .base import BaseError

__all__ = ["watched"]


class watched:
    """A context manager in which ``tell`` is called with each typed error that any thread constructs.

    The call happens when the error is complete, before the raise. Errors that are restored (unpickled, copied) are not
    reported. An exception in ``tell`` becomes a FlextUsageWarning: constructing an error never fails. It costs nothing
    while nobody watches.

    >>> from flext_exceptions import FlextExceptions
    >>> made = []
    >>> with watched(made.append):
    ...     _ = FlextExceptions.ValidationError("no", field="sku")
    >>> made
    [ValidationError('no', field='sku')]
    """

    def __init__(self, tell: Callable[[BaseError], object]) -> None:
        self.tell = tell

    def __enter__(self) -> None:
        configuration.watch(lambda watchers: (*watchers, self.tell))

    def __exit__(self, *_: object) -> None:
        def without(watchers: settings.Watchers) -> settings.Watchers:
            # The last of several equal ones: they may be nested.
            at = len(watchers) - 1 - watchers[::-1].index(self.tell)
            return watchers[:at] + watchers[at + 1 :]

        configuration.watch(without)
