"""The ways of errors out of a function as trees: for the terminal and the page."""

from __future__ import annotations

from typing import Any, NamedTuple

from flext_analysis.escapes import OPEN
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import line_of
from flext_codemods.audit.boundaries import is_boundary
from flext_codemods.audit.program import function_name, place_name
from flext_codemods.audit.witness import Ways

__all__ = ["UNKNOWN", "Branch", "error_trees"]

MAX_BRANCHES = 400  # of one tree
UNKNOWN = "something that is not known"
RAISED, NOT_KNOWN = "raised at", "not known at"


class Branch(NamedTuple):
    """A line of a tree: its text, its file and line, and the lines below it."""

    label: str
    path: str
    line: int
    inner: tuple[Branch, ...] = ()


def error_trees(definition: Definition, ways: Ways) -> list[Branch]:
    """Return a tree for each class that may leave a function, down to the raises; shared parts appear once."""
    found = []
    for path in sorted(ways.leaving(definition)):
        budget = [MAX_BRANCHES]
        seen: set[Any] = set()
        inner = tuple(branch for node in ways.nodes(definition, path) for branch in branches(node, ways, seen, budget))
        label = UNKNOWN if path == OPEN else path
        found.append(Branch(label, definition.module.path, line_of(definition.scope.place), inner))
    return found


def branches(node: Any, ways: Ways, seen: set[Any], budget: list[int]) -> tuple[Branch, ...]:
    """Return the branches below a function: its own raises, and its calls."""
    found: list[Branch] = []
    seen.add(node)
    instance = node[0]
    path = instance.definition.module.path
    for step in ways.steps(node):
        budget[0] -= 1
        if budget[0] < 0:
            break
        line = line_of(step.place)
        if step.target is None:
            said = f"{NOT_KNOWN if node[2] == OPEN else RAISED} {place_name(step.path, step.place)}"
            found.append(Branch(f"{said}: {step.reason}" if step.reason else said, step.path, line))
            continue
        target = step.target[0].definition
        again = step.target in seen
        inner = () if again or budget[0] <= 0 else branches(step.target, ways, seen, budget)
        if is_boundary(path) and is_boundary(target.module.path):  # a module of the library is one branch
            found += [one for one in inner if one not in found]
            continue
        called = "" if is_boundary(path) else f", called at line {line}"
        found.append(Branch(f"{function_name(target)}{called}{' (see above)' if again else ''}", path, line, inner))
    return tuple(dict.fromkeys(found))
