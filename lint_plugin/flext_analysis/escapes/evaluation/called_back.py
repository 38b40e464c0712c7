"""Which methods of an object outside code calls: a base class from outside calls back the class."""

from __future__ import annotations

import re

from flext_analysis.escapes.evaluation.computed_names import ComputedNames
from flext_analysis.escapes.values import Value, Values
from flext_analysis.summaries.definitions import Definition

__all__ = ["MIXINS", "CalledBack"]

MIXINS: dict[str, tuple[str, ...]] = {  # the methods that the mixins of collections.abc call, as its page says
    "items": ("__iter__", "__getitem__"),
    "values": ("__iter__", "__getitem__"),
    "keys": ("__iter__",),
    "pop": ("__getitem__", "__delitem__"),
    "popitem": ("__iter__", "__getitem__", "__delitem__"),
    "clear": ("__delitem__",),
    "update": ("__setitem__",),
    "setdefault": ("__setitem__",),
    "append": ("insert",),
    "extend": ("insert",),
    "remove": ("__delitem__",),
    "index": ("__getitem__",),
    "count": ("__getitem__",),
}

# The methods that a base class from outside looks up by name: ``ast.NodeVisitor.visit`` calls ``visit_Name``,
# ``cmd.Cmd.onecmd`` calls ``do_quit``. Source: the pages of the standard library on classes meant as bases.
HOOK = re.compile(
    r"(visit|generic_visit|depart|leave|do|handle|on|emit|default|run|process|format|convert|start|end|setup|finish|"
    r"precmd|postcmd|emptyline|data|connection|unknown)(_\w+|[A-Z]\w*)?|get_value|get_field|__call__"
)
CALLABLE = frozenset(["function", "bound", "partial", "class"])
PLAIN_MODULES = frozenset("builtins typing abc enum unittest dataclasses collections".split())


class CalledBack(ComputedNames):
    """Calls what outside code calls back. Only used if a miss is worse than an error too many."""

    def run_callbacks(self, receiver: Value, place: int) -> None:
        """Record that the outside bases of a class may call its methods, also of subclasses if it is not exact."""
        if not self.engine.limits.widens or receiver[0] not in ("instance", "class"):
            return
        hooks = self.engine.called_back.get(receiver[1:])
        if hooks is None:
            hooks = self.engine.called_back[receiver[1:]] = self.hooks(receiver)
        for cls, name in hooks:
            for one in self.ordered(self.engine.read((cls, (), name), self.instance)):
                if one[0] == "function":
                    self.add_call(self.engine.instance(one[1], one[2]), None, place)

    def hooks(self, receiver: Value) -> list[tuple[Definition, str]]:
        """Return the methods that the outside bases of a class may call by their names, with the class of each."""
        lineage = self.engine.lineage(receiver[1])
        if all(one.partition(".")[0] in PLAIN_MODULES for one in lineage if isinstance(one, str)):
            return []
        classes = (*lineage, *(() if receiver[2] else self.engine.subclasses(receiver[1])))
        own = (cls for cls in classes if isinstance(cls, Definition))
        return [(cls, name) for cls in own for name in cls.scope.bound if HOOK.fullmatch(name)]

    def keep_callbacks(self, owner: str, given: list[Values], named: dict[str, Values], place: int) -> None:
        """Record what an object from outside receives and may call, and call what it received before."""
        if not self.engine.limits.widens or not owner.rpartition(".")[2][:1].isupper():
            return
        if owner.startswith(("threading.", "multiprocessing.", "concurrent.")):  # they store what their tasks raise
            return
        slot = "callbacks", owner
        kept = {one for values in (*given, *named.values()) for one in values if one[0] in CALLABLE}
        if kept:
            self.engine.write(slot, kept)
        else:
            self.call_given([self.engine.read(slot, self.instance)], {}, place)
