"""The classes of an error that is raised by a name, or returned by a method."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flext_analysis.semantics.class_facts import class_text
from flext_analysis.semantics.classes import Classes
from flext_analysis.semantics.raised_types import is_class_name
from flext_analysis.syntax.bindings import Binding
from flext_analysis.syntax.raise_sites import classes_in, raised_values
from flext_analysis.syntax.statements import Block, FunctionNode, ScopeNode, run_here

__all__ = ["Origin", "origins"]

MAX_CHAIN = 5  # the number of names and functions that are followed in a row
PLAIN = frozenset(["staticmethod", "classmethod"])  # decorators after which a call returns what the function returns


class Origin(NamedTuple):
    """A class that an error may have: the expression that names it, and its location.

    ``lines`` are the first and last line where the error is created, (0, 0) if that is not known: a parameter, or a
    caught error. ``made`` means that a function or method creates it, called in those lines.
    """

    node: ast.expr
    block: Block
    lines: tuple[int, int] = (0, 0)
    made: bool = False


def origins(value: ast.expr, block: Block, classes: Classes) -> list[Origin]:
    """Return the classes that an error expression may have; none if one of them is not known.

    >>> text = "class Bad(Exception): ...\\ndef bad(): return Bad()\\ndef f():\\n    error = bad()\\n    raise error"
    >>> tree = ast.parse(text)
    >>> from flext_analysis.syntax.statements import statements
    >>> (node, block), = [each for each in statements(tree) if isinstance(each[0], ast.Raise)]
    >>> [(origin.node.id, origin.lines, origin.made) for origin in origins(node.exc, block, Classes(tree, text))]
    [('Bad', (4, 4), True)]
    """
    return found(value, block, classes, MAX_CHAIN) or []


def found(value: ast.expr, block: Block, classes: Classes, depth: int) -> list[Origin] | None:
    """Return the classes of an expression, None if one of them is not known."""
    if not depth:
        return None
    total: list[Origin] = []
    for one in raised_values(value):
        match one:
            case ast.Constant(value=None):  # raising it is a TypeError
                continue
            case ast.Name():
                part = of_name(one, block, classes, depth)
            case ast.Call():
                part = of_call(one, block, classes, depth)
            case _:
                part = None
        if part is None:
            return None
        total += part
    return total


def of_name(node: ast.Name, block: Block, classes: Classes, depth: int) -> list[Origin] | None:
    """Return the classes of a name's value: in a handler, by assignments, or as a parameter."""
    name = node.id
    for outer in block.outwards():
        if isinstance(outer.owner, ast.ExceptHandler) and outer.owner.name == name:
            return [Origin(caught, outer) for caught in classes_in(outer.owner.type)] or None
        if isinstance(outer.owner, ScopeNode):
            break
    total: list[Origin] = []
    for binding in reaching(classes.names.bindings(name, block), node.lineno, block):
        match binding.node:
            case ast.Assign(targets=[ast.Name()], value=value) | ast.AnnAssign(value=ast.expr() as value):
                part = found(value, binding.block, classes, depth - 1)
            case ast.AnnAssign(annotation=annotation):
                part = of_annotation(annotation, binding.block)
            case ast.FunctionDef() | ast.AsyncFunctionDef() as function if binding.kind == "parameter":
                part = of_annotation(annotation_of(function, name), binding.block)
            case _:
                part = None
        if part is None:
            return None
        total += part
    return total or None


def reaching(bindings: list[Binding], line: int, block: Block) -> list[Binding]:
    """Return the bindings that may apply at a line: not rebound on the way there, nor later.

    In a loop later ones may apply as well.
    """
    places = {id(outer.owner): outer.part for outer in block.outwards()}
    loops = any(isinstance(outer.owner, ast.For | ast.AsyncFor | ast.While) for outer in block.outwards())
    lines = [getattr(each.node, "lineno", 0) for each in bindings]
    always = [
        at
        for each, at in zip(bindings, lines, strict=True)
        if at < line and isinstance(each.node, ast.Assign) and places.get(id(each.block.owner)) == each.block.part
    ]
    first = max(always, default=0)
    return [each for each, at in zip(bindings, lines, strict=True) if first <= at and (at <= line or loops)]


