"""The HTML page: says what the JSON report says, is well formed, and is safe whatever names and messages contain."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from flext_codemods.model.file_result import FileResult
from flext_codemods.raises.skip_reasons import REASONS
from flext_codemods.reports.html import diffs, write_html
from flext_codemods.reports.report import Report
from flext_exceptions import FlextExceptions
from tests.codemods.conftest import BEFORE, Repository
from tests.codemods.test_output import AWKWARD, MANY

EMPTY = {"meta", "link", "img", "br", "hr", "input", "wbr"}
ELEMENTS = set(
    "html head meta title style body header h1 h2 h3 p nav ul li a main dl div dt dd small span section table caption"
    " thead tbody tr th td code details summary pre ins del i em footer time".split()
)


class Page(HTMLParser):
    """A page as a reader takes it; every element has to be one that we write, closed in order."""

    def __init__(self, raw: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(raw.decode())
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS, tag
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def text(self, tag: str = "") -> str:
        """Return the text of the page, or of elements of one kind, with single spaces."""
        parts = [text for inside, text in self.texts if inside == tag or (not tag and inside != "style")]
        return " ".join(" ".join(parts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of one kind."""
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(repository: Repository, *arguments: str) -> Page:
    """Return the page of a run."""
    ran = repository.migrate(*arguments, "--report", "report.html")
    assert ran.status in (0, 1), ran.err
    return Page(repository.read("report.html"))


def test_a_run_with_nothing_to_say_is_a_page_that_says_so(repository: Repository) -> None:
    """No section stands empty, and nothing links to one that is not there."""
    repository.write({"mod.py": "x = 1\n"})
    page = page_of(repository, "--check")
    assert "There is nothing to rewrite in 1 files." in page.text()
    assert page.all("section") == page.all("table") == page.all("details") == page.all("a") == []


@pytest.mark.parametrize("arguments", [["--check"], ["--diff"], []], ids=["check", "diff", "written"])
def test_the_page_says_what_the_json_report_says(repository: Repository, arguments: list[str]) -> None:
    """Figures, every site that is left with the meaning of its reason, changed files, what may break, advice."""
    repository.write(MANY)
    report = repository.migrate("--check", "--format", "json").report()
    page = page_of(repository, *arguments)
    text, summary = page.text(), report["summary"]
    verb = "rewrote" if not arguments else "would rewrite"
    assert (
        f"flext-codemods {verb} {summary['rewritten']} sites in {summary['changed']} of {summary['files']} files."
        in text
    )
    assert f"{summary['migrated']} of {summary['migratable']} migratable sites" in text and "66.7 %." in text
    for reason, count in summary["left"].items():
        assert f"{reason} {REASONS[reason].explanation} {count} place" in text
    for site in report["sites"]:
        if site["status"] == "left":
            assert f"{site['path']}:{site['line']}:{site['column']} {site['detail']} ({site['recipe']})" in text
    for file in report["files_left"]:
        assert f"{file['path']} {file['detail']}" in text
    for place in report["may_break"]:
        assert f"{place['path']}:{place['line']} shows {place['builtin']}" in text
    for line in report["advice"]:
        assert line in text
    changed = sorted({site["path"] for site in report["sites"] if site["status"] == "migrated"})
    assert [one["aria-label"] for one in page.all("pre")] == [f"Diff of {path}" for path in changed]
    assert page.text("del").count("raise ValueError") == page.text("ins").count("raise FlextExceptions") == 2


def test_errors_stand_on_the_page(repository: Repository) -> None:
    """And the sites that are as they were for them."""
    repository.write({"bad.py": "raise ValueError(\n", "cannot.py": BEFORE})
    (repository.root / "cannot.py").chmod(0o444)
    assert repository.migrate("bad.py", ".", "--report", "report.html").status == 2
    text = Page(repository.read("report.html")).text()
    assert "Errors bad.py: does not parse" in text and "cannot.py: cannot be written: is read-only" in text
    assert "cannot.py:2:5 not changed: is read-only" in text


