"""With switches compiled in, everything that inspects a module sees its unchanged source."""

from __future__ import annotations

import json
import sys

import pytest

from tests.pytest_plugin.plugins import ALONE
from tests.pytest_plugin.raise_mutants.project import mutate, write

pytest_plugins = ["pytester"]

COVERAGE = (sys.executable, "-m", "coverage")

SHOP = '''
"""A shop.

>>> refuse(3)
Traceback (most recent call last):
    ...
flext_exceptions.FlextExceptions.ValidationError: not 3 pieces
"""
from flext_exceptions import FlextExceptions

def refuse(count):
    "Refuse."
    if count:
        raise FlextExceptions.ValidationError(
            f"not {count} pieces",
            field="count",
        ) from None
    try:
        {}["sku"]
    except KeyError:
        raise
'''
TESTS = """
import bdb, importlib, inspect, pathlib, sys, traceback
import pytest
import shop.cart
from flext_exceptions import FlextExceptions

def test_traceback():
    with pytest.raises(FlextExceptions.ValidationError) as caught:
        shop.cart.refuse(2)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.lineno, last.end_lineno, last.colno, last.end_colno) == (13, 16, 8, 19)
    assert last.line.startswith("raise FlextExceptions.ValidationError(") and last.name == "refuse"
    with pytest.raises(KeyError) as caught:
        shop.cart.refuse(0)
    assert [each.lineno for each in traceback.extract_tb(caught.value.__traceback__)[1:]] == [18]

def test_source():
    file = pathlib.Path(shop.cart.__file__)
    assert inspect.getsource(shop.cart) == file.read_text()
    assert inspect.getsource(shop.cart.refuse) == file.read_text()[file.read_text().index("def refuse"):]
    assert shop.cart.refuse.__code__.co_firstlineno == 10 and shop.cart.refuse.__doc__ == "Refuse."
    assert shop.cart.__spec__.loader.get_source("shop.cart") == file.read_text()
    assert not [name for name in vars(shop.cart) if "flext_raise" in name]
    assert not list(file.parent.glob("__pycache__/cart.*")), "no byte code with switches is left behind"

class Steps(bdb.Bdb):
    def __init__(self):
        super().__init__()
        self.lines = []
    def user_line(self, frame):
        if frame.f_code.co_filename == shop.cart.__file__:
            self.lines.append(frame.f_lineno)
        self.set_step()
    def user_exception(self, frame, info):
        self.set_step()

def stepped(refuse):
    def call():
        with pytest.raises(FlextExceptions.ValidationError):
            refuse(2)
    steps = Steps()
    steps.runcall(call)
    return steps.lines

def test_debugger():
    plain = {}
    exec(compile(inspect.getsource(shop.cart), shop.cart.__file__, "exec"), plain)
    assert plain["refuse"].__code__ != shop.cart.refuse.__code__
    assert list(dict.fromkeys(stepped(shop.cart.refuse))) == list(dict.fromkeys(stepped(plain["refuse"])))

def test_reload():
    importlib.reload(shop.cart)
    with pytest.raises(FlextExceptions.ValidationError):
        shop.cart.refuse(2)
"""


@pytest.mark.parametrize("mode", ["prepend", "importlib"])
def test_tracebacks_sources_doctests_and_debuggers_see_the_source(pytester: pytest.Pytester, mode: str) -> None:
    """In every import mode, with doctests of the package among the tests."""
    write(pytester, {"shop/cart.py": SHOP, "tests/test_cart.py": TESTS})
    run, document = mutate(pytester, f"--import-mode={mode}", "--doctest-modules")
    run.assert_outcomes(passed=5)
    assert document["mutants"] == document["killed"] + document["survived"] == 5
    assert "shop/cart.py::shop.cart" in document["results"][0]["tests"]


def test_coverage_says_the_same_with_switches_and_without(pytester: pytest.Pytester) -> None:
    """Lines and branches, of the ordinary run alone: what mutants do is not counted."""
    write(pytester, {"shop/cart.py": SHOP, "tests/test_cart.py": TESTS})
    found = []
    for options in ((), ("--flext-raise-mutants",)):
        run = ("run", "--branch", "--source=shop", "-m", "pytest", *ALONE, "-k", "traceback or reload", *options)
        pytester.run(*COVERAGE, *run).assert_outcomes(passed=2, deselected=2)
        pytester.run(*COVERAGE, "json", "-o", "coverage.json")
        files = json.loads((pytester.path / "coverage.json").read_text())["files"]
        names = ("executed_lines", "missing_lines", "executed_branches", "missing_branches")
        found.append({name: [held[each] for each in names] for name, held in files.items()})
    assert found[0] == found[1] and found[0]


REWRITTEN = {
    "shop/checks.py": """
    from flext_exceptions import FlextExceptions
    def check(count):
        assert count == 3
        raise FlextExceptions.ValidationError("no")
    """,
    "conftest.py": """
    import pytest
    pytest.register_assert_rewrite("shop.checks")
    """,
    "tests/test_checks.py": """
    import pytest
    from shop.checks import check
    def test_assertions_are_explained():
        with pytest.raises(AssertionError, match="assert 2 == 3"):
            check(2)
        with pytest.raises(ValueError, match="^no$"):
            check(3)
    """,
}


def test_a_module_whose_assertions_are_rewritten_has_switches_as_well(pytester: pytest.Pytester) -> None:
    """Both are done to one tree."""
    write(pytester, REWRITTEN)
    run, document = mutate(pytester)
    run.assert_outcomes(passed=1)
    assert document["mutants"] == 4 and document["survived"] == 1  # the code


def test_nothing_is_loaded_where_no_mutants_are_asked_for(pytester: pytest.Pytester) -> None:
    """No module of theirs, no import hook, no name in builtins."""
    write(
        pytester,
        {
            "tests/test_it.py": """
            import builtins, sys
            def test_it():
                assert not [name for name in sys.modules if name.startswith("flext_pytest.raise_mutants")]
                assert not hasattr(builtins, "__flext_raise__")
            """
        },
    )
    pytester.runpytest_subprocess(*ALONE).assert_outcomes(passed=1)
