"""What a value may be where ``isinstance`` was asked of it and answered with yes."""

from __future__ import annotations

import sys

from flext_analysis.escapes.evaluation.frame import Frame
from flext_analysis.escapes.values import MAYBE_ERRORS, STRING, Value, Values
from flext_analysis.program.hierarchy import ClassInfo

__all__ = ["instances_among"]

COLLECTIONS = frozenset(f"builtins.{name}" for name in "list tuple dict set frozenset".split())
# Classes that no error can inherit from: their instances have another layout than those of BaseException.
NO_ERRORS = COLLECTIONS | frozenset(
    f"builtins.{name}" for name in "str bytes bytearray int bool float complex range slice NoneType".split()
)
NONE = frozenset([("instance", "builtins.NoneType", True), STRING])  # a test for None, also as a member of a tuple
STRUCTURAL = frozenset(["abc.ABC", "typing.Protocol", "typing_extensions.Protocol"])


def instances_among(values: Values, classes: Values, frame: Frame) -> Values:
    """Return which of some values may be instances of some classes; caught errors remember the classes."""
    members = [frame.engine.read((one[1], "items"), frame.instance) for one in classes if one[0] == "container"]
    flat = {one for one in classes if one[0] != "container"}.union(*members)
    infos = [frame.engine.info(one[1]) if one[0] in ("class", "external") or one in NONE else None for one in flat]
    if not infos or any(info is None or not is_asked_by_lineage(info) for info in infos):
        return values
    paths = {info.path for info in infos if info is not None}
    ordered = tuple(frame.ordered(flat))
    found: set[Value] = set()
    for one in values:
        if paths <= NO_ERRORS and (one[0] in MAYBE_ERRORS or (one[0] == "container" and paths.isdisjoint(COLLECTIONS))):
            continue
        found.add((*one, ordered) if one[0] == "caught" and len(one) == 2 else one)
    return found


def is_asked_by_lineage(info: ClassInfo) -> bool:
    """Return whether only what inherits from a class is an instance of it: others may ask for methods instead."""
    if info.definition is not None:
        plain = not any(keyword == "metaclass" for keyword, _ in info.definition.scope.keywords)
        return info.is_error or (plain and info.whole and STRUCTURAL.isdisjoint(info.lineage))
    module = info.path.partition(".")[0]
    return info.is_error or module == "builtins" or module not in sys.stdlib_module_names
