"""FLX110: values that are interpolated in a message, and that neither a keyword nor the context holds."""

from typing import TypeAlias

from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from shop.errors import ShopError, describe

LIMIT = 10
Bad: TypeAlias = FE.ValidationError


class BadInput(FlextExceptions.ValidationError):
    """Of this project, with the __init__ of its base."""


class OutOfStock(FlextExceptions.NotFoundError):
    """Of this project, with an __init__ of its own."""

    def __init__(self, sku, **facts):
        super().__init__(f"out of stock: {sku}", resource_id=sku, **facts)


class SoldOut(OutOfStock):
    """Below it."""


class ShopErrors(FlextExceptions):
    """A namespace."""


def flagged(sku, order, lines, strict, error):
    """Flagged: every way to put a value into a text."""
    if strict:
        raise FlextExceptions.ValidationError(f"malformed SKU: {sku}")  # FLX110: 14
    raise FE.ValidationError("malformed SKU: %s" % sku)  # FLX110: 10
    raise FE.ValidationError("malformed %s in %s" % (sku, order))  # FLX110: 10
    raise FE.ValidationError("malformed SKU: {}".format(sku))  # FLX110: 10
    raise FE.ValidationError("malformed SKU: {sku}".format(sku=sku))  # FLX110: 10
    raise FE.ValidationError("malformed SKU: " + sku)  # FLX110: 10
    raise FE.ValidationError(sku + " is malformed")  # FLX110: 10
    raise FE.ValidationError("SKU " + sku + " is malformed")  # FLX110: 10
    raise FE.ValidationError("SKU " + "%s is malformed" % sku)  # FLX110: 10
    raise FE.ValidationError(f"SKU {sku}" + " is malformed")  # FLX110: 10
    raise FE.ValidationError(message=f"malformed SKU: {sku!r:>10}")  # FLX110: 10
    raise FE.ValidationError(f"too many: {len(lines)}")  # FLX110: 10
    raise FE.ValidationError(f"bad order: {order.id}")  # FLX110: 10
    raise FE.ValidationError(f"bad line: {lines[0]}")  # FLX110: 10
    raise FE.ValidationError(f"malformed SKU: {sku}", field="sku")  # FLX110: 10
    raise FE.ValidationError(f"malformed SKU: {sku}", context={"order": order})  # FLX110: 10
    raise FE.ValidationError(f"malformed SKU: {sku}", code=sku, correlation_id=sku)  # FLX110: 10
    raise FE.ValidationError(f"malformed SKU: {sku}").with_context(order=order)  # FLX110: 10
    raise FE.ValidationError(f"too many: {len(lines)}", value=len(order))  # FLX110: 10
    raise FlextExceptions(f"malformed SKU: {sku}", field="sku")  # FLX110: 10
    raise ShopErrors(f"malformed SKU: {sku}", field="sku")  # FLX110: 10
    raise BadInput(f"malformed SKU: {sku}")  # FLX110: 10
    raise FE.KeyError(f"no {sku}") if strict else FE.KeyError("none")  # FLX110: 10
    raise (problem := FE.KeyError(f"no {sku}"))  # FLX110: 22
    problem = FE.KeyError(f"no {sku}")  # FLX110: 14
    FE.KeyError(f"no {sku}")  # FLX110: 4
    return FE.KeyError(f"no {sku}")  # FLX110: 11


async def flagged_in_handlers(sku, stream):
    try:
        await stream
    except OSError as error:
        raise FE.OperationError(f"{sku}: {error}", operation="load") from error  # FLX110: 14
    try:
        await stream
    except* ValueError as group:
        raise FE.Error(f"no {sku}: {group}")  # FLX110: 14
    match sku:
        case [first]:
            raise FE.Error(f"no {first}")  # FLX110: 18


