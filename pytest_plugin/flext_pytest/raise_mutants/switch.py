"""The switches of compiled modules: they record which tests reach which site, or apply the active mutant."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from flext_pytest.raise_mutants.model import SiteKey

__all__ = ["Reach", "Switch"]


class Reach:
    """What the ordinary run learns about a site: its possible kinds of mutants, and the tests that reach it."""

    def __init__(self) -> None:
        self.kinds: dict[str, None] = {}
        self.tests: dict[str, None] = {}


class Switch:
    """The object behind the name that compiled modules use. When it is off, it changes nothing.

    The ordinary run sets ``kinds_of``, which lists the possible kinds of mutants of an error, and ``test``, the node id
    of the running test. A child that runs a mutant calls ``turn_on``; ``reaches`` becomes true when its site is
    reached.
    """

    def __init__(self) -> None:
        self.kinds_of: Callable[[object], Iterable[str]] | None = None
        self.test = ""
        self.reached: dict[SiteKey, Reach] = {}
        self.site: SiteKey | None = None
        self.kind = ""
        self.mutate: Callable[[Any], tuple[Any, bool]] | None = None
        self.tell: Callable[[], object] = int
        self.reaches = False

    def turn_off(self) -> None:
        """Do nothing from now on."""
        self.kinds_of = self.site = self.mutate = None
        self.kind = ""

    def turn_on(
        self,
        site: SiteKey,
        kind: str,
        mutate: Callable[[Any], tuple[Any, bool]] | None,
        tell: Callable[[], object],
    ) -> None:
        """Activate a mutant; ``tell`` is called when it changes something for the first time.

        ``mutate`` takes an error and returns it changed, with whether anything is different.
        """
        self.kinds_of = None
        self.site, self.kind, self.mutate, self.tell = site, kind, mutate, tell

    def changed(self) -> None:
        """Report once that the mutant changed something."""
        tell, self.tell = self.tell, int
        tell()

    def __call__(self, site: SiteKey) -> bool:
        """Return whether a raise statement raises."""
        if site != self.site:
            return True
        self.reaches = True
        if self.kind == "dropped":
            self.changed()
            return False
        return True

    def error(self, site: SiteKey, error: Any) -> Any:
        """Return what is raised for an error: the error itself, unless a mutant is active."""
        if self.kinds_of is not None:
            self.note(site, self.kinds_of(error))
        elif site == self.site and self.mutate is not None:
            error, different = self.mutate(error)
            if different:
                self.changed()
        return error

    def cause(self, site: SiteKey, cause: Any) -> Any:
        """Return what an error is raised from: the cause itself, unless a mutant is active."""
        if self.kinds_of is not None:
            if cause is not None and site in self.reached:
                self.reached[site].kinds["cause"] = None
        elif site == self.site and self.kind == "cause" and cause is not None:
            self.changed()
            return None
        return cause

    def reraise(self, site: SiteKey) -> bool:
        """Return whether a bare raise raises."""
        if self.kinds_of is not None:
            self.note(site, self.kinds_of(sys.exception()))
        return self(site)

    def note(self, site: SiteKey, kinds: Iterable[str]) -> None:
        """Record that the running test reaches a site; one whose error has no possible mutant is not recorded."""
        kinds = dict.fromkeys(kinds)
        if kinds:
            reach = self.reached.setdefault(site, Reach())
            reach.kinds.update(kinds)
            if self.test:
                reach.tests[self.test] = None
