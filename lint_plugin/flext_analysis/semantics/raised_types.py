"""The classes that a statement may raise, through conditions, chained calls and functions that build errors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flext_analysis.semantics.classes import Classes, ClassFacts
from flext_analysis.semantics.values import Assigned
from flext_analysis.syntax.bindings import dotted, last_name
from flext_analysis.syntax.raise_sites import raised_expression, raised_values
from flext_analysis.syntax.statements import Block, FunctionNode, run_here

__all__ = ["Raised", "is_class_name", "raised"]


class Raised(NamedTuple):
    """One value that may be raised.

    ``facts`` is what is known about its class, None if that may be anything, such as an imported class; ``call`` is the
    call of the class, None if the class itself is raised; ``made`` means that a function of the module builds the
    error; ``assigned`` is the assignment to the name by which it is raised.
    """

    value: ast.expr
    facts: ClassFacts | None
    call: ast.Call | None = None
    made: bool = False
    assigned: Assigned | None = None


def is_class_name(name: str) -> bool:
    """Return whether a name is a class's by convention (PEP 8: CapWords).

    >>> [is_class_name(name) for name in ("BadInput", "_Bad", "make_error", "ERROR", "HTTP404")]
    [True, True, False, False, True]
    """
    bare = name.lstrip("_")
    return bare[:1].isupper() and (not bare.isupper() or any(letter.isdigit() for letter in bare))


def raised(node: ast.expr, block: Block, classes: Classes) -> Iterator[Raised]:
    """Yield what the expression of a raise statement may raise."""
    for value in raised_values(node):
        named, call = raised_expression(value)
        if call is not None and isinstance(named, ast.IfExp | ast.BoolOp | ast.NamedExpr):
            yield from (Raised(value, classes.of_own(one, block), call) for one in raised_values(named))
            continue
        facts = classes.of_own(named, block)
        if call is None or (facts is not None and facts.is_error):
            yield Raised(value, facts, call)
        elif made := by_method_elsewhere(call, block, classes):
            yield made
        elif facts is not None:
            yield Raised(value, facts, call)
        else:
            yield from made_by(call, block, classes)


def made_by(call: ast.Call, block: Block, classes: Classes) -> list[Raised]:
    """Return the result of a call of this module's function or method, [one unknown] if its returns do not show it."""
    unknown = [Raised(call, None, call)]
    known = called(call.func, block, classes)
    if known is None:
        return unknown
    function, around = known
    inside = Block(function, "body", around)
    own = around.owner if isinstance(around.owner, ast.ClassDef) else None
    found: list[Raised] = []
    for statement in run_here(function.body):
        if isinstance(statement, ast.Return):
            values = raised_values(statement.value) if statement.value is not None else ()
            made = [class_made(value, inside, own, classes) for value in values]
            if not made or None in made:
                return unknown
            found += [Raised(call, facts, None, made=True) for facts in made]
    return found or unknown


def by_method_elsewhere(call: ast.Call, block: Block, classes: Classes) -> Raised | None:
    """Return the result of ``SoldOut.of(sku)`` if SoldOut is another module's error: one of these."""
    if not isinstance(call.func, ast.Attribute) or is_class_name(call.func.attr):
        return None
    if not is_class_name(last_name(call.func.value) or ""):
        return None
    facts = classes.of(call.func.value, block)
    if facts is None or facts.definition is None or not facts.is_error:
        return None
    return Raised(call, facts, None, made=True)


def class_made(value: ast.expr, inside: Block, own: ast.ClassDef | None, classes: Classes) -> ClassFacts | None:
    """Return the class of the error that a function returns, None if that is not certain."""
    if not isinstance(value, ast.Call):
        return None
    if own is not None and isinstance(value.func, ast.Name) and value.func.id == "cls" and inside.parent is not None:
        around = inside.parent.parent
        return classes.of_node(own, around) if around is not None else None
    return classes.of(value.func, inside)


def called(func: ast.expr, block: Block, classes: Classes) -> tuple[FunctionNode, Block] | None:
    """Return the function or method of the module that a call names, with the block around it; None for any other."""
    if isinstance(func, ast.Name):
        if func.id not in classes.defined:
            return None
        binding = classes.only(classes.names.bindings(func.id, block) or [])
        if binding is None or not isinstance(binding.node, FunctionNode) or binding.kind != "function":
            return None
        return (binding.node, binding.block) if not binding.node.decorator_list else None
    if not isinstance(func, ast.Attribute) or func.attr not in classes.defined or not isinstance(func.value, ast.Name):
        return None
    return method_of(func.value, func.attr, block, classes)


def method_of(owner: ast.Name, name: str, block: Block, classes: Classes) -> tuple[FunctionNode, Block] | None:
    """Return the method that ``self._refusal`` or ``SoldOut.of`` names, None if that is not certain."""
    if owner.id in ("self", "cls"):
        if not name.startswith("_"):
            return None  # a subclass may have one of its own
        around = next((outer.owner for outer in block.outwards() if isinstance(outer.owner, ast.ClassDef)), None)
    else:
        facts = classes.of(owner, block)
        around = facts.node if facts is not None else None
    if around is None or around not in classes.runs:
        return None
    bindings = classes.names.scope(around).get(name, [])
    binding = classes.only(bindings) if bindings else None
    if binding is None or not isinstance(binding.node, FunctionNode):
        return None
    plain = all(dotted(one) in ("classmethod", "staticmethod") for one in binding.node.decorator_list)
    return (binding.node, binding.block) if plain else None
