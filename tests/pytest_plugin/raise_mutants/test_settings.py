"""Each kind of mutant is killed where a test would notice it and survives where none does, wherever a raise stands."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.raise_mutants.project import mutate, statuses, write

pytest_plugins = ["pytester"]

NEW = 'raise FlextExceptions.ValidationError("no such sku", code="SHOP_1", field="A") from KeyError("A")'
SHOP = f"""
import contextlib
from flext_exceptions import FlextExceptions

def plain():
    {NEW}

async def coroutine():
    {NEW}

def generator():
    yield 1
    {NEW}

async def asynchronous_generator():
    yield 1
    {NEW}

def within_with():
    with contextlib.nullcontext():
        {NEW}

@contextlib.contextmanager
def manager():
    yield
    {NEW}

def nested():
    def inner():
        {NEW}
    inner()

def fail(error, cause):
    raise error from cause

by_lambda = lambda: fail(
    FlextExceptions.ValidationError("no such sku", code="SHOP_1", field="A"), KeyError("A")
)

def class_body():
    class Sku:
        {NEW}

def in_match(sku):
    match sku:
        case "A":
            {NEW}

def in_loop():
    for sku in "AB":
        try:
            {NEW}
        finally:
            sku = None

def in_group():
    try:
        raise ExceptionGroup("two", [KeyError("A"), OSError("B")])
    except* KeyError:
        pass
    except* OSError:
        {NEW}

class Cart:
    @property
    def line(self):
        {NEW}

    @staticmethod
    def add():
        raise (
            FlextExceptions.ValidationError(
                "no such sku",
                code="SHOP_1",
                field="A",
            )
        ) from KeyError("A")

def origin():
    {NEW}

def reraise():
    try:
        origin()
    except FlextExceptions.ValidationError:
        raise

def reraise_by_name():
    try:
        origin()
    except FlextExceptions.ValidationError as error:
        raise error
"""
TESTS = """
import asyncio
import pytest
from flext_exceptions import FlextExceptions
from flext_pytest import flext_raises
from shop import places

async def drain():
    async for _ in places.asynchronous_generator():
        pass

def use_manager():
    with places.manager():
        pass

def use_group():
    try:
        places.in_group()
    except ExceptionGroup as group:  # what is raised alone is none
        raise group.exceptions[0]

CALLS = [
    places.plain, lambda: asyncio.run(places.coroutine()), lambda: list(places.generator()),
    lambda: asyncio.run(drain()), places.within_with, use_manager, places.nested, places.by_lambda, places.class_body,
    lambda: places.in_match("A"),
    places.in_loop, lambda: places.Cart().line, places.Cart.add, places.reraise, places.reraise_by_name, use_group,
]
"""
STRICT = """
@pytest.mark.parametrize("call", CALLS)
def test_all_is_asserted(call):
    with flext_raises(FlextExceptions.ValidationError, code="SHOP_1", match="^no such sku$", field="A", cause=KeyError):
        call()
"""
LOOSE = """
@pytest.mark.parametrize("call", CALLS)
def test_nothing_is_asserted(call):
    try:
        call()
    except Exception:
        pass
