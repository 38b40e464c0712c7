"""The observers of a repository as data: which raises are observed, by whom, and what else stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from flext_codemods.project.paths import Location

__all__ = ["NOTHING_OBSERVED", "Observation", "Observations", "ObservedSite", "line_mover"]


class Observation(NamedTuple):
    """An observer: its kind (see flext_analysis.observers.observed), its location, and what it reads.

    ``column`` is in UTF-8 bytes from 0. ``neutral`` is the text that is read if the recipe ``observers`` may ask for
    the builtin instead, otherwise "".
    """

    kind: str
    location: Location
    what: str
    column: int = 0
    neutral: str = ""


class ObservedSite(NamedTuple):
    """A raise statement that is observed: its line and column, from 1 and from 0, and its observers.

    Sites with equal observers share one tuple of them: a repository may have few such groups, each of hundreds.
    """

    line: int
    column: int
    observers: tuple[Observation, ...]


class Observations(NamedTuple):
    """The observers of a repository.

    ``sites`` holds for each file the raise statements that are observed; ``handed_over`` for each builtin an observer
    of errors that are passed on instead of raised; ``rebound`` the files ("" for all) in which the name of a builtin is
    rebound at run time; ``namespaces`` the files whose names are read as a whole; ``typed`` where a typed class is
    named through which code receives errors. ``neutral`` holds for each file the observers that this run makes neutral.
    """

    sites: Mapping[str, tuple[ObservedSite, ...]] = {}
    handed_over: Mapping[str, Observation] = {}
    rebound: Mapping[str, Mapping[str, Location]] = {}
    namespaces: Mapping[str, Location] = {}
    typed: Mapping[str, Location] = {}
    neutral: Mapping[str, tuple[Observation, ...]] = {}

    def at(self, path: str, line: int, column: int) -> tuple[Observation, ...]:
        """Return the observers of the raise statement at a position."""
        found = (one.observers for one in self.sites.get(path, ()) if (one.line, one.column) == (line, column))
        return next(found, ())

    def candidates(self) -> dict[str, set[Observation]]:
        """Return the observers that may be made neutral and would then free a site, by file."""
        found: dict[str, set[Observation]] = {}
        for observers in self.groups():
            if all(one.neutral for one in observers):
                for one in observers:
                    found.setdefault(one.location.path, set()).add(one)
        return found

    def groups(self) -> list[tuple[Observation, ...]]:
        """Return the observers of the sites, each tuple that sites share once."""
        return list({id(site.observers): site.observers for found in self.sites.values() for site in found}.values())

    def mapped(self, change: Callable[[Observation], Observation]) -> dict[str, tuple[ObservedSite, ...]]:
        """Return the sites with each observer replaced; what they shared they still share."""
        changed = {id(observers): tuple(map(change, observers)) for observers in self.groups()}
        return {
            path: tuple(site._replace(observers=changed[id(site.observers)]) for site in found)
            for path, found in self.sites.items()
        }

    def without(self, refused: Collection[Observation]) -> Observations:
        """Return a copy in which some observers may not be made neutral."""

        def kept(one: Observation) -> Observation:
            return one._replace(neutral="") if one in refused else one

        return self._replace(sites=self.mapped(kept)) if refused else self

    def neutralised(self) -> Observations:
        """Return a copy in which every observer is made neutral that may be, if that frees a site."""
        return self._replace(neutral={path: tuple(sorted(found)) for path, found in self.candidates().items()})

    def makes_neutral(self, one: Observation) -> bool:
        """Return whether this run makes an observer neutral."""
        return one in self.neutral.get(one.location.path, ())

    def moved(self, move: Callable[[str, int], int]) -> Observations:
        """Return a copy with moved lines; ``move`` returns the new line for a path and a line."""

        def moved(location: Location) -> Location:
            return location._replace(line=move(location.path, location.line))

        def seen(one: Observation) -> Observation:
            return one._replace(location=moved(one.location))

        return Observations(
            {
                path: tuple(site._replace(line=move(path, site.line)) for site in found)
                for path, found in self.mapped(seen).items()
            },
            {name: seen(one) for name, one in self.handed_over.items()},
            {path: {name: moved(one) for name, one in found.items()} for path, found in self.rebound.items()},
            {path: moved(one) for path, one in self.namespaces.items()},
            {path: moved(one) for path, one in self.typed.items()},
            {path: tuple(map(seen, found)) for path, found in self.neutral.items()},
        )


Edits = Iterable[tuple[int, int, str]]  # characters from and to, and their replacement


def line_mover(edited: Mapping[str, tuple[str, Edits]]) -> Callable[[str, int], int]:
    """Return a function from a path and a line to the new line, for files given by path with their text and its edits.

    >>> line_mover({"a.py": ("x\\ny\\n", [(2, 2, "import z\\n")])})("a.py", 2)
    3
    """
    moves = {
        path: [(text.count("\n", 0, at) + 1, new.count("\n") - text.count("\n", at, end)) for at, end, new in edits]
        for path, (text, edits) in edited.items()
    }
    return lambda path, line: line + sum(more for at, more in moves.get(path, ()) if at <= line)


NOTHING_OBSERVED = Observations()
