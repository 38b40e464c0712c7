"""FLX103: raises that a protocol of the language asks for."""

import abc
import asyncio
import functools
from asyncio import CancelledError
from builtins import property as prop

from sqlalchemy.ext.hybrid import hybrid_property


def __getattr__(name):
    if name == "table":
        return 1
    raise AttributeError(name)  # silent: a module's __getattr__


def __dir__():
    raise AttributeError("x")  # FLX103: 4


class Attributes:
    """AttributeError means "there is none" to getattr and hasattr."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)  # silent: __getattr__
        try:
            return self.data[name]
        except KeyError:
            raise AttributeError(name) from None  # silent: in a handler of __getattr__

    def __getattribute__(self, name):
        raise AttributeError  # silent: __getattribute__, not called

    def __setattr__(self, name, value):
        raise AttributeError("read only")  # silent: __setattr__

    def __delattr__(self, name):
        with self.lock:
            raise AttributeError("read only")  # silent: in a block of __delattr__

    def __get__(self, instance, owner):
        raise AttributeError("unset") if instance else self.error  # silent: __get__, by a condition

    def __set__(self, instance, value):
        raise (error := AttributeError("read only"))  # silent: __set__, through a walrus

    def __delete__(self, instance):
        raise AttributeError("read only").with_traceback(None)  # silent: __delete__, with a traceback

    def __getstate__(self):
        raise AttributeError("x")  # FLX103: 8

    def __init__(self):
        raise AttributeError("x")  # FLX103: 8

    def get(self, name):
        raise AttributeError(name)  # FLX103: 8

    def getattr(self, name):
        raise AttributeError(name)  # FLX103: 8


class OtherErrorsOfAttributes:
    """Other builtins are no part of that protocol."""

    def __getattr__(self, name):
        raise ValueError(name)  # FLX103: 8

    def __setattr__(self, name, value):
        raise KeyError(name)  # FLX103: 8

    def __get__(self, instance, owner):
        raise RuntimeError("unset")  # FLX103: 8

    def __delattr__(self, name):
        def later():
            raise AttributeError(name)  # FLX103: 12


class Properties:
    @property
    def plain(self):
        raise AttributeError("unset")  # silent: a property

    @plain.setter
    def plain(self, value):
        raise AttributeError("read only")  # silent: its setter

    @plain.deleter
    def plain(self):
        raise AttributeError("kept")  # silent: its deleter

    @plain.getter
    def plain(self):
        raise AttributeError("other")  # silent: its getter

    @functools.cached_property
    def cached(self):
        raise AttributeError("unset")  # silent: functools.cached_property

    @abc.abstractproperty
    def abstract(self):
        raise AttributeError("abstract")  # silent: abc.abstractproperty

    @hybrid_property
    def hybrid(self):
        raise AttributeError("class")  # silent: a property of another library, by its name

    @property_of("x").setter
    @cached_property(maxsize=1)
    def called(self):
        raise AttributeError("unset")  # silent: a decorator that is called

    @classmethod
    @property
    def of_class(cls):
        raise AttributeError("unset")  # silent: property below another decorator

    @property
    def value(self):
        raise ValueError("unset")  # FLX103: 8

    @functools.cache
    def remembered(self):
        raise AttributeError("unset")  # FLX103: 8

    @setter
    def decorated(self):
        raise AttributeError("unset")  # FLX103: 8

    @properties.register
    def registered(self):
        raise AttributeError("unset")  # FLX103: 8

    @property
    def nested(self):
        def load():
            raise AttributeError("unset")  # FLX103: 12

        return load()


class Items:
    """KeyError and IndexError mean "there is none" to for, in and the mixins of collections.abc."""

    def __getitem__(self, index):
        if index > 3:
            raise IndexError(index)  # silent: __getitem__ of a sequence
        raise KeyError(index)  # silent: __getitem__ of a mapping

    def __setitem__(self, index, value):
        raise IndexError(index)  # silent: __setitem__

    def __delitem__(self, key):
        raise KeyError(key)  # silent: __delitem__

    def __missing__(self, key):
        raise KeyError(key)  # silent: __missing__

    def pop(self, key):
        raise KeyError(key)  # silent: pop

    def popitem(self):
        raise KeyError("empty")  # silent: popitem

    def popleft(self):
        raise IndexError("empty")  # silent: popleft

    def remove(self, key):
        raise KeyError(key)  # silent: remove

    def __contains__(self, key):
        raise KeyError(key)  # FLX103: 8

    def get(self, key):
        raise KeyError(key)  # FLX103: 8

    def pop_all(self):
        raise IndexError("empty")  # FLX103: 8

    def _pop(self):
        raise IndexError("empty")  # FLX103: 8


class OtherErrorsOfItems:
    def __getitem__(self, index):
        raise LookupError(index)  # FLX103: 8

    def __missing__(self, key):
        raise AttributeError(key)  # FLX103: 8

    def pop(self):
        raise ValueError("empty")  # FLX103: 8

    def remove(self, value):
        raise RuntimeError(value)  # FLX103: 8

    def discard(self, value):
        raise KeyError(value)  # FLX103: 8


class Operators:
    """TypeError means "not for these operands" in every method that an operator or a builtin calls."""

    def __add__(self, other):
        raise TypeError("no sum")  # silent: an operator

    def __hash__(self):
        raise TypeError("unhashable")  # silent: hash()

    def __getitem__(self, index):
        raise TypeError("indices must be integers")  # silent: an index of another type

    def __new__(cls):
        raise TypeError("no instances")  # silent: __new__

    def __init_subclass__(cls):
        raise TypeError("final")  # silent: __init_subclass__

    def __class_getitem__(cls, item):
        raise TypeError("not generic")  # silent: __class_getitem__

    async def __aenter__(self):
        raise TypeError("not here")  # silent: an async dunder

    def __init__(self, value):
        raise TypeError("no value")  # FLX103: 8

    def __call__(self, value):
        raise TypeError("no value")  # FLX103: 8

    def _add(self, other):
        raise TypeError("no sum")  # FLX103: 8

    def __private(self, other):
        raise TypeError("no sum")  # FLX103: 8

    def ____(self, other):
        raise TypeError("no sum")  # FLX103: 8

    def __eq__(self, other):
        raise ValueError("no order")  # FLX103: 8


def __add__(left, right):
    raise TypeError("no sum")  # silent: an operator as a function of the module


def pop(key):
    raise KeyError(key)  # silent: a module may be the collection


def add(left, right):
    raise TypeError("no sum")  # FLX103: 4


class Iterator:
    def __next__(self):
        raise StopIteration  # silent: ends an iteration

    async def __anext__(self):
        raise StopAsyncIteration  # silent: ends an async iteration

    def rows(self):
        raise StopIteration(3)  # silent: everywhere, though no __next__

    def __next(self):
        raise IndexError("end")  # FLX103: 8


def everywhere(kind):
    """Signals, promises and warnings are nobody's typed errors."""
    raise NotImplementedError  # silent: a method for a subclass to fill in
    raise NotImplementedError("not yet") from None  # silent: the same with words
    raise SystemExit(2)  # silent: ends the program
    raise KeyboardInterrupt  # silent: stands for Ctrl-C
    raise GeneratorExit  # silent: closes a generator
    raise asyncio.CancelledError("stop")  # silent: cancels a task
    raise CancelledError  # silent: cancels a task, imported by name
    raise AssertionError("unreachable")  # silent: says that a line is never reached
    raise DeprecationWarning("old")  # silent: a warning, raised where warnings are errors
    raise UserWarning  # silent: a warning without words
    raise AssertionError("x") if kind else RuntimeError("x")  # FLX103: 4
    raise NotImplementedError if kind else TypeError(kind)  # FLX103: 4
