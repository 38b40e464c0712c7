"""FLX103: what a name stands for, by imports, aliases, classes, parameters and scopes."""

import asyncio
import builtins
import builtins as b
import exceptions
import socket
import typing
from builtins import KeyError as Missing
from builtins import OSError
from socket import timeout as SocketTimeout
from typing import TYPE_CHECKING

import shop.errors
from flext_exceptions import FlextExceptions
from flext_exceptions.errors import TypeError
from shop.errors import ConnectionError, NotFound as LookupError
from shop.local import Refused as PermissionError

from .errors import IndexError

Bad = ValueError
Worse = Bad
Worst = b.RuntimeError
Typed = FlextExceptions.ValidationError
Loop = Loop2
Loop2 = Loop


def imported():
    """Flagged: a builtin under whatever name."""
    raise builtins.ValueError("x")  # FLX103: 4
    raise b.EOFError  # FLX103: 4
    raise Missing("x")  # FLX103: 4
    raise OSError("x")  # FLX103: 4
    raise Bad("x")  # FLX103: 4
    raise Worse  # FLX103: 4
    raise Worst("x") from None  # FLX103: 4
    raise Typed("x", field="y")  # silent: an alias of a typed error
    raise TypeError("x", expected_type="y")  # silent: the library's own TypeError, imported by name
    raise FlextExceptions.KeyError("x")  # silent: a mirror of a builtin, which is typed
    raise ConnectionError("x")  # silent: another module's class under the builtin's name
    raise LookupError("x")  # silent: imported under the builtin's name
    raise PermissionError  # silent: another class imported as it, not called
    raise IndexError("x")  # silent: from a module beside this one
    raise shop.errors.ValueError("x")  # silent: an attribute of another module
    raise exceptions.ValueError("x")  # silent: the exceptions module of Python 2, or one of the project
    raise b.missing.ValueError("x")  # silent: builtins has no such attribute
    raise Loop("x")  # silent: an alias of an alias of itself
    raise Unheard("x")  # silent: bound nowhere


class TimeoutError(TimeoutError):
    """Derived from the builtin of the same name."""


class BadInput(ValueError):
    """A class of this file: FLX107 and FLX304 look at these."""


class ShopErrors(FlextExceptions):
    """A namespace."""

    class BadInput(FlextExceptions.ValidationError):
        """Typed."""

    Missing = FlextExceptions.KeyError
    Raw = KeyError


class Catalogue(ShopErrors):
    """A namespace below a namespace."""


def classes_of_this_file():
    raise TimeoutError("x")  # silent: the class of this file
    raise BadInput("x")  # silent: derived from a builtin, not a builtin
    raise ShopErrors.BadInput("x", field="y")  # silent: a class in a namespace
    raise ShopErrors.Missing("x")  # silent: an alias in a namespace
    raise Catalogue.KeyError("x")  # silent: inherited from the root
    raise ShopErrors.Raw("x")  # FLX103: 4
    raise Catalogue.Raw  # FLX103: 4
    raise ShopErrors.Unheard("x")  # silent: no attribute that is known


class Parser:
    """Names of a class body hold in the body, not in the methods."""

    EOFError = FlextExceptions.EOFError
    Error = ArithmeticError

    class ValueError(FlextExceptions.ValidationError):
        """Seen from the class body only."""

    if broken:
        raise ValueError("x")  # silent: the class in this body

    def parse(self):
        raise ValueError("x")  # FLX103: 8
        raise EOFError("x")  # FLX103: 8
        raise self.ValueError("x")  # silent: an attribute of the instance
        raise self.Error("x")  # silent: a subclass may set another class
        raise Parser.ValueError("x")  # silent: the typed class, by its path
        raise Parser.Error("x")  # FLX103: 8


def parameters(RuntimeError, /, *ZeroDivisionError, SystemError=None, **BufferError):
    raise RuntimeError("x")  # silent: a positional parameter
    raise ZeroDivisionError  # silent: the rest of the arguments
    raise SystemError("x")  # silent: a keyword parameter
    raise BufferError["x"]  # silent: the rest of the keywords

    def inner():
        raise RuntimeError("x")  # silent: the parameter of the function around it
        raise OverflowError("x")  # FLX103: 8


