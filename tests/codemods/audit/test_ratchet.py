"""The ratchet and what changes since a revision."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from flext_codemods.cli import main

from .auditing import write

APP = """
from flask import Flask
from shop.errors import SoldOut

app = Flask(__name__)


@app.errorhandler(SoldOut)
def sold_out(error):
    return {{"detail": "sold out"}}, 409


@app.post("/orders")
def place():
    {body}
    return {{}}
"""
ERRORS = "class SoldOut(Exception):\n    code = 'ORDER_SOLD_OUT'\n"


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder."""
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@x.invalid", *arguments], check=True
    )


def shop(folder: Path, body: str) -> None:
    """Write a shop whose one route has a body."""
    write(folder, shop____init__="", shop__errors=ERRORS, shop__web=APP.format(body=body))


def test_a_number_that_got_worse_fails_and_one_that_got_better_tightens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline = tmp_path / "baseline.json"
    command = ["audit", str(tmp_path / "code"), "--baseline", str(baseline), "--format", "github", "--no-cache"]
    shop(tmp_path / "code", "raise ValueError(1)")
    assert main(command) == 0
    first = json.loads(baseline.read_text("utf-8"))["numbers"]
    assert (first["untyped"], first["unhandled"]) == (1, 1)
    shop(tmp_path / "code", "raise ValueError(1) if app else KeyError(2)")
    capsys.readouterr()
    assert main(command) == 1
    assert "errors that leave an entry point unhandled%3A 2, 1 before" in capsys.readouterr().out.replace(
        ": 2", "%3A 2"
    )
    assert json.loads(baseline.read_text("utf-8"))["numbers"] == first
    shop(tmp_path / "code", "pass")
    assert main(command) == 0
    assert json.loads(baseline.read_text("utf-8"))["numbers"]["unhandled"] == 0
    shop(tmp_path / "code", "raise ValueError(1)")
    assert main(command) == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 1, "numbers": 3}', '{"version": 9, "numbers": {}}', "\x00"]
)
def test_a_file_that_is_no_baseline_is_named_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    shop(tmp_path / "code", "pass")
    file = tmp_path / "baseline.json"
    file.write_text(text, "utf-8")
    assert main(["audit", str(tmp_path / "code"), "--baseline", str(file), "--format", "json"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "delete it to start a new one" in said
    assert file.read_text("utf-8") == text


def test_a_pull_request_that_adds_an_answer_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop(tmp_path, "raise ValueError(1)")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    shop(tmp_path, "raise SoldOut(1)")
    assert main(["audit", str(tmp_path), "--contract", "--since", "HEAD"]) == 0
    said = capsys.readouterr().out
    assert "POST /orders may now answer 409 ORDER_SOLD_OUT" in said
    assert "POST /orders no longer answers 500 ValueError" in said


def test_nothing_is_said_of_a_change_that_changes_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop(tmp_path, "raise SoldOut(1)")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    shop(tmp_path, "x = 1\n    raise SoldOut(x)")
    assert main(["audit", str(tmp_path), "--contract", "--since", "HEAD", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["changes"] == []


def test_a_revision_is_read_with_what_it_imports_from_the_rest_of_the_repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop(tmp_path, "take()")
    web = (tmp_path / "shop" / "web.py").read_text("utf-8")
    write(tmp_path, shop__web=f"from stock.shelf import take\n{web}", stock____init__="")
    write(tmp_path, stock__shelf="def take():\n    raise LookupError('gone')\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    assert main(["audit", str(tmp_path / "shop"), "--contract", "--since", "HEAD", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["path"] for one in found["contract"][0]["errors"]] == ["builtins.LookupError"]
    assert found["changes"] == []


def test_the_trend_has_the_numbers_of_each_commit_and_of_now(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(tmp_path, "init", "-q") if tmp_path.exists() else None
    for body in ("raise ValueError(1)", "raise ValueError(1) if app else KeyError(2)", "pass"):
        shop(tmp_path, body)
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-qm", "step")
    assert main(["audit", str(tmp_path), "--since", "HEAD~2", "--format", "json"]) == 0
    trend = json.loads(capsys.readouterr().out)["trend"]
    assert [one["numbers"]["unhandled"] for one in trend] == [1, 2, 0, 0]
    assert trend[-1]["commit"] == "now"


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD:shop"])
def test_a_revision_that_does_not_exist_is_named_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], revision: str
) -> None:
    shop(tmp_path, "pass")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    assert main(["audit", str(tmp_path), "--contract", f"--since={revision}"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
