"""FLX301: a keyword that is nearly one of the type's, or another type's."""

from typing import Generic, TypeVar

import builtins
from flext_core import FlextValidationError
from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from shop.errors import Refused
from shop.mixins import Sized

T = TypeVar("T")
Bad = FE.ValidationError


class SoldOut(FlextExceptions.ValidationError):
    """It declares a keyword beside those of its base."""

    code = "SHOP_0110"
    quantity: int | None = None


class SoldOutHere(SoldOut):
    """It inherits the keyword."""

    town: str = ""


class ShopErrors(FlextExceptions):
    """The namespace of the shop."""

    class Late(FlextExceptions.TimeoutError):
        """An error in a namespace."""


class Unreachable(FlextExceptions.ConfigurationError, FlextExceptions.ConnectionError):
    """It takes the keywords of both of its bases."""


class Own(FlextExceptions.ValidationError):
    """Its signature is its own."""

    def __init__(self, feild, **kw):
        super().__init__("m", field=feild, **kw)


class Below(Own):
    """The signature of its base is not the library's."""


class Mixed(Sized, FlextExceptions.ValidationError):
    """What its first base takes is not known."""


class Loop(Twist, FlextExceptions.ValidationError):
    """Its base is below it, which no program survives."""


class Twist(Loop):
    """See above."""


def mistyped(text):
    """Flagged: close to a keyword that the type takes."""
    raise FlextExceptions.ValidationError("m", feild="sku")  # FLX301: 47
    raise FE.ValidationError("m", fields=["sku"], vlaue=text)  # FLX301: 50
    raise FE.NotFoundError("m", ressource_id=text)  # FLX301: 32
    raise Bad("m", corelation_id=text)  # FLX301: 19
    raise FlextValidationError("m", filed="sku")  # FLX301: 36
    raise FE.Error("m", contxt={})  # FLX301: 24
    raise FE.Error("m", retriable=True)  # FLX301: 24
    raise FE.TimeoutError(  # the finding stands at the keyword
        "m",
        timeout_second=5,  # FLX301: 8
    )
    raise SoldOut("m", quantitiy=3)  # FLX301: 23
    raise SoldOutHere("m", quantitiy=3, fild="sku")  # FLX301: 27, 40
    raise ShopErrors.Late("m", timeout_second=5)  # FLX301: 31
    raise ShopErrors.ValidationError("m", feild="sku")  # FLX301: 42
    raise FlextExceptions("m", feild="sku")  # FLX301: 31
    raise ShopErrors("m", service="stock", endpont="/items")  # FLX301: 43


def of_other_types(text):
    """Flagged: a keyword that only other types take."""
    raise FlextExceptions.ValidationError("m", config_key="port")  # FLX301: 47
    raise FE.ConfigurationError("m", field="port")  # FLX301: 37
    raise FE.OperationError("m", business_rule="four eyes")  # FLX301: 33
    raise FE.PermissionError("m", auth_method="token")  # FLX301: 34
    raise FE.KeyError("m", resource_id=text)  # FLX301: 27
    raise SoldOut("m", resource_type="order")  # FLX301: 23
    raise Unreachable("m", config_key="port", resource_id=text)  # FLX301: 46
    raise FlextExceptions("m", field="sku", timeout_seconds=5)  # FLX301: 44
    raise FlextExceptions("m", field="sku", operation=None)  # FLX301: 44
    raise FlextExceptions("m", value=text)  # FLX301: 31


async def places(text, kw):
    """Flagged: wherever an error is built, not only where it is raised."""
    err = FE.ValidationError("m", feild="sku")  # FLX301: 34
    other: Exception = FE.ValidationError("m", feild="sku")  # FLX301: 47
    raise FE.Error("a", feild=1) if text else FE.ValidationError("b", feild=1)  # FLX301: 70
    raise (late := FE.ValidationError("m", feild="sku")) from None  # FLX301: 43
    raise FE.ValidationError("m", feild="sku").with_traceback(None)  # FLX301: 34
    raise FE.ValidationError("m", feild="sku", **kw)  # FLX301: 34
    match text:
        case "":
            return FE.ValidationError("m", feild="sku")  # FLX301: 43


