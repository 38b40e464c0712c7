"""The recipe ``observers``, and the report by observer: how many sites each one blocks, and what would free them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.codemods.conftest import Repository

SHOP = """\
def load(n):
    if n < 0:
        raise ValueError("no")
    if n > 5:
        raise FileExistsError(n)
    return n


def store(n):
    raise RuntimeError(f"not stored: {n}")


def age(n):
    try:
        raise TypeError(n)
    except TypeError as err:
        return getattr(err, "code", 3)
"""
API = """\
from shop import load, store


def answer(n):
    try:
        return load(n)
    except Exception as err:
        return {"error": type(err).__name__}


def other(n):
    try:
        return store(n)
    except RuntimeError as err:
        return f"failed: {err!r}"
"""
PROGRAM = "import api, shop\nprint([api.answer(n) for n in (-1, 3, 9)], api.other(1), shop.age(1))\n"
COSTS = [
    ("api.py:8 reads type(err).__name__ for the answer", 2, 2),
    ("api.py:15 reads err!r for the answer", 1, 1),
    ('shop.py:17 reads getattr(err, "code") for the answer', 1, 0),
]


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """A program of two modules, and what prints all that it answers."""
    repository.write({"pyproject.toml": "", "shop.py": SHOP, "api.py": API, "tests/show.py": PROGRAM})
    return repository


def printed(repository: Repository) -> str:
    """Return what the program prints."""
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, cwd=repository.root, check=True, capture_output=True, text=True).stdout


def test_the_report_names_each_observer_with_its_sites_the_most_costly_first(shop: Repository) -> None:
    """With what can be done, in the text and for programs; and how many sites the recipe would free."""
    ran = shop.migrate("--check")
    lines = [line for line in ran.out.split("\n") if " left because of it" in line]
    assert lines == [
        "api.py:8 reads type(err).__name__ for the answer: 2 sites are left because of it",
        "api.py:15 reads err!r for the answer: 1 site is left because of it",
        "shop.py:17 reads getattr(err, 'code') for the answer: 1 site is left because of it",
    ]
    assert "  fix: --select +observers, which frees 2 sites; or return a text" in ran.out
    assert "--select +observers would free 3 sites" in ran.out
    report = shop.migrate("--check", "--format", "json").report()
    costs = [(f"{one['path']}:{one['line']} {one['what']}", one["sites"], one["freed"]) for one in report["observers"]]
    assert [(what.replace("'code'", '"code"'), *numbers) for what, *numbers in costs] == COSTS
    assert all("# flext: accept" in one["fix"] for one in report["observers"])
    assert report["summary"]["freed_by_observers"] == 3
    assert [site["freed_by"] for site in report["sites"]] == ["observers"] * 3 + [""]


def test_the_other_formats_say_it_where_the_observer_stands(shop: Repository) -> None:
    """An annotation, a result of its own rule, a row of the page."""
    ran = shop.migrate("--check", "--format", "github")
    assert "::notice file=api.py,line=8,title=flext-codemods%3A observer::api.py:8 reads" in ran.out
    run = json.loads(shop.migrate("--check", "--format", "sarif", "--report", "page.html").out)["runs"][0]
    found = [one for one in run["results"] if one["ruleId"] == "observer"]
    assert found[0]["message"]["text"].startswith(COSTS[0][0])
    assert {one["kind"] for one in found} == {"review"}
    page = shop.read("page.html").decode()
    assert "<code>api.py:8</code> reads type(err).__name__ for the answer" in page and "would free 3 sites" in page


def test_as_many_sites_are_freed_as_the_report_says_and_the_program_prints_the_same(shop: Repository) -> None:
    """In one run, which leaves nothing for a second."""
    before = printed(shop)
    report = shop.migrate("--select", "+observers", "--format", "json").report()
    assert sum(site["recipe"] == "raises" and site["status"] == "migrated" for site in report["sites"]) == 3
    assert b"builtin_type(err).__name__" in shop.read("api.py") and b"{builtin_repr(err)}" in shop.read("api.py")
    assert printed(shop) == before
    assert shop.migrate("--check", "--select", "+observers").status == 0
    assert "frees" not in shop.migrate("--check").out


def test_an_observer_outside_of_what_is_migrated_keeps_its_sites(shop: Repository) -> None:
    """And is not promised to be made neutral."""
    ran = shop.migrate("shop.py", "--select", "+observers")
    assert ran.status == 0 and shop.read("shop.py").decode() == SHOP and shop.read("api.py").decode() == API
    assert "would free" not in ran.out and "2 sites are left because of it" in ran.out


def test_a_project_s_own_types_stand_for_nothing(shop: Repository) -> None:
    """So an observer would see them whatever it asks."""
    own = "class BadInput(ValueError):\n    pass\n"
    shop.write({"pyproject.toml": '[tool.flext.targets]\nValueError = "own.BadInput"\n', "own.py": own})
    report = shop.migrate("--select", "+observers", "--format", "json").report()
    left = {site["builtin"] for site in report["sites"] if site["status"] == "left"}
    assert left == {"ValueError", "TypeError"}


def test_a_file_of_observers_that_cannot_be_written_undoes_everything(
    shop: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would read errors that are typed by now."""
    from flext_codemods.storage import apply

    def refusing(path: object, *rest: object) -> None:
        if str(path).endswith("api.py"):
            raise OSError(28, "No space left on device")
        write_file(path, *rest)  # type: ignore[arg-type]

    write_file = getattr(apply, "write_file")  # noqa: B009  # not exported there
    monkeypatch.setattr(apply, "write_file", refusing)
    ran = shop.migrate("--select", "+observers")
    assert ran.status == 2 and "api.py: cannot be written: No space left on device" in ran.err
    assert "everything is undone" in ran.err and ran.err.count("\n") == 1
    assert shop.read("shop.py").decode() == SHOP and shop.read("api.py").decode() == API


