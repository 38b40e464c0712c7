"""Celery: tasks of an application, and shared ones."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.common.model import Answer, Application, EntryPoint, ErrorHandler
from flext_analysis.entry_points.common.reading import Reader, keyword
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["entry_points"]

FRAMEWORK = "celery"
APPS = frozenset(["celery.Celery", "celery.app.base.Celery"])
SHARED = frozenset(["celery.shared_task", "celery.app.shared_task", "celery.task"])
# What a task raises to signal something to the worker (celery.exceptions); the task does not fail with these.
SIGNALS = ("Retry", "Ignore", "Reject")
OTHERWISE = Answer((), "the task fails (FAILURE)", handled=False)


def entry_points(reader: Reader) -> Iterator[EntryPoint]:
    """Yield the tasks of Celery; errors in ``autoretry_for`` make a task run again."""
    if "celery" not in reader.imported:
        return
    for definition, decorator in reader.decorated:
        call = decorator if decorator[0] == op.CALL else None
        callee = decorator[1] if decorator[0] == op.CALL else decorator
        if definition.scope.kind != "function" or not is_task(callee, definition.parent, reader):
            continue
        name = reader.text(keyword(call, "name"), definition.parent) if call is not None else None
        retried = [] if call is None else reader.classes(keyword(call, "autoretry_for"), definition.parent)
        handlers = [ErrorHandler(tuple(f"celery.exceptions.{one}" for one in SIGNALS), "the worker")]
        if retried:
            handlers.append(ErrorHandler(tuple(one.path for one in retried), "autoretry_for"))
        application = Application(FRAMEWORK, tuple(handlers), (), OTHERWISE)
        yield EntryPoint(FRAMEWORK, "task", name or definition.path, (definition,), application)


def is_task(callee: Code, where: Definition | None, reader: Reader) -> bool:
    """Return whether a decorator turns a function into a task."""
    if not SHARED.isdisjoint(reader.paths(callee, where)):
        return True
    if callee[0] != op.ATTRIBUTE or callee[2] != "task":
        return False
    return any(reader.is_a(made, APPS) for made in reader.made(callee[1], where))
