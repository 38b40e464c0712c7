"""Errors that something keeps of which the program is not known: a queue, another object, another error."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flext_analysis.escapes.evaluation.called_back import CalledBack
from flext_analysis.escapes.values import (
    ANY_ERROR,
    ERRORS,
    GIVEN,
    MAYBE_ERRORS,
    UNKNOWN,
    Value,
    Values,
)
from flext_analysis.summaries.definitions import Definition

__all__ = ["ANY_NAME", "LOOSE", "KeptErrors", "errors_among"]

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
LOOSE = "loose"  # stands for every object about which nothing is known
ANY_NAME = ".*"  # the slot of attributes whose names are computed
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
        elif name == "set_exception_handler" and given:  # of an event loop: it gets a table
            site, table = self.container("dict", 0)
            self.engine.put(site, "exception", {ANY_ERROR})
            self.call({one for one in given[0] if one[0] in ("function", "bound")}, [{UNKNOWN}, table], {}, 0)

    def taken(self, name: str) -> Values:
        """Return the errors that a method of a name may take out again of something outside that keeps them.

        ``await`` is the name of what waits for a future.
        """
        ways: Iterable[str] = TAKING.get(name, ()) if self.engine.limits.widens else ()
        kept: list[Value] = [("kept", way) for way in ways]
        return {one for one in kept if self.engine.read(one, self.instance)}

    def put_anywhere(self, receivers: Values, values: Values) -> None:
        """Remember the errors that some objects get as attributes of names that are computed."""
        errors = {one for one in values if one[0] in ERRORS} if self.engine.limits.widens else set[Value]()
        for one in self.ordered(receivers) if errors else ():
            known = one[0] in ("instance", "class") and isinstance(one[1], Definition)
            self.engine.write((one[1] if known else LOOSE, ANY_NAME), errors)

    def under_any_name(self, cls: Definition | str) -> Values:
        """Return the errors that the instances of a class got as attributes of names that are computed."""
        classes = tuple(self.engine.storing(ANY_NAME, self.instance)) if self.engine.limits.widens else ()
        lineage = self.engine.lineage(cls) if classes else ()
        return {
            value for one in classes if one in lineage for value in self.engine.read((one, ANY_NAME), self.instance)
        }

    def attribute_table(self, cls: Definition) -> set[Value]:
        """Return what ``vars(x)`` gives: a view of the errors that instances have, and a table that adds attributes."""
        shown, added = ("attributes", cls, (), 0), ("attributes", cls, (), 1)
        for name, classes in self.engine.stored.items():
            if cls in classes and name != ANY_NAME:
                self.engine.put(shown, name[1:], errors_among(self.engine.read((cls, name), self.instance)))
        self.put_anywhere({("instance", cls, True)}, self.engine.read((added, "items"), self.instance))
        return {("container", shown), ("container", added)}

    def errors_under(self, name: str) -> set[Value]:
        """Return the errors that any object has as its attribute of a name: for one of which nothing is known."""
        for slot in ("." + name, ANY_NAME):
            for cls in tuple(self.engine.storing(slot, self.instance)):
                if errors_among(self.engine.read((cls, slot), self.instance)):
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
