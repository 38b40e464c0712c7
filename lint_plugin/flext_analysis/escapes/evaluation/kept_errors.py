"""Errors that something keeps of which the program is not known: a queue, another object, another error."""

from __future__ import annotations

from flext_analysis.escapes.evaluation.called_back import CalledBack
from flext_analysis.escapes.values import (
    ANY_ERROR,
    AWAITED,
    EMPTY,
    GIVEN,
    KEPT,
    KEPT_ERROR,
    MAYBE_ERRORS,
    UNKNOWN,
    Value,
    Values,
)

__all__ = ["KeptErrors", "errors_among"]

KEEPING = frozenset(
    "put put_nowait send append add appendleft insert set set_result setdefault push extend emit notify publish".split()
)
TAKING = frozenset(
    "get get_nowait pop popleft popitem recv receive result results take peek first last next __next__ __anext__ "
    "values items copy setdefault dequeue fetch collect drain".split()
)
HOLDING = MAYBE_ERRORS | {"container"}


class KeptErrors(CalledBack):
    """Follows errors through what keeps them."""

    def keep_errors(self, name: str, given: list[Values], named: dict[str, Values]) -> None:
        """Remember the errors that a call by some name hands to something outside that keeps them, or tells of them."""
        for values in (*given, *named.values()) if name in KEEPING else ():
            held = errors_among(values)
            self.engine.write(KEPT, held)
            if name == "set_result":
                self.engine.write(AWAITED, held)
        if name in ("push", "push_async_exit") and given:
            functions = {one for one in given[0] if one[0] in ("function", "bound")}
            self.call(functions, [{UNKNOWN}, {ANY_ERROR}, {UNKNOWN}], {}, 0)

    def taken(self, name: str) -> Values:
        """Return the errors that a method of a name may take out again of something outside that keeps them."""
        if not self.engine.limits.widens or name not in TAKING:
            return EMPTY
        return {KEPT_ERROR} if self.engine.read(KEPT, self.instance) else EMPTY

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
