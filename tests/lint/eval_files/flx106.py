"""FLX106: what cannot be raised."""

import builtins
import errno
import os.path
import socket as net
from types import *

from flext_exceptions import FlextExceptions
from shop import errors

try:
    import simplejson as json
except ImportError:
    import json

try:
    import redis
except ImportError:
    redis = None


def literals(name, error, strict, rows):
    """Flagged: texts, numbers, containers and functions."""
    if not name:
        raise "no name"  # FLX106: 8
    raise ("a text in parentheses "  # FLX106: 4
           "on two lines")
    raise 404  # FLX106: 4
    raise b"bytes"  # FLX106: 4
    raise True  # FLX106: 4
    raise ...  # FLX106: 4
    raise None  # FLX106: 4
    raise None from error  # FLX106: 4
    raise ()  # FLX106: 4
    raise (ValueError, "no name")  # FLX106: 4
    raise [ValueError("a")]  # FLX106: 4
    raise {"error": error}  # FLX106: 4
    raise {error}  # FLX106: 4
    raise [row.error for row in rows]  # FLX106: 4
    raise {row: row.error for row in rows}  # FLX106: 4
    raise (row.error for row in rows)  # FLX106: 4
    raise lambda: error  # FLX106: 4
    raise name == "x"  # FLX106: 4


def format_strings(name, error):
    """Flagged: a text that is made on the spot."""
    raise f"no {name}"  # FLX106: 4
    raise "no %s" % name  # FLX106: 4
    raise "no %s in %s" % (name, error) from error  # FLX106: 4
    raise "no {}".format(name)  # FLX106: 4
    raise "no " + name  # FLX106: 4
    raise "no " + name + " in " + str(error)  # FLX106: 4
    raise f"no {name}" + " at all"  # FLX106: 4
    raise "no {}".format(name) + "."  # FLX106: 4


def through_expressions(name, error, strict):
    """Flagged: when one of the values that may be raised is none."""
    raise "a" if strict else error  # FLX106: 4
    raise error if strict else None  # FLX106: 4
    raise ("a", "b") if strict else f"no {name}"  # FLX106: 4, 4
    raise error or "no error"  # FLX106: 4
    raise (text := "no name")  # FLX106: 4
    raise NotImplemented if strict else error  # FLX106: 4


class Base:
    """Flagged: NotImplemented where NotImplementedError is meant."""

    def load(self):
        raise NotImplemented  # FLX106: 8

    async def load_later(self):
        raise NotImplemented("for a subclass")  # FLX106: 8

    def of_builtins(self):
        raise builtins.NotImplemented  # FLX106: 8

    def __eq__(self, other):
        if other is None:
            raise NotImplementedError  # silent: the error itself
        return NotImplemented  # silent: the value, given back as it should be


def modules():
    """Flagged: a module that was imported whole."""
    raise errno  # FLX106: 4
    raise net  # FLX106: 4
    raise json("x")  # FLX106: 4
    raise os  # FLX106: 4
    raise builtins  # FLX106: 4
    raise net.timeout  # silent: an attribute of a module
    raise json.JSONDecodeError("x", "", 0)  # silent: a class of a module
    raise os.path  # silent: an attribute, which may be anything
    raise errors  # silent: from a package, which may hold an error of that name
    raise redis  # silent: bound to something else where the library is missing


def silent(name, error, strict, rows, NotImplemented):
    """Silent: what may be an exception."""
    raise error  # silent: a variable
    raise ValueError  # silent: a class
    raise FlextExceptions.ValidationError("no name", field="name")  # silent: a typed error
    raise ValueError(f"no {name}")  # silent: the format string is the message
    raise ValueError("no %s" % name)  # silent: so is the text with a place holder
    raise ValueError(("a", "b"))  # silent: the tuple is the message
    raise NotImplemented  # silent: a parameter of that name
    raise rows[0]  # silent: an element of a list
    raise rows.pop()  # silent: the result of a method
    raise {"a": ValueError}["a"]  # silent: an element of a dict
    raise (ValueError, KeyError)[strict]  # silent: an element of a tuple
    raise (lambda: error)()  # silent: the result of a function
    raise next(row.error for row in rows)  # silent: the first of a generator
    raise None or ValueError("x")  # silent: None is passed over
    raise "" or error  # silent: an empty text is passed over
    raise error if error is not None else ValueError  # silent: None stands in the condition
    raise error if name == "x" else ValueError("x")  # silent: so does a comparison
    raise (text := error)  # silent: a walrus around a variable
    raise error from None  # silent: None is the cause
    raise error + "text"  # silent: an error may have an operator of its own
    raise error % name  # silent: an operator, and no text in front
    raise -error  # silent: an operator in front of a variable
    raise getattr(errors, f"No{name}")  # silent: an attribute by a format string
    raise "no".join(rows) if False else error.copy()  # silent: a method of a text, which is not looked at


async def silent_later(stream, texts):
    raise await stream.error()  # silent: the result of a coroutine
    raise (yield)  # silent: what is sent in
    raise texts.NotImplemented  # silent: an attribute of a parameter


def local(kind):
    import errno

    errno = errno.EPERM
    raise errno  # silent: the name of the module is bound anew
    match kind:
        case json:
            raise json  # silent: a pattern captures the name


class Own:
    class NotImplemented(Exception):
        """Seen from the class body only."""

    if broken:
        raise NotImplemented("x")  # silent: the class of this class body

    def run(self):
        raise NotImplemented("x")  # FLX106: 8
        raise Own.NotImplemented("x")  # silent: the class by its path


def not_raised(name):
    error = "no name"  # silent: a text in a variable
    raise error  # silent: what the variable holds is not looked at
    return ValueError, "no name"  # silent: given back as a pair
    yield f"no {name}"  # silent: yielded
    gen.throw("x")  # silent: no raise
