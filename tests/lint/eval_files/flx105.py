"""FLX105: the factory, or a namespace below it, called with no keyword that selects a type."""

import contextlib
from typing import TYPE_CHECKING

import flext_exceptions
import pytest
from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from shop.errors import SharedErrors, UnknownBase

Factory = FlextExceptions


class ShopErrors(FlextExceptions):
    """A namespace."""

    class Closed(FlextExceptions.OperationError):
        """An error in it."""


class CartErrors(ShopErrors):
    """A namespace below a namespace."""


class Mixed(FlextExceptions, UnknownBase):
    """May be an error: UnknownBase may derive from one."""


class Special(FlextExceptions, metaclass=type):
    """Made by another class, which may do anything."""


class Typed(FlextExceptions.ValidationError):
    """An error."""


def flagged(name, error, strict, tb, facts):
    """Flagged: as the value of a raise, return, assignment or statement."""
    if not name:
        raise FlextExceptions("no name")  # FLX105: 14
    try:
        work()
    except OSError as cause:
        raise FE("no name") from cause  # FLX105: 14
    raise FlextExceptions  # FLX105: 10
    raise FlextExceptions()  # FLX105: 10
    raise ShopErrors  # FLX105: 10
    raise ShopErrors("x")  # FLX105: 10
    raise CartErrors("x", name=name)  # FLX105: 10
    raise Factory("x")  # FLX105: 10
    raise flext_exceptions.FlextExceptions("x")  # FLX105: 10
    raise FlextExceptions("x", code="SHOP_1")  # FLX105: 10
    raise FlextExceptions("x", context={"field": name})  # FLX105: 10
    raise FlextExceptions("x", field=None)  # FLX105: 10
    raise FlextExceptions("x", value=name, correlation_id="1")  # FLX105: 10
    raise FlextExceptions("x", *facts)  # FLX105: 10
    raise FlextExceptions("x").with_context(field=name)  # FLX105: 10
    raise FlextExceptions("x").with_traceback(tb)  # FLX105: 10
    raise FlextExceptions("a") if strict else FlextExceptions("b", field=name)  # FLX105: 10
    raise error if strict else (ShopErrors("a") if tb else error)  # FLX105: 32
    raise error or FlextExceptions("x")  # FLX105: 19
    raise (problem := FlextExceptions("x"))  # FLX105: 22
    problem = FlextExceptions("x")  # FLX105: 14
    problem: Exception = FlextExceptions("x")  # FLX105: 25
    FlextExceptions("x")  # FLX105: 4
    with FlextExceptions("x"):  # FLX105: 9
        pass
    return FlextExceptions(  # FLX105: 11
        "x",
    )


async def flagged_later(stream):
    async with FlextExceptions("x"):  # FLX105: 15
        match stream:
            case None:
                raise FE("x")  # FLX105: 22


def selected(name, facts):
    """Silent: each keyword that selects, alone or beside others."""
    raise FlextExceptions("x", operation="add")  # silent: selects OperationError
    raise FlextExceptions("x", field=name)  # silent: selects ValidationError
    raise FlextExceptions("x", config_key=name)  # silent: selects ConfigurationError
    raise FlextExceptions("x", business_rule=name)  # silent: selects ProcessingError
    raise FlextExceptions("x", service=name)  # silent: selects ConnectionError
    raise FlextExceptions("x", endpoint=name)  # silent: selects ConnectionError too
    raise FlextExceptions("x", timeout_seconds=3)  # silent: selects TimeoutError
    raise FlextExceptions("x", resource_id=name)  # silent: selects NotFoundError
    raise FlextExceptions("x", resource_type=name)  # silent: selects NotFoundError too
    raise FlextExceptions("x", required_permission=name)  # silent: selects PermissionError
    raise FlextExceptions("x", auth_method=name)  # silent: selects AuthenticationError
    raise FlextExceptions("x", expected_type=name)  # silent: selects TypeError
    raise FlextExceptions("x", actual_type=name)  # silent: selects TypeError too
    raise FlextExceptions("x", attribute_name=name)  # silent: selects AttributeError
    raise FlextExceptions("x", field=None, service=name)  # silent: one of two selects
    raise FlextExceptions("x", field=name or None)  # silent: a value that may be something
    raise FlextExceptions("x", **facts)  # silent: the keywords may hold one that selects
    raise ShopErrors("x", field=name)  # silent: the namespace selects as the root does
    return CartErrors("x", code="SHOP_1", field=name)  # silent: a code beside it


def named(error, strict):
    """Silent: a type by its name, or no call of the root."""
    raise FlextExceptions.Error("x")  # silent: the plain type, said out loud
    raise FlextExceptions.BaseError("x")  # silent: the base of all, by its name
    raise ShopErrors.Closed("x")  # silent: an error in a namespace
    raise ShopErrors.ValidationError("x")  # silent: inherited by the namespace
    raise Typed("x")  # silent: an error, no namespace
    raise Mixed("x")  # silent: a further base is not known
    raise Special("x")  # silent: a metaclass may do anything
    raise SharedErrors("x")  # silent: a class of another module
    raise build("x")  # silent: flagged where it is built
    raise error from FlextExceptions  # silent: the cause
    raise type(error)("x")  # silent: the class of another error
    with FlextExceptions.correlation("req-1"):  # silent: a function of the root
        FlextExceptions.clear_metrics()  # silent: another one, as a statement
    with pytest.raises(FlextExceptions), contextlib.suppress(FlextExceptions):  # silent: an argument
        work()
    codes = FlextExceptions.ErrorCodes  # silent: an attribute of the root
    return FlextExceptions  # silent: the class itself, given back


def build(text):
    return FlextExceptions(text)  # FLX105: 11


def shadowed(FlextExceptions, FE=None):
    raise FlextExceptions("x")  # silent: a parameter of that name
    return FE("x")  # silent: a parameter with a default


def rebound(strict):
    Factory = FlextExceptions
    if strict:
        Factory = Typed
    raise Factory("x")  # silent: the name is bound twice


class Shadowing:
    class FlextExceptions(Exception):
        """Seen from the class body only."""

    error = FlextExceptions("x")  # silent: the class of this class body

    def run(self):
        raise FlextExceptions("x")  # FLX105: 14
        raise self.FlextExceptions("x")  # silent: an attribute of the instance


if TYPE_CHECKING:
    from flext_exceptions import FlextExceptions as Facade
else:
    from shop.facade import Facade


def for_type_checkers():
    raise Facade("x")  # silent: a running program sees the class of the project
