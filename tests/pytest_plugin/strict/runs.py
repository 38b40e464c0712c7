"""A shop whose functions raise, and runs of tests of it with ``--flext-strict``."""

from __future__ import annotations

import asyncio  # noqa: F401  here, for good: imported again by each run within a test, it differs from its C half
import sys
import textwrap

import pytest

from tests.pytest_plugin.plugins import alone

WATCHES = sys.version_info >= (3, 12)  # what a plain try catches is seen


# The package of the tests, in which each line that matters is marked.
SHOP = """
import json
from abc import ABC, abstractmethod
from flext_exceptions import FlextExceptions as X
from shop import stock, errors

class Cart(dict):
    def __getitem__(self, key):
        return stock.find(key)  # item

    def find(self, key):
        return self[key]  # find

    def __getattr__(self, name):
        raise AttributeError(name)  # attribute

    @property
    def total(self):
        return stock.attribute()  # total

    def sum(self):
        return stock.attribute()  # sum

    def __add__(self, other):
        raise TypeError("no cart")  # add

def order(error):
    return stock.take(error)  # order

def load(text):
    return json.loads(text)  # load

def generated():
    exec("raise ValueError")  # generated

def call(function):
    return function()  # call

def handled(function):
    try:
        return function()
    except ValueError as error:
        raise X.ValidationError("typed") from error

def wrapped():
    return handled(lambda: order(ValueError()))

async def later(error):
    return stock.take(error)  # later

def numbers():
    yield 1
    stock.take(ValueError("number"))  # numbers

def stop():
    raise StopIteration

def group(*errors):
    raise ExceptionGroup("several", errors)  # group

def callback(function):
    try:
        function()
    finally:
        pass
"""


STOCK = """
def take(error):
    raise error  # take

def find(key):
    return {}[key]  # stock

def attribute():
    raise AttributeError("total")  # attr
"""


ERRORS = """
class ShopError(Exception): pass
class SoldOut(ShopError): pass
class NoItem(KeyError): pass
"""


HEAD = """
import asyncio, pytest, threading, unittest, warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from unittest import mock
from flext_exceptions import FlextExceptions as X
from flext_pytest import *
from shop import cart, errors, stock
from shop.cart import *
"""


STRICT = " (--flext-strict)"


def make(pytester: pytest.Pytester, source: str, settings: str = "") -> None:
    """Make the package, its tests, and the settings of the project."""
    package = pytester.mkpydir("shop")
    for name, text in (("cart", SHOP), ("stock", STOCK), ("errors", ERRORS)):
        (package / f"{name}.py").write_text(textwrap.dedent(text).lstrip())
    pytester.makepyprojecttoml(settings or "[tool.pytest.ini_options]")
    pytester.makepyfile(test_shop=f"{HEAD.lstrip()}\n{textwrap.dedent(source)}")


def run(pytester: pytest.Pytester, source: str, *options: str, settings: str = "") -> pytest.RunResult:
    """Run tests of the package in this process."""
    make(pytester, source, settings)
    return pytester.runpytest_inprocess(*alone("--flext-strict", *options))


def at(mark: str) -> str:
    """Return file, line and function of the line of the package with a mark."""
    for name, text in (("cart", SHOP), ("stock", STOCK)):
        for number, line in enumerate(textwrap.dedent(text).lstrip().splitlines(), 1):
            if line.endswith(f"# {mark}"):
                return f"shop/{name}.py:{number}"
    raise AssertionError(mark)


def said(result: pytest.RunResult) -> list[str]:
    """Return the lines of ours; where CI is set, pytest's short summary repeats them whole."""
    lines = [line for line in result.outlines if line.endswith(STRICT)]
    return [line for line in lines if not line.startswith(("FAILED ", "ERROR "))]


LEFT = f"ValueError left shop untyped: raised at {at('take')} in take, left at {at('order')} in order{STRICT}"


