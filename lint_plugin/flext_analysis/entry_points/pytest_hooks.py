"""pytest: the hooks of plugins and of ``conftest.py``. An error in one ends the run as an internal error."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.common.model import Answer, Application, EntryPoint, ErrorHandler
from flext_analysis.entry_points.common.reading import Reader
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition

__all__ = ["entry_points"]

FRAMEWORK = "pytest"
MARKS = frozenset(["pytest.hookimpl", "pluggy.HookimplMarker"])
# What pytest itself handles (_pytest.main, _pytest.outcomes), with its exit status.
KNOWN = {
    "pytest.UsageError": (4,),
    "_pytest.config.exceptions.UsageError": (4,),
    "pytest.exit.Exception": (),
    "builtins.KeyboardInterrupt": (2,),
    "builtins.SystemExit": (),
}
HANDLERS = tuple(ErrorHandler((path,), "pytest", statuses) for path, statuses in KNOWN.items())
APPLICATION = Application(FRAMEWORK, HANDLERS, (), Answer((3,), "INTERNALERROR of pytest", handled=False))


def entry_points(reader: Reader) -> Iterator[EntryPoint]:
    """Yield the hooks: functions and methods named ``pytest_...`` in a module that imports pytest, or marked ones."""
    if "pytest" not in reader.imported and "pluggy" not in reader.imported:
        return
    for definition in reader.definitions("function"):
        name = definition.scope.name
        if name.startswith("pytest_") and (is_plugin(definition, reader) or is_marked(definition, reader)):
            yield EntryPoint(FRAMEWORK, "hook", name, (definition,), APPLICATION)


def is_marked(definition: Definition, reader: Reader) -> bool:
    """Return whether a function is marked as a hook."""
    for decorator in definition.scope.decorators:
        callee = decorator[1] if decorator[0] == op.CALL else decorator
        if not MARKS.isdisjoint(reader.paths(callee, definition.parent)):
            return True
    return False


def is_plugin(definition: Definition, reader: Reader) -> bool:
    """Return whether a function is where pytest looks for hooks: the top of a module, or a class of a plugin."""
    parent = definition.parent
    if parent is None or parent.scope.kind not in ("module", "class"):
        return False
    del reader
    return definition.module.path.endswith("conftest.py") or parent.scope.kind == "module" or has_hooks(parent)


def has_hooks(cls: Definition) -> bool:
    """Return whether a class has two hooks or more: a single one may be anything."""
    return sum(name.startswith("pytest_") for name in cls.scope.bound) > 1
