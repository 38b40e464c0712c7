"""Being told of each typed error as it is made: for tools that collect errors, such as a test run."""

from __future__ import annotations

from . import configuration, settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .base import BaseError

__all__ = ["watched"]


class watched:
    """A context manager in which ``tell`` is called with each typed error that any thread makes, whatever counts.

    It is told when the error is whole, before the raise. What is restored (unpickled, copied) is not made. An error of
    ``tell`` becomes a FlextUsageWarning: the making of an error never fails. Nothing is paid while nobody watches.

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
            # The last of several alike: they may be entered within one another.
            at = len(watchers) - 1 - watchers[::-1].index(self.tell)
            return watchers[:at] + watchers[at + 1 :]

        configuration.watch(without)