# What a test does that passes without the option, and what is said of it.
CROSSED = {
    "pytest.raises": ("with pytest.raises(ValueError): order(ValueError())", LEFT),
    "pytest.raises with a function": ("pytest.raises(ValueError, order, ValueError())", LEFT),
    "flext_raises": ("with flext_raises(ValueError): order(ValueError())", LEFT),
    "assertRaises": ("with unittest.TestCase().assertRaises(ValueError): order(ValueError())", LEFT),
    "assertRaises with a function": ("unittest.TestCase().assertRaises(ValueError, order, ValueError())", LEFT),
    "a base class that is expected": ("with pytest.raises(Exception): order(ValueError())", LEFT),
    "a helper of the tests": (
        "def help(): order(ValueError())\n    with pytest.raises(ValueError): help()",
        LEFT,
    ),
    "an error in hand": (
        "with ThreadPoolExecutor() as pool: error = pool.submit(order, ValueError()).exception()\n"
        "    assert_error(error, ValueError)",
        LEFT,
    ),
    "from another thread": (
        "with pytest.raises(ValueError), ThreadPoolExecutor() as pool: pool.submit(order, ValueError()).result()",
        LEFT,
    ),
    "twice": (
        "for _ in range(2):\n        with pytest.raises(ValueError): order(ValueError())",
        LEFT,
    ),
    "a class of the project that is not declared": (
        "with pytest.raises(errors.SoldOut): order(errors.SoldOut())",
        LEFT.replace("ValueError", "shop.errors.SoldOut"),
    ),
    "at the first line": (
        "with pytest.raises(ValueError): stock.take(ValueError())",
        f"ValueError left shop untyped: raised at {at('take')} in take{STRICT}",
    ),
    "what the standard library raises": (
        "with pytest.raises(ValueError): load('{')",
        f"json.decoder.JSONDecodeError left shop untyped: raised at *json/decoder.py:* in JSONDecoder.raw_decode, "
        f"left at {at('load')} in load{STRICT}",
    ),
    "what the package generates": (
        "with pytest.raises(ValueError): generated()",
        f"ValueError left shop untyped: raised at <string>:1 in <module>, left at {at('generated')} in generated"
        f"{STRICT}",
    ),
    "what a mock raises in the place of a library": (
        "with mock.patch('shop.cart.json.loads', side_effect=OSError), pytest.raises(OSError): load('{')",
        f"OSError left shop untyped: raised at *mock.py:* in *, left at {at('load')} in load{STRICT}",
    ),
    "through a library": (
        "with pytest.raises(ValueError): sorted([1], key=lambda _: order(ValueError()))",
        LEFT,
    ),
    "KeyError by a function that is no part of the protocol": (
        "with pytest.raises(KeyError): Cart().find('a')",
        f"KeyError left shop untyped: raised at {at('stock')} in find, left at {at('find')} in Cart.find{STRICT}",
    ),
    "AttributeError by a method": (
        "with pytest.raises(AttributeError): Cart().sum()",
        f"AttributeError left shop untyped: raised at {at('attr')} in attribute, left at {at('sum')} in Cart.sum"
        f"{STRICT}",
    ),
    "ValueError by a special method": (
        "with mock.patch('shop.stock.find', side_effect=ValueError), pytest.raises(ValueError): Cart()['a']",
        f"ValueError left shop untyped: raised at *mock.py:* in *, left at {at('item')} in Cart.__getitem__{STRICT}",
    ),
    "a generator": (
        "with pytest.raises(ValueError): list(numbers())",
        f"ValueError left shop untyped: raised at {at('take')} in take, left at {at('numbers')} in numbers{STRICT}",
    ),
    "a coroutine": (
        "with pytest.raises(ValueError): asyncio.run(later(ValueError()))",
        f"ValueError left shop untyped: raised at {at('take')} in take, left at {at('later')} in later{STRICT}",
    ),
    "one member of a group": (
        "with pytest.raises(ExceptionGroup): group(X.KeyError('m'), ExceptionGroup('', [ValueError()]))",
        f"ValueError in an ExceptionGroup left shop untyped: raised at {at('group')} in group{STRICT}",
    ),
    "a task of a group": (
        "async def run():\n        async with asyncio.TaskGroup() as tasks: tasks.create_task(later(ValueError()))\n"
        "    with pytest.RaisesGroup(ValueError): asyncio.run(run())",
        f"ValueError in an ExceptionGroup left shop untyped: raised at {at('take')} in take, left at {at('later')} in "
        f"later{STRICT}",
    ),
    "what a test gave back to the package": (
        "def fetch(): return stock.take(ValueError())\n    with pytest.raises(ValueError): call(fetch)",
        f"ValueError left shop untyped: raised at {at('take')} in take, left at {at('call')} in call{STRICT}",
    ),
    "not StopIteration, but what it becomes": (
        "def f():\n        yield stop()\n    with pytest.raises(LookupError): order(LookupError())",
        LEFT.replace("ValueError", "LookupError"),
    ),
}


PLAIN = {
    "try": "try: order(ValueError())\n    except ValueError: pass",
    "suppress": "with suppress(ValueError): order(ValueError())",
    "except*": "try: order(ValueError())\n    except* ValueError: pass",
    "finally in a callback of the package": (
        "def fetch():\n        try: order(ValueError())\n        finally: pass\n"
        "    with pytest.raises(X.ValidationError): handled(fetch)"
    ),
    "try, with another one expected": (
        "try: order(ValueError())\n    except ValueError: pass\n    with pytest.raises(OSError): raise OSError"
    ),
    "try, in a thread": (
        "def work():\n        try: order(ValueError())\n        except ValueError: pass\n"
        "    thread = threading.Thread(target=work)\n    thread.start()\n    thread.join()"
    ),
}
