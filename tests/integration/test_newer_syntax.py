"""Each Python's new syntax is read by that Python; an older one leaves the file and names a version that can."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import flext_codemods.cli
import flext_lint.cli

RAISE = 'raise ValueError("no")\n'
CASES = {
    "3.11 except*": f"def f():\n    try:\n        g()\n    except* KeyError:\n        pass\n    {RAISE}",
    "3.12 type alias": f"type Pair = tuple[int, int]\n\n\ndef f():\n    {RAISE}",
    "3.12 generic alias": f"type Pair[T] = tuple[T, T]\n\n\ndef f():\n    {RAISE}",
    "3.12 generic class": f"class Box[T]:\n    def f(self):\n        {RAISE}",
    "3.12 generic function": f"async def f[T](x: T) -> T:\n    {RAISE}",
    "3.12 quotes within a format string": f'def f(x):\n    g(f"{{x["a"]}}")\n    {RAISE}',
    "3.13 default of a parameter": f"def f[T = int](x: T) -> T:\n    {RAISE}",
    "3.14 except without parentheses": f"def f():\n    try:\n        g()\n    except KeyError, a.B:\n        {RAISE}",
    "3.14 template string": f'def f(x):\n    g(t"{{x}}")\n    {RAISE}',
    "3.14 finally that leaves": f"def f():\n    try:\n        g()\n    finally:\n        return\n    {RAISE}",
    "3.15 lazy import": f"lazy import json\nlazy from os import path\n\n\ndef f():\n    {RAISE}",
    "3.15 unpacking in a comprehension": f"def f(xs):\n    g([*x for x in xs], {{**x for x in xs}})\n    {RAISE}",
}
IN_ANY = ("3.14 finally that leaves",)  # a SyntaxWarning since then, which is none of ours


def version(text: str) -> tuple[int, int]:
    """Return a version as a pair."""
    major, minor = text.split(".")
    return int(major), int(minor)


@pytest.fixture
def file(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module of a package, with the text of a case."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    module = tmp_path / "shop" / "cart.py"
    module.parent.mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    module.write_text(CASES[request.param], "utf-8")
    return module


@pytest.mark.parametrize(("name", "file"), [(name, name) for name in CASES], indirect=["file"], ids=list(CASES))
def test_each_tool_reads_it_or_says_which_python_does(
    name: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The linter finds the raise, migrate rewrites it and nothing else, audit counts it."""
    before = file.read_text("utf-8")
    known = name.split()[0]
    is_read = version(known) <= sys.version_info[:2] or name in IN_ANY

    flext_lint.cli.main(["check", "--no-cache", "--select=FLX0,FLX103", "shop"])
    linted = capsys.readouterr().out
    flext_codemods.cli.main(["audit", "--no-cache", "shop/cart.py"])
    audited = "".join(capsys.readouterr())
    status = flext_codemods.cli.main(["migrate", "--allow-no-vcs", "--no-cache", "shop/cart.py"])
    migrated = capsys.readouterr()

    if is_read:
        assert "FLX103 raises builtin ValueError" in linted
        assert "(0 of 1)" in audited
        assert status == 0, migrated.err
        after = file.read_text("utf-8")
        assert after.count("FlextExceptions.ValidationError") == 1
        kept = after.replace("FlextExceptions.ValidationError", "ValueError")
        assert [line for line in before.splitlines() if line] == [
            line for line in kept.splitlines() if line and "import FlextExceptions" not in line
        ]
    else:
        words = f"Python {known} or newer can read it"
        assert "FLX000 does not parse" in linted and words in linted
        assert words in audited
        assert status == 2 and migrated.err.count("\n") == 1 and words in migrated.err
        assert file.read_text("utf-8") == before
