"""What applies to the whole repository, whichever file is examined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flext_codemods.project.paths import Location
from flext_codemods.repository.class_families import FamilyProblem
from flext_codemods.repository.messages import RaiseMessage
from flext_codemods.repository.observations import NOTHING_OBSERVED, Observations
from flext_codemods.repository.shown_texts import ShownText
from flext_codemods.repository.targets import Target

__all__ = ["Repository"]


class Repository(NamedTuple):
    """The facts in other files that a raise in one of them depends on.

    A recipe that needs to know more about other files has to add it here, since the cache depends on it.
    ``observations`` are the raises whose errors are observed; ``caught`` where a builtin is caught; ``families`` why a
    class cannot be given a typed base; ``messages`` the messages of a builtin's raises; ``borrowed`` are the dotted
    names of what modules import from the library and others from them; ``keeps_typed`` is a place that keeps typed
    errors when the others are reverted; ``read_elsewhere`` has for a file where its text is read to be run or written
    out.
    """

    targets: Mapping[str, Target]
    shown: tuple[ShownText, ...] = ()
    first_party: frozenset[str] = frozenset()
    read_elsewhere: Mapping[str, Location] = {}
    observations: Observations = NOTHING_OBSERVED
    caught: Mapping[str, Location] = {}
    families: Mapping[str, FamilyProblem] = {}
    messages: Mapping[str, tuple[RaiseMessage, ...]] = {}
    borrowed: frozenset[str] = frozenset()
    keeps_typed: Location | None = None
