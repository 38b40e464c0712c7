"""FLX305: a typed class whose __init__ leaves the library out, or hands it the context twice."""

from typing import TYPE_CHECKING, overload

import flext_exceptions
from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from shop.errors import Refused


class OutOfStock(FlextExceptions.ValidationError):
    """Flagged: the library hears nothing."""

    def __init__(self, sku):  # FLX305: 4
        self.sku = sku


class Passing(FE.Error):
    """Flagged: nothing at all."""

    def __init__(self, *args, **kw):  # FLX305: 4
        pass


class SkippedBase(FE.Error):
    """Flagged: the builtin's constructor is not the library's."""

    def __init__(self, text):  # FLX305: 4
        Exception.__init__(self, text)


class OtherMethod(FE.Error):
    """Flagged: another method of the base is called."""

    def __init__(self, text):  # FLX305: 4
        super().__init_subclass__()
        self.text = super().__str__()


class Late(OutOfStock):
    """Flagged: the constructor of a class further down."""

    @overload
    def __init__(self, sku): ...

    @overload
    def __init__(self, sku, town): ...

    def __init__(self, sku, town=None):  # FLX305: 4
        self.town = town


class ShopErrors(FlextExceptions):
    """Flagged in a class of a namespace."""

    class Gone(FlextExceptions.NotFoundError):
        def __init__(self, sku):  # FLX305: 8
            self.sku = sku


def make():
    class Local(ShopErrors.Gone):
        """Flagged in a class of a function."""

        def __init__(self):  # FLX305: 8
            self.sku = None

    return Local


class Twice(FE.ValidationError):
    """Flagged: the caller's context is in kw as well."""

    def __init__(self, sku, **kw):
        super().__init__(f"{sku} is sold out", context={"sku": sku}, **kw)  # FLX305: 8


class TwiceByName(FE.ValidationError):
    """Flagged: through the name of the base, on one of two ways."""

    def __init__(self, sku, *, town=None, **details):
        if town:
            FE.ValidationError.__init__(self, "m", **details, context={"sku": sku})  # FLX305: 12
        else:
            super(TwiceByName, self).__init__("m", **details)


class Good(FE.ValidationError):
    """Silent: the usual form."""

    def __init__(self, sku, **kw):  # silent: hands on the message and the keywords
        super().__init__(f"{sku} is sold out", sku=sku, **kw)


class GoodOld(FE.ValidationError):
    """Silent: the older form."""

    def __init__(self, sku):  # silent: super with its two arguments
        super(GoodOld, self).__init__(sku)


class GoodName(FE.ValidationError):
    """Silent: the base by its name."""

    def __init__(self, sku):  # silent: no super, and still the library's constructor
        FE.ValidationError.__init__(self, sku)


class GoodBranch(FE.ValidationError):
    """Silent: on each way another message."""

    def __init__(self, sku, town=None):  # silent: inside an if, as well as in its else
        if town:
            super().__init__(f"{sku} is sold out in {town}")
        else:
            super().__init__(f"{sku} is sold out")


class GoodFirst(FE.ValidationError):
    """Silent: something comes first."""

    def __init__(self, sku):  # silent: inside with and match
        with lock:
            match sku:
                case _:
                    super().__init__(sku)


class GoodReference(FE.ValidationError):
    """Silent: the constructor is called by another name."""

    def __init__(self, sku):  # silent: bound to a name first
        begin = super().__init__
        begin(sku)


class GoodInner(FE.ValidationError):
    """Silent: a function inside calls it."""

    def __init__(self, sku):  # silent: the inner function reaches the base
        def begin():
            super(GoodInner, self).__init__(sku)

        begin()


class GoodReturn(FE.ValidationError):
    """Silent: called in the value of a return."""

    def __init__(self, sku):  # silent: what __init__ gives back is None
        return super().__init__(sku)


class GoodBoth(Refused, FE.ValidationError):
    """Silent: the constructor of one base, whatever that one does."""

    def __init__(self, sku):  # silent: a base from elsewhere may reach the library
        Refused.__init__(self, sku)


class Wrapped(FE.ValidationError):
    """Silent: a decorator may do anything."""

    @hands_down
    def __init__(self, sku):  # silent: perhaps the decorator calls the base
        self.sku = sku


class Without(FE.ValidationError):
    """Silent: other methods, and no constructor."""

    __init__ = FE.ValidationError.__init__  # silent: the library's own

    def __str__(self):  # silent: no constructor
        return "sold out"

    def init(self):  # silent: a method of another name
        self.sku = None


class Checked(FE.ValidationError):
    """Silent: a signature for type checkers."""

    if TYPE_CHECKING:

        def __init__(self, sku: str) -> None: ...  # silent: it never runs


class Replaced(FE.ValidationError):
    """Silent: the last of two constructors counts."""

    def __init__(self, sku):  # silent: replaced below
        self.sku = sku

    def __init__(self, sku, **kw):
        super().__init__(sku, **kw)


class Popped(FE.ValidationError):
    """Silent: the caller's context is taken out first."""

    def __init__(self, sku, **kw):
        context = {"sku": sku, **(kw.pop("context", None) or {})}
        super().__init__("m", context=context, **kw)  # silent: kw holds no context any more


class Parameter(FE.ValidationError):
    """Silent: context is a parameter, so kw never holds it."""

    def __init__(self, sku, context=None, **kw):
        super().__init__("m", context={**(context or {}), "sku": sku}, **kw)  # silent: given once


class Filtered(FE.ValidationError):
    """Silent: the keywords are bound anew."""

    def __init__(self, sku, **kw):
        kw = {key: value for key, value in kw.items() if key in KNOWN}
        super().__init__("m", context={"sku": sku}, **kw)  # silent: kw is no longer the caller's


class OtherMapping(FE.ValidationError):
    """Silent: another mapping than the caller's keywords."""

    def __init__(self, sku, **kw):
        super().__init__("m", context=kw, **DEFAULTS)  # silent: kw itself is the context


class NoContext(FE.ValidationError):
    """Silent: no context is given beside the keywords."""

    def __init__(self, sku, **kw):
        super().__init__("m", sku=sku, **kw)  # silent: the caller's context alone


class NoKeywords(FE.ValidationError):
    """Silent: nothing else can come from the caller."""

    def __init__(self, sku):
        super().__init__("m", context={"sku": sku})  # silent: given once


class OtherCall(FE.ValidationError):
    """Silent: another call with the context and the keywords."""

    def __init__(self, sku, **kw):
        log(context=sku, **kw)  # silent: no constructor
        super().__init__("m", **kw)


class Plain(ValueError):
    """Silent: no typed error."""

    def __init__(self, sku):  # silent: FLX304 speaks of the class
        self.sku = sku


class Known(Refused):
    """Silent: an imported class that may be typed."""

    def __init__(self, sku):  # silent: what its base needs is not known
        self.sku = sku


class Namespace(FlextExceptions):
    """Silent: a namespace, which is never instantiated."""

    def __init__(self):  # silent: FLX304 speaks of it
        pass


class Service:
    """Silent: no error at all."""

    def __init__(self, errors):  # silent: it holds errors, and is none
        self.errors = errors or FlextExceptions


def shadowed(FE):
    class Given(FE.Error):
        def __init__(self, sku):  # silent: derived from a parameter
            self.sku = sku

    return Given
