"""Mutants share a process, one after the other, and each is told as in a process of its own."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.raise_mutants.project import mutate, statuses, write

pytest_plugins = ["pytester"]

SHOP = """
from flext_exceptions import FlextExceptions

stock = []

def refuse(count):
    if count < 1:
        raise FlextExceptions.ValidationError("too few")
    stock.append(count)

def check(name):
    raise FlextExceptions.KeyError(f"no {name}")
"""
# Tests that leave something behind, and what each kind of mutant of the site that they reach comes to.
SURVIVES = {"dropped": "killed", "type": "killed", "code": "survived", "message": "survived"}
LEAVING = {
    "a test that passes once": (
        """
        seen = []
        def test_it():
            assert not seen
            seen.append(1)
            with pytest.raises(ValueError):
                refuse(0)
        """,
        {"refuse": SURVIVES},
    ),
    "a test that passes every second time": (
        """
        runs = []
        def test_it():
            runs.append(1)
            assert len(runs) % 2
            with pytest.raises(ValueError):
                refuse(0)
        """,
        {"refuse": SURVIVES},
    ),
    "an answer that is kept": (
        """
        import functools
        @functools.cache
        def said():
            with pytest.raises(ValueError) as caught:
                refuse(0)
            return str(caught.value)
        def test_it():
            assert said() == "too few"
        """,
        {"refuse": {**SURVIVES, "message": "killed"}},
    ),
    "what a dropped raise lets through": (
        """
        def test_refused():
            with pytest.raises(ValueError):
                refuse(0)
        def test_stock():
            assert stock == []
            with pytest.raises(LookupError):
                check("A")
        """,
        {"refuse": SURVIVES, "check": SURVIVES},
    ),
    "functions that tests replace": (
        """
        import os, time
        @pytest.fixture(autouse=True, scope="session")
        def stopped():
            time.monotonic = time.perf_counter = lambda: 1e9
        def test_it(monkeypatch):
            monkeypatch.setattr("builtins.open", None)
            monkeypatch.setattr(os, "open", None)
            monkeypatch.setattr(os, "write", None)
            with pytest.raises(ValueError):
                refuse(0)
        """,
        {"refuse": SURVIVES},
    ),
    "a process that ends": (
        """
        import os
        def test_it():
            try:
                refuse(0)
            except ValueError as error:
                if str(error) != "too few":
                    os._exit(0)
                return
            os._exit(1)
        """,
        {"refuse": {"dropped": "killed", "type": "killed", "code": "survived", "message": "killed"}},
    ),
}


@pytest.mark.parametrize(("tests", "expected"), LEAVING.values(), ids=LEAVING)
def test_what_is_left_behind_changes_nothing(
    pytester: pytest.Pytester, tests: str, expected: dict[str, dict[str, str]]
) -> None:
    """Where it would, the mutant is tried again in a process of its own."""
    one = "import os\nos.sched_getaffinity = lambda _: {0}\n"  # processor, so that more mutants share a process
    head = "import pytest\nfrom shop.cart import check, refuse, stock\n"
    write(pytester, {"shop/cart.py": SHOP, "tests/test_it.py": head, "conftest.py": one})
    with (pytester.path / "tests/test_it.py").open("a") as file:
        file.write("\n".join(line[8:] for line in tests.splitlines()))
    _, document = mutate(pytester)
    assert statuses(document) == expected
    assert not document["unsound_tests"] and not document["failing_tests"] and not document["not_tried"]
