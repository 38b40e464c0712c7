"""Which raises are observed, and by what code: through calls of every form, and past handlers."""

from __future__ import annotations

import pytest

from tests.analysis.observing import LIBRARY, RAISES, observers
from tests.analysis.programs import project_of

READS = {
    "its name": ("return type(err).__name__", {"name"}),
    "its module": ("return type(err).__module__", {"name"}),
    "its class by attribute": ("return err.__class__ is ValueError", {"class"}),
    "its class in a tuple": ("return type(err) in (ValueError, KeyError)", {"class"}),
    "a table by its class": ("return {ValueError: 400}[type(err)]", {"table"}),
    "a table by get": ("return {ValueError: 400}.get(type(err), 500)", {"table"}),
    "its repr": ("return repr(err)", {"repr"}),
    "its repr in an f-string": ("return f'{err!r}'", {"repr"}),
    "its repr in a percent format": ("return 'no: %r' % (err,)", {"repr"}),
    "its repr in format": ("return '{!r}'.format(err)", {"repr"}),
    "the texts of a list": ("return str([err])", {"repr"}),
    "its repr by pprint": ("from pprint import pprint as show\n        show([err])", {"repr"}),
    "its repr by a printer": ("import pprint\n        pprint.PrettyPrinter(width=9).pprint((err,))", {"repr"}),
    "its repr by reprlib": ("import reprlib\n        return reprlib.Repr().repr(err)", {"repr"}),
    "its repr in a template of its own": ("text = 'no: {!r}'\n        return text.format(err)", {"repr"}),
    "its repr in a percent template": ("text = 'no: %r'\n        return text % err", {"repr"}),
    "its repr by string.Formatter": ("import string\n        return string.Formatter().format('{!r}', err)", {"repr"}),
    "its repr by methodcaller": ("import operator\n        return operator.methodcaller('__repr__')(err)", {"repr"}),
    "its repr by the method of its base": ("return Exception.__repr__(err)", {"repr"}),
    "the repr of a group of it": ("return repr(ExceptionGroup('g', [err]))", {"repr"}),
    "the repr of a namespace with it": ("import types\n        return repr(types.SimpleNamespace(e=err))", {"repr"}),
    "the text of a namespace that it is set on": (
        "import argparse\n        n = argparse.Namespace()\n        n.error = err\n        return str(n)",
        {"repr"},
    ),
    "how it is made again": ("return err.__reduce__()[0]", {"class"}),
    "the texts of a list in a defaultdict": (
        "import collections\n        d = collections.defaultdict(list)\n        d[1].append(err)\n        print(d)",
        {"repr"},
    ),
    "the texts of a UserList": (
        "import collections\n        d = collections.UserList()\n        d.append(err)\n        print(d)",
        {"repr"},
    ),
    "a traceback": ("import traceback\n        return traceback.format_exc()", {"repr"}),
    "the parts of sys.exc_info": ("import sys\n        return sys.exc_info()[0].__name__", {"name"}),
    "a fact of typed errors": ("return getattr(err, 'code', 3)", {"attribute"}),
    "whether there is one": ("return hasattr(err, 'retryable')", {"attribute"}),
    "its names": ("return dir(err)", {"attribute"}),
    "a name that is computed": ("return [hasattr(err, n) for n in NAMES]", {"attribute"}),
    "whether it is typed": ("return isinstance(err, F.BaseError)", {"typed"}),
    "the same to another function": ("return tell(err)\ndef tell(e):\n    return type(e).__name__", {"name"}),
    "later": ("kept = err\n    return type(kept) is ValueError", {"class"}),
}


@pytest.mark.parametrize(("reads", "kinds"), READS.values(), ids=READS)
def test_a_handler_that_reads_what_changes_is_an_observer(reads: str, kinds: set[str]) -> None:
    """Whatever it reads."""
    text = f"{RAISES}{LIBRARY}def f():\n    try:\n        load(1)\n    except Exception as err:\n        {reads}\n"
    assert observers(project_of(m=text)) == kinds


