"""A function as it is looked at in one context, and the statements of it that are run again on their own."""

from __future__ import annotations

from typing import Any

from flext_analysis.escapes.values import Context
from flext_analysis.summaries.definitions import Definition

__all__ = ["Instance", "Items", "Step"]

Items = list[tuple[Any, ...]]


class Step:
    """A statement of an instance: run again only when something grew that it read.

    ``items`` are those that it gave when it was run last. The step of an instance itself stands for what is not in a
    statement of its own, such as the classes of an ``except``: that is run in each visit.
    """

    __slots__ = ("instance", "items", "stale")

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.items: Items = []
        self.stale = True


class Instance:
    """A function, class body or module as it is looked at in one context, and what it does with errors.

    ``items`` are its raises, calls, ``try`` and ``with``, nested as in the source; see propagation. ``steps`` are its
    statements in the order in which they run, ``step`` the one that runs.
    """

    __slots__ = ("context", "cut", "definition", "items", "queued", "reads", "step", "steps", "visits")

    def __init__(self, definition: Definition, context: Context) -> None:
        self.definition = definition
        self.context = context
        self.items: Items = []
        self.step = Step(self)
        self.steps: list[Step] = []
        self.queued = False
        self.visits = 0
        self.reads = 0  # of slots, in all visits
        self.cut = False  # more is known than it was looked at with

    def __repr__(self) -> str:
        return f"<{self.definition.path} {self.context!r}>"
