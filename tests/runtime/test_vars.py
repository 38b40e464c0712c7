"""``vars`` of an error contains nothing private, since encoders publish it."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

import pytest

from flext_exceptions import FlextExceptions

from .test_drop_in_law import TARGETS


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_an_error_of_a_message_has_the_vars_of_its_builtin(name: str) -> None:
    """None; also after everything was read that is made on reading."""
    error = TARGETS[name].type("m")
    assert vars(error) == {}
    _ = error.correlation_id, error.context, error.timestamp, error.to_dict()
    assert vars(error) == {}
    error.add_note("n")
    assert vars(error) == {"__notes__": ["n"]}


def test_what_was_given_by_name_is_not_shown() -> None:
    """A validator that refuses a password would publish it."""
    error = FlextExceptions.ValidationError("m", field="password", value="hunter2", context={"host": "x"}, more=1)
    assert vars(error) == {}
    assert (error.field, error.value) == ("password", "hunter2")


class Legacy(FlextExceptions.ValidationError):
    def __init__(self, sku: str) -> None:
        super().__init__(f"{sku} sold out")
        self.sku = sku
        self._seen = 1
        self.field = "sku"
        self.__dict__.update(left=3)

    @cached_property
    def dear(self) -> int:
        return 5


def test_what_a_program_sets_is_shown() -> None:
    """As of any class of its own."""
    error = Legacy("A-1")
    assert vars(error) == {"sku": "A-1", "_seen": 1, "field": "sku", "left": 3}
    assert json.dumps(error.__dict__) == '{"sku": "A-1", "_seen": 1, "field": "sku", "left": 3}'
    assert error.dear == 5 and vars(error)["dear"] == 5


def test_what_is_written_to_it_is_written_to_the_error() -> None:
    """In every way that a dict is written to."""
    error: Any = Legacy("A-1")
    here = vars(error)
    here["one"] = 1
    here.update(two=2)
    here |= {"three": 3}
    assert here.setdefault("four", 4) == 4
    assert (error.one, error.two, error.three, error.four) == (1, 2, 3, 4)
    del here["one"]
    assert here.pop("two") == 2 and here.pop("none", 9) == 9
    assert not hasattr(error, "one") and not hasattr(error, "two")
    assert here.popitem() == ("four", 4) and not hasattr(error, "four")
    with pytest.raises(KeyError):
        here.pop("none")
    here.clear()
    assert vars(error) == {} and error.field is None


def test_it_can_be_replaced() -> None:
    """And takes nothing along that belongs to the error itself."""
    error: Any = Legacy("A-1")
    name, when = error.correlation_id, error.timestamp
    error.__dict__ = {"left": 4}
    assert vars(error) == {"left": 4} and error.left == 4
    assert (error.correlation_id, error.timestamp) == (name, when)
