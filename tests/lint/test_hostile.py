"""No program brings the rules down: real ones, generated ones, deep ones; and they hold on to nothing."""

from __future__ import annotations

import ast
import gc
import sysconfig
import tokenize
import tracemalloc
import warnings
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import hypothesmith
import pytest
from hypothesis import HealthCheck, given, settings

from flext_analysis.settings import Settings
from flext_lint.module import Module
from flext_lint.project import Project
from flext_lint.runner import check

STDLIB = Path(sysconfig.get_path("stdlib"))
FILES = [path for path in sorted(STDLIB.rglob("*.py")) if "site-packages" not in path.parts]
PROJECT = Project(STDLIB, Settings(base=("email.errors.MessageError",), targets={"KeyError": "mailbox.Error"}))


def lint(text: str, path: str = "/srv/shop/cart.py", project: Project = PROJECT) -> list[tuple[int, int, str]] | None:
    """Return what the rules say of a text, None where it does not parse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return None
    return check(Module(tree, text.splitlines(keepends=True), path, project))


def lint_file(path: Path) -> list[tuple[int, int, str]] | None:
    """Do what lint does, for a file; None where it cannot be decoded."""
    try:
        with tokenize.open(path) as file:
            return lint(file.read(), str(path))
    except (SyntaxError, UnicodeDecodeError):
        return None


def test_a_sample_of_the_standard_library() -> None:
    """Every fortieth file: each finding has a place in it, and there are many. All: python -m tests.lint.sweep."""
    files, found = sweep(FILES[::40])
    assert files > 10 and found > 10  # distributions leave out some of its files


def sweep(paths: Sequence[Path]) -> tuple[int, int]:
    """Hold the findings in some files to what holds of each; return how many files were linted, and the findings."""
    files = found = 0
    for path in paths:
        said = lint_file(path)
        files += said is not None
        for line, column, text in said or ():
            assert line > 0 and column >= 0 and text.startswith("FLX") and "{" not in text.partition(" at ")[0], path
            found += 1
    return files, found


@pytest.mark.sweep
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(hypothesmith.from_grammar())
def test_generated_programs(text: str) -> None:
    """Anything that the grammar allows."""
    lint(text)


@pytest.mark.sweep
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(hypothesmith.from_node())
def test_generated_trees_beside_code_that_wakes_every_rule(text: str) -> None:
    """The words that rules wait for are there, so each looks at every statement."""
    words = "from flext_exceptions import FlextExceptions as F\ntry: f()\nexcept F: g.throw(h(side_effect=str(1)))\n"
    for path in ("/srv/shop/cart.py", "/srv/shop/tests/test_cart.py"):
        lint(f"{words}class C: code = ''\nraises(g.get_metrics())\nset_exception(x.args[0])\n{text}", path)


DEEP = {
    "a chain of 900 +": f"raise ValueError({' + '.join(['x'] * 900)})",
    "a chain of 900 + in a message": f"raise FlextExceptions.Error('a' + {' + '.join(['x'] * 900)}, field=1)",
    "900 attributes": f"raise x{'.y' * 900}",
    "900 calls": f"raise x{'()' * 900}",
    "90 brackets": f"raise {'(' * 90}ValueError{')' * 90}",
    "80 conditions": f"raise {'A if x else (' * 80}B{')' * 80}",
    "900 or": f"raise {' or '.join(['x'] * 900)}",
    "19 blocks": "".join(f"{' ' * depth}try:\n" for depth in range(19)) + " " * 19 + "raise ValueError\n" + "".join(
        f"{' ' * depth}except Exception: raise Exception\n" for depth in reversed(range(19))
    ),
    "90 functions": "".join(f"{' ' * depth}def f():\n" for depth in range(90)) + " " * 90 + "raise KeyError",
    "90 classes": "".join(f"{' ' * depth}class C(Exception):\n" for depth in range(90)) + " " * 90 + "code = 'a'",
    "a chain of 900 classes": "".join(f"class C{n + 1}(C{n}): code = {n}\n" for n in range(900))
    + "raise C900('x', feild=1)\nraise C900.Inner('x')",
    "a chain of 900 aliases": "".join(f"C{n + 1} = C{n}\n" for n in range(900)) + "raise C900('x')",
    "a class below 900 that come later": "".join(f"class C{n}(C{n + 1}): code = {n}\n" for n in range(1, 900)),
    "aliases in a circle": "A = B\nB = A\nraise A('x')",
    "classes in a circle": "class C(C): code = 1\nclass D(E): code = 1\nclass E(D): code = 1",
    "functions in a circle": "def f(): return g()\ndef g(): return f()\nraise f()",
}  # fmt: skip


@pytest.mark.parametrize("text", DEEP.values(), ids=list(DEEP))
def test_deep_code_that_python_still_parses(text: str) -> None:
    """More deeply than pyflakes can take: in flake8 it ends the run with an error of its own at 900 operators."""
    whole = f"from flext_exceptions import FlextExceptions\nC0 = FlextExceptions.Error\n{text}\n"
    assert lint(whole) is not None


@pytest.mark.sweep
def test_memory_does_not_grow_with_the_number_of_files() -> None:
    """1,500 files, whose trees together take hundreds of megabytes.

    Python's own table of names may double in one round, by many megabytes; what is kept grows in every one.
    """
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in FILES if path.stat().st_size < 4_000][:500]
    held = []
    tracemalloc.start()
    try:
        for _ in range(3):
            for number, text in enumerate(texts):
                lint(text, f"/srv/shop/m{number}.py")
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert min(after - before for before, after in pairwise(held)) < 1_000_000, held


def test_a_message_is_one_line_whatever_the_code_holds() -> None:
    """Keys, codes and names come from the code; none of them breaks a line or fills a field."""
    text = (
        "from flext_exceptions import FlextExceptions as F\n"
        'raise F.Error("m", context={"a\\n{x}_token": t, "%s_secret": s}, code="FLEXT_{}\\n")\n'
        'class A(F.Error):\n    code = "a\\n{0}"\nclass B(F.Error):\n    code = "a\\n{0}"\n'
    )
    found = lint(text) or []
    assert [text[:6] for _, _, text in found] == ["FLX303", "FLX303", "FLX307"]
    assert all("\n" not in text for _, _, text in found)