SILENT = {
    "its text": "return str(err)",
    "its arguments": "return err.args[0]",
    "the text of a group of it": "return str(ExceptionGroup('g', [err]))",
    "its text in a template": "text = 'no: {}'\n        return text.format(err), 'no: %s' % err",
    "its text by string.Formatter": "import string\n        return string.Formatter().format('{}', err)",
    "the text by the method of its base": "return Exception.__str__(err)",
    "whether it is a ValueError": "return isinstance(err, ValueError)",
    "issubclass": "return issubclass(type(err), ValueError)",
    "another class": "return type(err) is KeyError",
    "another name": "return type(err).__name__ == 'KeyError'",
    "what both lack": "return getattr(err, 'response', None)",
    "another value": "return repr(n), type(n).__name__",
    "another of its class": "raise type(err)('again')",
    "a log": "import logging\n        logging.getLogger('x').error('%s', repr(err))",
    "a log by its usual name": "log.warning('failed: %r', err)",
    "stderr": "import sys\n        print(type(err).__name__, file=sys.stderr)",
    "a traceback that is printed": "import traceback\n        traceback.print_exc()",
}


@pytest.mark.parametrize("reads", SILENT.values(), ids=SILENT)
def test_a_handler_that_reads_what_does_not_change_is_none(reads: str) -> None:
    """Nor one that only writes a log."""
    text = f"{RAISES}def f(n):\n    try:\n        load(1)\n    except Exception as err:\n        {reads}\n"
    assert observers(project_of(m=text)) == set()


def test_what_a_runner_keeps_as_its_exception_may_be_any_error() -> None:
    """As click's does; other attributes of something unknown are no errors."""
    text = f"{RAISES}def test_f(runner):\n    result = runner().invoke(load)\n    assert {{}}\n"
    assert observers(project_of(m=text.format("type(result.exception) is ValueError"))) == {"class"}
    assert observers(project_of(m=text.format("'x' in repr(result.exception)"))) == {"repr"}
    assert observers(project_of(m=text.format("'x' in str(result.exception)"))) == set()
    assert observers(project_of(m=text.format("repr(result.output)"))) == set()


TESTS = {
    "the type that pytest caught": ("pytest.raises(ValueError)", "assert caught.type is ValueError", {"class"}),
    "its name": ("pytest.raises(ValueError)", "assert caught.typename == 'ValueError'", {"name"}),
    "the last line of its traceback": ("pytest.raises(ValueError)", "assert caught.exconly() == 'x'", {"repr"}),
    "the class of its value": ("pytest.raises(ValueError)", "assert type(caught.value) is ValueError", {"class"}),
    "what unittest caught": ("self.assertRaises(ValueError)", "self.assertIs(type(caught.exception), int)", {"class"}),
    "the repr of it": (
        "self.assertRaisesRegex(ValueError, 'x')",
        "self.assertIn('x', repr(caught.exception))",
        {"repr"},
    ),
    "the text of the value": ("pytest.raises(ValueError)", "assert str(caught.value) == 'm'", set()),
    "whether the type is a ValueError": (
        "pytest.raises(ValueError)",
        "assert issubclass(caught.type, ValueError)",
        set(),
    ),
    "the text of what unittest caught": (
        "self.assertRaises(ValueError)",
        "self.assertEqual(str(caught.exception), 'm')",
        set(),
    ),
    "the type of something else": ("self.assertRaises(ValueError)", "self.assertEqual(self.type, ValueError)", set()),
}


@pytest.mark.parametrize(("manager", "reads", "kinds"), TESTS.values(), ids=TESTS)
def test_a_test_that_reads_what_it_caught(manager: str, reads: str, kinds: set[str]) -> None:
    """By pytest and by unittest."""
    text = f"import pytest, unittest\n{RAISES}class TestLoad(unittest.TestCase):\n    def test(self):\n"
    text += f"        with {manager} as caught:\n            load(-1)\n        {reads}\n"
    assert observers(project_of(m=text)) == kinds