def context(text):
    """Silent: any other keyword is context."""
    raise FE.ValidationError("m", sku=text, quantity=3)  # silent: two keys for the context
    raise FE.ValidationError("m", field="sku", value=text, validation_details=[])  # silent: all that the type takes
    raise FE.Error("m", code="SHOP_0001", context={}, correlation_id=text)  # silent: what every type takes
    raise FE.Error("m", retryable=True, http_status=418, retry_after=3, error_code="A")  # silent: the rest of that
    raise FE.Error(message="m")  # silent: the message by name
    raise FE.AuthenticationError("m", required_permission="admin")  # silent: inherited from PermissionError
    raise FE.BrokenPipeError("m", service="stock")  # silent: inherited from ConnectionError
    raise FE.ConnectionError("m", service_id=7)  # silent: a name of its own, with more behind it
    raise FE.ConnectionError("m", db_service="users")  # silent: a name of its own, with more in front
    raise FE.Error("m", http_status_text="teapot")  # silent: begins with a keyword and goes on
    raise FE.ValidationError("m", row=1, column=2)  # silent: close to nothing
    raise FE.TimeoutError("m", seconds=5)  # silent: only half of the keyword
    raise FE.ValidationError("m", old_value=1, new_value=2)  # silent: both are told apart from value
    raise FE.NotFoundError("m", path="cart.json")  # silent: a path is context of any error
    raise FE.ValidationError("m", name=text, obj=None)  # silent: the fields of AttributeError are everyday words
    raise FE.AttributeError("m", name=text, obj=None)  # silent: and here they are fields
    raise SoldOut("m", quantity=3, field="sku")  # silent: the keyword that the class declares
    raise SoldOutHere("m", quantity=3, town="Rome")  # silent: the inherited one too
    raise Unreachable("m", config_key="port", service="stock")  # silent: a keyword of each base
    raise FlextExceptions("m", field="sku", value=text)  # silent: the factory takes what the chosen type takes
    raise FlextExceptions("m", operation="pay", business_rule=None)  # FLX301: 48
    raise FlextExceptions("m", operation=None, field="sku", value=1)  # FLX301: 31


def not_known(kw, FE):
    """Silent: which keywords are taken is not known."""
    raise Own(feild="sku")  # silent: the class has an __init__ of its own
    raise Below(feild="sku")  # silent: and hands it down
    raise Mixed("m", feild="sku")  # silent: a base from elsewhere may take it
    raise Loop("m", feild="sku")  # silent: a class that is its own base
    raise Refused("m", feild="sku")  # silent: an imported class that nobody declares as typed
    raise Bad("m", **kw)  # silent: only a mapping
    raise Bad("m", **{"feild": "sku"})  # FLX301: 22
    raise FlextExceptions("m", value=1, **kw)  # silent: the mapping may select the type
    raise FE.ValidationError("m", feild="sku")  # silent: FE is a parameter here
    raise ValueError("m", feild="sku")  # silent: a builtin, which takes no keywords at all
    raise builtins.ValueError("m", feild="sku")  # silent: the same by its full name


def no_error_is_built(text):
    """Silent: other calls with such keywords."""
    save(feild="sku")  # silent: a function
    FlextExceptions.correlation(feild="sku")  # silent: a method of the root
    form.ValidationError("m", feild="sku")  # silent: a class of another library
    raise Bad("m").with_context(feild="sku")  # silent: with_context adds to the context only
    with FlextExceptions.Metrics.isolated(feild="sku"):  # silent: a context manager
        pass


def shadowed():
    class FlextExceptions:
        """A class that shares the name."""

        class ValidationError(Exception):
            """No typed error."""

    raise FlextExceptions.ValidationError("m", feild="sku")  # silent: the class of the function