def test_sites_that_go_together_are_not_asked_about_one_by_one(shop: Repository) -> None:
    """The question is refused."""
    ran = shop.migrate("--select", "+observers", "--interactive")
    assert ran.status == 2 and "belong together" in ran.err


def test_a_check_that_tells_a_site_from_before_puts_it_back_and_leaves_the_observers(shop: Repository) -> None:
    """They change nothing by themselves."""
    command = (
        f"{sys.executable} -c \"import sys; sys.exit('FlextExceptions.AlreadyExistsError' in open('shop.py').read())\""
    )
    report = shop.migrate("--select", "+observers", "--format", "json", "--verify", command).report()
    assert [site["builtin"] for site in report["sites"] if site["reason"] == "verify"] == ["FileExistsError"]
    assert b"builtin_type(err).__name__" in shop.read("api.py") and b"ValidationError" in shop.read("shop.py")


@pytest.mark.parametrize(
    ("select", "says"),
    [
        ("+observers,+raises", None),
        ("raises,+observers", None),
        ("+no-such", "--select: no such recipe: 'no-such'"),
        ("+chain", "--select: chain may change what the program does; add --unsafe to run it"),
    ],
)
def test_a_plus_adds_a_recipe_to_the_others(shop: Repository, select: str, says: str | None) -> None:
    """To those that are named, or to those that run anyway."""
    ran = shop.migrate("--select", select, "--format", "json")
    assert (ran.status, says or "") == ((2, says) if says else (0, "")) and (says or "") in ran.err
    if says is None:
        found = {site["recipe"] for site in ran.report()["sites"] if site["status"] == "migrated"}
        assert found == {"raises", "observers"}


def test_explain_says_what_would_free_a_site(shop: Repository) -> None:
    """Beside what else helps."""
    ran = shop.command("explain", "shop.py:3")
    assert "what helps: migrate --select +observers" in ran.out