"""
ALL = {"dropped", "type", "code", "context", "message", "cause"}
RAISED_AGAIN = {"reraise", "reraise_by_name"}
FUNCTIONS = {
    "plain",
    "coroutine",
    "generator",
    "asynchronous_generator",
    "within_with",
    "manager",
    "nested.inner",
    "fail",
    "class_body.Sku",
    "in_match",
    "in_loop",
    "in_group",
    "Cart.line",
    "Cart.add",
    "origin",
    "reraise",
    "reraise_by_name",
}


@pytest.mark.parametrize(("tests", "status"), [(STRICT, "killed"), (LOOSE, "survived")])
def test_a_mutant_is_killed_where_a_test_asserts_what_it_changes(
    pytester: pytest.Pytester, tests: str, status: str
) -> None:
    """Of all that a raise says, wherever it stands; an error that is raised again can only be dropped there."""
    write(pytester, {"shop/places.py": SHOP, "tests/test_places.py": TESTS + tests})
    run, document = mutate(pytester)
    run.assert_outcomes(passed=16)
    found = statuses(document)
    assert {name: set(kinds) for name, kinds in found.items()} == {
        name: {"dropped"} if name in RAISED_AGAIN else ALL for name in FUNCTIONS
    }
    assert {each for kinds in found.values() for each in kinds.values()} == {status}
    assert (document["sites"], document["mutants"], document[status]) == (17, 15 * 6 + 2, 92)
    assert document["percent"] == (100 if status == "killed" else 0)
    assert not document["unsound_tests"] and not document["not_repeated"]


# The function that a test calls, and the only part that it looks at.
SELECTIVE = {
    "type": ("plain", "except FlextExceptions.ValidationError: return"),
    "code": ("nested", "except Exception as error: assert error.code == 'SHOP_1'; return"),
    "context": ("class_body", "except Exception as error: assert getattr(error, 'field', 'A') == 'A'; return"),
    "message": ("in_loop", "except Exception as error: assert str(error) == 'no such sku'; return"),
    "cause": (
        "Cart.add",
        "except ValueError as error: assert isinstance(error.__cause__, KeyError); return\n"
        "    except Exception: return",
    ),
}


def test_a_mutant_changes_what_it_says_and_nothing_else(pytester: pytest.Pytester) -> None:
    """A test that looks at one part notices the mutants of this part alone, and the raise that is dropped."""
    tests = "import pytest\nfrom flext_exceptions import FlextExceptions\nfrom shop import places\n"
    for kind, (function, handler) in SELECTIVE.items():
        tests += f"def test_{kind}():\n    try: places.{function}()\n    {handler}\n    pytest.fail('no raise')\n"
    write(pytester, {"shop/places.py": SHOP, "tests/test_places.py": tests})
    _, document = mutate(pytester)
    killed = {(each["tests"][0], each["mutant"]) for each in document["results"] if each["status"] == "killed"}
    assert killed == {(f"tests/test_places.py::test_{kind}", each) for kind in SELECTIVE for each in ("dropped", kind)}


UNTYPED = """
def refuse(count):
    if count < 1:
        raise ValueError("count below one") from OSError(2, "no")
    raise OSError(13, "not allowed")

def codes():
    raise UnicodeDecodeError("utf-8", b"x", 0, 1, "bad start")

def bare_class():
    raise LookupError

def anything():
    raise Exception("anything")
"""
UNTYPED_TESTS = """
import pytest
from shop import places

def test_all():
    with pytest.raises(ValueError, match="^count below one$") as caught:
        places.refuse(0)
    assert isinstance(caught.value.__cause__, OSError)
    with pytest.raises(OSError, match="not allowed"):
        places.refuse(1)
    with pytest.raises(UnicodeDecodeError, match="bad start"):
        places.codes()
    with pytest.raises(LookupError):
        places.bare_class()
    with pytest.raises(Exception, match="anything"):
        places.anything()
"""


def test_untyped_raises_are_changed_when_they_are_asked_for(pytester: pytest.Pytester) -> None:
    """Type, text and cause, and dropped; no other type escapes the handlers of Exception, and a class has no text."""
    write(pytester, {"shop/places.py": UNTYPED, "tests/test_places.py": UNTYPED_TESTS})
    run, document = mutate(pytester)
    assert document["mutants"] == 0
    run.stdout.fnmatch_lines(["shop: no raise site of a typed error was reached by a test that passes"])
    _, document = mutate(pytester, "--flext-raise-mutants=all")
    found = [(each["line"], each["mutant"]) for each in document["results"]]
    assert found == [
        (3, "dropped"),
        (3, "type"),
        (3, "cause"),
        (3, "message"),
        (4, "dropped"),
        (4, "type"),
        (4, "message"),
        (7, "dropped"),
        (7, "type"),
        (7, "message"),
        (10, "dropped"),
        (10, "type"),
        (13, "dropped"),
        (13, "message"),
    ]
    assert document["killed"] == len(found)
