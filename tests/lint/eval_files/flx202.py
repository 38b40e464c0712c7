"""FLX202: a handler of every error that does nothing with it."""

import asyncio
import builtins
import contextlib
import logging
from builtins import Exception as Anything
from typing import TYPE_CHECKING

from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE

if TYPE_CHECKING:
    from somewhere import Oddity
else:
    Oddity = Exception

Err = Exception


class ShopErrors(FlextExceptions):
    """A namespace: it catches nothing, and its BaseError is the library's."""


class Refused(FlextExceptions.ValidationError):
    """An error of the shop."""


def nothing():
    """Flagged: the four roots, each with a body that does nothing."""
    try:
        work()
    except Exception:  # FLX202: 4
        pass
    try:
        work()
    except BaseException:  # FLX202: 4
        ...
    try:
        work()
    except FlextExceptions:  # FLX202: 4
        """It did not matter so far."""
    try:
        work()
    except FlextExceptions.BaseError as err:  # FLX202: 4
        pass
    try:
        work()
    except (KeyError, Exception):  # FLX202: 4
        "one broad class in a tuple makes it broad"
        pass
    for item in items():
        try:
            work(item)
        except Exception:  # FLX202: 8
            continue
        try:
            work(item)
        except FE.BaseError:  # FLX202: 8
            0
            break


def other_names():
    """Flagged: the same classes by other names."""
    try:
        work()
    except Err:  # FLX202: 4
        pass
    try:
        work()
    except builtins.BaseException:  # FLX202: 4
        pass
    try:
        work()
    except Anything:  # FLX202: 4
        pass
    try:
        work()
    except Oddity:  # FLX202: 4
        pass
    try:
        work()
    except ShopErrors.BaseError:  # FLX202: 4
        pass
    try:
        work()
    except* Exception:  # FLX202: 4
        pass


class Loader:
    """Flagged in a class body and in an async method."""

    try:
        prepare()
    except Exception:  # FLX202: 4
        pass

    async def close(self):
        match self.state:
            case "open":
                try:
                    await self.stream.close()
                except Exception:  # FLX202: 16
                    pass


def something():
    """Silent: the body does something, however little."""
    try:
        work()
    except Exception:  # silent: it is logged
        logging.exception("work")
    try:
        work()
    except Exception:  # FLX202: 4
        return None
    try:
        work()
    except Exception:  # FLX202: 4
        failed = True
    try:
        work()
    except BaseException:  # silent: raised again
        raise
    try:
        work()
    except Exception as err:  # silent: kept for later
        errors.append(err)
    try:
        work()
    except Exception:  # silent: a condition decides, which is more than nothing
        if strict:
            raise
    try:
        work()
    except Exception:  # silent: waiting before the next attempt is a reaction
        time.sleep(1)
        continue_with()
    try:
        work()
    except Exception as err:  # silent: breaking the cycle of frames is work
        del err
    try:
        work()
    except Exception:  # silent: an import in its place
        import slow_work
    try:
        work()
    except Exception:  # silent: the assertion says that it must not happen
        assert False


def named():
    """Silent: who names what does not matter has thought about it."""
    try:
        work()
    except KeyError:  # silent: a builtin with a meaning
        pass
    try:
        work()
    except (OSError, ValueError):  # silent: two of them
        pass
    try:
        work()
    except FlextExceptions.NotFoundError:  # silent: a typed error with a meaning
        pass
    try:
        work()
    except FlextExceptions.Error:  # silent: the catch-equivalent of RuntimeError, not of all errors
        pass
    try:
        work()
    except Refused:  # silent: a class of the project
        pass
    try:
        work()
    except ShopErrors:  # silent: a namespace catches none of the library's errors
        pass
    try:
        work()
    except asyncio.CancelledError:  # silent: derived from BaseException, and only itself
        pass
    try:
        work()
    except (KeyboardInterrupt, SystemExit):  # silent: the program ends here on purpose
        pass
    try:
        work()
    except database.Exception:  # silent: a class of another library that shares the name
        pass
    try:
        work()
    except IGNORED:  # silent: a tuple from elsewhere, with anything in it
        pass
    try:
        work()
    except (*IGNORED, KeyError):  # silent: the starred part is not known
        pass
    try:
        work()
    except ():  # silent: catches nothing at all
        pass
    with contextlib.suppress(Exception):  # FLX202: 9
        work()
    try:
        work()
    except:  # silent: FLX201 speaks of it
        pass


def shadowed(Exception, FlextExceptions):
    try:
        work()
    except Exception:  # silent: a parameter of that name may be any class
        pass
    try:
        work()
    except FlextExceptions:  # silent: another parameter
        pass


def local():
    from shop.tools import BaseException

    class Exception(ValueError):
        """A class of this function."""

    try:
        work()
    except Exception:  # silent: the class of the function above
        pass
    try:
        work()
    except BaseException:  # silent: imported under the name of a builtin
        pass


def unclear(strict):
    if strict:
        Caught = KeyError
    else:
        Caught = Exception
    try:
        work()
    except Caught:  # silent: bound in two ways
        pass
