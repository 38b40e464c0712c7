"""With builtin_type and builtin_repr, code that reads an error's class or repr sees those of the builtin."""

from __future__ import annotations

import builtins

import pytest

from flext_exceptions import FlextExceptions, builtin_repr, builtin_type
from flext_exceptions.catalogue import TARGETS


class Sold(FlextExceptions.ValidationError):
    sku: str | None = None


@pytest.mark.parametrize("name", sorted(TARGETS))
@pytest.mark.parametrize("args", [(), ("m",), (2, "x"), ((1, 2),), (None,)])
def test_a_stand_in_is_its_builtin(name: str, args: tuple[object, ...]) -> None:
    """By class and by repr."""
    builtin = getattr(builtins, name)
    error, own = TARGETS[name].type(*args), builtin(*args)
    if type(error) is TARGETS[name].type:  # OSError(2, "x") becomes another type, as the builtin does
        assert builtin_type(error) is builtin
    assert builtin_repr(error) == repr(own)


@pytest.mark.parametrize(
    "value",
    [ValueError("m"), FlextExceptions.ConfigurationError("m"), Sold("m", sku="A-1"), 3, "m", None, int],
    ids=repr,
)
def test_every_other_object_is_left_as_it_is(value: object) -> None:
    """A foreign error, a type that replaces no builtin, one of a project, and what is no error."""
    assert builtin_type(value) is type(value)
    assert builtin_repr(value) == repr(value)
