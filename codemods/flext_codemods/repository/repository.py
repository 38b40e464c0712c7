"""What holds for the whole repository, whichever file is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flext_codemods.project.paths import Location
from flext_codemods.repository.class_families import FamilyProblem
from flext_codemods.repository.class_readers import ClassReadingHandler
from flext_codemods.repository.messages import RaiseMessage
from flext_codemods.repository.shown_texts import ShownText
from flext_codemods.repository.targets import Target
from flext_codemods.repository.typed_handlers import TypedHandler

__all__ = ["Repository"]


class Repository(NamedTuple):
    """What other files say that a raise in one of them depends on.

    A recipe that wants to know more of other files than stands here has to put it here: the cache goes by it.
    ``tables`` gives for a builtin where the table stands that is keyed by it and read by type; ``class_readers`` the
    handlers that read the class of what a function with a name raises; ``caught`` where a builtin is caught;
    ``families`` why a class cannot be given a typed base; ``messages`` what the raises of a builtin say;
    ``read_elsewhere`` for a file where its text is read to be run or written out.
    """

    targets: Mapping[str, Target]
    tables: Mapping[str, Location] = {}
    typed_handlers: tuple[TypedHandler, ...] = ()
    shown: tuple[ShownText, ...] = ()
    first_party: frozenset[str] = frozenset()
    class_readers: Mapping[str, tuple[ClassReadingHandler, ...]] = {}
    read_elsewhere: Mapping[str, Location] = {}
    caught: Mapping[str, Location] = {}
    families: Mapping[str, FamilyProblem] = {}
    messages: Mapping[str, tuple[RaiseMessage, ...]] = {}
