"""FLX112: a value behind the message, by position."""

from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from shop.errors import Foreign


class SoldOut(FlextExceptions.ValidationError):
    """Its signature is its own."""

    def __init__(self, sku, left):
        super().__init__(f"{sku}: {left} left", sku)  # FLX112: 48


class Declared(FlextExceptions.ValidationError):
    """It has the library's signature."""

    sku: str


class Mixed(Foreign, FlextExceptions.ValidationError):
    """What its first base takes is not known."""


def flagged(sku, errors, future, text):
    raise FlextExceptions.ValidationError("malformed SKU", sku)  # FLX112: 59
    raise FE.KeyError("no such order", sku)  # FLX112: 39
    raise FE.TypeError("no number", int, type(sku))  # FLX112: 36
    raise Declared("malformed", sku)  # FLX112: 32
    raise FlextExceptions("malformed", sku, field="sku")  # FLX112: 39
    raise FE.OSError("No such file", text)  # FLX112: 37
    raise FE.OSError(f"No such file {sku}", text)  # FLX112: 44
    errors.append(FE.KeyError("no such order", sku))  # FLX112: 47
    future.set_exception(FE.KeyError("no such order", sku))  # FLX112: 54


def silent(sku, arguments, path):
    raise FE.ValidationError("malformed SKU", field="sku", value=sku)  # silent: by name
    raise FE.ValidationError(sku)  # silent: the message alone
    raise FE.KeyError(sku)  # silent: the key alone
    raise FE.OSError(2, "No such file", path)  # silent: errno, text and file name, as OSError has them
    raise FE.ConnectionRefusedError(111, "refused")  # silent: the same one level below
    raise SoldOut(sku, 3)  # silent: a signature of its own
    raise Mixed("m", sku)  # silent: a base that is not known
    raise FE.ValidationError(*arguments)  # silent: whatever they are
    raise FE.ValidationError("m", *arguments)  # silent: perhaps none
    raise ValueError("malformed", sku)  # silent: a builtin keeps all of them in args
    raise Foreign("malformed", sku)  # silent: a class that is not known
    FE.ValidationError.of("malformed", sku)  # silent: a method
