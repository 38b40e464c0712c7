"""Errors that something keeps of which the program is not known: a queue, another object, another error."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flext_analysis.escapes.evaluation.called_back import CalledBack
from flext_analysis.escapes.values import (
    ANY_ERROR,
    GIVEN,
    MAYBE_ERRORS,
    UNKNOWN,
    Value,
    Values,
)

__all__ = ["KeptErrors", "errors_among"]

# The way in which methods of these names keep what they are given, and from which ways others may take it again.
KEEPING: dict[str, str] = dict.fromkeys(
    "put put_nowait set setdefault append appendleft add insert push extend".split(), "stored"
)
KEEPING |= dict.fromkeys("send emit notify publish".split(), "sent")
KEEPING["set_result"] = "result"
STORES = "get get_nowait pop popleft popitem setdefault first last peek values items copy next __next__ collect drain"
ENDS = "recv receive take result results __anext__ dequeue fetch"
TAKING: dict[str, tuple[str, ...]] = dict.fromkeys(STORES.split(), ("stored",))
TAKING |= dict.fromkeys(ENDS.split(), ("stored", "sent", "result"))
TAKING["await"] = ("result",)
HOLDING = MAYBE_ERRORS | {"container"}


class KeptErrors(CalledBack):
    """Follows errors through what keeps them."""

    schedule: Callable[[list[Values], dict[str, Values], int], None]

    def keep_errors(self, name: str, given: list[Values], named: dict[str, Values]) -> None:
        """Remember the errors that a call by some name hands to something outside that keeps them, or tells of them."""
        for values in (*given, *named.values()) if name in KEEPING else ():
            self.engine.write(("kept", KEEPING[name]), errors_among(values))
        if self.engine.limits.widens and len(given) + len(named) > 1:
            self.schedule(given, named, 0)
        if name in ("push", "push_async_exit") and given:
            functions = {one for one in given[0] if one[0] in ("function", "bound")}
            self.call(functions, [{UNKNOWN}, {ANY_ERROR}, {UNKNOWN}], {}, 0)

    def taken(self, name: str) -> Values:
        """Return the errors that a method of a name may take out again of something outside that keeps them.

        ``await`` is the name of what waits for a future.
        """
        ways: Iterable[str] = TAKING.get(name, ()) if self.engine.limits.widens else ()
        kept: list[Value] = [("kept", way) for way in ways]
        return {one for one in kept if self.engine.read(one, self.instance)}

    def errors_under(self, name: str) -> set[Value]:
        """Return the errors that any object has as its attribute of a name: for one of which nothing is known."""
        for cls in tuple(self.engine.storing("." + name, self.instance)):
            if errors_among(self.engine.read((cls, "." + name), self.instance)):
                return {("under", name)}
        return set()

    def keep_given(self, cls: str, given: list[Values], place: int) -> None:
        """Remember which errors another one is made with: that of a raise site, or one of a class made elsewhere."""
        call, site = self.raised_call or (None, None)
        for values in given if self.engine.limits.widens else ():
            held = errors_among(values)
            if held:
                self.engine.write((GIVEN, site if call == place else cls), held)


def errors_among(values: Values) -> set[Value]:
    """Return the errors among some values, and the containers, which may hold some."""
    return {one for one in values if one[0] in HOLDING}
