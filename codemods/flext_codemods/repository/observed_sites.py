"""Who in the repository would notice that a raise changed: the observers, from the whole program."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_analysis.modules import module_name
from flext_analysis.program.differences import BUILTIN
from flext_analysis.program.error_flow import ErrorFlow
from flext_analysis.program.namespace_readers import namespace_readers
from flext_analysis.program.observed import Finder, Observed, observed_sites
from flext_analysis.program.project import Project
from flext_analysis.program.rebound_names import rebound_names
from flext_analysis.program.receivers import (
    error_readers,
    general_observers,
    handed_over,
    implicit_errors,
    takers,
    typed_places,
)
from flext_analysis.summaries.summary import FileSummary, column_of, line_of
from flext_codemods.project.paths import Location
from flext_codemods.repository.targets import Target

__all__ = ["NOTHING_OBSERVED", "Accept", "Observation", "Observations", "ObservedSite", "line_mover", "observe"]

ACCEPTED = re.compile(r"#\s*flext:\s*accept\b")


class Observation(NamedTuple):
    """An observer: its kind (see flext_analysis.program.observed), its location, and what it reads.

    ``column`` is in UTF-8 bytes from 0. ``neutral`` is the text that is read if the recipe ``observers`` may ask for
    the builtin instead, otherwise "".
    """

    kind: str
    location: Location
    what: str
    column: int = 0
    neutral: str = ""


class ObservedSite(NamedTuple):
    """A raise statement that is observed: its line and column, from 1 and from 0, and the first of its observers."""

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
        for sites in self.sites.values():
            for site in sites:
                if all(one.neutral for one in site.observers):
                    for one in site.observers:
                        found.setdefault(one.location.path, set()).add(one)
        return found

    def without(self, refused: Collection[Observation]) -> Observations:
        """Return a copy in which some observers may not be made neutral."""

        def kept(one: Observation) -> Observation:
            return one._replace(neutral="") if one in refused else one

        sites = {
            path: tuple(site._replace(observers=tuple(map(kept, site.observers))) for site in found)
            for path, found in self.sites.items()
        }
        return self._replace(sites=sites) if refused else self

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
                path: tuple(
                    one._replace(line=move(path, one.line), observers=tuple(map(seen, one.observers))) for one in found
                )
                for path, found in self.sites.items()
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
NOBODY = frozenset[str]()


def observe(
    summaries: Iterable[tuple[Path, FileSummary]],
    targets: Iterable[Mapping[str, Target]],
    accept: Accept,
    *,
    reverting: bool = False,
) -> Observations:
    """Return the observers among some files, given the targets of each project of the repository.

    ``reverting`` means that raises of the targets are examined, too: who would notice that they became builtins.
    """
    targets = list(targets)
    files = [(str(path), module_name(path), summary) for path, summary in summaries]
    project = Project.whole(files)
    ancestors: dict[str, frozenset[str]] = {}
    for each in targets:
        for builtin, target in each.items():
            ancestors[builtin] = ancestors.get(builtin, frozenset()) | target.ancestors
    stand_ins = {target.path: f"builtins.{name}" for each in targets for name, target in each.items()}
    flow = ErrorFlow(project, read_as=stand_ins if reverting else {})
    definitions = [definition for module in project.modules for definition in module.definitions]
    sites: dict[str, list[ObservedSite]] = {}
    seen = observed_sites(definitions, flow, ancestors)
    finder = Finder(flow, ancestors)
    readers = [one for one in error_readers(definitions, finder) if not accept(one.seen)]
    general = general_observers(readers, finder, takers(definitions))
    anybody = general_observers(readers, finder)
    typed = typed_places(definitions, flow, ancestors)
    for errors, observers_of in ((handed_over, general), (implicit_errors, anybody)):
        for error, site in errors(definitions, flow):
            builtin = error.removeprefix(BUILTIN)
            named = min(ancestors.get(builtin, NOBODY) & typed.keys(), default="")
            by_name = [Observed("typed", *typed[named], "names the typed error")] if named else []
            seen.setdefault(site, []).extend([*decisive(observers_of.get(builtin, [])), *by_name])
    observing = {
        one: observation(one) for one in {each for found in seen.values() for each in found} if not accept(one)
    }
    for (path, place), found in sorted(seen.items()):
        observers = tuple(observing[one] for one in found if one in observing)
        if observers:
            sites.setdefault(path, []).append(ObservedSite(line_of(place), column_of(place), observers))
    rebound: dict[str, dict[str, Location]] = {}
    for name in rebound_names(project):
        where = "" if name.module is None else name.module.path
        rebound.setdefault(where, {}).setdefault(name.name, Location(name.path, line_of(name.place)))
    return Observations(
        {path: tuple(found) for path, found in sites.items()},
        {name: observation(decisive(found)[0]) for name, found in anybody.items()},
        rebound,
        {path: Location(one.path, line_of(one.place)) for path, one in namespace_readers(project).items()},
        {path: Location(file, line_of(place)) for path, (file, place) in typed.items()},
    )


def decisive(observers: list[Observed]) -> list[Observed]:
    """Return one of some observers that no recipe makes neutral; all of them if each can be made so."""
    return next(([one] for one in observers if not one.neutral), observers)


def observation(one: Observed) -> Observation:
    """Return an observer in the form of the report."""
    where = Location(one.path, line_of(one.place))
    return Observation(one.kind, where, one.what, column_of(one.place), one.neutral)


class Accept:
    """Which observers may see another class name: those in a line with ``# flext: accept``, and those in the settings.

    A setting is the path of a file from the project's root and the qualified name of a function: ``api.py::fail``.
    """

    def __init__(self, settings: Mapping[Path, Iterable[str]]) -> None:
        self.named = {(str(root / path), name) for root, each in settings.items() for path, _, name in map(parts, each)}
        self._lines: dict[str, frozenset[int]] = {}

    def __call__(self, one: Observed) -> bool:
        """Return whether an observer is accepted."""
        return line_of(one.place) in self.lines(one.path) or (one.path, one.function) in self.named

    def lines(self, path: str) -> frozenset[int]:
        """Return the lines of a file that accept."""
        known = self._lines.get(path)
        if known is None:
            try:
                text = Path(path).read_text("utf-8", "replace")
            except OSError:
                text = ""
            found = (
                (n for n, line in enumerate(text.split("\n"), 1) if ACCEPTED.search(line)) if "accept" in text else ()
            )
            known = self._lines[path] = frozenset(found)
        return known


def parts(setting: str) -> tuple[str, str, str]:
    """Return the path, the separator and the name in a setting."""
    return setting.partition("::")
