"""Work that fails some times and then succeeds, sync and async."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from flext_exceptions.patterns.recovery import ExceptionRecoveryManager


class Work:
    """A piece of work that raises what it is given, one after the other, and then succeeds."""

    def __init__(self, *errors: BaseException, later: bool = False) -> None:
        self.errors = list(errors)
        self.calls = 0
        self.later = later

    def function(self) -> Callable[..., Any]:
        """As a function, sync or async."""

        def run(*args: Any, **keywords: Any) -> Any:
            self.calls += 1
            if self.errors:
                raise self.errors.pop(0)
            return args, keywords

        async def run_later(*args: Any, **keywords: Any) -> Any:
            await asyncio.sleep(0)
            return run(*args, **keywords)

        return run_later if self.later else run


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def work(request: pytest.FixtureRequest) -> Callable[..., Work]:
    """Makes work, sync or async."""

    def made(*errors: BaseException) -> Work:
        return Work(*errors, later=request.param)

    return made


@pytest.fixture
def recovery() -> ExceptionRecoveryManager:
    """One that does not wait."""
    return ExceptionRecoveryManager(sleeping=False)


def call(function: Callable[..., Any], *args: object, **keywords: object) -> Any:
    """Call a function, sync or async, to its end."""
    result = function(*args, **keywords)
    return asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result


async def _awaited(result: Awaitable[object]) -> object:
    return await result


def tried(recovery: ExceptionRecoveryManager, work: Work, *args: Any, **keywords: Any) -> int:
    """How often the work is called that fails in the end."""
    last = BaseException("it went well")
    try:
        call(recovery.with_recovery(*args, **keywords)(work.function()))
    except BaseException as error:
        last = error
    assert str(last) != "it went well"
    return work.calls


def waits(entries: list[Any]) -> list[float]:
    """The waits that were logged."""
    return [entry.wait_seconds for entry in entries]
