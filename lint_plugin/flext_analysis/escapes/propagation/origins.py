"""Which errors the operands of an expression are, where an observer reads an error, and where that was raised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flext_analysis.escapes.engine import Instance
from flext_analysis.escapes.evaluation.functions import Functions
from flext_analysis.escapes.propagation.errors import Symbol
from flext_analysis.escapes.propagation.fixpoint import Propagation
from flext_analysis.escapes.traits import parts
from flext_analysis.escapes.values import Value, Values
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import statements_of
from flext_analysis.summaries.summary import Code

__all__ = ["Origins"]

PLACES: dict[
    int, tuple[int, Callable[[Code], list[Code]]]
] = {  # the index of an expression's position in its code, and the operands that it reads
    op.CALL: (4, lambda code: [*code[2], *(value for _, value in code[3]), *receiver(code[1])]),
    op.ATTRIBUTE: (3, lambda code: [code[1]]),
    op.ITEM: (3, lambda code: [code[1], code[2]]),
    op.FORMATTED: (2, lambda code: [value for _, value in code[1]]),
    op.COMPARED: (3, lambda code: code[2]),
    op.OPERATOR: (4, lambda code: [one for one in code[2:4] if one is not None]),
}


class Origins:
    """Evaluates expressions, once all values are known."""

    def __init__(self, propagation: Propagation) -> None:
        self.propagation = propagation
        self.engine = propagation.engine

    def at(self, path: str, place: int) -> int:
        """Return the errors that the operands of the expressions at a position may be."""
        mask = 0
        module = self.engine.project.by_path.get(path)
        for definition in module.definitions if module is not None else ():
            found = [operand for code in expressions(definition.scope.code) for operand in operands_at(code, place)]
            if not found:
                continue
            for instance in [one for one in self.engine.instances.values() if one.definition is definition]:
                for operand in found:
                    mask |= self.errors_of(self.values(instance, operand))
        return mask

    def values(self, instance: Instance, code: Code) -> Values:
        """Return the values of an expression of a function."""
        if code[0] == op.STARRED:
            code = code[1]
        return Functions(self.engine, instance).value(code)

    def errors_of(self, values: Values) -> int:
        """Return the errors that some values are, including the members of containers."""
        mask = 0
        seen: set[Value] = set()
        waiting: list[Value] = list(values)
        while waiting:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            kind = one[0]
            if kind == "caught":
                mask |= self.propagation.concrete(self.propagation.caught.get(one[1], 0))
            elif kind == "container":
                waiting += self.engine.slot((one[1], "items")).values
            elif kind in ("parameter", "made"):
                waiting += self.engine.given(one[1:4]) or [("unknown",)]
            elif kind in ("instance", "class"):
                mask |= self.of_class(one)
            elif kind in ("unknown", "any"):
                mask |= 1
        return mask

    def of_class(self, value: Value) -> int:
        """Return all raises of the class of a value, and of its subclasses if it may be one of them."""
        info = self.engine.info(value[1])
        if not info.is_error:
            return 0
        mask = 0
        errors = self.propagation.errors
        for number, entry in enumerate(errors.entries):
            if isinstance(entry, Symbol) or number <= 1:
                continue
            if entry.path == info.path or (not value[2] and info.path in errors.ancestors(entry.path)[0]):
                mask |= 1 << number
        return mask


def receiver(code: Code) -> list[Code]:
    """Return the object of a method that is called."""
    return [code[1]] if code[0] == op.ATTRIBUTE else []


def expressions(code: list[Code]) -> Iterator[Any]:
    """Yield all expressions of a scope."""
    for statement in statements_of(code):
        if statement[0] == op.TRY:
            for caught, *_ in statement[2]:
                yield from parts(caught or [])
        elif statement[0] == op.WITH:
            yield from parts(statement[1])
        elif statement[0] != op.CHOOSE:
            yield from parts(statement[1:])


def operands_at(code: Code, place: int) -> list[Code]:
    """Return the operands of an expression at a position, none for another."""
    known = PLACES.get(code[0])
    if known is None or len(code) <= known[0] or code[known[0]] != place:
        return []
    return known[1](code)