def held(sku, order, lines, facts):
    """Silent: a keyword or the context holds a value."""
    raise FE.ValidationError(f"malformed SKU: {sku}", value=sku)  # silent: a keyword of the type
    raise FE.ValidationError(f"malformed SKU: {sku}", sku=sku)  # silent: a keyword of its own, which is context
    raise FE.ValidationError(f"malformed SKU: {sku}", context={"sku": sku})  # silent: the context as a literal
    raise FE.ValidationError(f"malformed SKU: {sku}", context=facts)  # silent: the context may hold it
    raise FE.ValidationError(f"malformed SKU: {sku}", context={**facts, "sku": sku})  # silent: context put together
    raise FE.ValidationError(f"malformed SKU: {sku}", **facts)  # silent: the keywords may hold it
    raise FE.ValidationError(f"malformed SKU: {sku}").with_context(sku=sku)  # silent: context that is added behind
    raise FE.ValidationError(f"malformed SKU: {sku}").with_context(**facts)  # silent: what is added is not known
    raise FE.ValidationError("malformed %s in %s" % (sku, order), value=sku)  # silent: one of two values
    raise FE.ValidationError(f"bad order: {order.id}", resource=order.id)  # silent: an attribute
    raise FE.ValidationError(f"bad order: {order.id}", value=order)  # silent: the object that the value is of
    raise FE.ValidationError(f"too many: {len(lines)}", value=len(lines))  # silent: the result of a function
    raise FE.ValidationError(f"malformed SKU: {sku}", value=str(sku))  # silent: the value, turned into a text
    raise FE.ValidationError(f"bad: {', '.join(lines)}", value=[*lines])  # silent: the values of a join
    raise FlextExceptions(f"malformed SKU: {sku}", field=sku)  # silent: the keyword that selects the type
    raise FE.ValidationError("SKU " + sku + " is malformed", value=sku)  # silent: a chain of texts


def secret(user, token):
    """Silent: what FLX309 takes out of the message belongs in no keyword either."""
    raise FE.AuthenticationError(f"no session for {token}")  # silent: told as FLX309
    raise FE.AuthenticationError(f"no session of {user} for {token}")  # FLX110: 10


def renamed(sku):
    raise Bad(f"malformed SKU: {sku}")  # FLX110: 10


def nothing_interpolated(sku, text, facts, strict):
    """Silent: a plain message, or one that may be anything."""
    raise FE.ValidationError("malformed SKU", field="sku")  # silent: a literal
    raise FE.ValidationError(field="sku")  # silent: no message
    raise FE.ValidationError(text)  # silent: a variable
    raise FE.ValidationError(describe(sku))  # silent: a message that another function makes
    raise FE.ValidationError(text % sku)  # silent: a text of a variable
    raise FE.ValidationError(text.format(sku))  # silent: the same with format
    raise FE.ValidationError(text + sku)  # silent: a sum that may be anything
    raise FE.ValidationError(*facts)  # silent: the arguments are not seen
    raise FE.ValidationError(f"malformed SKU: {sku}", *facts)  # silent: further arguments may hold it
    raise FE.ValidationError(f"malformed SKU")  # silent: an f-string with nothing in it
    raise FE.ValidationError("malformed " "SKU")  # silent: two literals side by side
    raise FE.ValidationError("malformed " + "SKU")  # silent: two literals added up
    raise FE.ValidationError("a %% sign: %s" % 3)  # silent: a number as it stands
    raise FE.ValidationError(f"now: {now()}", at=now())  # silent: no name stands for the value
    raise FE.ValidationError("a {} brace")  # silent: nothing is filled in
    raise FE.ValidationError("a" * LIMIT)  # silent: a text repeated


def no_call_that_is_looked_at(sku, errors, log, FE):
    """Silent: other classes, and calls in other places."""
    raise ValueError(f"malformed SKU: {sku}")  # silent: a builtin takes no keywords
    raise ShopError(f"malformed SKU: {sku}")  # silent: a class of another module
    raise FE.ValidationError(f"malformed SKU: {sku}")  # silent: a parameter of that name
    raise OutOfStock(f"{sku}-1")  # silent: its own __init__ may keep what it is given
    raise SoldOut(f"{sku}-1")  # silent: so may the one of its base
    log.warning(f"malformed SKU: {sku}")  # silent: no error
    errors.append(FlextExceptions.KeyError(f"no {sku}"))  # FLX110: 18


def in_handlers(path):
    """Silent: the error that is being handled becomes the cause."""
    try:
        work()
    except OSError as error:
        raise FE.OperationError(f"not loaded: {error}", operation="load") from error  # silent: the cause itself
    except ValueError as error:
        raise FE.OperationError("not loaded: " + str(error)) from error  # silent: the cause as a text
    except LookupError as error:
        if path:
            raise FE.OperationError(f"not loaded: {error.args[0]}") from error  # silent: an attribute of the cause
        raise FE.OperationError(f"{path}: {error}", config_file=path) from error  # silent: what is left is held
