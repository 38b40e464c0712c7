"""What an annotation says about a value."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flext_analysis.escapes.values import EMPTY, Order, Value, Values
from flext_analysis.program.hierarchy import ClassInfo, Hierarchy, external_class
from flext_analysis.program.project import Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition

__all__ = ["Annotations"]


class Annotations:
    """Reads annotations, each once."""

    def __init__(self, project: Project, hierarchy: Hierarchy) -> None:
        self.project = project
        self.hierarchy = hierarchy
        self.order = Order()
        self._annotations: dict[int, tuple[Any, Values]] = {}
        self._returns: dict[Definition, tuple[Values, str]] = {}

    def write(self, key: Any, values: Collection[Value], *, under: bool = False) -> None:
        """Add to a slot."""
        raise NotImplementedError

    def info(self, cls: Definition | str) -> ClassInfo:
        """Return what is known about a class."""
        return external_class(cls) if isinstance(cls, str) else self.hierarchy.of_definition(cls)

    def is_broad(self, values: Values) -> bool:
        """Return whether an annotation says too little: BaseException, Exception, a protocol, an abstract container."""
        return any(
            one[0] == "instance" and one[1] in ("builtins.Exception", "builtins.BaseException", "builtins.object")
            for one in values
        )

    def is_error(self, values: Values) -> bool:
        """Return whether an annotation names errors, or classes of errors: the argument itself says more than that."""
        return any(one[0] in ("instance", "class") and self.info(one[1]).is_error for one in values)

    def annotated_return(self, definition: Definition) -> tuple[Values, str]:
        """Return what the annotation of a function says that it returns, and how much that is worth.

        "whole": it says all. "lazy": a generator or such, whose code runs elsewhere; "error": an error; what the code
        returns says more than both. "": it does not tell.
        """
        kept = self._returns.get(definition)
        if kept is None:
            code = definition.scope.returns
            found = EMPTY if code is None else self.annotated(code, definition.parent)
            weight = "whole"
            if any(one[0] == "container" and one[1][2] for one in found):
                weight = "lazy"
            elif not found or self.is_broad(found):
                weight = ""
            elif self.is_error(found):
                weight = "error"
            kept = self._returns[definition] = found, weight
        return kept

    def annotated(self, code: Any, where: Definition | None) -> Values:
        """Return the values that an annotation stands for; nothing if it does not say."""
        kept = self._annotations.get(id(code))
        if kept is None:
            kept = self._annotations[id(code)] = (code, self._annotated(code, where))
        return kept[1]

    def _annotated(self, code: Any, where: Definition | None) -> Values:
        kind = code[0]
        if kind == op.CONSTANT:
            return {("instance", "builtins.NoneType", True)} if code[1] == "NoneType" else EMPTY
        if kind == op.EITHER:
            parts = [self.annotated(one, where) for one in code[1]]
            return EMPTY if not all(parts) else frozenset().union(*parts)
        if kind == op.ITEM:
            return self.subscripted(code, where)
        found: set[Value] = set()
        for entity in self.project.of_code(code, where):
            if entity.kind == "class" and entity.definition is not None:
                if not PROTOCOLS.isdisjoint(self.info(entity.definition).lineage):
                    return EMPTY
                found.add(("instance", entity.definition, False))
            elif entity.kind == "external":
                found |= self.external_annotation(entity.path, where)
            elif entity.kind == "value" and entity.code is not None and entity.code[0] in (op.ITEM, op.EITHER):
                return self.annotated(entity.code, entity.definition)
            else:
                return EMPTY
        return found

    def external_annotation(self, path: str, where: Definition | None) -> Values:
        """Return the values that a class outside the repository stands for."""
        module, _, name = path.rpartition(".")
        if module in ("typing", "typing_extensions", "collections.abc"):
            if name == "Self" and where is not None and where.scope.kind == "class":
                return {("instance", where, False)}
            return EMPTY
        if module == "builtins":
            if name in ("list", "dict", "set", "tuple", "object", "type", "frozenset", "Exception", "BaseException"):
                return {("instance", path, False)} if name.endswith("Exception") else EMPTY
            return {("instance", self.info(path).path, False)}
        return {("instance", self.info(path).path, False)} if self.info(path).is_error else EMPTY

    def subscripted(self, code: Any, where: Definition | None) -> Values:
        """Return the values that ``list[X]``, ``Optional[X]``, ``type[X]`` and similar annotations stand for."""
        index = code[2]
        parts = index[2] if index[0] == op.SEQUENCE else [index]
        names = {
            one.path.rpartition(".")[2] if one.kind == "external" else one.kind
            for one in self.project.of_code(code[1], where)
        }
        if len(names) != 1:
            return EMPTY
        name = names.pop()
        if name == "class":
            return self.annotated(code[1], where)
        if name == "Optional":
            inner = self.annotated(parts[0], where)
            return {*inner, ("instance", "builtins.NoneType", True)} if inner else EMPTY
        if name == "Union":
            found = [self.annotated(one, where) for one in parts]
            return EMPTY if not all(found) else frozenset().union(*found)
        if name in ("type", "Type"):
            return {("class", one[1], False) for one in self.annotated(parts[0], where) if one[0] == "instance"}
        if name in ("Annotated", "Final", "ClassVar", "Required", "NotRequired"):
            return self.annotated(parts[0], where)
        if name.lower() in CONTAINERS:
            known = [self.annotated(one, where) for one in parts if one[0] != op.CONSTANT]
            if not any(known):
                return EMPTY
            keyed = name.lower() in MAPPINGS and len(known) == 2
            site = ("mapping" if keyed else "annotation", self.order.number(code), name.lower() in LAZY)
            self.write((site, "items"), known[-1] if keyed else frozenset().union(*known))
            if keyed:
                self.write((site, "keys"), known[0])
            return {("container", site)}
        return EMPTY


PROTOCOLS = frozenset(["typing.Protocol", "typing_extensions.Protocol"])
MAPPINGS = frozenset("dict mapping mutablemapping defaultdict ordereddict".split())
LAZY = frozenset(  # a possible generator or coroutine: its code runs where it is used
    "iterable iterator generator asynciterator asynciterable asyncgenerator awaitable coroutine contextmanager "
    "abstractcontextmanager".split()
)
CONTAINERS = MAPPINGS | frozenset(
    "list set frozenset tuple sequence iterable iterator generator collection mutablesequence deque abstractset "
    "mutableset asynciterator asynciterable asyncgenerator awaitable coroutine contextmanager "
    "abstractcontextmanager".split()
)
