"""``--flext-strict`` fails a test that lets an untyped exception leave the project's packages, and no other test."""

from __future__ import annotations

import asyncio  # noqa: F401  here, for good: imported again by each run within a test, it differs from its C half
import json
import shutil
import sys
import textwrap
import unittest.case
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from xml.etree import ElementTree

import pytest

import flext_exceptions
from flext_analysis.settings import Settings
from flext_pytest import flext_raises, strict
from flext_pytest.monitoring import TOOLS, free_tool
from flext_pytest.strict.boundary import LIBRARY, TESTS, Boundary

pytest_plugins = ["pytester"]

# The plugins of others are loaded in the runs that are about them.
OTHERS = ("randomly", "asyncio", "anyio", "hypothesispytest", "cacheprovider")
ALONE = tuple(word for name in OTHERS for word in ("-p", f"no:{name}"))
WATCHES = sys.version_info >= (3, 12)  # what a plain try catches is seen


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """A run leaves nothing of pytest, unittest or the interpreter changed."""
    before = places()
    yield
    assert places() == before


def places() -> list[object]:
    """Return what a strict run changes while it lasts."""
    leave = unittest.case._AssertRaisesContext.__exit__  # type: ignore[attr-defined]
    tools = [what_watches(tool) for tool in TOOLS if WATCHES]
    return [pytest.ExceptionInfo.fill_unfilled, leave, flext_raises.matches, *tools]


def what_watches(tool: int) -> object:
    """Return the name of a tool that watches the interpreter; else what it would call if there were one."""
    monitoring = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
    name = monitoring.get_tool(tool)
    if name is not None:
        return name
    monitoring.use_tool_id(tool, "look")
    called = monitoring.register_callback(tool, monitoring.events.EXCEPTION_HANDLED, None)
    monitoring.free_tool_id(tool)
    return called


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
    return pytester.runpytest_inprocess(*ALONE, "--flext-strict", *options)


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


def outcomes(pytester: pytest.Pytester, cases: Iterable[str], *options: str) -> list[str]:
    """Run each case as a test, all in one run; return what each says when it fails, "" where it passes."""
    make(pytester, "\n".join(f"def test_{number}():\n    {does}\n" for number, does in enumerate(cases)))
    reports = pytester.inline_run(*ALONE, *options).getreports("pytest_runtest_logreport")
    return [str(report.longrepr or "") for report in reports if report.when == "call"]


def test_an_untyped_exception_that_leaves_fails_the_test(pytester: pytest.Pytester) -> None:
    """Although the test expects it; it is said in one line, once."""
    found = outcomes(pytester, [does for does, _ in CROSSED.values()], "--flext-strict")
    assert len(found) == len(CROSSED)
    for (name, (_, line)), text in zip(CROSSED.items(), found, strict=True):
        assert text == line or ("*" in line and fnmatch(text, line)), name
        assert "\n" not in text, name


def test_without_the_option_they_pass(pytester: pytest.Pytester) -> None:
    """Else the test above would say nothing."""
    assert outcomes(pytester, [does for does, _ in CROSSED.values()]) == [""] * len(CROSSED)


