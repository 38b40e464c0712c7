"""A function as it is analysed in one context, and its statements, which are run again one by one."""

from __future__ import annotations

from typing import Any

from flext_analysis.escapes.values import Context
from flext_analysis.summaries.definitions import Definition

__all__ = ["Instance", "Items", "Step"]

Items = list[tuple[Any, ...]]


class Step:
    """A statement of an instance: run again only when something that it read has grown.

    ``items`` are those of its last run. The step of an instance itself represents what does not belong to a single
    statement, such as the classes of an ``except``: that is run in each visit.
    """

    __slots__ = ("instance", "items", "stale")

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.items: Items = []
        self.stale = True


class Instance:
    """A function, class body or module as it is analysed in one context, and what it does with errors.

    ``items`` are its raises, calls, ``try`` and ``with``, nested as in the source; see propagation. ``steps`` are its
    statements in the order in which they run, ``step`` the running one.
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
        self.cut = False  # more is known than in its last visit

    def __repr__(self) -> str:
        return f"<{self.definition.path} {self.context!r}>"
