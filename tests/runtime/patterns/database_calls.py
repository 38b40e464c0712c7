"""Functions that fail with the error of a driver, translated; and the errors that PEP 249 names."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.database import DatabaseExceptionTranslator

EXISTS = FlextExceptions.AlreadyExistsError
INVALID = FlextExceptions.ValidationError
LOST = FlextExceptions.ConnectionError
LATE = FlextExceptions.TimeoutError
MISSING = FlextExceptions.NotFoundError
OTHER = FlextExceptions.ProcessingError
SECRET = "hunter2"
FOREIGN = {"constraint_type": "foreign_key"}
translate = DatabaseExceptionTranslator("postgresql").translated


def call(function: Callable[..., Any], *args: object, **keywords: object) -> Any:
    """Call a function, sync or async, to its end."""
    result = function(*args, **keywords)
    return asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result


async def _awaited(result: Awaitable[object]) -> object:
    return await result


def fail(error: BaseException) -> None:
    """Raise what is given."""
    raise error


async def fail_later(error: BaseException) -> None:
    """Raise what is given, after giving way."""
    await asyncio.sleep(0)
    raise error


@pytest.fixture(params=[fail, fail_later], ids=["sync", "async"])
def failing(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """A function that fails, translated."""
    return translate(request.param)


def translated(error: BaseException) -> Any:
    """What an error becomes."""
    with pytest.raises(FlextExceptions) as caught:
        translate(fail)(error)
    assert caught.value.__cause__ is error
    return caught.value


class DatabaseError(Exception):
    """As PEP 249 wants it."""


class OperationalError(DatabaseError):
    """As PEP 249 wants it."""


class InterfaceError(Exception):
    """As PEP 249 wants it."""


class IntegrityError(DatabaseError):
    """As PEP 249 wants it."""