SILENT = {
    "no exception": "assert call(int) == 0",
    "a typed error": "with pytest.raises(ValueError): order(X.ValidationError('m'))",
    "one that the package makes of an untyped one": (
        "with pytest.raises(ValueError): handled(lambda: order(ValueError()))"
    ),
    "the cause of a typed error": (
        "with flext_raises(X.ValidationError, cause=ValueError) as caught: wrapped()\n"
        "    assert_error(caught.value.__cause__, ValueError)"
    ),
    "a group of what a test raised": (
        "def fail(): raise ValueError\n    with pytest.raises(ValueError) as caught: fail()\n"
        "    with pytest.raises(ExceptionGroup): group(caught.value)"
    ),
    "what a library keeps for a test that does not look": (
        "with ThreadPoolExecutor() as pool: assert pool.submit(order, ValueError()).exception()"
    ),
    "one that the package handles": "assert not hasattr(Cart(), 'colour')",
    "a group of typed errors": "with pytest.raises(ExceptionGroup): group(X.KeyError('m'))",
    "KeyError by __getitem__, raised in a helper": "with pytest.raises(KeyError): Cart()['a']",
    "a KeyError of the project by __getitem__": (
        "with mock.patch('shop.stock.find', side_effect=errors.NoItem), pytest.raises(KeyError): Cart()['a']"
    ),
    "AttributeError by __getattr__": "with pytest.raises(AttributeError): Cart().colour",
    "AttributeError by a property": "with pytest.raises(AttributeError): Cart().total",
    "TypeError by an operator": "with pytest.raises(TypeError): Cart() + 1",
    "NotImplementedError": "with pytest.raises(NotImplementedError): order(NotImplementedError())",
    "StopIteration": "with pytest.raises(StopIteration): stop()",
    "SystemExit": "with pytest.raises(SystemExit): order(SystemExit(1))",
    "KeyboardInterrupt": "with pytest.raises(KeyboardInterrupt): order(KeyboardInterrupt())",
    "AssertionError": "with pytest.raises(AssertionError): order(AssertionError())",
    "a warning": "with pytest.raises(UserWarning): order(UserWarning())",
    "CancelledError": "with pytest.raises(asyncio.CancelledError): order(asyncio.CancelledError())",
    "an outcome of pytest": "with pytest.raises(pytest.fail.Exception): call(pytest.fail)",
    "what the test raises itself": "with pytest.raises(ValueError): raise ValueError",
    "what the test's own call raises": "with pytest.raises(TypeError): order()",
    "what a library raises for the test": "with pytest.raises(ValueError): int('a')",
    "what a callback of the test raises": (
        "def fail(): raise ValueError\n    with pytest.raises(ValueError): call(fail)"
    ),
    "what a library raises in a callback of the test": (
        "def fail(): int('a')\n    with pytest.raises(ValueError): call(fail)"
    ),
    "what the test raises and catches by a plain try": (
        "def fail(): raise ValueError\n    try: call(fail)\n    except ValueError: pass"
    ),
    "what the test raises and suppresses": "with suppress(ValueError): raise ValueError",
    "what is raised in the test and passes the package": (
        "with pytest.raises(ValueError):\n        with X.correlation('a'): raise ValueError"
    ),
}


def test_all_else_is_left_alone(pytester: pytest.Pytester) -> None:
    """It passes, and nothing is said."""
    found = dict(zip(SILENT, outcomes(pytester, SILENT.values(), "--flext-strict"), strict=True))
    assert found == dict.fromkeys(SILENT, "")


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


def test_what_a_plain_try_catches_is_seen_from_python_3_12_on(pytester: pytest.Pytester) -> None:
    """Before it is not."""
    found = dict(zip(PLAIN, outcomes(pytester, PLAIN.values(), "--flext-strict"), strict=True))
    assert found == dict.fromkeys(PLAIN, LEFT if WATCHES else "")


def test_the_head_of_the_run_says_what_is_seen(pytester: pytest.Pytester) -> None:
    """And in which packages."""
    seen = "too" if WATCHES else "from Python 3.12 on"
    run(pytester, "def test_it(): pass").stdout.fnmatch_lines(
        [f"flext-strict: no untyped exception may leave shop; what tests catch by a plain try is seen {seen}"]
    )


@pytest.mark.parametrize(
    ("settings", "error", "passes"),
    [
        ("base = ['shop.errors.ShopError']", "errors.SoldOut()", True),
        ("base = ['shop.cart.errors']", "errors.SoldOut()", False),
        ("base = ['shop.cart.errors.ShopError']", "errors.SoldOut()", True),
        ("base = ['nowhere.Error']", "errors.SoldOut()", False),
        ("targets = { ValueError = 'shop.errors.ShopError' }", "errors.SoldOut()", True),
        ("allow = ['ValueError']", "ValueError()", True),
        ("allow = ['ValueError']", "UnicodeError()", False),
        ("allow = ['ValueError']", "type('ValueError', (Exception,), {})()", False),
    ],
)
def test_what_the_project_declares_or_allows_may_leave(
    pytester: pytest.Pytester, settings: str, error: str, passes: bool
) -> None:
    """And no more than that."""
    source = f"def test_it():\n    with pytest.raises(Exception): order({error})"
    result = run(pytester, source, settings=f"[tool.flext]\n{settings}\n[tool.pytest.ini_options]")
    result.assert_outcomes(passed=int(passes), failed=int(not passes))