def annotation_of(function: FunctionNode, name: str) -> ast.expr | None:
    """Return the annotation of a parameter."""
    given = function.args
    named = (each for each in (*given.posonlyargs, *given.args, *given.kwonlyargs) if each.arg == name)
    return next((each.annotation for each in named), None)


def of_annotation(node: ast.expr | None, block: Block) -> list[Origin] | None:
    """Return the classes that an annotation names, in quotes or not; None for none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except SyntaxError:  # a text, not a class
            return None
    total: list[Origin] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.BinOp):
            waiting += [one.right, one.left]
        elif not (isinstance(one, ast.Constant) and one.value is None):
            if one is None or class_text(one) is None:
                return None
            total.append(Origin(one, block))
    return total or None


def of_call(call: ast.Call, block: Block, classes: Classes, depth: int) -> list[Origin] | None:
    """Return the classes of a call's result: a class's own, or what a function or method of the module returns."""
    lines = call.lineno, call.end_lineno or call.lineno
    function = called(call.func, block, classes)
    if function is not None:
        returned = of_function(*function, classes, depth)
        return None if returned is None else [one._replace(lines=lines, made=True) for one in returned]
    name = (class_text(call.func) or "").rpartition(".")[2]
    return [Origin(call.func, block, lines)] if is_class_name(name) else None


def called(node: ast.expr, block: Block, classes: Classes) -> tuple[FunctionNode, Block] | None:
    """Return the function or method of the module that a call calls, and its block."""
    match node:
        case ast.Name(id=name):
            bindings = classes.names.bindings(name, block)
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            bindings = next((bound for holder in holders(name, block, classes) if (bound := holder.get(attribute))), [])
        case _:
            return None
    binding = classes.only(bindings) if bindings else None
    function = binding.node if binding is not None and binding.kind == "function" else None
    return (function, binding.block) if binding is not None and isinstance(function, FunctionNode) else None


def holders(name: str, block: Block, classes: Classes) -> Iterator[dict[str, list[Binding]]]:
    """Yield what the class behind ``self``, ``cls`` or a class's name binds, and then each of its bases."""
    facts = classes.of_text(name, block)
    around = next((outer for outer in block.outwards() if isinstance(outer.owner, ast.ClassDef)), None)
    waiting: list[tuple[ast.ClassDef, Block]] = []
    if facts is not None and facts.node is not None and facts.block is not None:
        waiting.append((facts.node, facts.block))
    elif name in ("self", "cls") and around is not None and isinstance(around.owner, ast.ClassDef) and around.parent:
        waiting.append((around.owner, around.parent))
    seen: set[ast.ClassDef] = set()
    while waiting:
        node, place = waiting.pop(0)
        if node in seen:
            continue
        seen.add(node)
        yield classes.names.scope(node)
        bases = [classes.of(base, place) for base in node.bases]
        waiting += [(base.node, base.block) for base in bases if base is not None and base.node and base.block]


def of_function(function: FunctionNode, block: Block, classes: Classes, depth: int) -> list[Origin] | None:
    """Return the classes of what a function returns, by its body, or otherwise by its annotation."""
    if any(class_text(each) not in PLAIN for each in function.decorator_list):
        return None
    inside = Block(function, "body", block)
    total: list[Origin] = []
    for statement in run_here(function.body):
        if isinstance(statement, ast.Return):
            part = found(statement.value, inside, classes, depth - 1) if statement.value is not None else None
            if part is None:
                return of_annotation(function.returns, block)
            total += part
    return total or of_annotation(function.returns, block)