HOSTILE = [
    "<script>alert(1)</script>.py",
    "a\"onmouseover='alert(1)'.py",
    "&lt;&amp;.py",
    "{{ 7 * 7 }}{% raw %}.py",
    "\x1b[31m\x00\u202e.py".replace("\x00", "\x01"),
    "line\nfeed.py",
    os.fsdecode(b"\xff\xfe.py"),
    "--><!--.py",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_and_code_are_text_whatever_they_hold(repository: Repository, name: str) -> None:
    """They create no elements and no invisible characters, and the page is UTF-8."""
    sly = "</pre></details><script>alert('x')</script> &amp; {{ 7 * 7 }} \x0c \x1b \u202e \ufffe"
    code = f'def f():\n    raise ValueError("no")  # {sly}\n    raise OSError(1, 2)\n'
    repository.write({name: code, f"tests/{name}": f'x = "ValueError: {sly}"\n', f"pkg/{name}": "raise (\n"})
    page = page_of(repository, "--check")
    text = page.text()
    shown = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in name)
    assert [one["aria-label"] for one in page.all("pre")] == [f"Diff of {shown}"]
    assert f"{' '.join(shown.split())}:3:5" in text
    assert text.count("</pre></details><script>alert('x')</script> &amp; {{ 7 * 7 }}") >= 3
    assert "".join(text for _, text in page.texts if "\n" not in text).isprintable()
    assert not {attribute for _, attributes in page.elements for attribute in attributes if attribute.startswith("on")}


def test_the_page_asks_nothing_of_a_network_and_runs_nothing(repository: Repository) -> None:
    """Links lead to places in it; a policy forbids the rest."""
    repository.write(MANY)
    page = page_of(repository, "--check")
    raw = repository.read("report.html").decode()
    assert {"script", "link", "img", "iframe"}.isdisjoint(name for name, _ in page.elements)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    assert page.all("a") and {one["href"] for one in page.all("a")} == {f"#{name}" for name in ids}
    assert not re.search(r"\bsrc=|url\(|@import|https?:", raw)
    policies = [one["content"] for one in page.all("meta") if "http-equiv" in one]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_the_page_can_be_read_by_ear(repository: Repository) -> None:
    """A language, a title, headings in order, tables with captions and scopes, sections with names."""
    repository.write(MANY)
    page = page_of(repository, "--check")
    assert page.all("html") == [{"lang": "en"}] and page.text("title").startswith("Migration of ")
    levels = [int(name[1]) for name, _ in page.elements if name in ("h1", "h2", "h3")]
    assert levels.count(1) == 1 and all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert len(page.all("caption")) == len(page.all("table")) > 0
    assert {one.get("scope") for one in page.all("th")} == {"col", "row"}
    ids = {attributes.get("id") for _, attributes in page.elements}
    assert {one.get("aria-labelledby") for one in page.all("section")} <= ids


@pytest.mark.parametrize("name", AWKWARD)
def test_diffs_show_text_in_whatever_encoding_it_is(repository: Repository, name: str) -> None:
    """Letters are letters, and the carriage returns of all lines are not shown."""
    repository.write({name: AWKWARD[name]})
    page = page_of(repository, "--check")
    diff = page.text("del") + page.text("ins") + page.text("span")
    assert 'raise FlextExceptions.ValidationError("no")' in diff and "\\r" not in diff
    assert name != "latin.py" or "x = 'éÿ'" in diff


def test_what_is_too_long_is_cut_and_the_page_says_so(repository: Repository) -> None:
    """Sites of one reason beyond 200; the JSON report names all."""
    repository.write({"mod.py": "def f():\n" + "    raise OSError(1, 2)\n" * 230})
    text = page_of(repository, "--check").text()
    assert text.count("mod.py:") == 200 and "30 more are left out here; --format json names all." in text


