"""What does this statement raise? The classes, through conditions, chained calls and functions that build errors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flext_analysis.classes import Classes, ClassFacts
from flext_analysis.raise_sites import raised_expression, raised_values
from flext_analysis.statements import Block, FunctionNode, run_here

__all__ = ["Raised", "is_class_name", "raised"]


class Raised(NamedTuple):
    """One value that may be raised.

    ``facts`` says what is known of its class, None where that may be anything, an imported class among it; ``call`` is
    the call of the class, None where the class itself is raised; ``made`` says that a function of the module builds the
    error.
    """

    value: ast.expr
    facts: ClassFacts | None
    call: ast.Call | None = None
    made: bool = False


def is_class_name(name: str) -> bool:
    """Say whether a name is a class's by convention (PEP 8: CapWords).

    >>> [is_class_name(name) for name in ("BadInput", "_Bad", "make_error", "ERROR", "HTTP404")]
    [True, True, False, False, True]
    """
    bare = name.lstrip("_")
    return bare[:1].isupper() and (not bare.isupper() or any(letter.isdigit() for letter in bare))


def raised(node: ast.expr, block: Block, classes: Classes) -> Iterator[Raised]:
    """Yield what the expression of a raise statement may raise."""
    for value in raised_values(node):
        named, call = raised_expression(value)
        facts = classes.of_own(named, block)
        if facts is not None or call is None:
            yield Raised(value, facts, call)
        else:
            yield from made_by(call, block, classes)


def made_by(call: ast.Call, block: Block, classes: Classes) -> list[Raised]:
    """Return what the call of a function of this module gives, [one unknown] where its returns do not tell."""
    unknown = [Raised(call, None, call)]
    if not isinstance(call.func, ast.Name) or call.func.id not in classes.defined:
        return unknown
    binding = classes.only(classes.names.bindings(call.func.id, block) or [])
    function = binding.node if binding is not None and binding.kind == "function" else None
    if binding is None or not isinstance(function, FunctionNode) or function.decorator_list:
        return unknown
    inside = Block(function, "body", binding.block)
    found: list[Raised] = []
    for statement in run_here(function.body):
        if isinstance(statement, ast.Return):
            values = raised_values(statement.value) if statement.value is not None else ()
            made = [classes.of(value.func, inside) if isinstance(value, ast.Call) else None for value in values]
            if not made or None in made:
                return unknown
            found += [Raised(call, facts, None, made=True) for facts in made]
    return found or unknown