def test_a_failing_test_is_told_of_in_a_section(pytester: pytest.Pytester) -> None:
    """Whether it fails with the exception or with another one."""
    source = """
        def test_with_it():
            order(ValueError())

        def test_with_another_one():
            with pytest.raises(ValueError):
                order(ValueError())
            assert not "this"

        class TestCase(unittest.TestCase):
            def test_unittest(self):
                order(ValueError())
        """
    result = run(pytester, source, "--junitxml=junit.xml")
    result.assert_outcomes(failed=3)
    assert said(result) == [LEFT] * 3
    result.stdout.fnmatch_lines(["E*ValueError", "*- untyped exception -*", LEFT, "E*assert not 'this'", LEFT])
    for failure in ElementTree.parse(pytester.path / "junit.xml").iter("failure"):
        assert LEFT in (failure.text or "")


def test_a_failing_item_of_another_kind_is_told_of_too(pytester: pytest.Pytester) -> None:
    """Whatever it makes of its failure."""
    make(pytester, "")
    pytester.makeconftest(
        """
        import pytest
        class Order(pytest.Item):
            def runtest(self):
                from shop.cart import order
                order(ValueError())
            def repr_failure(self, excinfo):
                return "a text of its own"
        class Orders(pytest.File):
            def collect(self):
                yield Order.from_parent(self, name="first")
        def pytest_collect_file(file_path, parent):
            if file_path.suffix == ".orders":
                return Orders.from_parent(parent, path=file_path)
        """
    )
    (pytester.path / "all.orders").touch()
    result = pytester.runpytest_inprocess(*ALONE, "--flext-strict")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["a text of its own", "*- untyped exception -*", LEFT])


def test_there_is_nothing_to_debug_where_the_test_passed(pytester: pytest.Pytester) -> None:
    """A debugger would stand in a line of ours."""
    pytester.makeconftest("def pytest_exception_interact(): print('debugging')")
    source = "def test_it():\n    with pytest.raises(ValueError): order(ValueError())"
    result = run(pytester, source, "-s")
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*debugging*")


def test_one_line_for_each_and_no_frame_of_ours(pytester: pytest.Pytester) -> None:
    """In the order in which they left; the summary shows the class."""
    source = """
        def test_it():
            with pytest.raises(KeyError):
                Cart().find("a")
            with pytest.raises(ExceptionGroup):
                group(ValueError(), OSError())
        """
    result = run(pytester, source)
    title = next(number for number, line in enumerate(result.outlines) if line.strip("_") == " test_it ")
    shown = [line.split(" left ")[0] for line in result.outlines[title + 1 : title + 4]]
    assert shown == ["KeyError", "ValueError in an ExceptionGroup", "OSError in an ExceptionGroup"]
    assert result.outlines[title + 4].strip("=") == " short test summary info "
    result.stdout.fnmatch_lines(["FAILED test_shop.py::test_it - Failed: KeyError left shop untyped: *"])
    result.stdout.no_fnmatch_line("*strict.py*")


def test_fixtures_are_part_of_the_test(pytester: pytest.Pytester) -> None:
    """What leaves at the set-up fails the test after it has run, what leaves at the end is an error there."""
    source = """
        @pytest.fixture
        def before():
            with pytest.raises(ValueError): order(ValueError())

        @pytest.fixture
        def after():
            yield
            with pytest.raises(ValueError): order(ValueError())

        @pytest.fixture
        def broken():
            order(ValueError())

        def test_before(before): print("it has run")
        def test_after(after): pass
        def test_broken(broken): pass
        def test_neither(): pass
        """
    result = run(pytester, source)
    result.assert_outcomes(failed=1, errors=2, passed=2)
    assert said(result) == [LEFT] * 3
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_after*", LEFT, "*ERROR at setup of test_broken*", LEFT])
    result.stdout.fnmatch_lines(["* test_before *", LEFT, "*Captured stdout call*", "it has run"])


