"""FLX302: a code of the library written out."""

from typing import ClassVar

from flext_exceptions import ErrorCodes, FlextExceptions
from flext_exceptions import FlextExceptions as FE
from shop.errors import Refused

NOT_FOUND = "NOT_FOUND"


class Codes:
    """Silent: codes of the project, in a class that is no error."""

    code = "NOT_FOUND"  # silent: no error class


class ShopErrors(FlextExceptions):
    """The namespace of the shop."""

    class Gone(FlextExceptions.NotFoundError):
        """Flagged in a class inside a class."""

        code = "NOT_FOUND"  # FLX302: 15

    class Moved(FlextExceptions.NotFoundError):
        """Silent: a code of the shop."""

        code = "SHOP_0301"  # silent: far from all codes of the library


class Late(FE.TimeoutError):
    """Flagged: declared with an annotation."""

    code: ClassVar[str] = "FLEXT_2002"  # FLX302: 26


class Later(Late):
    """Flagged: by the older name, and one edit away."""

    error_code = "FLEXT_202"  # FLX302: 17


class Latest(Later):
    """Silent: a code is said, and none is given."""

    code: str  # silent: no value
    title = "NOT_FOUND"  # silent: the title is no code
    status_code = "NOT_FOUND"  # silent: another name that ends in code


class Named(FE.NotFoundError):
    """Silent: the code by name."""

    code = FlextExceptions.ErrorCodes.NOT_FOUND  # silent: as it is meant

    def __init__(self, *args, **kw):
        code = "NOT_FOUND"  # silent: a variable of a function
        super().__init__(*args, **kw)


class Plain(ValueError):
    """Silent: no typed error, so no code of the library."""

    code = "NOT_FOUND"  # silent: FLX304 speaks of the class


def calls(text, kw):
    """Flagged: a code in a call."""
    raise FlextExceptions.Error("m", code="FLEXT_3001")  # FLX302: 42
    raise FE.Error("m", code="FLEXT_301")  # FLX302: 29
    raise FE.Error("m", error_code="NOTFOUND")  # FLX302: 35
    raise FE.Error("m", code="FLEXT_20033")  # silent: one more digit, a code of the shop
    raise FE.Error("m", code="FLEXT-2003")  # FLX302: 29
    raise Late("m", code="TYPE_ERROR", **kw)  # FLX302: 25
    raise FlextExceptions("m", field="sku", code="VALIDATION_ERR", error_code="TYPE_ERRORS")  # silent: longer than a code, or shorter by more than one letter
    raise ShopErrors("m", code="ALREADY_EXIST")  # FLX302: 31
    err = FE.Error("m", code="UNWRAP_ERROR")  # FLX302: 29
    return FE.Error("m", code="CRITICAL_ERROR").with_context(row=1)  # FLX302: 30
    raise FE.Error("a", code="PROCESSING_ERROR") if text else FE.Error("b", code=text)  # FLX302: 29


async def own_codes(text, code):
    """Silent: codes of your own, and codes by name."""
    raise FE.Error("m", code="SHOP_0042")  # silent: a code of the shop
    raise FE.Error("m", code="SHOP_3001")  # silent: the same number in another series
    raise FE.Error("m", code="NOT_FOUND_ORDER")  # silent: begins like a code and goes on
    raise FE.Error("m", code="FLEXT_9999")  # silent: four edits away
    raise FE.Error("m", code="not_found")  # silent: in small letters a code of its own
    raise FE.Error("m", code="FOUND")  # silent: four letters are missing
    raise FE.Error("m", code="FLEXT_0302")  # silent: two edits from the next one
    raise FE.Error("m", code="")  # silent: no code at all
    raise FE.Error("m", code=None)  # silent: the code of the class
    raise FE.Error("m", code=404)  # silent: a number
    raise FE.Error("m", code=ErrorCodes.NOT_FOUND)  # silent: by its name
    raise FE.Error("m", code=NOT_FOUND)  # silent: a constant of the module
    raise FE.Error("m", code=code)  # silent: a parameter
    raise FE.Error("m", code=f"FLEXT_{text}")  # silent: put together
    raise FE.Error("m", code=text or "NOT_FOUND")  # silent: only where nothing else is given
    raise FE.Error("NOT_FOUND")  # silent: the message
    raise FE.Error("m", status="NOT_FOUND")  # silent: context
    raise FE.Error("m", context={"code": "NOT_FOUND"})  # silent: context too
    raise Refused("m", code="NOT_FOUND")  # silent: a class that is not known
    raise web.Response(code="NOT_FOUND")  # silent: another library


def compared(err):
    """Silent: no code is given here."""
    if err.code == "NOT_FOUND":  # silent: compared, not given
        return None
    match err.code:
        case "FLEXT_3001":  # silent: a pattern
            return 400
    log(code="NOT_FOUND")  # silent: a function of your own
