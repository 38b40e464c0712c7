"""FLX109: a typed error that is built as a statement and never raised."""

import contextlib
import flext_exceptions
from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from flext_exceptions.errors import ValidationError as Invalid
from shop.errors import ShopError, problem

Missing = FlextExceptions.NotFoundError


class BadInput(FlextExceptions.ValidationError):
    """Of this project."""

    @classmethod
    def of(cls, field):
        return cls(field, field=field)

    def __init__(self, text):
        FlextExceptions.ValidationError.__init__(self, text)  # silent: a method of the class, called on the instance


class ShopErrors(FlextExceptions):
    """A namespace."""

    class Closed(FlextExceptions.OperationError):
        """An error in it."""

    FlextExceptions.KeyError("x")  # FLX109: 4


def flagged(lines, strict, error):
    if not lines:
        FlextExceptions.ValidationError("no lines", field="lines")  # FLX109: 8
    FE.KeyError("x")  # FLX109: 4
    Invalid()  # FLX109: 4
    Missing("x")  # FLX109: 4
    BadInput("x")  # FLX109: 4
    ShopErrors.Closed("x")  # FLX109: 4
    FlextExceptions("x", field="y")  # FLX109: 4
    ShopErrors("x", field="y")  # FLX109: 4
    flext_exceptions.FlextExceptions.Error(  # FLX109: 4
        "x",
    )
    FlextExceptions.Error("x").with_context(lines=lines)  # FLX109: 4
    FlextExceptions.Error("x").with_traceback(None)  # FLX109: 4
    FlextExceptions.Error(text := "x")  # FLX109: 4
    try:
        work()
    except OSError:
        FlextExceptions.OSError("x")  # FLX109: 8
    else:
        FlextExceptions.Error("x")  # FLX109: 8
    for line in lines:
        FlextExceptions.Error("x"); break  # FLX109: 8
    with open(lines) as file:
        FlextExceptions.Error("x")  # FLX109: 8
    match lines:
        case []:
            FlextExceptions.Error("x")  # FLX109: 12


async def flagged_later(stream):
    async with stream:
        FlextExceptions.Error("x")  # FLX109: 8
    try:
        await stream
    except* OSError:
        FlextExceptions.Error("x")  # FLX109: 8


def used(lines, errors, strict):
    """Silent: the error goes somewhere."""
    raise FlextExceptions.ValidationError("x", field="y")  # silent: raised
    error = FlextExceptions.Error("x")  # silent: assigned
    error: Exception = FlextExceptions.Error("x")  # silent: assigned with an annotation
    errors.append(FlextExceptions.Error("x"))  # silent: an argument
    errors[0] = BadInput("x")  # silent: put into a list
    errors += [BadInput("x")]  # silent: added to a list
    (error := FlextExceptions.Error("x"))  # silent: kept by a walrus
    (error := FlextExceptions.Error("a") if strict else BadInput("b"))  # silent: either branch is kept
    strict and (error := BadInput("x"))  # silent: kept by a walrus inside an expression
    strict or FlextExceptions.Error("x")  # FLX109: 4
    yield FlextExceptions.Error("x")  # silent: yielded
    print(FlextExceptions.Error("x"))  # silent: printed
    [FlextExceptions.Error("x") for line in lines]  # silent: a list on the spot
    lambda: FlextExceptions.Error("x")  # silent: built when the function is called
    FlextExceptions.Error("x").same_as(error)  # silent: compared
    FlextExceptions.Error("x").message  # silent: an attribute
    return FlextExceptions.Error("x")  # silent: given back


def no_error_is_built(error, FE):
    """Silent: another call, or none."""
    FlextExceptions.ValidationError  # silent: named, not called
    FlextExceptions.clear_metrics()  # silent: a function of the root
    FlextExceptions.configure_error_handling({})  # silent: another one
    FlextExceptions.Metrics.clear()  # silent: a method of an attribute
    BadInput.of("x")  # silent: a method of a class, whatever it gives back
    BadInput.mro()  # silent: inherited from type
    error.with_context(a=1)  # silent: a method of a variable
    ValueError("x")  # FLX109: 4
    ValueError("x").with_traceback(None)  # FLX109: 4
    ValueError("x") if FE else None  # FLX109: 4
    ShopError("x")  # silent: a class of another module
    problem("x")  # silent: a function of another module
    build("x")  # silent: a function of this module, which may do more than build
    type(error)("x")  # silent: the class of another error
    FE.Error("x")  # silent: a parameter of that name
    "FlextExceptions.Error('x')"  # silent: a text


def build(text):
    return BadInput(text)


def expected(case, pytest, raises):
    """Silent: a with that expects or swallows what the call may raise."""
    with pytest.raises(TypeError):
        BadInput()  # silent: pytest.raises
    with raises(TypeError, match="x"), open("x"):
        FlextExceptions.Error(code=3)  # silent: raises by itself, one item of two
    with case.assertRaises(TypeError) as caught:
        for one in range(3):
            FlextExceptions.Error(code=one)  # silent: assertRaises, with a loop between
    with case.assertRaisesRegex(TypeError, "x"):
        FlextExceptions.Error(code=3)  # silent: assertRaisesRegex
    with contextlib.suppress(TypeError):
        FlextExceptions.Error(code=3)  # silent: contextlib.suppress
    with pytest.RaisesGroup(TypeError):
        FlextExceptions.Error(code=3)  # silent: a group that pytest expects

    def later():
        FlextExceptions.Error("x")  # FLX109: 8

    with pytest.raises(TypeError):

        def much_later():
            FlextExceptions.Error("x")  # FLX109: 12

        much_later()


if strict_mode:
    FlextExceptions.ConfigurationError("x")  # FLX109: 4


def conditions(order, text):
    """Flagged and silent: a builtin error behind a condition that is a statement of its own."""
    order.lines or ValueError("no lines")  # FLX109: 4
    order.closed and LookupError(order.number)  # FLX109: 4
    None if order.open else OSError("closed")  # FLX109: 4
    order.error = order.error or ValueError("no lines")  # silent: kept
    order.check(text or ValueError("no text"))  # silent: handed over
    order.lines or order.add(ValueError("no lines"))  # silent: handed over
    return text or ValueError("no text")  # silent: given back
