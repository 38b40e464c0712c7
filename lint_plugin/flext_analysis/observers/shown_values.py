"""What the text of a value shows the repr of: members of a collection, fields of a record, arguments of an error."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from flext_analysis.escapes.engine import Engine
from flext_analysis.escapes.evaluation.attributes import ANYWHERE
from flext_analysis.escapes.propagation.errors import Site
from flext_analysis.escapes.values import EMPTY, GIVEN, RECORDS, Value, Values
from flext_analysis.summaries.code_walk import last_name
from flext_analysis.summaries.definitions import Definition

__all__ = ["ShownValues"]

PLAIN_DECORATORS = frozenset(["total_ordering", "final", "runtime_checkable", "unique", "deprecated"])
PLAIN_BASES = frozenset(  # these add no repr that shows fields
    "builtins.object builtins.Exception builtins.BaseException builtins.str builtins.int builtins.float builtins.dict "
    "builtins.list builtins.tuple builtins.type abc.ABC typing.Generic typing.Protocol enum.Enum enum.IntEnum "
    "enum.Flag enum.IntFlag enum.StrEnum enum.ReprEnum".split()
)


class ShownValues:
    """Looks into values."""

    engine: Engine
    errors: Callable[[Values], list[tuple[str, Site]]]

    def __init__(self) -> None:
        self._given: dict[tuple[Value, bool], Values] = {}

    def shown_inside(self, values: Values) -> Values:
        """Return the values whose repr a text shows: the members of containers, the fields of records."""
        found: set[Value] = set()
        for value in values:
            if value[0] in ("container", "pairs"):
                found.add(value)
            elif value[0] == "instance" and value[1] in RECORDS:
                found |= self.engine.slot((value[1], "holds")).values
            elif value[0] == "instance" and isinstance(value[1], Definition) and self.is_record(value[1]):
                for name in self.engine.fields(value[1]):
                    slot = self.engine.slots.get((value[1], f".{name}"))
                    found |= slot.values if slot is not None else EMPTY
        return found

    def is_record(self, cls: Definition) -> bool:
        """Return whether a class has a repr generated from its fields, as a dataclass has.

        Then a decorator generated it, or a base from outside the repository.
        """
        for one in self.engine.lineage(cls):
            if isinstance(one, str):
                if one not in PLAIN_BASES:
                    return True
            elif "__repr__" in self.engine.bound(one):
                return False
            elif any(last_name(each) not in PLAIN_DECORATORS for each in one.scope.decorators):
                return True
        return False

    def made_with(self, values: Values) -> Values:
        """Return the errors that errors among some values were made with: the repr of an error shows its arguments.

        That of a class with a ``__repr__`` of its own shows what is read there.
        """
        found: set[Value] = set()
        for value in values:
            if value[0] == "instance" and self.engine.info(value[1]).is_error and not self.has_own_repr(value[1]):
                cls = value[1] if isinstance(value[1], str) else value[1].path
                found |= self.given.get(cls, EMPTY) | self.given.get(ANYWHERE, EMPTY)
            elif value[0] == "caught":
                found |= self.given_to(value, shown=True)
        return found

    def has_own_repr(self, cls: Definition | str) -> bool:
        """Return whether a class of the repository, or one above it, says what its repr is."""
        return any(isinstance(one, Definition) and "__repr__" in one.scope.bound for one in self.engine.lineage(cls))

    @cached_property
    def given(self) -> dict[Any, Values]:
        """What errors are made with: by the class, or by the site of the raise."""
        slots = self.engine.slots.items()
        return {key[1]: slot.values for key, slot in slots if key[0] == GIVEN and len(key) == 2 and slot.values}

    def given_to(self, error: Value, *, shown: bool = False) -> Values:
        """Return the errors that an error may have been made with; ``shown`` asks for those that its repr shows."""
        if (error, shown) not in self._given:
            raised = self.errors({error}) if self.given else []
            classes = {name: self.engine.classes.get(name, name) for name, _ in raised}
            if shown:
                classes = {name: cls for name, cls in classes.items() if not self.has_own_repr(cls)}
            made: set[Any] = {ANYWHERE, *(site for name, site in raised if name in classes)}
            for cls in classes.values():
                made.update(one if isinstance(one, str) else one.path for one in self.engine.lineage(cls))
            self._given[error, shown] = {value for key in made & self.given.keys() for value in self.given[key]}
        return self._given[error, shown]
