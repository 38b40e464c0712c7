"""Names that a look at the text rules out are not bound in the tree either."""

from __future__ import annotations

import ast
import sysconfig
import tokenize
import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest

from flext_analysis.syntax.bindings import BUILTIN_ERRORS, Names
from flext_analysis.syntax.text_hints import imported_words, is_surely_unbound

STDLIB = Path(sysconfig.get_path("stdlib"))

BINDING = [
    "E = 1", "E: int = 1", "E: int", "E += 1", "a = E = 1", "a = E, b = 1, 2", "(a, E) = b", "[a, E] = b", "a, *E = b",
    "for E in x: 0", "for a, E in x: 0", "for (a, E) in x: 0", "async def f():\n    async for E in x: 0",
    "with x as E: 0", "with x as (a, E): 0", "with (x as a, y as E): 0", "import E", "import a, E", "import E.b",
    "import a as E", "from a import E", "from a import b, E",
    "from a import (\n    b,\n    E\n)", "from a import b as E",
    "from a import (E)", "class E: 0", "def E(): 0", "async def E(): 0", "def f(E): 0", "def f(a, E): 0",
    "def f(a=1, *, E=2): 0", "def f(*E): 0", "def f(**E): 0", "def f(a, /, E): 0", "f = lambda E: 0",
    "f = lambda a, E: 0", "try: 0\nexcept A as E: 0", "try: 0\nexcept A: E = 1", "def f():\n    global E",
    "def f():\n    global a, E", "def f():\n    E = 1\n    def g():\n        nonlocal E", "del E", "del a, E",
    "(E := 1)", "f(E := 1)", "if (E := f()): 0", "match x:\n    case E: 0", "match x:\n    case [a, E]: 0",
    "match x:\n    case {'a': E}: 0", "match x:\n    case A(E): 0", "match x:\n    case A(b=E): 0",
    "match x:\n    case 1 as E: 0", "match x:\n    case [*E]: 0", "match x:\n    case {**E}: 0",
    "import \\\n    E", "def \\\n    E(): 0", "for \\\n  E in x: 0", "x = 1; E = 2", "if x: E = 1", "E=1", "E\t= 1",
]  # fmt: skip

READING = [
    "raise E", "raise E('x')", "raise  E", "try: 0\nexcept E: 0", "try: 0\nexcept (A, E): 0",
    "try: 0\nexcept (E, A): 0",
    "try: 0\nexcept E as e: 0", "x = E", "x = E('x')", "f(E('x'))", "class A(B): 0", "return_E = 1", "a.E = 1",
    "EE = 1", "E_ = 1", "_E = 1", "def f() -> 'E': 0", "x = a if E else b", "x = not E", "while E('x'): 0",
    "# raises E when", "yield_E()", "'E'", "assert E", "if x is E: 0",
]  # fmt: skip


@pytest.mark.parametrize("text", BINDING)
def test_every_way_to_bind_a_name_leaves_a_doubt(text: str) -> None:
    """In the middle of other code, with line ends of Windows too."""
    ast.parse(text)
    for whole in (text, f"raise E\n{text}\nraise E\n", f"x = 1\n\n{text}".replace("\n", "\r\n")):
        assert not is_surely_unbound("E", whole)


@pytest.mark.parametrize("text", READING)
def test_the_usual_ways_to_read_a_name_leave_none(text: str) -> None:
    """Else the text would have told nothing."""
    assert is_surely_unbound("E", text)
    assert is_surely_unbound("E", f"import os\n\n{text}\n\nraise E('x')\n")


def test_nothing_is_ruled_out_that_a_sample_of_the_standard_library_binds() -> None:
    """Every builtin error in every fortieth file: no scope binds one that the text rules out; most are ruled out."""
    asked, ruled_out = sweep(sorted(STDLIB.rglob("*.py"))[::40])
    assert asked > 10  # how many depends on the version and on what a distribution leaves out
    assert ruled_out > 0.5 * asked


def sweep(paths: Sequence[Path]) -> tuple[int, int]:
    """Hold what the texts of some files rule out to what they bind; return how often that was asked, and ruled out."""
    ruled_out = asked = 0
    for path in paths:
        try:
            with tokenize.open(path) as file, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                text = file.read()
                tree = ast.parse(text)
        except (SyntaxError, ValueError):
            continue
        mentioned = [name for name in BUILTIN_ERRORS if name in text]
        free = [name for name in mentioned if is_surely_unbound(name, text)]
        asked += len(mentioned)
        ruled_out += len(free)
        bound = set[str]().union(*Names(tree, text).scopes.values())
        assert bound.isdisjoint(free), path
    return asked, ruled_out


IMPORTS = [
    "from flext_exceptions import E", "from flext_exceptions import A as E", "from flext_exceptions.errors import E",
    "from flext_core import (\n    A,\n    B as E,  # a note (of sorts)\n)", "import flext_exceptions as E",
    "if x:\n    from builtins import ValueError as E", "if x: from builtins import E", "import os, builtins as E",
    "from flext_exceptions \\\n    import A, \\\n    B as E", "try: import flext_exceptions as E\nexcept E2: 0",
    "from builtins import (  # x (y)\n    A as E)",
]  # fmt: skip


@pytest.mark.parametrize("text", IMPORTS)
def test_every_import_of_the_library_is_seen(text: str) -> None:
    """Wherever it stands, and however it is broken into lines."""
    ast.parse(text)
    assert "E" in imported_words(f"import os\n{text}\n")


def test_other_imports_are_not() -> None:
    """Nor a mention of the library in a text."""
    assert imported_words("import os\nfrom a import E\n'''flext_exceptions'''\nx = E\n") == frozenset()