def test_what_is_seen_outside_of_tests_is_no_fault_of_a_test(pytester: pytest.Pytester) -> None:
    """While a module is imported, say."""
    result = run(pytester, "with pytest.raises(ValueError): order(ValueError())\ndef test_it(): pass")
    result.assert_outcomes(passed=1)


def test_where_no_tool_id_is_free_it_is_said(pytester: pytest.Pytester) -> None:
    """PEP 669 has six; what the checks of tests accept is seen all the same."""
    taken = list(iter(free_tool, None))
    try:
        checked, plain = CROSSED["pytest.raises"][0], PLAIN["try"]
        result = run(pytester, f"def test_checked():\n    {checked}\ndef test_plain():\n    {plain}")
    finally:
        for tool in taken:
            sys.monitoring.free_tool_id(tool)  # type: ignore[attr-defined,unused-ignore]
    result.assert_outcomes(failed=1, passed=1)
    words = "not seen: others have all tool ids" if WATCHES else "seen from Python 3.12 on"
    result.stdout.fnmatch_lines([f"flext-strict: * what tests catch by a plain try is {words}"])


def test_a_test_that_is_skipped_or_expected_to_fail_stays_so(pytester: pytest.Pytester) -> None:
    """One that passes unexpectedly does not."""
    source = """
        @pytest.mark.xfail
        def test_expected(): order(ValueError())

        @pytest.mark.xfail
        def test_unexpected():
            with pytest.raises(ValueError): order(ValueError())

        def test_skipped():
            with pytest.raises(ValueError): order(ValueError())
            pytest.skip("enough")

        class TestCase(unittest.TestCase):
            @unittest.expectedFailure
            def test_unittest(self): order(ValueError())
        """
    run(pytester, source).assert_outcomes(xfailed=2, failed=1, skipped=1)


SUITE = """
class TestCase(unittest.TestCase):
    def test_left(self):
        with self.assertRaises(ValueError): order(ValueError())

    def test_typed(self):
        with self.assertRaises(ValueError): order(X.ValidationError("m"))

def test_left():
    with pytest.raises(ValueError): order(ValueError())

def test_typed():
    with pytest.raises(ValueError): order(X.ValidationError("m"))
"""


