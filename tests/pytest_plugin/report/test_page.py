"""The page says the same as the JSON report, whatever its content."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from flext_pytest.report.counts import Row
from flext_pytest.report.html_page import LISTED, page
from flext_pytest.report.json_document import document
from flext_pytest.report.terminal import summary
from tests.pytest_plugin.plugins import alone
from tests.pytest_plugin.report.runs import OURS, SHOP, read, run

pytest_plugins = ["pytester"]


class Reader(HTMLParser):
    """Reads a page: its tags, that they are closed, and its text."""

    EMPTY = frozenset(["meta"])

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())


def test_the_page_says_what_the_document_says(pytester: pytest.Pytester) -> None:
    """And needs no other file, no script and no network."""
    run(pytester, SHOP, "--flext-report=html:report.html")
    text = (pytester.path / "report.html").read_text("utf-8")
    read = Reader(text)
    assert read.tags.isdisjoint(["script", "link", "img", "iframe", "object"])
    assert {name for name, _ in read.attributes}.isdisjoint(["src", "href", "onclick", "style"])
    assert "url(" not in text and "@import" not in text
    words = " ".join(read.words)
    assert "Errors made 12 Types 4 Tests that made one 5 Types never asserted on 3" in words
    assert "KeyError 9 errors in 4 tests never asserted on Codes KEY_ERROR 9 Created by tests" in words
    assert "test_shop.SoldOut 1 error in 1 test asserted on in 1 place" in words
    for place in ["test_shop.py::test_order[3] 2", "Made elsewhere module fixture shop of test_shop.py 1"]:
        assert place in words


def test_the_columns_of_the_table_stand_below_one_another() -> None:
    """But for a name that is very long."""
    rows = [Row("KeyError", {"E": 12345}, {"a": 12345}, {}, ("a",)), Row("x" * 50, {"E": 1}, {"a": 1}, {}, ())]
    head, first, _, second, *_ = summary(rows)
    assert head == f"{'error':40}   made  in tests  asserted on in"
    assert first == f"{'KeyError':40}  12345         1               1"
    assert second == f"{'x' * 50}      1         1           never"
    assert next(summary(rows[:1])) == "error      made  in tests  asserted on in"


HOSTILE = "</code><script>alert(1)</script>&amp;\"'$made ${types} \ud800"


def test_a_page_shows_any_text_as_it_is(tmp_path: Path) -> None:
    """Nothing in it is taken for markup, nor for a place to be filled."""
    row = Row(HOSTILE, {HOSTILE: 1}, {HOSTILE: 1}, {HOSTILE: 1}, (HOSTILE,))
    read = Reader(page([row], [HOSTILE]))
    assert "script" not in read.tags
    assert read.words.count(HOSTILE) == 6


def test_a_page_names_so_many_tests_and_says_how_many_are_left_out() -> None:
    """The document names all."""
    tests = {f"test_{n}": 1 for n in range(LISTED + 5)}
    read = Reader(page([Row("KeyError", {"E": len(tests)}, tests, {}, ())], []))
    assert f"test_{LISTED - 1}" in read.words and f"test_{LISTED}" not in read.words
    assert "5 more are left out here; --flext-report=json:PATH names all." in read.words
    assert document([Row("KeyError", {"E": len(tests)}, tests, {}, ())], [])["types"][0]["tests"] == tests


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_code_that_cannot_be_encoded_is_escaped(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """Else neither a worker could send it nor a file hold it."""
    source = f"{OURS}\ndef test_it(): X.KeyError('m', error_code='\\ud800')"
    pytester.makepyfile(test_shop=source)
    for kind in ("json", "html"):
        option = f"--flext-report={kind}:report.{kind}"
        pytester.runpytest_subprocess(*alone(option, *options)).assert_outcomes(passed=1)
    assert read(pytester)["types"][0]["codes"] == {"\\ud800": 1}
    assert "<code>\\ud800</code>" in (pytester.path / "report.html").read_text()
