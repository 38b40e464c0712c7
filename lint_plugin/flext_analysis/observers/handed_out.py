"""Which functions and classes code outside the repository receives, and so may call with anything."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.program.project import Entity, Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import last_name, walk_code
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["HandedOut", "is_called"]

# Decorators that do not pass a function to outside code, by the last part of their name.
PLAIN_DECORATORS = frozenset(
    "property setter getter deleter staticmethod classmethod contextmanager asynccontextmanager abstractmethod "
    "overload override final wraps lru_cache cache cached_property total_ordering deprecated no_type_check".split()
)
BY_NAME = frozenset(["import_module", "__import__", "walk_packages", "iter_modules", "eval", "exec", "import_string"])
LOOKUPS = BY_NAME | {"globals", "vars", "locals", "dir"}


class HandedOut:
    """Determines whether outside code receives a function: its name is used other than by calling it.

    ``functions`` are those functions and all lambdas. A class is handed out in the same way, and its methods with it.
    So is the function under an outside decorator, and what a text names as ``module.function``, as settings do.
    ``open_modules`` are those whose functions code may look up by a computed name: the module itself is passed on.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.functions: dict[Definition, None] = {}
        self.classes: set[str] = set()
        self.paths: set[str] = set()
        self.texts: set[str] = set()
        self.open_modules: set[str] = set()
        for module in project.modules:
            for definition in module.definitions:
                if definition.scope.kind == "lambda":
                    self.functions[definition] = None
                for code, _, around in walk_code(definition.scope.code):
                    if code[0] == op.CONSTANT and code[1] == "str" and isinstance(code[2], str):
                        self.texts.add(code[2].replace(":", ".").rpartition(".")[2] if "." in code[2] else "")
                    if code[0] == op.CALL and last_name(code[1]) in LOOKUPS:
                        named = last_name(code[1]) in BY_NAME
                        self.open_modules |= {one.path for one in project.modules} if named else {module.path}
                    for entity in self.used(code, around, definition):
                        if entity.kind == "module" and entity.module is not None:
                            self.open_modules.add(entity.module.path)
                        if entity.kind == "function" and entity.definition is not None:
                            self.functions[entity.definition] = None
                        elif entity.kind == "class" and entity.definition is not None:
                            self.classes.add(entity.definition.path)
                        elif entity.kind == "value" and entity.code is not None and entity.code[0] == op.CALL:
                            made = project.of_code(entity.code[1], entity.definition)
                            self.classes |= {one.definition.path for one in made if one.definition is not None}
        self.paths = {one.path for one in self.functions}

    def used(self, code: Code, around: tuple[Code, ...], definition: Definition) -> list[Entity]:
        """Return what an expression that is used other than by calling it refers to."""
        if code[0] in (op.NAME, op.ATTRIBUTE) and not is_called(code, around):
            return self.project.of_code(code, definition)
        if code[0] == op.CALL and around and around[-1][0] == op.CALL and around[-1][1] is not code:
            return [Entity("value", definition=definition, code=code)]  # an instance, where it is a class
        return []

    def __contains__(self, definition: Definition) -> bool:
        """Return whether outside code may call a function."""
        if definition.path in self.paths or definition.scope.name in self.texts:
            return True
        if any(not self.is_plain(one, definition) for one in definition.scope.decorators):
            return True
        cls = definition.parent
        if cls is None or cls.scope.kind != "class":
            return False
        return cls.path in self.classes or bool(cls.scope.decorators) or any(self.bases_outside(cls))

    def is_plain(self, decorator: Code, definition: Definition) -> bool:
        """Return whether a decorator does not pass a function on: one of the language, or of the repository itself."""
        if last_name(decorator) in PLAIN_DECORATORS:
            return True
        found = self.project.of_code(decorator, definition.parent) if decorator[0] != op.CALL else []
        return bool(found) and all(one.kind in ("function", "class") for one in found)

    def bases_outside(self, cls: Definition) -> Iterator[Entity]:
        """Yield the bases of a class whose methods the repository does not know."""
        for base in cls.scope.bases:
            for one in self.project.of_code(base, cls.parent) or [Entity("external", path="")]:
                if one.kind == "class" and one.definition is not None and one.definition is not cls:
                    yield from self.bases_outside(one.definition)
                elif one.path not in ("builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC"):
                    yield one


def is_called(code: Code, around: tuple[Code, ...]) -> bool:
    """Return whether an expression is the callee of a call, or only leads to it."""
    parent = around[-1] if around else None
    if parent is None:
        return False
    return bool((parent[0] == op.CALL and parent[1] is code) or parent[0] == op.ATTRIBUTE)
