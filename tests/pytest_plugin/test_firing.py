"""Raises are seen where they happen, with each mechanism that this Python has, and the mechanisms agree."""

from __future__ import annotations

import os
import runpy
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from flext_analysis.semantics.inventory import inventory
from flext_exceptions import settings
from flext_pytest.monitoring import free_tool
from flext_pytest.raise_coverage.hooks import reached
from flext_pytest.raise_coverage.raise_events import CONSTRUCTORS, EVENTS, RaiseEvent, record_raises

EVENTS_THERE = sys.version_info >= (3, 12)
WAYS = [CONSTRUCTORS, *([EVENTS] if EVENTS_THERE else [])]

HEAD = """
import asyncio, threading
from flext_exceptions import FlextExceptions as X
class Bad(X.ValidationError): ...
class Deep(Bad):
    def __init__(self, text):
        super().__init__(text + "!")
class Shop(X): ...
class Odd(X.Error):
    def __new__(cls, *args):
        return super().__new__(cls, *args)
def bad(text): return Bad(text)
def swallow(f, *args):
    try: f(*args)
    except Exception: pass
"""
# A function f whose marked lines (# yes) are the raise sites that fire when swallow(f) is called.
PROGRAMS = {
    "a raise": "def f():\n    raise X.ValidationError('m')  # yes",
    "the class itself": "def f():\n    raise X.ValidationError  # yes",
    "a class of one's own": "def f():\n    raise Bad('m')  # yes",
    "with an __init__": "def f():\n    raise Deep('m')  # yes",
    "with a __new__": "def f():\n    raise Odd('m')  # yes",
    "the type is picked": "def f():\n    raise X('m', field='a')  # yes",
    "a namespace": "def f():\n    raise Shop('m')  # yes",
    "a namespace that picks the type": "def f():\n    raise Shop('m', field='a')  # yes",
    "in several lines": "def f():\n    raise X.ValidationError(  # yes\n        'm',\n        field=str(1),\n    )",
    "with more context": "def f():\n    raise X.ValidationError('m').with_context(a=1)  # yes",
    "made by a function": "def f():\n    raise bad('m')  # yes",
    "made by a function, elsewhere": "def f():\n    bad('m')\n    raise Bad('n')  # yes\n    raise bad('o')",
    "passed through": "def g():\n    raise Bad('m')  # yes\ndef f():\n    g()\n    raise Bad('never')",
    "caught and raised again": ("def f():\n    try:\n        raise Bad('m')  # yes\n    except Bad:\n        raise"),
    "caught and another raised": (
        "def f():\n    try:\n        raise Bad('m')  # yes\n"
        "    except Bad as e:\n        raise X.Error('n') from e  # yes"
    ),
    "its arguments raise": "def g(): raise KeyError('m')\ndef f():\n    raise Bad(g())",
    "its arguments make an error": "def g():\n    Bad('m')\n    raise KeyError\ndef f():\n    raise Bad(g())",
    "one of two branches": "def f(n=1):\n    if n:\n        raise Bad('m')  # yes\n    raise Bad('n')",
    "in a constructor": "class C:\n    def __init__(self):\n        raise Bad('m')  # yes\ndef f(): C()",
    "in a constructor of an error": (
        "class E(Exception):\n    def __init__(self):\n        raise Bad('m')  # yes\ndef f(): raise E()"
    ),
    "in a generator": "def g():\n    yield 1\n    raise Bad('m')  # yes\ndef f(): list(g())",
    "in a coroutine": "async def g():\n    raise Bad('m')  # yes\ndef f(): asyncio.run(g())",
    "in a thread": (
        "def g():\n    swallow(h)\ndef h():\n    raise Bad('m')  # yes\n"
        "def f():\n    t = threading.Thread(target=g); t.start(); t.join()"
    ),
    "never": "def f():\n    if 0:\n        raise Bad('m')",
    "made and not raised": "def f():\n    Bad('m')\ndef g():\n    raise Bad('n')",
    "a deep recursion": "def f(n=50):\n    if n:\n        return f(n - 1)\n    raise Bad('m')  # yes",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_a_raise_is_seen_where_it_raises(program: str, way: str, tmp_path: Path) -> None:
    """Exactly the sites that fire are reached, however the error is made."""
    file = tmp_path / "m.py"
    text = f"{HEAD}{program}\nswallow(f)\n"
    file.write_text(text)
    found: set[RaiseEvent] = set()
    with record_raises(found, way) as used:
        runpy.run_path(str(file))
    assert used == way
    sites = inventory({file: "m"}).sites
    assert sites
    expected = [number for number, line in enumerate(text.splitlines(), 1) if line.endswith("# yes")]
    assert sorted(site.line for site in reached(sites, found)) == expected


def raise_something(tmp_path: Path) -> None:
    """Run a module that raises."""
    file = tmp_path / "m.py"
    file.write_text(f"{HEAD}def f():\n    raise Bad('m')\nswallow(f)\n")
    runpy.run_path(str(file))


@pytest.mark.parametrize("way", WAYS)
def test_afterwards_nobody_watches(way: str, tmp_path: Path) -> None:
    """Neither the library nor the interpreter tells anything; the tool id is free again."""
    found: set[RaiseEvent] = set()
    before = settings.current.watchers
    with record_raises(found, way):
        pass
    assert settings.current.watchers == before
    if EVENTS_THERE:
        assert all(sys.monitoring.get_tool(tool) != "flext" for tool in range(6))  # type: ignore[attr-defined,unused-ignore]
    raise_something(tmp_path)
    assert found == set()


def test_the_best_way_is_taken_and_the_other_where_no_tool_id_is_free(tmp_path: Path) -> None:
    """Python 3.11 has no ids at all."""
    with record_raises(set()) as way:
        assert way == WAYS[-1]
    taken = list(iter(free_tool, None))
    try:
        found: set[RaiseEvent] = set()
        with record_raises(found) as way:
            assert way == CONSTRUCTORS
            raise_something(tmp_path)
        assert found
    finally:
        for tool in taken:
            sys.monitoring.free_tool_id(tool)  # type: ignore[attr-defined,unused-ignore]


def test_a_link_to_a_file_is_the_file(tmp_path: Path) -> None:
    """A site that is known by one path fires under the other."""
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    (real / "m.py").write_text("from flext_exceptions import FlextExceptions as X\nraise X.Error('m')\n")
    sites = inventory({link / "m.py": "m"}).sites
    assert reached(sites, [RaiseEvent(os.path.realpath(real / "m.py"), 2)]) == frozenset(sites)
    assert reached(sites, [RaiseEvent(str(link / "m.py"), 2)]) == frozenset(sites)
    assert reached(sites, [RaiseEvent(str(real / "m.py"), 1)]) == frozenset()


def test_threads_that_raise_at_once_lose_nothing(tmp_path: Path) -> None:
    """Eight threads, fifty raise sites each."""
    lines = ["from flext_exceptions import FlextExceptions as X", "def f(n):"]
    for number in range(400):
        lines.append(f"    if n == {number}:")
        lines.append(f"        raise X.Error('{number}')")
    file = tmp_path / "m.py"
    file.write_text("\n".join(lines))
    f = runpy.run_path(str(file))["f"]

    def work(first: int) -> None:
        for number in range(first, first + 50):
            with pytest.raises(Exception, match=f"^{number}$"):
                f(number)

    for way in WAYS:
        found: set[RaiseEvent] = set()
        with record_raises(found, way):
            threads = [threading.Thread(target=work, args=(first,)) for first in range(0, 400, 50)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        sites = inventory({file: "m"}).sites
        assert len(sites) == 400
        assert reached(sites, found) == frozenset(sites)


def test_the_head_of_the_programs_has_no_site_of_its_own() -> None:
    """Else the programs would not say what they are meant to."""
    assert "raise" not in textwrap.dedent(HEAD)
