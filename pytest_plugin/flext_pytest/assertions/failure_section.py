"""The report section of a failing test: what is known about the typed errors in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flext_exceptions import FlextExceptions, settings
from flext_exceptions._internal.redaction import NAMED, beside_secret, hidden, is_secret, shown
from flext_exceptions._internal.safe_text import REDACTED, repr_of, text_of
from flext_exceptions._internal.state import state_of

__all__ = ["described", "report_of", "typed_errors"]

MOST = 5  # typed errors that a section shows
LINKS = 10  # causes that are shown for each
LENGTH = 300  # characters of a message or a cause
MOST_READ = 10_000  # characters that are searched for secrets


def report_of(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
    """Return the usual report of a failed test with a section on its typed errors, or None if it has none."""
    found = [] if call.excinfo is None else list(typed_errors(call.excinfo.value))
    if not found:
        return None
    report = pytest.TestReport.from_item_and_call(item, call)
    if report.failed:
        lines = [line for error in found[:MOST] for line in described(error)]
        if len(found) > MOST:
            lines.append(f"... and {len(found) - MOST} more")
        add = getattr(report.longrepr, "addsection", None)
        if add is None:  # other kinds of items return a text or an object of their own
            report.sections.append(("typed error", "\n".join(lines)))
        else:  # as a part of the failure it is in JUnit, and is sent by xdist's workers
            add("typed error", "\n".join(lines))
    return report


def typed_errors(error: BaseException) -> Iterator[FlextExceptions.BaseError]:
    """Yield the typed errors in a failure: itself, members of groups, causes; from a chain of them only the first.

    >>> [error.message for error in typed_errors(ExceptionGroup("two", [FlextExceptions.Error("a"), KeyError("b")]))]
    ['a']
    """
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, FlextExceptions.BaseError):
            yield one
            continue
        before = behind(one)
        if before is not None:
            waiting.append(before)
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(reversed(one.exceptions))


def behind(error: BaseException) -> BaseException | None:
    """Return the error that a traceback shows before this one."""
    if error.__cause__ is not None or error.__suppress_context__:
        return error.__cause__
    return error.__context__


def described(error: FlextExceptions.BaseError) -> Iterator[str]:
    """Yield the lines about an error: type and message, code, correlation id if it has one, context, causes.

    Secrets are redacted; the context ends at ``max_error_details`` characters. A deferred context is computed now.
    """
    yield f"{type(error).__name__}: {bounded(hidden(text_of(error)[:MOST_READ]), LENGTH)}"
    yield f"  code: {bounded(attribute(error, 'code'), LENGTH)}"
    if "correlation_id" in state_of(error):  # otherwise reading it would generate one that nobody has seen
        yield f"  correlation id: {bounded(attribute(error, 'correlation_id'), LENGTH)}"
    context = held(error)
    if context:
        yield f"  context: {bounded(in_context(context), settings.current.max_error_details)}"
    seen = {id(error)}
    cause = behind(error)
    while cause is not None and id(cause) not in seen and len(seen) <= LINKS:
        seen.add(id(cause))
        yield f"  caused by: {bounded(repr_without_secrets(cause), LENGTH)}"
        cause = behind(cause)
    if cause is not None:
        yield "  caused by: ..."


def repr_without_secrets(error: BaseException) -> str:
    """Return the repr of an error; each argument of a builtin is searched separately, before it is quoted."""
    if type(error).__repr__ is BaseException.__repr__:
        return f"{type(error).__name__}({', '.join(map(shown, error.args))})"
    return hidden(repr_of(error)[:MOST_READ])


def held(error: FlextExceptions.BaseError) -> object:
    """Return the context of an error, or a placeholder if reading it fails."""
    if "_later" not in state_of(error):
        return state_of(error).get("context")
    try:
        return error.context
    except KeyboardInterrupt:
        raise
    except BaseException as failure:  # also exceptions that end a test, or a process
        return f"<unreadable: {type(failure).__name__}>"


def in_context(context: object) -> str:
    """Return the text of a context, value by value: one without a repr does not hide the others."""
    if not isinstance(context, dict):
        return shown(context)
    secret = {key for key in context if is_secret(key)}
    if beside_secret(context.items()):
        secret |= NAMED.intersection(context)
    values = {key: repr(REDACTED) if key in secret else shown(value) for key, value in context.items()}
    return "{" + ", ".join(f"{repr_of(key)}: {bounded(value, LENGTH)}" for key, value in values.items()) + "}"


def attribute(error: BaseException, name: str) -> str:
    """Return the text of an attribute, or a placeholder if reading it fails."""
    try:
        return text_of(getattr(error, name))
    except Exception as failure:
        return f"<unreadable: {type(failure).__name__}>"


def bounded(text: str, limit: int) -> str:
    """Return a text of at most that many characters, and a mark if it was longer; further lines are indented."""
    return (text if len(text) <= limit else text[:limit] + "...").replace("\n", "\n    ")
