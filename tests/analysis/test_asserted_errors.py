"""What tests read of an error that they expect: of what pytest.raises and assertRaises caught, the class too."""

from __future__ import annotations

import pytest

from tests.analysis.programs import project_of
from tests.analysis.test_observed import RAISES, observers

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
    "what pytest shows of it": ("assert 'no' in info.exconly()", {"name"}),
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
