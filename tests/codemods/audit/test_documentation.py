"""Docstrings compared with the code: what they lack, what they name needlessly, and how they are fixed."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flext_codemods.audit.documentation.check import DocFinding, fix_docstrings
from flext_codemods.audit.documentation.docstrings import STYLES, read_entries, with_entries
from flext_codemods.cli import main

from .auditing import audit_of, write

ERRORS = '''
class ShopError(Exception):
    """Anything of the shop."""


class SoldOut(ShopError):
    """There is none left."""


class Closed(ShopError):
    """The shop is closed."""
'''
CART = '''
from shop.errors import Closed, ShopError, SoldOut


def take(n):
    """Take some.{section}"""
    if n > 5:
        raise SoldOut(n)
    if n < 0:
        raise ValueError(n)


def buy(n):
    """Buy some."""
    take(n)


def _inner(n):
    """Buy some, for ourselves."""
    take(n)
'''


def findings(folder: Path, section: str, **more: bool) -> list[tuple[str, str, str]]:
    """Return what the docstrings of a shop lack and name for nothing."""
    write(folder, shop____init__="", shop__errors=ERRORS, shop__cart=CART.format(section=section))
    docs = audit_of(folder, **more).report.docs
    return [(one.function.partition("::")[2], one.kind, one.name) for one in docs]


def test_a_docstring_lacks_errors_of_the_project_that_callees_raise(tmp_path: Path) -> None:
    assert findings(tmp_path, "") == [("take", "missing", "SoldOut"), ("buy", "missing", "SoldOut")]


@pytest.mark.parametrize(
    "section",
    [
        "\n\n    Raises:\n        SoldOut: There is none.\n    ",
        "\n\n    Raises\n    ------\n    SoldOut\n        There is none.\n    ",
        "\n\n    :raises SoldOut: there is none\n    ",
        "\n\n    :raises ShopError: whatever may happen in a shop\n    ",
        "\n\n    Raises:\n        shop.errors.SoldOut: There is none.\n    ",
    ],
)
def test_an_error_that_is_named_in_any_style_or_by_a_base_is_not_missing(tmp_path: Path, section: str) -> None:
    assert findings(tmp_path, section) == [("buy", "missing", "SoldOut")]


def test_an_error_that_does_not_leave_the_function_is_stale(tmp_path: Path) -> None:
    section = "\n\n    Raises:\n        SoldOut: There is none.\n        Closed: At night.\n    "
    assert ("take", "stale", "Closed") in findings(tmp_path, section)


def test_nothing_is_stale_where_something_that_is_called_is_not_known(tmp_path: Path) -> None:
    text = (
        "from shop.errors import Closed\nimport elsewhere\n\n\ndef f(x):\n"
        "    '''Do.\n\n    :raises Closed: at night\n    '''\n    return x()\n"
    )
    write(tmp_path, shop____init__="", shop__errors=ERRORS, shop__f=text)
    assert audit_of(tmp_path).report.docs == ()


def test_a_stub_may_promise_what_others_raise(tmp_path: Path) -> None:
    text = (
        "from shop.errors import Closed\n\n\nclass Base:\n    def f(self):\n"
        "        '''Do.\n\n        :raises Closed: at night\n        '''\n        raise NotImplementedError\n"
    )
    write(tmp_path, shop____init__="", shop__errors=ERRORS, shop__f=text)
    assert audit_of(tmp_path).report.docs == ()


def test_all_asks_for_builtin_errors_and_private_functions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, shop____init__="", shop__errors=ERRORS, shop__cart=CART.format(section=""))
    assert main(["audit", str(tmp_path), "--docs", "--all", "--no-cache"]) == 1
    said = capsys.readouterr().out
    assert "missing: ValueError in _inner" in said


def test_fix_writes_what_is_missing_and_takes_out_what_is_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    section = "\n\n    Raises:\n        Closed: At night.\n    "
    write(tmp_path, shop____init__="", shop__errors=ERRORS, shop__cart=CART.format(section=section))
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=x", "-c", "user.email=x@x.invalid", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    assert main(["audit", str(tmp_path), "--docs", "--fix"]) == 0
    text = (tmp_path / "shop" / "cart.py").read_text("utf-8")
    assert '    """Take some.\n\n    Raises:\n        SoldOut:\n    """' in text
    assert '    """Buy some.\n\n    Raises:\n        SoldOut: See take.\n    """' in text
    capsys.readouterr()
    assert main(["audit", str(tmp_path), "--docs"]) == 0
    assert capsys.readouterr().out == "0 differences found\n"


def test_fix_leaves_files_with_changes_that_are_not_committed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, shop____init__="", shop__errors=ERRORS, shop__cart=CART.format(section=""))
    subprocess.run(["git", "-C", str(tmp_path), "init", "-q"], check=True)
    before = (tmp_path / "shop" / "cart.py").read_bytes()
    assert main(["audit", str(tmp_path), "--docs", "--fix"]) == 2
    assert "not tracked by git" in capsys.readouterr().err
    assert (tmp_path / "shop" / "cart.py").read_bytes() == before


names = st.sampled_from(["KeyError", "shop.Bad", "SoldOut", "Worse"])
bodies = st.sampled_from(
    ["Do it.", "Do it.\n\nArgs:\n    x: it.", "Do it.\n\n:param x: it.", "Do it.\n\nNotes\n-----\nA note."]
)


@given(body=bodies, added=st.lists(names, unique=True, min_size=1), style=st.sampled_from(STYLES))
@settings(max_examples=60, deadline=None)
def test_what_is_added_is_read_again_and_can_be_taken_out(body: str, added: list[str], style: str) -> None:
    text = with_entries(body, [(name, "It is.") for name in added], [], style, "")
    assert sorted(entry.name for entry in read_entries(text)) == sorted(added)
    assert read_entries(with_entries(text, [], added, style, "")) == ()


@given(
    quote=st.sampled_from(['"""', "'''", '"', "'"]),
    prefix=st.sampled_from(["", "r", "R"]),
    body=st.text(st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters="\"'\\"), max_size=40),
    ends=st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=80, deadline=None)
def test_a_fixed_file_has_the_same_code(quote: str, prefix: str, body: str, ends: str) -> None:
    lines = f"def f():\n    {prefix}{quote}{body if len(quote) == 3 else 'Do.'}{quote}\n    return 1\n".replace(
        "\n", ends
    )
    finding = DocFinding("m.py", 1, "m.py::f", "missing", "m.Bad", "Bad", "See g.")
    new = fix_docstrings(lines.encode(), [finding])
    before, after = (ast.parse(text) for text in (lines, new.decode()))
    assert ast.dump(before.body[0].body[1]) == ast.dump(after.body[0].body[1])  # type: ignore[attr-defined]
    if len(quote) == 3:
        assert "Bad" in [entry.name for entry in read_entries(ast.get_docstring(after.body[0]) or "")]  # type: ignore[arg-type]
