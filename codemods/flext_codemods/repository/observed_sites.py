"""Who in the repository would notice that a raise changed: the observers, from the whole program."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from flext_analysis.modules import module_name
from flext_analysis.observers.differences import BUILTIN
from flext_analysis.observers.error_flow import ErrorFlow
from flext_analysis.observers.observed import Finder, Observed, observed_sites
from flext_analysis.observers.receivers import (
    error_readers,
    general_observers,
    handed_over,
    implicit_errors,
    takers,
    typed_places,
)
from flext_analysis.program.namespace_readers import NamespaceRead, namespace_readers
from flext_analysis.program.project import Project
from flext_analysis.program.rebound_names import rebound_names
from flext_analysis.summaries.summary import FileSummary, column_of, line_of
from flext_analysis.syntax.source import Unreadable, read_source
from flext_codemods.project.paths import Location
from flext_codemods.repository.name_filters import filters_out
from flext_codemods.repository.observations import Observation, Observations, ObservedSite
from flext_codemods.repository.targets import LIBRARY, Target

__all__ = ["Accept", "observe"]

ACCEPTED = re.compile(r"#\s*flext:\s*accept\b")
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
            seen.setdefault(site, []).extend([*observers_of.get(builtin, []), *by_name])
    seen = {site: list(dict.fromkeys(found)) for site, found in seen.items()}
    observing = {
        one: observation(one) for one in {each for found in seen.values() for each in found} if not accept(one)
    }
    groups: dict[tuple[Observation, ...], tuple[Observation, ...]] = {}
    for (path, place), found in sorted(seen.items()):
        observers = tuple(observing[one] for one in found if one in observing)
        if observers:
            shared = groups.setdefault(observers, observers)
            sites.setdefault(path, []).append(ObservedSite(line_of(place), column_of(place), shared))
    library = all(target.module == LIBRARY for each in targets for target in each.values())
    filters = NameFilters(accept, library)
    rebound: dict[str, dict[str, Location]] = {}
    for name in rebound_names(project):
        where = "" if name.module is None else name.module.path
        rebound.setdefault(where, {}).setdefault(name.name, Location(name.path, line_of(name.place)))
    return Observations(
        {path: tuple(found) for path, found in sites.items()},
        {name: observation(decisive(found)[0]) for name, found in anybody.items()},
        rebound,
        {path: Location(one.path, line_of(one.place)) for path, one in namespace_readers(project, filters).items()},
        {path: Location(file, line_of(place)) for path, (file, place) in typed.items()},
    )


class NameFilters:
    """Which reads of a module's names pass over the added import: by a filter, or since the line accepts it.

    Filters are only followed where the import adds the name of the library.
    """

    def __init__(self, accept: Accept, library: bool) -> None:
        self.accept = accept
        self.library = library
        self.trees: dict[str, ast.Module | None] = {}

    def __call__(self, read: NamespaceRead) -> bool:
        """Return whether a read would not notice the added name."""
        if line_of(read.place) in self.accept.lines(read.path):
            return True
        if not self.library:
            return False
        if read.path not in self.trees:
            try:
                self.trees[read.path] = read_source(Path(read.path).read_bytes()).tree
            except (OSError, Unreadable):
                self.trees[read.path] = None  # named when its own turn comes
        tree = self.trees[read.path]
        return tree is not None and filters_out(tree, read.place)


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