@pytest.mark.parametrize(
    "options",
    [
        ALONE,
        ("-n", "2", *ALONE),
        ("-p", "no:asyncio", "-p", "no:anyio", "-p", "randomly"),
        (*ALONE, "--import-mode=importlib", "-o", "pythonpath=."),
        (*ALONE, "--assert=plain"),
        (*ALONE, "--flext-report", "--flext-raise-coverage"),
        (*ALONE, "--tb=line"),
        (*ALONE, "--tb=native"),
    ],
    ids=" ".join,
)
def test_it_works_in_every_way_to_run(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """Which JUnit's file tells."""
    make(pytester, SUITE)
    result = pytester.runpytest_subprocess("--flext-strict", "--junitxml=junit.xml", *options)
    result.assert_outcomes(failed=2, passed=2)
    found = {
        f"{case.get('classname')}.{case.get('name')}": [each.get("message") for each in case.iter("failure")]
        for case in ElementTree.parse(pytester.path / "junit.xml").iter("testcase")
    }
    assert found == {
        "test_shop.TestCase.test_left": [f"Failed: {LEFT}"],
        "test_shop.TestCase.test_typed": [],
        "test_shop.test_left": [f"Failed: {LEFT}"],
        "test_shop.test_typed": [],
    }


@pytest.mark.parametrize("plugin", ["asyncio", "anyio"])
def test_asynchronous_tests_fail_too(pytester: pytest.Pytester, plugin: str) -> None:
    """With the line at which it left a coroutine."""
    source = f"""
        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.mark.{plugin}
        async def test_left():
            async with flext_raises(ValueError):
                await later(ValueError())

        @pytest.mark.{plugin}
        async def test_task():
            with pytest.raises(ValueError):
                await asyncio.create_task(later(ValueError()))

        @pytest.mark.{plugin}
        async def test_typed():
            with pytest.raises(ValueError):
                await later(X.ValidationError("m"))
        """
    make(pytester, source, "[tool.pytest.ini_options]\nasyncio_default_fixture_loop_scope = 'function'")
    others = (
        "-p",
        "no:randomly",
        "-p",
        "no:hypothesispytest",
        "-p",
        "no:anyio" if plugin == "asyncio" else "no:asyncio",
    )
    result = pytester.runpytest_subprocess("--flext-strict", *others)
    result.assert_outcomes(failed=2, passed=1)
    assert said(result) == [LEFT.replace(at("order"), at("later")).replace("in order", "in later")] * 2


def test_the_packages_are_those_of_the_setting(pytester: pytest.Pytester) -> None:
    """A part of a package is one as well; what is not in it is test code then."""
    source = "def test_it():\n    with pytest.raises(ValueError): order(ValueError())"
    settings = "[tool.pytest.ini_options]\nflext_packages = ['shop.{}']"
    run(pytester, source, settings=settings.format("errors")).assert_outcomes(passed=1)
    result = run_again(pytester, settings.format("stock"))
    result.stdout.fnmatch_lines([f"ValueError left shop.stock untyped: raised at {at('take')} in take{STRICT}"])


def run_again(pytester: pytest.Pytester, settings: str) -> pytest.RunResult:
    """Run the same tests with other settings."""
    pytester.makepyprojecttoml(settings)
    return pytester.runpytest_inprocess(*ALONE, "--flext-strict")


def test_test_code_inside_a_package_is_test_code(pytester: pytest.Pytester) -> None:
    """By the usual names, and by the project's globs."""
    files = "[tool.pytest.ini_options]\npython_files = '*_of_cart.py test_*.py'"
    make(pytester, "", f"[tool.flext]\ntests = ['shop/checks/**']\n{files}")
    source = f"""{HEAD}
def test_callback():
    def fail(): raise ValueError
    with pytest.raises(ValueError): call(fail)

def test_left():
    with pytest.raises(ValueError): order(ValueError())
"""
    for folder, name in (("tests", "test_cart"), ("checks", "checks_of_cart")):
        (pytester.path / "shop" / folder).mkdir()
        (pytester.path / "shop" / folder / "__init__.py").touch()
        (pytester.path / "shop" / folder / f"{name}.py").write_text(source)
    pytester.runpytest_inprocess(*ALONE, "--flext-strict").assert_outcomes(passed=2, failed=2)
    result = run_again(pytester, files)  # what the package itself catches has not left it
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["FAILED shop/tests/test_cart.py::test_left *"])


def test_an_installed_copy_is_the_package_too(pytester: pytest.Pytester) -> None:
    """Where it is the one that is imported."""
    make(pytester, "def test_it():\n    with pytest.raises(ValueError): order(ValueError())")
    installed = pytester.path / "lib" / "site-packages"
    shutil.copytree(pytester.path / "shop", installed / "shop")
    (pytester.path / "src").mkdir()
    (pytester.path / "shop").rename(pytester.path / "src" / "shop")
    pytester.makepyprojecttoml(
        f"[tool.pytest.ini_options]\nflext_packages = ['shop']\npythonpath = ['{installed.as_posix()}']"
    )
    result = pytester.runpytest_inprocess(*ALONE, "--flext-strict")
    result.assert_outcomes(failed=1)
    [line] = said(result)
    assert line == LEFT.replace("shop/", "lib/site-packages/shop/")


def test_a_package_behind_a_symbolic_link_is_the_package_too(pytester: pytest.Pytester, tmp_path: Path) -> None:
    """Whichever way its code is named."""
    make(pytester, "def test_it():\n    with pytest.raises(ValueError): order(ValueError())")
    (pytester.path / "shop").rename(tmp_path / "shop")
    (pytester.path / "shop").symlink_to(tmp_path / "shop")
    result = pytester.runpytest_inprocess(*ALONE, "--flext-strict")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["ValueError left shop untyped: raised at */shop/stock.py:2 in take, left at *"])


