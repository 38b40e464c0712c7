"""A document contains the causes of an error, its members, its notes and where it was raised."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flext_exceptions import FlextExceptions

from . import shop
from .documents import back, raised


def test_the_chain_is_what_a_traceback_shows() -> None:
    """A cause, else what was being handled unless that is suppressed; foreign errors with what is known of them."""
    inner = FlextExceptions.ConnectionError("down", service="db", correlation_id="one")
    inner.__context__ = OSError(111, "refused")
    middle = FlextExceptions.ProcessingError("stopped", correlation_id="one")
    middle.__cause__, middle.__context__ = inner, KeyError("hidden")
    document = middle.to_dict()
    assert document["cause"]["type"] == "ConnectionError" and "while_handling" not in document
    assert document["cause"]["while_handling"] == {
        "type": "builtins.ConnectionRefusedError",
        "message": "[Errno 111] refused",
        "fields": {"errno": 111, "strerror": "refused"},
    }
    twin = back(middle)
    assert twin.__cause__.service == "db" and twin.__suppress_context__
    foreign = twin.__cause__.__context__
    assert (type(foreign), foreign.errno, str(foreign)) == (FlextExceptions.Error, 111, "[Errno 111] refused")
    alone = FlextExceptions.Error("m")
    alone.__context__, alone.__suppress_context__ = KeyError(), True
    assert not {"cause", "while_handling"} & alone.to_dict().keys()


def test_a_chain_that_comes_back_to_itself_ends() -> None:
    """Of any length."""
    errors = [FlextExceptions.Error(str(number)) for number in range(3)]
    for error, other in zip(errors, [*errors[1:], errors[0]], strict=True):
        error.__context__ = other
    document = errors[0].to_dict()
    assert document["while_handling"]["while_handling"]["message"] == "2"
    assert "while_handling" not in document["while_handling"]["while_handling"]
    back(errors[0])


@pytest.mark.parametrize("count", [31, 32, 200])
def test_a_long_chain_is_cut_and_says_so(count: int) -> None:
    """At 32 errors."""
    error: Any = FlextExceptions.Error("0")
    for number in range(1, count):
        error = raised(FlextExceptions.Error(str(number)), error)
    twin, seen = back(error), []
    while twin is not None:
        seen.append(twin.message)
        twin = twin.__cause__
    expected = [str(number) for number in range(count - 1, -1, -1)]
    assert seen == (expected if count <= 32 else [*expected[:32], "more errors are left out"])


def test_a_group_comes_back_with_its_members() -> None:
    """As a group where its class is here, else as Error that keeps them; a large one is cut."""
    members: list[Exception] = [ValueError("a"), FlextExceptions.ValidationError("b", field="f")]
    group = shop.Several("g", members)
    twin = back(group)
    assert type(twin) is shop.Several and twin.message == "g"
    assert [each.message for each in twin.exceptions] == ["a", "b"] and twin.exceptions[1].field == "f"
    error = raised(FlextExceptions.Error("m"), ExceptionGroup("foreign", [shop.Several("g", members)]))
    foreign = error.to_dict()["cause"]
    assert (foreign["type"], foreign["message"]) == ("builtins.ExceptionGroup", "foreign")
    assert foreign["exceptions"][0]["exceptions"][1]["context"] == {"field": "f"}
    back(error)
    large = shop.Several("g", [shop.Several(str(n), [ValueError(str(i)) for i in range(9)]) for n in range(9)])
    back(large)
    assert json.dumps(large.to_dict()).count('"message"') < 40


def test_members_that_share_a_cause_all_tell_it() -> None:
    """It is no cycle."""
    cause = FlextExceptions.Error("cause")
    group = shop.Several("g", [raised(FlextExceptions.Error(name), cause) for name in "ab"])
    assert [each["cause"]["message"] for each in group.to_dict()["exceptions"]] == ["cause", "cause"]
    back(group)


def test_notes_travel() -> None:
    """But for the one that shows what the document tells anyway."""
    FlextExceptions.configure_error_handling({"traceback_details": True}).unwrap()
    error = FlextExceptions.Error("m")
    assert "notes" not in error.to_dict()
    error.add_note("first")
    assert error.to_dict()["notes"] == ["first"]
    assert back(error).__notes__ == ["first"]


def test_the_stack_trace_is_told_where_the_settings_say_so() -> None:
    """The last 20 frames, the raise last; also after the journey, when the error is raised again."""

    def deep(levels: int) -> None:
        if levels:
            deep(levels - 1)
        raise FlextExceptions.Error("m")

    with pytest.raises(FlextExceptions.Error) as caught:
        deep(30)
    error = caught.value
    trace = error.to_dict()["stack_trace"]
    assert len(trace) == 20
    assert trace[-1] == {"file": __file__, "line": deep.__code__.co_firstlineno + 3, "function": deep.__qualname__}
    assert raised(back(error)).to_dict()["stack_trace"] == trace
    assert "stack_trace" not in FlextExceptions.Error("m").to_dict()
    twin = back(error)
    FlextExceptions.configure_error_handling({"enable_stack_traces": False}).unwrap()
    assert "stack_trace" not in error.to_dict() and "stack_trace" not in twin.to_dict()
