"""Functions that something outside calls with what it was given beside them: a thread, a scheduler, ``reduce``."""

from __future__ import annotations

from flext_analysis.escapes.evaluation.containers import Containers
from flext_analysis.escapes.values import MAYBE_ERRORS, Values

__all__ = ["STARTERS", "HandedErrors"]

STARTERS = frozenset(["threading.Thread", "threading.Timer", "multiprocessing.Process"])


class HandedErrors(Containers):
    """Follows errors to these functions."""

    def start(self, given: list[Values], named: dict[str, Values], place: int) -> None:
        """Hand a thread's ``args`` to its ``target``; the errors of that end there."""
        target = {each for one in (named.get("target"), named.get("function"), *given[1:2]) if one for each in one}
        args = {each for one in (named.get("args"), *given[2:4]) if one for each in one}
        before, self.items = self.items, []
        if target:
            self.call_with_members(target, args, place)
        self.items = before

    def call_with_members(self, functions: Values, arguments: Values, place: int) -> None:
        """Call functions with the members of a tuple or list."""
        columns = self.columns(arguments)
        self.call(functions, columns, {}, place, None if columns else self.iterate(arguments, place))

    def schedule(self, given: list[Values], named: dict[str, Values], place: int) -> None:
        """Call the functions that something outside is given together with a collection of errors to call them with."""
        functions = {
            one for values in (*given, *named.values()) for one in values if one[0] in ("function", "bound", "partial")
        }
        if not functions:
            return
        containers = {one for values in (*given, *named.values()) for one in values if one[0] == "container"}
        for one in self.ordered(containers):
            if any(each[0] in MAYBE_ERRORS for each in self.engine.read((one[1], "items"), self.instance)):
                self.call_with_members(functions, {one}, place)

    def reduced(self, given: list[Values], place: int) -> Values:
        """Return the result of ``functools.reduce``: a member, or what the function makes of two."""
        members = self.iterate(given[1], place).union(*given[2:3])
        made = self.call(given[0], [members, members], {}, place)
        return {*members, *made, *self.call(given[0], [made, members], {}, place)}