def test_what_is_no_package_is_a_library_or_test_code(tmp_path: Path) -> None:
    """Although all of it may stand below the root, as with an environment inside the project."""
    boundary = Boundary(Path("/"), {}, Settings())
    libraries = [json.__file__, unittest.case.__file__, pytest.__file__, flext_exceptions.__file__, strict.__file__]
    assert {boundary.owner(file) for file in (*libraries, "<string>", "<frozen importlib>")} == {LIBRARY}
    for name in ("site-packages", "dist-packages"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "other.py").touch()
        assert boundary.owner(str(tmp_path / name / "other.py")) == LIBRARY
    assert boundary.owner(__file__) == TESTS
    assert Boundary(Path("/nowhere"), {}, Settings()).owner(__file__) == LIBRARY


WRONG = {
    "no package at all": ("[tool.pytest.ini_options]", "--flext-strict: no package in * or its src; name yours: *"),
    "an unknown package": (
        "[tool.pytest.ini_options]\nflext_packages = ['nowhere']",
        "flext_packages: no package or module 'nowhere' in *",
    ),
    "a wrong setting": (
        "[tool.flext]\nbase = 'x'\n[tool.pytest.ini_options]",
        "*[[]tool.flext] base: 'x' is no list *",
    ),
}


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
@pytest.mark.parametrize(("settings", "line"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_looked_at_is_a_usage_error(
    pytester: pytest.Pytester, settings: str, line: str, options: tuple[str, ...]
) -> None:
    """Before any test runs."""
    pytester.makepyprojecttoml(settings)
    pytester.makepyfile(test_shop="def test_it(): pass")
    if "[tool.flext]" in settings:
        pytester.mkpydir("shop")
    result = pytester.runpytest_inprocess(*ALONE, "--flext-strict", *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {line}"])
    assert not [each for each in result.outlines if each]


def test_nothing_is_seen_or_loaded_without_the_option(pytester: pytest.Pytester) -> None:
    """And nothing stands in the head of the run."""
    source = """
        import sys
        def test_it():
            assert not {"flext_pytest.strict", "flext_pytest.strict.boundary", "flext_analysis"} & sys.modules.keys()
        """
    make(pytester, source)
    result = pytester.runpytest_subprocess(*ALONE)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*strict*")


def test_exceptions_are_not_kept_alive(pytester: pytest.Pytester) -> None:
    """Nor the frames that they hold."""
    source = """
        import gc, weakref
        class Thing: pass

        def test_it():
            def fail():
                thing = Thing()
                kept.append(weakref.ref(thing))
                raise ValueError
            kept = []
            with suppress(ValueError): call(fail)
            gc.collect()
            assert kept[0]() is None
        """
    run(pytester, source).assert_outcomes(passed=1)


@pytest.mark.parametrize("text", ["(", "", "\0"])
def test_a_module_whose_source_has_changed_is_judged_all_the_same(pytester: pytest.Pytester, text: str) -> None:
    """Only its properties and special methods are not known to be such."""
    source = f"""
        from pathlib import Path
        def test_it():
            Path(cart.__file__).write_text({text!r})
            with pytest.raises(ValueError): order(ValueError())
        def test_stop():
            with pytest.raises(StopIteration): stop()
        """
    result = run(pytester, source, "-W", "error")
    result.assert_outcomes(failed=1, passed=1)
    assert said(result) == [LEFT]


def test_a_deprecated_escape_is_no_matter(pytester: pytest.Pytester) -> None:
    """It was warned of when the module was compiled, not when it is read again."""
    source = """
        from pathlib import Path
        def test_it():
            file = Path(cart.__file__)
            file.write_text(file.read_text() + "'\\\\d'")
            with pytest.raises(KeyError): Cart()["a"]
        """
    run(pytester, source, "-W", "error").assert_outcomes(passed=1)
