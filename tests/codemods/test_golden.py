"""Every golden case gives its expected result, and a second run changes nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from flext_codemods.cli import main

GOLDEN = Path(__file__).parent / "golden"


class Case(NamedTuple):
    """One case of a golden file."""

    name: str
    file: str
    others: dict[str, str]
    before: str
    kind: str
    after: str
    options: tuple[str, ...]


def cases() -> Iterator[Case]:
    """Read every case of every golden file."""
    for path in sorted(GOLDEN.glob("*.txt")):
        for text in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, _, rest = text.partition("\n")
            parts = re.split(r"^--- (.*)\n", rest, flags=re.MULTILINE)
            head, sections = parts[0], list(zip(parts[1::2], parts[2::2], strict=True))
            facts = dict(line.split(": ", 1) for line in head.splitlines() if line)
            others = {key.removeprefix("also: "): body for key, body in sections if key.startswith("also: ")}
            before = next(body for key, body in sections if key == "before")
            kind, after = sections[-1]
            options = tuple(facts.get("options", "").split())
            yield Case(f"{path.stem}: {title}", facts.get("file", "pkg/mod.py"), others, before, kind, after, options)


ALL = list(cases())


def write(root: Path, path: str, text: str) -> Path:
    """Write a file of the case's repository."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return file


@pytest.mark.parametrize("case", ALL, ids=[case.name for case in ALL])
def test_a_case_comes_out_as_it_says(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is the one after the run, or the same with the reason in the report, or there is no finding."""
    write(tmp_path, "pyproject.toml", "")
    if case.file.startswith("pkg/"):
        write(tmp_path, "pkg/__init__.py", "")
    for path, text in case.others.items():
        write(tmp_path, path, text)
    file = write(tmp_path, case.file, case.before)
    monkeypatch.chdir(tmp_path)
    arguments = ["migrate", "--allow-no-vcs", "--format", "json", *case.options]
    assert main(arguments) == 0
    report = json.loads(capsys.readouterr().out)
    sites = [site for site in report["sites"] if site["path"] == case.file]
    text = file.read_bytes().decode()
    if case.kind == "after":
        assert text == case.after
        compile(text, case.file, "exec")
        assert main([*arguments, "--check"]) == 0, "a second run would change something"
        return
    assert text == case.before
    if case.kind == "silent":
        assert sites == []
        return
    reason = case.kind.removeprefix("left: ")
    left = [(each["reason"], each["detail"]) for each in report["files_left"] if each["path"] == case.file]
    found = [(site["reason"], site["detail"]) for site in sites] + left
    assert found, "nothing was reported"
    assert {each[0] for each in found} == {reason}, found
    assert all(detail for _, detail in found)


def test_every_golden_file_has_cases_that_change_and_cases_that_do_not() -> None:
    """Silence is tested as hard as findings."""
    kinds: dict[str, set[str]] = {}
    for case in ALL:
        kinds.setdefault(case.name.partition(":")[0], set()).add(case.kind.partition(":")[0])
    for recipe in ("raises", "raise_class", "retarget", "imports"):
        assert "after" in kinds[recipe]
        assert kinds[recipe] & {"left", "silent"}
