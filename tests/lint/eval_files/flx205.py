"""FLX205: a handler behind one that takes everything it is for."""

import asyncio
import builtins
import socket
from builtins import LookupError as Missing
from typing import TYPE_CHECKING

import requests
from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from shop.errors import Refused, UnknownBase

if TYPE_CHECKING:
    from shop.errors import Strange
else:
    Strange = ValueError

Err = ValueError


class ShopErrors(FlextExceptions):
    """The namespace of the shop."""

    class Closed(FlextExceptions.ProcessingError):
        """A business rule."""

    class Expired(Closed, FlextExceptions.TimeoutError):
        """Caught in many ways."""


class Malformed(FlextExceptions.ValidationError):
    """A ValueError, as far as handlers go."""


class Half(UnknownBase, KeyError):
    """One of its bases is not known, the other is."""


class Unclear(UnknownBase):
    """Its base is not known."""


def typed():
    """Flagged: the typed errors are caught by their builtins, by each other, and by the root."""
    try:
        work()
    except ValueError:
        pass
    except FlextExceptions.ValidationError:  # FLX205: 4
        pass
    try:
        work()
    except FlextExceptions:
        pass
    except FE.NotFoundError:  # FLX205: 4
        pass
    try:
        work()
    except FlextExceptions.BaseError:
        pass
    except (Malformed, FlextExceptions.Error):  # FLX205: 4
        pass
    try:
        work()
    except FlextExceptions.PermissionError:
        pass
    except FlextExceptions.AuthenticationError:  # FLX205: 4
        pass
    try:
        work()
    except OSError:
        pass
    except FlextExceptions.NotFoundError:  # FLX205: 4
        pass
    try:
        work()
    except Exception:
        pass
    except FlextExceptions:  # FLX205: 4
        pass
    try:
        work()
    except FlextExceptions.ValidationError:
        pass
    except ShopErrors.ValidationError:  # FLX205: 4
        pass


def of_this_file():
    """Flagged: classes of the file, with their bases."""
    try:
        work()
    except ValueError:
        pass
    except Malformed:  # FLX205: 4
        pass
    try:
        work()
    except RuntimeError:
        pass
    except ShopErrors.Closed:  # FLX205: 4
        pass
    try:
        work()
    except FlextExceptions.TimeoutError:
        pass
    except ShopErrors.Expired:  # FLX205: 4
        pass
    try:
        work()
    except KeyError:
        pass
    except Half:  # FLX205: 4
        pass


def builtin():
    """Flagged: builtins, by any of their names."""
    try:
        work()
    except (LookupError, OSError):
        pass
    except KeyError as err:  # FLX205: 4
        pass
    except ValueError:
        pass
    except (IndexError, FileNotFoundError):  # FLX205: 4
        pass
    try:
        work()
    except OSError:
        pass
    except IOError:  # FLX205: 4
        pass
    try:
        work()
    except Missing:
        pass
    except builtins.KeyError:  # FLX205: 4
        pass
    try:
        work()
    except Err:
        pass
    except UnicodeDecodeError:  # FLX205: 4
        pass
    try:
        work()
    except Strange:
        pass
    except ValueError:  # FLX205: 4
        pass
    try:
        work()
    except ImportError:
        pass
    except ModuleNotFoundError:  # FLX205: 4
        pass
    except:
        pass


def others():
    """Flagged: the same class of another library twice, and in the async and the group forms."""
    try:
        requests.get(url)
    except requests.Timeout:
        pass
    except requests.Timeout:  # FLX205: 4
        pass
    try:
        work()
    except* OSError:
        pass
    except* ConnectionError:  # FLX205: 4
        pass

    async def later():
        try:
            await work()
        except TimeoutError:
            pass
        except FlextExceptions.TimeoutError:  # FLX205: 8
            pass


def special_first():
    """Silent: the special class stands in front of the general one."""
    try:
        work()
    except FlextExceptions.ValidationError:
        pass
    except ValueError:  # silent: the builtin is wider than the typed error
        pass
    try:
        work()
    except Malformed:
        pass
    except FlextExceptions.ValidationError:  # silent: wider than the class of the file
        pass
    except FlextExceptions:  # silent: the root is wider than its types
        pass
    except Exception:  # silent: wider than the root
        pass
    except BaseException:  # silent: and this is the widest
        pass
    try:
        work()
    except Exception:
        pass
    except:  # silent: catches KeyboardInterrupt as well
        pass
    try:
        work()
    except Exception:
        pass
    except asyncio.CancelledError:  # silent: no Exception, whatever its name
        pass
    try:
        work()
    except Exception:
        pass
    except (KeyboardInterrupt, SystemExit):  # silent: these two are no Exceptions
        pass


def beside():
    """Silent: neither of the two catches the other."""
    try:
        work()
    except KeyError:
        pass
    except IndexError:  # silent: a sibling
        pass
    try:
        work()
    except FlextExceptions.ValidationError:
        pass
    except FlextExceptions.ConfigurationError:  # silent: both ValueErrors, and neither below the other
        pass
    try:
        work()
    except ValueError:
        pass
    except FlextExceptions.NotFoundError:  # silent: this one is an OSError
        pass
    try:
        work()
    except OSError:
        pass
    except (FileNotFoundError, KeyError):  # silent: one of the two still comes here
        pass
    try:
        work()
    except TypeError:
        pass
    except FlextExceptions.AttributeError:  # silent: the builtins are siblings too
        pass
    try:
        work()
    except ShopErrors:
        pass
    except FlextExceptions.ValidationError:  # silent: a namespace is no base of the library's types
        pass
    try:
        work()
    except ():
        pass
    except ():  # silent: nothing is nothing
        pass


def unknown(Given):
    """Silent: what a class is cannot be told."""
    try:
        work()
    except ValueError:
        pass
    except Refused:  # silent: imported, with bases that are not seen here
        pass
    try:
        work()
    except OSError:
        pass
    except socket.timeout:  # FLX205: 4
        pass
    try:
        work()
    except Exception:
        pass
    except Given:  # silent: a parameter may be a BaseException
        pass
    try:
        work()
    except ValueError:
        pass
    except (*ERRORS, ValueError):  # silent: a starred tuple with unknown parts
        pass
    try:
        work()
    except ERRORS:
        pass
    except ValueError:  # silent: a tuple from elsewhere may or may not hold it
        pass
    try:
        work()
    except KeyError:
        pass
    except Unclear:  # silent: derived from something that is not known
        pass
    try:
        work()
    except self.error:
        pass
    except type(last):  # silent: a class that is computed
        pass
    try:
        requests.get(url)
    except requests.RequestException:
        pass
    except requests.Timeout:  # silent: another library's hierarchy is not known
        pass


def shadowed():
    """Silent: the name of a builtin means another class here."""

    class ValueError(Exception):
        """A class of this function."""

    from shop.errors import OSError

    try:
        work()
    except ValueError:
        pass
    except FlextExceptions.ValidationError:  # silent: derived from the builtin, not from the class above
        pass
    except OSError:
        pass
    except FlextExceptions.NotFoundError:  # silent: the import above brought another OSError
        pass


def nested():
    """Silent: each try statement has its own handlers."""
    try:
        try:
            work()
        except ValueError:
            pass
    except FlextExceptions.ValidationError:  # silent: an error of the inner handler comes here
        pass
    try:
        work()
    except ValueError:
        try:
            work()
        except FlextExceptions.ValidationError:  # silent: a try statement of its own
            pass