REACHED = {
    "another name": "go = load\n        go(1)",
    "functools.partial": "from functools import partial\n        partial(load, 1)()",
    "map": "list(map(load, [1]))",
    "a decorated function": "wrapped(1)",
    "a property": "Box().size",
    "a property of something unknown": "n.size",
    "an operator": "Box() + 1",
    "an operator of something unknown": "n + n",
    "iteration": "[each for each in Box()]",
    "entering a with": "with Box():\n            pass",
    "a generator": "next(numbers())",
    "a parameter": "call(load)",
    "a parameter that anybody may give": "n()",
    "a method by its name": "n.check_in()",
    "a table of functions": "{'a': load}['a'](1)",
    "getattr with a prefix": "getattr(Box(), 'on_' + n)()",
    "an executor": "pool.submit(load, 1).result()",
    "a lambda": "(lambda: load(1))()",
    "a constructor": "Maker()",
    "a context manager of a generator": "with opened():\n            pass",
}
AROUND = """
def deco(function):
    def inner(*args):
        return function(*args)
    return inner

@deco
def wrapped(n):
    return load(n)

class Box:
    @property
    def size(self):
        return load(1)
    def __add__(self, other):
        return load(other)
    def __iter__(self):
        yield load(1)
    def __enter__(self):
        load(1)
    def __exit__(self, *args): ...
    def check_in(self):
        load(1)
    def on_click(self):
        load(1)

class Maker:
    def __init__(self):
        load(1)

def numbers():
    yield load(1)

def call(function):
    return function(1)

from contextlib import contextmanager

@contextmanager
def opened():
    load(1)
    yield
"""


@pytest.mark.parametrize("call", REACHED.values(), ids=REACHED)
def test_an_error_reaches_its_observer_through_calls_of_every_form(call: str) -> None:
    """Those that cannot be resolved among them."""
    body = f"try:\n        {call}\n    except Exception as err:\n        return type(err).__name__\n"
    text = f"{RAISES}{AROUND}\ndef f(n, pool):\n    {body}"
    assert "name" in observers(project_of(m=text))


@pytest.mark.parametrize("made", ["Desk.take", "Desk.give", "Desk().take", "Desk().give"])
def test_a_method_that_a_star_brings_reaches_its_observer(made: str) -> None:
    """Under the name that the other module binds it to; handed to what calls it."""
    desk = (
        f"{RAISES}class Desk:\n    @staticmethod\n    def take(n):\n        return load(n)\n"
        f"    @classmethod\n    def give(cls, n):\n        return load(n)\ntake = {made}\n"
    )
    web = (
        "from concurrent.futures import ThreadPoolExecutor\nfrom desk import *\n"
        "def f():\n    try:\n        return list(ThreadPoolExecutor(1).map(take, [1]))\n"
        "    except Exception as err:\n        return type(err).__name__\n"
    )
    assert observers(project_of(desk=desk, web=web)) == {"name"}


UNREACHED = {
    "around other code": "try:\n        int('x')\n    except Exception as err:\n        return type(err).__name__",
    "of another class": "try:\n        load(1)\n    except KeyError as err:\n        return type(err).__name__",
    "of the project's own": "try:\n        load(1)\n    except Own as err:\n        return type(err).__name__",
    "behind another handler": (
        "try:\n        try:\n            load(1)\n        except ValueError:\n            pass\n"
        "    except Exception as err:\n        return type(err).__name__"
    ),
    "of a method of a dict": "try:\n        {}.get(n)\n    except Exception as err:\n        return type(err).__name__",
    "under one name with another": (
        "try:\n        load(1)\n    except ValueError as err:\n        return str(err)\n"
        "    except KeyError as err:\n        return type(err).__name__"
    ),
}


@pytest.mark.parametrize("body", UNREACHED.values(), ids=UNREACHED)
def test_an_observer_that_no_error_reaches_observes_nothing(body: str) -> None:
    """So it leaves no raise."""
    shelf = "class Own(Exception): ...\nclass Shelf:\n    def get(self, n):\n        return load(n)\n"
    text = f"{RAISES}{shelf}def f(n):\n    {body}\n"
    assert observers(project_of(m=text)) == set()


