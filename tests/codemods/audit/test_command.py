"""The audit command: its formats, its files, its bad input."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from flext_analysis.digest import digest
from flext_analysis.summaries.summary_cache import SummaryCache
from flext_codemods.audit import summaries
from flext_codemods.cli import main

from .auditing import audit_of, write

SHOP = """
import logging
from flext_exceptions import FlextExceptions


class Gone(FlextExceptions.NotFoundError):
    code = "GONE"


def take(n):
    if n > 5:
        raise Gone(n)
    if n == 4:
        raise Exception(n)
    raise ValueError(n)


def buy(n):
    try:
        take(n)
    except ValueError as error:
        logging.error("%s", error)
        raise
    except KeyError:
        pass
    except (TypeError, EOFError):
        return None


class Shelf:
    def __getitem__(self, key):
        raise KeyError(key)
"""
SCHEMAS = Path(__file__).parent.parent / "reports" / "schemas"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package in the current folder."""
    write(tmp_path, shop____init__="", shop__cart=SHOP)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    """Run audit, and return what it prints."""
    assert main(["audit", *arguments, "--no-cache"]) == status
    return capsys.readouterr().out


def test_functions_have_the_names_of_the_interpreter_and_classes_those_of_their_modules(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    functions = json.loads(said(capsys, "--format", "json", "shop"))["functions"]
    assert [one["class"] for one in functions["shop/cart.py::take"]] == [
        "builtins.Exception",
        "builtins.ValueError",
        "shop.cart.Gone",
    ]
    assert functions["shop/cart.py::Shelf.__getitem__"] == [
        {"class": "builtins.KeyError", "raised": ["shop/cart.py:32"]}
    ]


def test_raises_are_counted_by_kind_and_those_of_protocols_do_not_count_for_adoption(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(said(capsys, "--format", "json"))
    counts = {"typed": 1, "builtin": 2, "untyped": 1, "custom": 0, "bare": 1, "unknown": 0}
    assert found["summary"]["raises"] == counts
    assert (found["summary"]["typed"], found["summary"]["countable"], found["summary"]["percent"]) == (1, 3, 33.3)
    assert [one["does"] for one in found["handlers"]] == ["raises again", "nothing", "returns"]
    assert found["handlers"][2]["catches"] == ["builtins.TypeError", "builtins.EOFError"]


def test_classes_and_codes_come_with_how_often_they_are_raised_and_tested(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads(said(capsys, "--format", "json"))["codes"] == [
        {"code": "GONE", "classes": ["shop.cart.Gone"], "raised": 1, "tested": False}
    ]
    write(shop, tests__test_cart="def test_gone():\n    assert 'GONE'\n")
    found = json.loads(said(capsys, "--format", "json"))
    assert found["codes"][0]["tested"]
    (gone,) = found["classes"]
    assert (gone["name"], gone["typed"], gone["status"], gone["raised"]) == ("shop.cart.Gone", True, 404, 1)


def test_test_code_is_left_out_unless_it_is_asked_for(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(shop, tests__test_cart="def test_it():\n    raise KeyError(1)\n", shop__testing="def helper(): ...\n")
    assert sorted(json.loads(said(capsys, "--format", "json"))["functions"])[-1] == "shop/testing.py::helper"
    assert "tests/test_cart.py::test_it" in json.loads(said(capsys, "--format", "json", "--tests"))["functions"]


def test_what_a_named_package_imports_from_the_repository_is_read_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        tmp_path,
        a____init__="",
        a__x="from b.y import f\n\n\ndef g():\n    f()\n",
        b____init__="",
        b__y="def f():\n    raise KeyError\n",
    )
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True)
    functions = json.loads(said(capsys, "--format", "json", "a"))["functions"]
    assert functions == {"a/x.py::g": [{"class": "builtins.KeyError", "raised": ["b/y.py:2"]}]}


def test_the_tree_of_one_function_stops_at_the_raise(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "--function", "shop.cart.buy")
    assert "shop.cart.Gone" in text
    assert "shop/cart.py::take, called at line 20" in text
    assert "raised at shop/cart.py:12" in text


def test_the_boundary_lists_what_leaves_untyped(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(said(capsys, "--boundary", "--format", "json"))
    assert {(one["function"], one["class"]) for one in rows} == {
        ("shop/cart.py::take", "builtins.Exception"),
        ("shop/cart.py::take", "builtins.ValueError"),
        ("shop/cart.py::buy", "builtins.Exception"),
        ("shop/cart.py::buy", "builtins.ValueError"),
        ("shop/cart.py::Shelf.__getitem__", "builtins.KeyError"),
    }


def test_sarif_fits_its_schema(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (schema,) = SCHEMAS.glob("sarif*.json")
    log = json.loads(said(capsys, "--format", "sarif"))
    jsonschema.validate(log, json.loads(schema.read_text("utf-8")))
    assert [one["ruleId"] for one in log["runs"][0]["results"]] == ["untyped-raise", "untyped-raise", "untested-code"]


def test_markdown_and_text_say_the_same_share(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "33.3 % of raises are typed (1 of 3)" in said(capsys, "--format", "markdown")
    text = said(capsys)
    assert "33.3 % of raises are typed (1 of 3)" in text
    assert "next: migrate would rewrite" in text


def test_an_openapi_document_is_given_what_it_lacks_and_unknown_routes_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "from flask import Flask, abort\napp = Flask(__name__)\n@app.get('/a/<int:n>')\ndef a(n):\n"
        "    abort(404)\n@app.get('/b')\ndef b():\n    abort(409)\n"
    )
    write(tmp_path / "code", web=text)
    file = tmp_path / "api.json"
    paths = {"/a/{n}": {"get": {"responses": {"200": {"description": "well"}}}}}
    file.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}), "utf-8")
    assert main(["audit", str(tmp_path / "code"), "--openapi", str(file), "--no-cache"]) == 0
    out, err = capsys.readouterr()
    responses = json.loads(out)["paths"]["/a/{n}"]["get"]["responses"]
    assert sorted(responses) == ["200", "404"]
    assert err == "flext-codemods: GET /b: the document has no such operation\n"


# Bad input


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "no such file or folder"),
        (["--fix"], "needs --docs"),
        (["--all"], "needs --docs"),
        (["--contract", "--docs"], "choose one"),
        (["--function", "shop.nothing"], "there is no function 'shop.nothing'"),
        (["--function", ""], "--function: no function given"),
        (["--openapi", "nowhere.json"], "there is no file nowhere.json"),
        (["--html", "nowhere/page.html"], "there is no folder nowhere"),
        (["--since", "HEAD"], "needs a git repository"),
        (["--format", "yaml"], "is not one of"),
        (["notes.txt"], "not a folder or a Python file"),
    ],
)
def test_a_wrong_use_is_one_line_and_status_2(
    shop: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    (shop / "notes.txt").write_text("x", "utf-8")
    assert main(["audit", *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("text", ["{", "[]", '{"swagger": "2.0"}', '{"openapi": "3.1.0", "paths": []}'])
def test_a_file_that_is_no_openapi_document_is_one_line(
    shop: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (shop / "api.json").write_text(text, "utf-8")
    assert main(["audit", "--openapi", "api.json"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_that_does_not_parse_is_named_and_fails_only_where_it_was_named_itself(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "shop" / "odd.py").write_bytes(b"def f(:\n")
    assert main(["audit", "shop", "--format", "json", "--no-cache"]) == 0
    out, err = capsys.readouterr()
    assert err == "flext-codemods: shop/odd.py: does not parse: invalid syntax (line 1)\n"
    assert [one["path"] for one in json.loads(out)["problems"]] == ["shop/odd.py"]
    assert main(["audit", "shop/odd.py", "--format", "json", "--no-cache"]) == 2


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 400 + "1" + ")" * 400,
        "\n".join(f"def f{n}():\n    f{n + 1}()" for n in range(3000)) + "\ndef f3000():\n    raise KeyError(1)\n",
        "from shop.odd import *\nfrom shop import odd\nimport shop.odd as odd\nodd.odd.f()\n",
        "class A(A): ...\nclass B(C): ...\nclass C(B): ...\ndef f():\n    raise B\n",
        "import sys\ndef f():\n    raise getattr(sys, 'x')(**globals())[0]()\n",
        "def f():\n    raise type('X', (KeyError,), {})('m')\n",
        "app = app\napp.get('/x')(app)\n@app.route\ndef f(): ...\n",
    ],
    ids=["nested", "chain", "imports itself", "own base", "computed", "made class", "own value"],
)
def test_odd_code_is_read_without_an_accident(shop: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (shop / "shop" / "odd.py").write_text(text, "utf-8")
    found = json.loads(said(capsys, "--format", "json", "shop"))
    assert "shop/cart.py::take" in found["functions"]


def test_a_page_can_be_made_of_a_long_chain(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "\n".join(f"def f{n}():\n    f{n + 1}()" for n in range(1500)) + "\ndef f1500():\n    raise KeyError(1)\n"
    (shop / "shop" / "odd.py").write_text(text, "utf-8")
    said(capsys, "shop", "--html", "page.html", "--format", "json")
    assert (shop / "page.html").stat().st_size > 10_000
    assert "raised at shop/odd.py:3002" in said(capsys, "shop", "--function", "shop.odd.f1490")


EVERY_FORMAT = """
import sys
from flext_codemods.cli import main
formats = "text", "json", "sarif", "markdown", "github"
sys.exit(any(main(["audit", "--no-cache", "--format", one, "--html", "page.html"]) for one in formats))
"""


def test_file_names_that_are_no_text_go_through_every_format(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = os.fsdecode(b"shop/caf\xe9\n.py")
    (shop / name).write_text("def f():\n    raise KeyError(1)\n", "utf-8")
    done = subprocess.run([sys.executable, "-c", EVERY_FORMAT], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_nothing_of_the_code_is_run(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "shop" / "odd.py").write_text("import pathlib\npathlib.Path('ran').touch()\n", "utf-8")
    said(capsys, "shop", "--format", "json")
    assert not (shop / "ran").exists()


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("shop/pipe.py", [], "shop/pipe.py: is not a regular file"),
        ("setup.cfg", [], ""),
        ("api.json", ["--openapi", "api.json"], "--openapi: api.json is not a regular file"),
        ("baseline.json", ["--baseline", "baseline.json"], "--baseline: baseline.json is not a regular file"),
    ],
)
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(
    shop: Path, capsys: pytest.CaptureFixture[str], name: str, arguments: list[str], said: str
) -> None:
    os.mkfifo(shop / name)
    status = main(["audit", "shop", "--format", "json", "--no-cache", *arguments])
    assert status == (2 if arguments else 0)
    assert capsys.readouterr().err == (f"flext-codemods: {said}\n" if said else "")


def test_the_settings_name_further_entry_points_and_what_others_raise(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "pyproject.toml").write_text(
        '[tool.flext]\nentry-points = ["shop.bus.subscriber"]\n[tool.flext.raises]\n"bus.send" = ["bus.Full"]\n',
        "utf-8",
    )
    text = "import bus\ndef subscriber(f): return f\n@subscriber\ndef hear(event): bus.send(event)\n"
    write(shop, shop__bus=text)
    (contract,) = json.loads(said(capsys, "--contract", "--format", "json", "shop"))["contract"]
    assert (contract["name"], [one["path"] for one in contract["errors"]]) == ("shop.bus.hear", ["bus.Full"])


# The store


def test_a_second_run_makes_no_summary_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raws = [b"def f(): ...", b"x = 1", b"def f(): ..."]
    first = summaries.read_summaries(raws, tmp_path)
    made: list[bytes] = []
    monkeypatch.setattr(summaries, "summaries_of", lambda asked: made.extend(asked) or [])
    assert summaries.read_summaries(raws, tmp_path) == first
    assert made == []


@pytest.mark.parametrize("damage", ["bytes", "another table"])
def test_a_damaged_store_is_made_anew(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "summaries.sqlite"
    if damage == "bytes":
        file.write_bytes(b"no database at all" * 100)
    else:
        with contextlib.closing(sqlite3.connect(file)) as database:
            database.execute("CREATE TABLE kept (key TEXT, text TEXT)")
    (summary,) = summaries.read_summaries([b"x = 1"], tmp_path)
    with SummaryCache(tmp_path) as cache:
        assert cache.known(digest(b"x = 1")) == summary


def test_codemods_know_what_the_audit_read(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    key = digest((shop / "shop" / "cart.py").read_bytes())
    assert main(["audit", "shop", "--format", "json"]) == 0
    file = shop / ".git" / "flext" / "summaries.sqlite"
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        (before,) = database.execute("SELECT rowid FROM kept WHERE key = ?", [key]).fetchone()
    assert main(["migrate", "--allow-dirty", "shop"]) == 0
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        (after,) = database.execute("SELECT rowid FROM kept WHERE key = ?", [key]).fetchone()
    assert before == after  # it was not made and written anew
    capsys.readouterr()


def test_state_lives_in_the_folder_of_git(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    assert main(["audit", "shop", "--format", "json"]) == 0
    capsys.readouterr()
    assert (shop / ".git" / "flext" / "summaries.sqlite").is_file()
    assert subprocess.run(["git", "status", "--short"], capture_output=True, check=True).stdout == b"?? shop/\n"


def test_the_result_is_the_same_with_and_without_a_store(shop: Path) -> None:
    assert audit_of(shop).report.functions == audit_of(shop).report.functions
