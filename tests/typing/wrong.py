"""Code that type checkers must reject: each marked line, and no other. Read by mypy and pyright, and never run."""

from __future__ import annotations

from flext_exceptions import FlextExceptions, FlextResult

FlextExceptions.ValidationError("m", field=3)  # wrong: field is a text
FlextExceptions.ValidationError("m", code=3)  # wrong: code is a text
FlextExceptions.ValidationError("m", context="text")  # wrong: context is a mapping
FlextExceptions.ConnectionError("m", service=b"s")  # wrong: service is a text
FlextExceptions.BrokenPipeError("m", endpoint=3)  # wrong: so is an inherited keyword
FlextExceptions.TimeoutError("m", timeout_seconds="3")  # wrong: seconds are a number
FlextExceptions.ImportError("m", name=3)  # wrong: the builtin's own keyword
FlextExceptions("m", field=3)  # wrong: the factory's selectors are typed too
FlextExceptions.Unknown("m")  # wrong: no such type

one: FlextExceptions.ConnectionError = FlextExceptions("m", field="x")  # wrong: field selects ValidationError
two: FlextExceptions.ValidationError = FlextExceptions.ConfigurationError("m")  # wrong: they are strangers
three: KeyError = FlextExceptions.IndexError("m")  # wrong: another builtin


class Strict(FlextExceptions.NotFoundError):
    """Its init has the signature that it says."""

    def __init__(self, sku: str, *, shelf: int) -> None:
        super().__init__(sku)


Strict("A-1")  # wrong: shelf is required


def read(error: FlextExceptions.ValidationError) -> int:
    """Attributes have their types."""
    print(error.unknown)  # wrong: no such attribute
    error.code = 3  # wrong: code is a text
    return error.field  # wrong: field is a text


FlextExceptions.from_dict("text")  # wrong: a document is a mapping
number: int = FlextResult[str].ok("x").value  # wrong: the value is a text
FlextResult[str].ok("x").error.upper()  # wrong: error may be None
FlextExceptions.correlation(3)  # wrong: an id is a text
