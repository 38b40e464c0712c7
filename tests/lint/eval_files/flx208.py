"""FLX208: a clause or a cause that is no exception."""

from dataclasses import dataclass
from enum import Enum

from flext_exceptions import FlextExceptions
from shop.errors import Broken, Union


class Refusal:
    """No exception."""


class Below(Refusal):
    """None either."""


class Shop(FlextExceptions):
    """A namespace."""

    class Full(FlextExceptions.ValidationError):
        """An error in it."""


class Mixed(Broken):
    """Its base is not known."""


def flagged(job):
    try:
        job()
    except FlextExceptions.ValidationError or FlextExceptions.TypeError:  # FLX208: 11
        pass
    except (ValueError and KeyError):  # FLX208: 12
        pass
    except OSError | EOFError:  # FLX208: 11
        pass
    except "LookupError":  # FLX208: 11
        pass
    except [IndexError, TypeError]:  # FLX208: 11
        pass
    except {RuntimeError}:  # FLX208: 11
        pass
    except Refusal:  # FLX208: 11
        pass
    except (MemoryError, Below):  # FLX208: 25
        pass
    except Shop:  # FLX208: 11
        pass
    except (BufferError, Shop):  # FLX208: 25
        pass
    except None:  # FLX208: 11
        pass
    except str:  # FLX208: 11
        pass


def causes(job):
    raise job.error from "why"  # FLX208: 4
    raise job.error from f"why {job}"  # FLX208: 4
    raise job.error from Refusal()  # FLX208: 4
    raise job.error from refusal()  # silent: a call, whatever it gives
    raise job.error from Refusal  # FLX208: 4
    raise job.error from int  # FLX208: 4
    raise job.error from None  # silent: says that the cause is of no interest
    raise job.error from job.last  # silent: an attribute
    raise job.error from KeyError  # silent: a class of errors is made an error
    raise job.error from FlextExceptions.KeyError("why")  # silent: an error
    raise job.error from (job.last or KeyError())  # silent: one of two errors


async def groups(jobs):
    try:
        await jobs()
    except* ExceptionGroup:  # FLX208: 12
        pass
    try:
        await jobs()
    except* (ValueError, BaseExceptionGroup):  # FLX208: 25
        pass
    try:
        await jobs()
    except* OSError:  # silent: an error in the group
        pass


def silent(job, kinds, library, Refusal):
    try:
        job()
    except FlextExceptions:  # silent: the root catches every typed error
        pass
    except Shop.Full:  # silent: an error of a namespace
        pass
    except (ValueError, KeyError):  # silent: a tuple
        pass
    except (*kinds, OSError):  # silent: a tuple of whatever kinds holds
        pass
    except kinds:  # silent: a name
        pass
    except kinds["late"]:  # silent: an item
        pass
    except kinds():  # silent: a call
        pass
    except library.Error:  # silent: an attribute
        pass
    except getattr(library, "Late"):  # silent: a call
        pass
    except Refusal:  # silent: a parameter of that name
        pass
    except Broken:  # silent: an imported class
        pass
    except Mixed:  # silent: a class with a base that is not known
        pass
    except Union:  # silent: an imported name
        pass
    except IOError if job.old else OSError:  # silent: a class by condition
        pass
    except ExceptionGroup:  # silent: a plain clause catches a group
        pass
    except:  # silent: everything
        pass