TYPED = {
    "a clause": "try:\n        load(1)\n    except F.ValidationError:\n        pass",
    "the root class": "try:\n        load(1)\n    except F:\n        pass",
    "an alias": "try:\n        load(1)\n    except Alias:\n        pass",
    "a tuple constant": "try:\n        load(1)\n    except OURS:\n        pass\n    except ValueError:\n        pass",
    "a default": "quiet()",
    "suppress": "from contextlib import suppress\n    with suppress(F.BaseError):\n        load(1)",
    "match": (
        "try:\n        load(1)\n    except Exception as err:\n"
        "        match err:\n            case F.BaseError():\n                pass"
    ),
    "a framework": "app.add_exception_handler(F.ValidationError, f)",
    "a decorator of one": "@app.errorhandler(F)\n    def on(err): ...",
    "what a decorator is given": "@app.retry(on=app.retry_if_exception_type(F.BaseError))\n    def on(): ...",
    "the parts of a group": (
        "try:\n        load(1)\n    except Exception as e:\n        Group('g', [e]).split(F.BaseError)[0]"
    ),
}


@pytest.mark.parametrize("body", TYPED.values(), ids=TYPED)
def test_what_names_a_typed_error_would_newly_receive_it(body: str) -> None:
    """Wherever a class can be named."""
    text = (
        f"{RAISES}from flext_exceptions import FlextExceptions as F\nAlias = F.ValidationError\n"
        f"OURS = (F.KeyError, F.ValidationError)\n"
        f"def quiet(classes=F):\n    try:\n        load(1)\n    except classes:\n        pass\n"
        f"def f(app):\n    {body}\n"
    )
    assert "typed" in observers(project_of(m=text))


def test_a_typed_handler_behind_one_of_the_builtin_receives_nothing_new() -> None:
    """Nor does a handler of a type that does not replace the builtin, or one that no error reaches."""
    first = "try:\n        load(1)\n    except ValueError:\n        pass\n    except F.BaseError:\n        pass"
    other = "try:\n        load(1)\n    except F.KeyError:\n        pass"
    away = "try:\n        n.read()\n    except F.ValidationError:\n        pass"
    for body in (first, other, away):
        text = f"{RAISES}from flext_exceptions import FlextExceptions as F\ndef f(n):\n    {body}\n"
        assert observers(project_of(m=text)) == set()


def test_an_exit_that_reads_the_class_is_an_observer() -> None:
    """A check whether there is an error, or of issubclass, is not an observer."""
    manager = "class M:\n    def __enter__(self): ...\n    def __exit__(self, kind, error, trace):\n        {}\n"
    use = "def f():\n    with M():\n        load(1)\n"
    for reads in ("return kind is ValueError", "print(kind.__name__)"):
        assert observers(project_of(m=RAISES + manager.format(reads) + use))
    for reads in ("return kind is None", "return issubclass(kind, ValueError)", "if kind: pass", "return not kind"):
        assert observers(project_of(m=RAISES + manager.format(reads) + use)) == set()


def test_an_exit_that_hands_the_class_on_reads_it_where_the_function_does() -> None:
    """To hand it to another exit is to read nothing."""
    manager = (
        "class M:\n    def __enter__(self): ...\n    def __exit__(self, kind, error, trace):\n"
        "        return self.close(kind, error, trace)\n    def close(self, kind, error, trace):\n        {}\n"
    )
    use = "def f():\n    with M():\n        load(1)\n"
    assert observers(project_of(m=RAISES + manager.format("return kind.__name__") + use)) == {"name"}
    for reads in ("return self.stack.__exit__(kind, error, trace)", "return kind is not None", "print(error)"):
        assert observers(project_of(m=RAISES + manager.format(reads) + use)) == set()
    again = manager.format("return self.__exit__(kind, error, trace) or self.close(kind, error, trace)")
    assert observers(project_of(m=RAISES + again + use)) == set()


STORED = {
    "celery": "from celery import shared_task\n@shared_task\ndef work():\n    load(1)\n",
    "pydantic's old validators": (
        "from pydantic import validator\nclass C:\n    @validator('n')\n    def n(cls, n):\n        load(n)\n"
    ),
    "xmlrpc": "server.register_function(load)\n",
    "a result backend": "try:\n    load(1)\nexcept Exception as err:\n    backend.prepare_exception(err)\n",
}


@pytest.mark.parametrize("text", STORED.values(), ids=STORED)
def test_a_framework_that_keeps_the_name_of_the_class_is_an_observer(text: str) -> None:
    """It stores the name of the class."""
    assert "stored" in observers(project_of(m=RAISES + text))
