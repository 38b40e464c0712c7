"""Why the classes of a family cannot be given a typed base."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flext_analysis.observers.readers import TYPED_ATTRIBUTES
from flext_analysis.syntax.bindings import last_name
from flext_analysis.syntax.statements import FunctionNode, statements
from flext_codemods.project.paths import Location

__all__ = ["ErrorClass", "FamilyProblem", "classes_in", "family_problems"]

# Facts of a typed class that another meaning in the project would change or conflict with; see flext_exceptions.base.
CLASS_FACTS = frozenset(
    "code error_code __slots__ __getattr__ __getattribute__ __setattr__ __getstate__ __setstate__ __new__ "
    "__init_subclass__".split()
)
DECORATED = "is decorated"  # of the class itself, its own recipe reports it


class ErrorClass(NamedTuple):
    """A class statement: its name, the last names of its bases, what may conflict with a typed base, where."""

    name: str
    bases: tuple[str, ...]
    special: str
    location: Location


class FamilyProblem(NamedTuple):
    """What prevents a typed base, and where that is."""

    text: str
    location: Location


def classes_in(tree: ast.Module, path: str) -> Iterator[ErrorClass]:
    """Yield the classes of a module that have bases."""
    for node, _ in statements(tree):
        if isinstance(node, ast.ClassDef) and node.bases:
            bases = tuple(last_name(base) or "" for base in node.bases)
            yield ErrorClass(node.name, bases, special_in(node), Location(path, node.lineno))


def special_in(node: ast.ClassDef) -> str:
    """Return what a class has that would mean something else with a typed base, "" if there is nothing."""
    for inner in node.body:
        names = [inner.name] if isinstance(inner, FunctionNode | ast.ClassDef) else []
        targets = inner.targets if isinstance(inner, ast.Assign) else [getattr(inner, "target", None)]
        names += [target.id for target in targets if isinstance(target, ast.Name)]
        if not CLASS_FACTS.isdisjoint(names):
            return f"declares {min(CLASS_FACTS.intersection(names))}"
        if isinstance(inner, ast.AnnAssign) and inner.value is None:
            return f"annotates {names[0] if names else 'a field'}, which becomes a keyword with a default"
    for part in ast.walk(node):
        match part:
            case ast.Attribute(attr="error_code", ctx=ast.Store()):
                return "sets error_code, an alias of code"
            case ast.Attribute(attr="__dict__") | ast.Call(func=ast.Name(id="vars")):
                return "reads the dict of its instances"
            case ast.Call(func=ast.Name(id="getattr" | "hasattr"), args=[ast.Name(), ast.Constant(value=word), *_]):
                if word in TYPED_ATTRIBUTES:
                    return f"checks for a {word}"
    return DECORATED if node.decorator_list else ""


def family_problems(classes: list[ErrorClass], asked: dict[str, Location]) -> dict[str, FamilyProblem]:
    """Return why the family of each class, by name, cannot be rebased, for those with an obstacle.

    ``asked`` has where a handler reads an attribute of an error that only a typed error has.
    """
    below: dict[str, list[ErrorClass]] = {}
    for each in classes:
        for base in each.bases:
            below.setdefault(base, []).append(each)
    problems = (FamilyProblem(f"a handler reads {word} of an error", location) for word, location in asked.items())
    first_asked = next(problems, None)
    found: dict[str, FamilyProblem] = {}
    for each in classes:
        family, waiting = [each], list(below.get(each.name, ()))
        while waiting:
            one = waiting.pop()
            if one not in family:
                family.append(one)
                waiting += below.get(one.name, ())
        for one in family:
            if one.special and (one is not each or one.special != DECORATED):
                found.setdefault(each.name, FamilyProblem(f"{one.name} {one.special}", one.location))
        if first_asked is not None:
            found.setdefault(each.name, first_asked)
    return found
