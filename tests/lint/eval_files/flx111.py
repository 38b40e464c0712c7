"""FLX111: an error object that is made once and raised many times."""

from functools import partial

from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE

CLOSED = FlextExceptions.ProcessingError("closed", operation="buy")  # FLX111: 9
LATE: Exception = FE.TimeoutError("late", timeout_seconds=5)  # FLX111: 18
BUSY = FE.ProcessingError("busy", operation="pay").with_context(till=1)  # FLX111: 7
Refused = FE.ProcessingError  # silent: a class under another name
late = partial(FE.TimeoutError, "late", timeout_seconds=5)  # silent: makes one anew at each call
UNUSED = FE.ProcessingError("unused", operation="buy")  # silent: nobody raises it
COMPARED = FE.ProcessingError("compared", operation="buy")  # silent: it is looked at only
ONCE = FE.ProcessingError("once", operation="start")  # silent: raised while the module is imported
BUILTIN = ValueError("no")  # silent: a builtin, which has neither id nor count

if settings.broken:
    raise ONCE


def buy(order):
    if order.closed:
        raise CLOSED
    if order.late:
        raise LATE from None
    if order.busy:
        raise BUSY
    if order.same(COMPARED):
        raise BUILTIN


def sell(order, failure=FlextExceptions.ProcessingError("closed", operation="sell")):  # FLX111: 24
    raise failure


def give(order, *, failure=FE.ProcessingError("closed", operation="give")):  # FLX111: 27
    raise failure


def keep(order, failure=FE.ProcessingError("closed", operation="keep")):  # silent: handed on, not raised
    order.note(failure)


def choose(order, kind=FE.ProcessingError):  # silent: the class, which makes one at each call
    raise kind("closed", operation="choose")


class Till:
    EMPTY = FE.ProcessingError("empty", operation="pay")  # FLX111: 12
    FULL = FE.ProcessingError("full", operation="pay")  # FLX111: 11
    SHUT = FE.ProcessingError("shut", operation="pay")  # silent: no method raises it
    Kind = FE.ProcessingError  # silent: a class

    def pay(self):
        if self.empty:
            raise Till.EMPTY
        raise self.FULL

    def other(self, box):
        raise box.SHUT


def alias(order):
    raise Refused("closed", operation="buy")  # silent: made here


def by_partial(order):
    raise late()  # silent: made here


def made_here(order):
    failure = FE.ProcessingError("closed", operation="buy")  # silent: made at each call
    raise failure


def refusal():
    return FE.ProcessingError("closed", operation="buy")  # silent: made at each call
