"""A summary has everything that is known of a file, as plain data only."""

from __future__ import annotations

import inspect
import sys
import sysconfig
from pathlib import Path

import pytest

from flext_analysis.digest import digest
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import statements_of
from flext_analysis.summaries.summarize import summarize
from flext_analysis.summaries.summary import Code, column_of, dump_summary, line_of, load_summary, position
from flext_analysis.summaries.summary_cache import SummaryCache


@pytest.mark.parametrize("package", ["asyncio", "email", "json", "test/test_ast", "xml"])
def test_what_was_written_is_read_back(package: str) -> None:
    """For the files of packages of the standard library, none of which has a problem."""
    folder = Path(sysconfig.get_path("stdlib")) / package
    for file in folder.rglob("*.py"):
        summary = summarize(file.read_bytes())
        assert not summary.problem and load_summary(dump_summary(summary)) == summary


def test_qualified_names_are_the_interpreters() -> None:
    """Those of nested functions, lambdas and globals too."""
    method = (
        "def m(self):\n        def inner():\n            return lambda: 1\n        global g\n        def g(): ...\n"
    )
    text = f"class C:\n    {method}"
    assert [scope.qualname for scope in summarize(text.encode()).scopes] == [
        "",
        "C",
        "C.m",
        "C.m.<locals>.inner",
        "C.m.<locals>.inner.<locals>.<lambda>",
        "g",
    ]


@pytest.mark.parametrize(
    ("raw", "problem"), [(b"def", "does not parse: invalid syntax (line 1)"), (b"\xff", "cannot be decoded: ")]
)
def test_a_file_that_cannot_be_read_has_a_problem_and_no_scopes(raw: bytes, problem: str) -> None:
    """It is data, no error."""
    summary = summarize(raw)
    assert summary.problem.startswith(problem) and not summary.scopes


def test_code_that_is_nested_deeply_is_read_as_anything() -> None:
    """A chain of calls, and one of operators."""
    calls = "x" + ".f()" * 900
    assert not summarize(f"a = {calls}\n".encode()).problem
    assert not summarize(("b = " + " + ".join(["x"] * 900) + "\n").encode()).problem


def test_without_bodies_only_what_functions_return_is_read() -> None:
    """Other files see no more of them."""
    text = b"def f(x):\n    print(x)\n    return Bad(x)\nclass C:\n    code = 'X'\n"
    whole, outside = summarize(text), summarize(text, bodies=False)
    assert len(whole.scopes[1].code) == 2 and len(outside.scopes[1].code) == 1
    assert whole.scopes[2] == outside.scopes[2]


def test_a_position_is_a_line_and_a_column() -> None:
    """A column that is too large is cut."""
    assert (line_of(position(70_000, 12)), column_of(position(70_000, 12))) == (70_000, 12)
    assert column_of(position(1, 9_999)) == 4095


def test_a_summary_is_kept_by_the_bytes_of_its_file(tmp_path: Path) -> None:
    """Also by another process; one without bodies is kept apart."""
    raw = b"def f():\n    raise ValueError\n"
    with SummaryCache(tmp_path) as cache:
        summary = cache.get(raw)
    with SummaryCache(tmp_path) as cache:
        assert cache.known(digest(raw)) == summary
        assert cache.known(digest(b"other")) is None
    with SummaryCache(tmp_path, bodies=False) as cache:
        assert cache.known(digest(raw)) is None


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    """And one that cannot be written is done without."""
    (tmp_path / "summaries.sqlite").write_bytes(b"no database" * 200)
    with SummaryCache(tmp_path) as cache:
        cache.get(b"x = 1\n")
    with SummaryCache(tmp_path) as cache:
        assert cache.known(digest(b"x = 1\n")) is not None
    file = tmp_path / "file"
    file.write_text("")
    with SummaryCache(file / "below") as cache:
        assert cache.get(b"x = 1\n").lines


@pytest.mark.parametrize("kind", ["module", "function"])
def test_each_arm_of_a_chain_of_elif_is_read_once(kind: str) -> None:
    """In the order of the source, however long the chain; at the level of a module the arms are choices."""
    arms = 900
    lines = ["if x == 0:", "    f0()"]
    lines += [line for n in range(1, arms) for line in (f"elif x == {n}:", f"    f{n}()")]
    lines += ["else:", "    last()"]
    if kind == "function":
        lines = ["def f(x):", *(f"    {line}" for line in lines)]
    summary = summarize("\n".join(lines).encode())
    code = summary.scopes[-1].code
    calls = [one[1][1][1] for one in statements_of(code) if one[0] == op.EVALUATE and one[1][0] == op.CALL]
    assert calls == [f"f{n}" for n in range(arms)] + ["last"]
    assert sum(one[0] == op.CHOOSE for one in code) == (kind == "module")


def test_code_is_read_at_any_depth_of_the_stack() -> None:
    nested = "".join(["f("] * 90 + ["x"] + [")"] * 90)
    kept = load_summary(dump_summary(summarize(nested.encode()))).scopes[0]

    def deeper(left: int) -> list[Code]:
        return deeper(left - 1) if left else kept.code

    room = sys.getrecursionlimit() - len(inspect.stack())
    assert deeper(room - 60) == summarize(nested.encode()).scopes[0].code


@pytest.mark.parametrize("damage", ["", "no summary", "{}", "0" * 8, "cut", "changed"])
def test_what_is_no_summary_is_refused(damage: str) -> None:
    text = dump_summary(summarize(b"def f(x): return x"))
    damaged = {"cut": text[:-1], "changed": text.replace("return", "f").replace('"x"', '"y"')}.get(damage, damage)
    with pytest.raises(ValueError):
        load_summary(damaged)
