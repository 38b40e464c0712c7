"""The cache on disk: runs that read or write it, damage, other processes, and files that cannot be written."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.codemods.conftest import AFTER, BEFORE, COMMAND, Repository
from tests.codemods.run.caching import (
    LEFT,
    MARK,
    is_as_without,
    kept,
    look,
    mark,
    quiet,
    stored,
)


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_a_run_that_writes_nothing_reads_the_cache_and_leaves_it(option: str, warm: Repository) -> None:
    """If there is no cache, it does not create one."""
    warm.write({"new.py": LEFT})
    before = stored(warm.root).read_bytes()
    ran = warm.migrate(option, "--format", "json")
    assert MARK in ran.out and "new.py" in ran.out
    assert stored(warm.root).read_bytes() == before
    shutil.rmtree(warm.state)
    assert MARK not in warm.migrate(option, "--format", "json").out
    assert not warm.state.exists()


def test_no_cache_neither_reads_nor_writes_it(warm: Repository) -> None:
    """Nor does it make one."""
    warm.write({"new.py": LEFT})
    before = stored(warm.root).read_bytes()
    assert MARK not in warm.migrate("--no-cache", "--format", "json").out
    assert stored(warm.root).read_bytes() == before
    stored(warm.root).unlink()
    warm.migrate("--no-cache")
    assert not stored(warm.root).exists()


def test_stdin_has_no_cache(repository: Repository) -> None:
    """Standard input is not a file, and its origin is unknown."""
    assert repository.spawn("-", input=BEFORE).stdout == AFTER
    assert list(repository.root.iterdir()) == []


def test_a_run_in_one_project_leaves_what_is_kept_for_another(repository: Repository) -> None:
    """They share the cache of their repository; other settings in one of them start it anew."""
    repository.write({"a/pyproject.toml": "", "a/mod.py": LEFT, "b/pyproject.toml": "", "b/mod.py": LEFT})
    repository.commit()
    assert repository.migrate("a").status == repository.migrate("b").status == 0
    mark(repository.root)
    assert look(repository, "a")[1] == {"a/mod.py"}
    assert look(repository, "a", "b")[1] == {"a/mod.py", "b/mod.py"}
    repository.write({"b/pyproject.toml": '[tool.flext]\nallow = ["KeyError"]\n'})
    assert look(repository, "a", "b")[1] == {"a/mod.py"}


def test_a_run_over_a_part_keeps_what_is_known_of_the_rest(warm: Repository) -> None:
    """But not of files that are gone."""
    warm.write({"a/one.py": LEFT, "b/two.py": LEFT})
    warm.commit()
    warm.migrate()
    (warm.root / "b/two.py").unlink()
    warm.migrate("a")
    assert set(kept(warm.root)["findings"]) == {"pkg/mod.py", "a/one.py"}


def damaged(root: Path, how: str) -> bytes:
    """Return the cache with something wrong in it."""
    project: Any = kept(root)
    stamp, findings = project["findings"]["pkg/mod.py"]
    entries = {
        "an entry of text": "x",
        "an entry of one": [stamp],
        "findings of text": [stamp, "x"],
        "a finding of text": [stamp, ["x"]],
        "a finding that is short": [stamp, [findings[0][:-1]]],
        "a line of text": [stamp, [[findings[0][0], "x", *findings[0][2:]]]],
        "a line that is true": [stamp, [[findings[0][0], True, *findings[0][2:]]]],
        "a finding with an object": [stamp, [{"recipe": "raises"}]],
    }
    if how in entries:
        project["findings"]["pkg/mod.py"] = entries[how]
    elif how == "scans of text":
        project["scans"]["pkg/mod.py"][1] = "x"
    elif how == "tables of text":
        project["scans"]["pkg/mod.py"][1][2] = ["x"]
    else:
        project = {
            "parts that are lists": {**project, "scans": [], "findings": []},
            "parts that are missing": {"key": project["key"]},
            "a project of text": "x",
        }[how]
    return json.dumps(project).encode()


RAW = {
    "empty": b"",
    "half": b'{"ke',
    "no object": b"[]",
    "nothing": b"null",
    "no text": b"\xff\x00\x80",
    "too deep": b"[" * 100_000,
    "a number too long": b'{"a": ' + b"9" * 5000 + b"}",
}
SHAPES = [
    "an entry of text", "an entry of one", "findings of text", "a finding of text", "a finding that is short",
    "a line of text", "a line that is true", "a finding with an object", "scans of text", "tables of text",
    "parts that are lists", "parts that are missing", "a project of text",
]  # fmt: skip


@pytest.mark.parametrize("how", [*RAW, *SHAPES])
def test_a_damaged_cache_is_not_used_and_nobody_hears_of_it(how: str, warm: Repository) -> None:
    """What is whole in it may be used; the next run that writes puts a good one in its place."""
    stored(warm.root).write_bytes(RAW[how] if how in RAW else damaged(warm.root, how))
    usual = how in ("scans of text", "tables of text")  # the findings are whole
    assert look(warm)[1] == ({"pkg/mod.py"} if usual else set())
    ran = warm.migrate()
    assert (ran.status, ran.err) == (0, "")
    assert set(kept(warm.root)["scans"]) == {"pkg/__init__.py", "pkg/mod.py", "other.py"}
    assert usual or is_as_without(warm)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def replaced(value: Any, at: int, by: object) -> tuple[Any, int]:
    """Return JSON data with its part number ``at`` replaced, and how many parts are left to count."""
    if at == 0:
        return by, -1
    at -= 1
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(items):
        if at < 0:
            break
        value[key], at = replaced(part, at, by)
    return value, at


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(at=st.integers(0, 70), by=JSON)
def test_no_change_of_the_data_makes_a_run_fail(at: int, by: object, warm: Repository) -> None:
    """Whatever stands there instead of any part of it."""
    if not (warm.root / "clean").exists():
        shutil.copy(stored(warm.root), warm.root / "clean")
    data, _ = replaced(json.loads((warm.root / "clean").read_bytes()), at, by)
    stored(warm.root).write_text(json.dumps(data))
    assert warm.migrate("--check").status == 0


@pytest.mark.parametrize("kind", ["folder", "link to a device", "link to nothing"])
def test_what_is_no_file_is_not_read(kind: str, warm: Repository) -> None:
    """It would be waited for, or never end. A link is replaced, and what it leads to left."""
    stored(warm.root).unlink()
    if kind == "folder":
        stored(warm.root).mkdir()
    else:
        stored(warm.root).symlink_to("/dev/zero" if kind == "link to a device" else "../nothing")
    ran = warm.migrate()
    assert (ran.status, ran.err) == (0, "")
    assert stored(warm.root).is_dir() is (kind == "folder")
    assert sorted(path.name for path in warm.state.iterdir() if path.suffix == ".tmp") == []
    assert not (warm.root / "nothing").exists()


def test_a_cache_that_cannot_be_written_is_no_error(warm: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run is as without, and no temporary file stays."""
    warm.write({"new.py": LEFT})
    before = stored(warm.root).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")  # noqa: FLX101, FLX103

    monkeypatch.setattr(Path, "replace", full)
    ran = warm.migrate()
    assert (ran.status, ran.err) == (0, "")
    assert stored(warm.root).read_bytes() == before
    assert not list(warm.state.glob("*.tmp"))


def test_readers_see_a_whole_cache_while_others_write_it(repository: Repository) -> None:
    """Runs that look on while others write, many at once, say what a run without says."""
    repository.write({f"m{number}.py": LEFT for number in range(60)})
    expected = look(repository, "--no-cache")[0]["sites"]
    command = [*COMMAND, "--allow-no-vcs", "--format", "json"]
    writers = [subprocess.Popen([*command, *extra], cwd=repository.root, **quiet()) for extra in [[], [], []]]
    readers = [subprocess.Popen([*command, "--check"], cwd=repository.root, **quiet()) for _ in range(4)]
    for process in readers:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, b"")
        assert json.loads(out)["sites"] == expected
    statuses = {process.wait(timeout=60) for process in writers}
    for process in writers:
        process.communicate()
    assert 0 in statuses and statuses <= {0, 2}  # 2: another run is writing
    assert len(kept(repository.root)["findings"]) == 60
    assert is_as_without(repository)