def bound_in_the_function(redis, errors):
    from shop.errors import RuntimeError

    ArithmeticError = redis.ArithmeticError
    BlockingIOError: type = redis.BlockingIOError
    OverflowError, EOFError = errors
    for ImportError in errors:
        raise ImportError  # silent: the variable of a loop
    with redis as BrokenPipeError:
        raise BrokenPipeError  # silent: bound by with
    try:
        work()
    except redis.Error as InterruptedError:
        raise InterruptedError  # silent: bound by except
    match errors:
        case ChildProcessError:
            raise ChildProcessError  # silent: a match arm captures it
        case [ProcessLookupError, *FileExistsError]:
            raise FileExistsError  # silent: captured by a star in a pattern
        case {"key": _, **ValueError}:
            raise ValueError  # silent: captured as the rest of a mapping
    raise RuntimeError("x")  # silent: imported in this function
    raise ArithmeticError("x")  # silent: an alias of another library's class
    raise BlockingIOError("x")  # silent: assigned with an annotation
    raise OverflowError("x")  # silent: unpacked from a tuple
    raise ModuleNotFoundError("x")  # FLX103: 4


def elsewhere():
    """Flagged: what other functions bind is theirs; comprehensions and lambdas have scopes of their own."""
    local = [NotADirectoryError for NotADirectoryError in errors]
    local = lambda IsADirectoryError: IsADirectoryError
    raise RuntimeError("x")  # FLX103: 4
    raise ArithmeticError("x")  # FLX103: 4
    raise NotADirectoryError("x")  # FLX103: 4
    raise IsADirectoryError("x")  # FLX103: 4


def local_alias(strict):
    kind = KeyError
    raise kind("x")  # FLX103: 4


def alias_bound_twice(strict):
    kind = KeyError
    if strict:
        kind = FlextExceptions.KeyError
    raise kind("x")  # silent: the name is bound twice


def alias_by_condition(strict):
    kind = KeyError if strict else FlextExceptions.KeyError
    raise kind("x")  # silent: the alias of no single name


def local_import():
    import builtins as python
    from builtins import BaseException, RuntimeError as Stopped

    raise python.ValueError("x")  # FLX103: 4
    raise Stopped("x")  # FLX103: 4


Changing = ValueError
Deleted = ValueError
Walrus = ValueError


def change(kind):
    global Changing
    Changing = kind


def changed():
    raise Changing("x")  # silent: a function binds the module's name anew
    raise Deleted("x")  # silent: deleted further down
    raise Walrus("x")  # silent: a walrus binds the name anew


del Deleted
if (Walrus := choose()):
    pass


Stated = ValueError


def global_and_local(kind):
    global Stated
    raise Stated("x")  # silent: the global statement says that this function may bind the name


def outer():
    kind = ValueError

    def inner():
        nonlocal kind
        raise kind("x")  # FLX103: 8


if TYPE_CHECKING:
    from shop.errors import BrokenPipeError
else:
    from builtins import BrokenPipeError

if typing.TYPE_CHECKING:
    from builtins import ChildProcessError
else:
    from shop.errors import ChildProcessError

if not TYPE_CHECKING:
    from builtins import ProcessLookupError
else:
    from shop.errors import ProcessLookupError

try:
    from redis.exceptions import ConnectionResetError
except ImportError:
    from builtins import ConnectionResetError

try:
    FileNotFoundError
except NameError:
    FileNotFoundError = IOError


def for_type_checkers():
    raise BrokenPipeError("x")  # FLX103: 4
    raise FileNotFoundError("x")  # FLX103: 4
    raise ChildProcessError("x")  # silent: a running program sees the class of the project
    raise ProcessLookupError("x")  # silent: two imports, the condition turned around
    raise ConnectionResetError("x")  # silent: whichever of the two libraries is installed


def by_another_name(strict, kinds):
    """Names of the standard library for builtins, and classes that a condition chooses."""
    raise asyncio.TimeoutError("x")  # FLX103: 4
    raise socket.error("x")  # FLX103: 4
    raise SocketTimeout("x")  # FLX103: 4
    raise socket.gaierror("x")  # silent: a class of its own
    raise socket.timeouts("x")  # silent: no such class
    raise (OSError if strict else CustomError)("x")  # FLX103: 4
    raise (kinds or CustomError)("x")  # silent: not known
    chosen = OSError("x") if strict else CustomError("x")
    raise chosen  # FLX103: 4
