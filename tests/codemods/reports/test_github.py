"""Annotations for GitHub: how the runner reads the lines, whatever names and messages contain."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.codemods.conftest import BEFORE, Repository
from tests.codemods.test_output import MANY

KNOWN = {"error", "warning", "notice", "add-mask", "set-output", "stop-commands"}


class Command(NamedTuple):
    """A workflow command, as the runner understands it."""

    name: str
    properties: dict[str, str]
    text: str


def unescaped(text: str, more: str = "") -> str:
    """Return an escaped text unescaped."""
    for character in f"\r\n{more}%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def parsed(line: str) -> Command | None:
    """Return the command of a line, None where it is plain text: the steps of the runner, one by one."""
    line = line.lstrip()
    head, separator, text = line.removeprefix("::").partition("::")
    name, _, properties = head.partition(" ")
    if line.startswith("::") and separator and name in KNOWN:
        pairs = (part.partition("=") for part in properties.split(",") if part)
        return Command(name, {key: unescaped(value, ":,") for key, _, value in pairs if value}, unescaped(text))
    # The older form may begin anywhere.
    name = line.partition("##[")[2].partition("]")[0].partition(" ")[0]
    return Command(name, {}, line) if name in KNOWN else None


def commands(out: str) -> list[Command]:
    """Return the commands in what was printed."""
    return [command for command in map(parsed, out.split("\n")) if command]


def plain(out: str) -> list[str]:
    """Return the lines that are no commands."""
    return [line for line in out.splitlines() if not parsed(line)]


def test_a_run_with_nothing_to_say_prints_its_summary_only(repository: Repository) -> None:
    """No annotation, and a line for the log."""
    repository.write({"mod.py": "x = 1\n"})
    ran = repository.migrate("--check", "--format", "github")
    assert (ran.status, ran.err, commands(ran.out)) == (0, "", [])
    assert [line.partition("(")[0] for line in plain(ran.out)] == ["would rewrite 0 sites in 0 of 1 file "]


def test_a_site_that_would_change_is_a_warning_at_its_place(repository: Repository) -> None:
    """With columns where it is on one line: GitHub takes none for others."""
    repository.write({"mod.py": 'def f():\n    raise ValueError("é", )\ndef g():\n    raise KeyError(\n        1)\n'})
    ran = repository.migrate("--check", "--format", "github")
    assert ran.status == 1
    assert [(one.name, one.properties) for one in commands(ran.out)] == [
        (
            "warning",
            {
                "file": "mod.py",
                "line": "2",
                "endLine": "2",
                "col": "5",
                "endColumn": "28",
                "title": "flext-codemods: raises",
            },
        ),
        ("warning", {"file": "mod.py", "line": "4", "endLine": "5", "title": "flext-codemods: raises"}),
    ]
    assert commands(ran.out)[0].text.startswith("ValueError can become FlextExceptions.ValidationError")


@pytest.mark.parametrize("arguments", [["--check"], ["--diff"], []], ids=["check", "diff", "written"])
def test_every_site_is_annotated_and_the_summary_comes_last(repository: Repository, arguments: list[str]) -> None:
    """Warnings for what would change, notices for what is done, what is left, and what may break."""
    repository.write(MANY)
    report = repository.migrate("--check", "--format", "json").report()
    ran = repository.migrate(*arguments, "--format", "github")
    found = [
        (one.name, one.properties["file"], one.properties.get("line"), one.properties["title"].split(": ")[1])
        for one in commands(ran.out)
    ]
    change = "warning" if arguments else "notice"
    sites = report["sites"]
    assert found == [
        *((change, site["path"], str(site["line"]), site["recipe"]) for site in sites if site["status"] == "migrated"),
        *(
            ("notice", site["path"], str(site["line"]), f"left ({site['reason']})")
            for site in sites
            if site["status"] == "left"
        ),
        *(("notice", each["path"], None, f"left ({each['reason']})") for each in report["files_left"]),
        *(("notice", each["path"], str(each["line"]), "may break") for each in report["may_break"]),
    ]
    lines = ran.out.splitlines()
    last = plain(ran.out)
    assert lines[-len(last) :] == last and len(last) > 3
    assert last[0].startswith("would rewrite 2 sites" if arguments else "rewrote 2 sites")


def test_an_error_is_annotated_at_its_file_and_comes_first(repository: Repository) -> None:
    """A file that was named and does not parse; one that cannot be written."""
    repository.write({"bad.py": "raise ValueError(\n", "cannot.py": BEFORE})
    (repository.root / "cannot.py").chmod(0o444)
    ran = repository.migrate("--format", "github", "bad.py", ".")
    assert ran.status == 2
    first, second, *others = commands(ran.out)
    assert (first.name, first.properties["file"]) == ("error", "bad.py")
    assert first.text.startswith("does not parse")
    assert (second.name, second.properties["file"], second.text) == (
        "error",
        "cannot.py",
        "cannot be written: is read-only",
    )
    assert {one.name for one in others} == {"notice"}
    assert ("not changed: is read-only", "2") in [(one.text, one.properties.get("line")) for one in others]


HOSTILE = [
    "a,line=9.py",
    "co:lon.py",
    "per%0Acent.py",
    "100%25.py",
    "new\nline.py",
    "new\r\n::error::line.py",
    "::error::boo.py",
    "::add-mask::x.py",
    "##[error]boo.py",
    " leading.py",
    "a=b.py",
    "grün 😀.py",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_the_name_of_a_file_and_nothing_else(repository: Repository, name: str) -> None:
    """It ends no property, begins no command, and comes out of the runner as it went in."""
    long = f'    raise KeyError("{"x" * 60}")\n    raise OSError(1, 2)\n'
    manifest = "[tool.black]\nline-length = 80\n"
    repository.write({name: BEFORE + long.encode(), "pyproject.toml": manifest, f"tests/{name}": "raise ValueError(\n"})
    ran = repository.migrate("--check", "--format", "github", ".", f"tests/{name}")
    found = commands(ran.out)
    assert [one.name for one in found] == ["error", "warning", "warning", "notice", "notice"]
    assert [one.properties.get("file") for one in found] == [f"tests/{name}", name, name, name, f"tests/{name}"]
    assert all(one.properties["title"].startswith("flext-codemods: ") for one in found)
    assert any("longer than 80 now: black" in line for line in plain(ran.out))
    assert len(ran.out.splitlines()) == len(found) + len(plain(ran.out))


def test_what_a_terminal_obeys_is_escaped(repository: Repository) -> None:
    """Bytes that are no text, and codes that move the cursor: such a file is not found, and does no harm."""
    repository.write({"pkg/\x1b[2J\udce9.py": BEFORE})
    ran = repository.migrate("--check", "--format", "github")
    assert [one.properties["file"] for one in commands(ran.out)] == ["pkg/\\x1b[2J\\udce9.py"]
    assert ran.out.replace("\n", "").isprintable()


def test_below_a_workspace_names_are_as_seen_from_its_root(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There GitHub looks for them, wherever the step runs."""
    repository.write({"app/src/mod.py": BEFORE, "lib/mod.py": BEFORE})
    monkeypatch.setenv("GITHUB_WORKSPACE", str(repository.root))
    monkeypatch.chdir(repository.root / "app")
    ran = repository.migrate("--check", "--format", "github", "src", "../lib")
    assert {one.properties["file"] for one in commands(ran.out)} == {"app/src/mod.py", "lib/mod.py"}
