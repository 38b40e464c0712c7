"""An observer is notified of every new error, and nobody else notices."""

from __future__ import annotations

import copy
import pickle
import threading
from typing import Any

import pytest

from flext_exceptions import FlextExceptions, FlextUsageWarning, settings
from flext_exceptions.observers import watched


def test_an_error_is_told_when_it_is_whole() -> None:
    """With its message, context and code, and before it is raised."""
    seen: list[Any] = []
    with watched(lambda error: seen.append((type(error).__name__, error.message, error.context, error.__traceback__))):
        FlextExceptions.ValidationError("no", field="sku")
    assert seen == [("ValidationError", "no", {"field": "sku"}, None)]


def test_what_is_made_before_and_after_is_not_told() -> None:
    """The end of the block is the end, after an error too."""
    made: list[Any] = []
    usual, watchers = settings.current.usual, settings.current.watchers
    FlextExceptions.ValidationError("before")
    with pytest.raises(FlextExceptions.NotFoundError), watched(made.append):
        raise FlextExceptions.NotFoundError("inside")
    FlextExceptions.ValidationError("after")
    assert [str(error) for error in made] == ["inside"]
    assert (settings.current.usual, settings.current.watchers) == (usual, watchers)


def test_a_copy_and_an_unpickled_error_are_not_made() -> None:
    """They are the same occurrence once more."""
    error = FlextExceptions.ValidationError("no")
    made: list[Any] = []
    with watched(made.append):
        pickle.loads(pickle.dumps(error))
        copy.copy(error)
    assert made == []


def test_watchers_within_one_another_are_all_told() -> None:
    """The same one twice as well; each leaves on its own."""
    outer: list[Any] = []
    inner: list[Any] = []
    with watched(outer.append):
        with watched(inner.append), watched(outer.append):
            FlextExceptions.ValidationError("a")
        FlextExceptions.ValidationError("b")
    assert [str(error) for error in outer] == ["a", "a", "b"]
    assert [str(error) for error in inner] == ["a"]


def test_they_are_told_with_counting_off_and_through_a_change_of_settings() -> None:
    """Counting is another thing."""
    made: list[Any] = []
    with watched(made.append):
        FlextExceptions.configure_error_handling({"enable_metrics": False})
        FlextExceptions.ValidationError("a")
    assert len(made) == 1 and FlextExceptions.get_metrics() == {}


def test_an_error_of_a_watcher_does_not_come_out() -> None:
    """It is a warning; the error is made, counted, and told to the others."""
    made: list[Any] = []

    def broken(error: object) -> None:
        raise LookupError("broken")

    with watched(broken), watched(made.append), pytest.warns(FlextUsageWarning, match="broken.*LookupError"):
        error = FlextExceptions.ValidationError("a")
    assert made == [error] and FlextExceptions.get_metrics() == {"ValidationError": 1}


def test_other_threads_are_watched_too() -> None:
    """What they make is told in their own thread."""
    names: list[str] = []
    with watched(lambda error: names.append(threading.current_thread().name)):
        thread = threading.Thread(target=FlextExceptions.ValidationError, args=("a",), name="other")
        thread.start()
        thread.join()
    assert names == ["other"]