def test_diffs_are_shown_as_long_as_there_is_room(tmp_path: Path) -> None:
    """What is beyond is counted, file by file; a line that is very long ends early."""
    lines = [b"x = %d\n" % number for number in range(30)]
    new = b"".join([*lines[:10], b"y = '" + b"-" * 5000 + b"'\n", *lines[11:]])
    results = [FileResult(str(tmp_path / name), old=b"".join(lines), new=new) for name in ("a.py", "b.py", "c.py")]
    whole = list(diffs(results))
    assert [(len(one.lines), one.hidden, one.added, one.removed) for one in whole] == [(9, 0, 1, 1)] * 3
    assert max(len(line.text) for line in whole[0].lines) < 2100
    parts = list(diffs(results, room=12))
    assert [(len(one.lines), one.hidden, one.added, one.removed) for one in parts] == [
        (9, 0, 1, 1),
        (3, 6, 1, 1),
        (0, 9, 1, 1),
    ]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("gone/report.html", "gone/report.html: cannot be written: its folder is not there"),
        ("mod.py", "mod.py does not end in .html"),
        ("folder.html", "folder.html: cannot be written: is a folder"),
        ("mod.py/report.html", "mod.py/report.html: cannot be written: its folder is not there"),
    ],
)
def test_a_page_that_cannot_be_written_stops_the_run_before_it_begins(
    repository: Repository, name: str, what: str
) -> None:
    """One line, status 2, and no file is rewritten."""
    repository.write({"mod.py": BEFORE, "folder.html/x.py": ""})
    ran = repository.migrate("--report", name)
    assert (ran.status, ran.out, ran.err) == (2, "", f"flext-codemods: --report: {what}\n")
    assert repository.read() == BEFORE
    assert repository.files() == ["folder.html/x.py", "mod.py"]


def test_a_page_goes_with_files_not_with_stdin(repository: Repository) -> None:
    """There is no report then."""
    ran = repository.migrate("-", "--report", "report.html")
    assert ran.status == 2 and ran.err.count("\n") == 1 and "--report" in ran.err
    assert repository.files() == []


def test_a_page_that_fails_late_leaves_the_old_one_whole(repository: Repository) -> None:
    """The migration is done and said; the error is one line."""
    repository.write({"old.html": "old"})
    file = repository.root / "old.html"
    (repository.root / f".flext-report-{os.getpid()}.tmp").mkdir()
    with pytest.raises(FlextExceptions.OSError, match=r"old\.html: cannot be written"):
        write_html(Report(()), file)
    assert repository.read("old.html") == b"old"


def test_a_page_takes_the_place_of_the_old_one_and_leaves_nothing_beside(repository: Repository) -> None:
    """Through a link, too; others may read it as far as the umask lets them."""
    repository.write({"mod.py": BEFORE, "pages/old.html": "old"})
    (repository.root / "link.html").symlink_to("pages/old.html")
    before = os.umask(0o027)
    try:
        repository.migrate("--check", "--report", "link.html")
    finally:
        os.umask(before)
    assert (repository.root / "link.html").is_symlink()
    assert repository.read("pages/old.html").startswith(b"<!DOCTYPE html>")
    assert (repository.root / "pages" / "old.html").stat().st_mode & 0o777 == 0o640
    assert repository.files() == ["link.html", "mod.py", "pages/old.html"]


@pytest.mark.parametrize("arguments", [["--report", "report.html"], ["--check"]], ids=["page", "no page"])
def test_jinja2_is_needed_for_a_page_and_for_nothing_else(repository: Repository, arguments: list[str]) -> None:
    """Where it is missing, one line names the extra, and no file is rewritten."""
    repository.write({"mod.py": BEFORE})
    code = f"""
import sys
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] == "jinja2" else super().find_spec(name, path, target)

sys.meta_path[:] = [Without if finder is PathFinder else finder for finder in sys.meta_path]
sys.argv = ["flext-codemods", "migrate", "--allow-no-vcs", *{arguments!r}]
from flext_codemods.__main__ import run
run()
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=repository.root, capture_output=True, timeout=60, check=False
    )
    missing = b"flext-codemods: jinja2 missing: pip install 'flext-exceptions[codemods]'\n"
    assert (ran.returncode, ran.stderr) == ((2, missing) if "--report" in arguments else (1, b""))
    assert repository.read() == BEFORE
