"""What tests read of an error that pytest.raises or assertRaises caught, including its class."""

from __future__ import annotations

import pytest

from tests.analysis.observing import RAISES, observers
from tests.analysis.programs import project_of

WITH_PYTEST = f"""{RAISES}
import pytest
def test_load():
    with pytest.raises(CAUGHT) as info:
        load(-1)
    BODY
"""
WITH_UNITTEST = f"""{RAISES}
import unittest
class Tests(unittest.TestCase):
    def test_load(self):
        with self.assertRaises(CAUGHT) as info:
            load(-1)
        BODY
"""
PYTEST = {
    "its class": ("assert info.type is ValueError", {"class"}),
    "another class": ("assert info.type is not KeyError", set()),
    "the name of its class": ("assert info.typename == 'ValueError'", {"name"}),
    "another name": ("assert info.typename != 'KeyError'", set()),
    "a name by its class": ("assert info.type.__name__ == 'ValueError'", {"name"}),
    "what pytest shows of it": ("assert 'no' in info.exconly()", {"repr"}),
    "whether its class is below another": ("assert issubclass(info.type, ValueError)", set()),
    "its text": ("assert str(info.value) == '-1'", set()),
    "its arguments": ("assert info.value.args == (-1,)", set()),
}
UNITTEST = {
    "its class": ("self.assertIs(type(info.exception), ValueError)", {"class"}),
    "its class by attribute": ("self.assertEqual(info.exception.__class__.__name__, 'ValueError')", {"name"}),
    "its text": ("self.assertEqual(str(info.exception), '-1')", set()),
}


@pytest.mark.parametrize(("body", "kinds"), PYTEST.values(), ids=PYTEST)
def test_what_is_read_of_an_error_that_pytest_caught(body: str, kinds: set[str]) -> None:
    project = project_of(m=WITH_PYTEST.replace("BODY", body).replace("CAUGHT", "ValueError"))
    assert observers(project) == kinds


@pytest.mark.parametrize(("body", "kinds"), UNITTEST.values(), ids=UNITTEST)
def test_what_is_read_of_an_error_that_unittest_caught(body: str, kinds: set[str]) -> None:
    project = project_of(m=WITH_UNITTEST.replace("BODY", body).replace("CAUGHT", "ValueError"))
    assert observers(project) == kinds


@pytest.mark.parametrize("text", [WITH_PYTEST, WITH_UNITTEST], ids=["pytest", "unittest"])
def test_an_error_of_another_class_than_the_expected_is_not_read(text: str) -> None:
    reads = "type(info.value if 1 else info.exception).__name__"
    assert observers(project_of(m=text.replace("BODY", reads).replace("CAUGHT", "OSError"))) == set()


def test_the_type_of_what_any_other_manager_gives_is_no_class() -> None:
    text = f"{RAISES}def f(path):\n    with open(path) as info:\n        return info.type, info.typename, load(1)\n"
    assert observers(project_of(m=text)) == set()


ATTRIBUTES = {
    "in a test": ("assert info.value.message == 'no'", set()),
    "by a call that asks first": ("assert getattr(info.value, 'message', 'no')", {"attribute"}),
    "where it is tried": (
        "try:\n        assert info.value.message\n    except AttributeError:\n        pass",
        {"attribute"},
    ),
    "where that is expected": (
        "with pytest.raises(AttributeError):\n        info.value.message",
        {"attribute"},
    ),
}


@pytest.mark.parametrize(("body", "kinds"), ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_a_test_that_reads_what_builtins_do_not_have_would_fail_with_one(body: str, kinds: set[str]) -> None:
    text = WITH_PYTEST.replace("BODY", body).replace("CAUGHT", "ValueError")
    assert observers(project_of(test_load=text)) == kinds


def test_elsewhere_and_in_tests_that_may_fail_it_is_read() -> None:
    text = WITH_PYTEST.replace("BODY", "assert info.value.message == 'no'").replace("CAUGHT", "ValueError")
    assert observers(project_of(load=text)) == {"attribute"}
    assert observers(project_of(test_load=text.replace("def test_load", "def check_load"))) == {"attribute"}
    assert observers(project_of(test_load=text.replace("def test", "@pytest.mark.xfail\ndef test"))) == {"attribute"}


PRINTS = f"""{RAISES}
def test_load(FIXTURE):
    def inner():
        try:
            load(-1)
        except ValueError as err:
            print(repr(err))
    inner()
def test_other(capsys): assert capsys.readouterr().out == ""
"""


def test_what_a_test_prints_that_takes_no_fixture_is_read_by_nobody() -> None:
    assert observers(project_of(test_load=PRINTS.replace("FIXTURE", ""))) == set()
    assert observers(project_of(test_load=PRINTS.replace("FIXTURE", "output"))) == {"repr"}
    assert observers(project_of(load=PRINTS.replace("FIXTURE", ""))) == {"repr"}
    everywhere = "import pytest\n@pytest.fixture(autouse=True)\ndef quiet(capsys): yield capsys.readouterr()\n"
    text = PRINTS.replace("FIXTURE", "")
    assert observers(project_of(test_load=text, conftest=everywhere)) == {"repr"}


LEAVES = f"""{RAISES}
import logging
log = logging.getLogger(__name__)
class Expecting:
    def __enter__(self): return self.info
    def __exit__(self, kind, error, trace):
        BODY
        return True
def show(triple): return triple[0].__name__
def f(n):
    with Expecting():
        return load(n)
"""
HANDED_ON = {
    "to pytest": ("self.info.fill_unfilled((kind, error, trace))", set()),
    "to pytest by a name": ("all = cast('x', (kind, error, trace))\n        self.info.fill_unfilled(all)", set()),
    "to a log": ("log.error('failed', exc_info=(kind, error, trace))", set()),
    "to a function": ("self.text = show((kind, error, trace))", {"class"}),
    "by a name that is read": (
        "all = (kind, error, trace)\n        self.info.fill_unfilled(all)\n        self.text = all[0].__name__",
        {"class"},
    ),
    "in another order": ("self.info.fill_unfilled((error, kind, trace))", {"class"}),
    "beside something else": ("self.info.fill_unfilled((kind, self, trace))", {"class"}),
}


@pytest.mark.parametrize(("body", "kinds"), HANDED_ON.values(), ids=HANDED_ON)
def test_an_exit_that_hands_all_three_on_to_a_test_or_log_reads_no_class(body: str, kinds: set[str]) -> None:
    assert observers(project_of(m=LEAVES.replace("BODY", body))) == kinds
