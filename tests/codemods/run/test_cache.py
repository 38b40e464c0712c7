"""A run with the cache says and does what it would without; what a result depends on is part of its key.

Whether a result came from the cache shows by a mark that is put there: no run finds it in a source.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import flext_analysis
import flext_codemods
import flext_exceptions
from flext_analysis.digest import digest
from flext_analysis.semantics import star_imports as stars
from flext_codemods.cli import main
from flext_codemods.model.file_result import FileResult
from flext_codemods.model.finding import Finding
from flext_codemods.project.skip import Skip
from flext_codemods.repository.file_scan import FileScan, ScannedFile, Scanner
from flext_codemods.rewrite import pipeline
from flext_codemods.rewrite.cache_entry import cache_entry
from flext_codemods.run import cache, migration
from flext_codemods.storage.packing import packed
from flext_codemods.storage.state_dir import state_folder
from tests.codemods.conftest import AFTER, BEFORE, COMMAND, Ran, Repository

LEFT = "def f(x):\n    raise ValueError(x, 1)\n"  # several arguments: left, and so found anew by every run
SKIP = Finding._fields.index("skip")
MARK = "found in the cache"
Change = Callable[[Repository], object]


def stored(root: Path) -> Path:
    """Return the file of the cache."""
    return state_folder(root) / "clean.json"


def kept(root: Path) -> dict[str, Any]:
    """Return what is kept for the next run."""
    found: dict[str, Any] = json.loads(stored(root).read_bytes())
    return found


def mark(root: Path) -> None:
    """Mark each finding in the cache."""
    found = kept(root)
    for _stamp, findings in found["findings"].values():
        for finding in findings:
            finding[SKIP] = packed(Skip("arguments", MARK))
    stored(root).write_text(json.dumps(found))


def without_seconds(ran: Ran) -> dict[str, Any]:
    """Return a report without what no two runs share."""
    report = ran.report()
    report["summary"].pop("seconds")
    return report


def look(repository: Repository, *arguments: str) -> tuple[dict[str, Any], set[str]]:
    """Return the report of a run that writes nothing, and the files whose findings came from the cache."""
    stars.top_level.cache_clear()  # its life is that of a process, and here one process runs many times
    report = without_seconds(repository.migrate("--check", "--format", "json", *arguments))
    return report, {site["path"] for site in report["sites"] if site["detail"] == MARK}


def is_as_without(repository: Repository, *arguments: str) -> bool:
    """Say whether a run says the same with the cache and without, where nothing in it is marked."""
    return look(repository, *arguments)[0] == look(repository, "--no-cache", *arguments)[0]


@pytest.fixture
def warm(repository: Repository) -> Repository:
    """A repository with a site that is left, the findings in the cache, and marked."""
    repository.write({"pkg/__init__.py": "", "pkg/mod.py": LEFT, "other.py": "x = 1\n"})
    assert repository.migrate().status == 0
    assert is_as_without(repository)
    mark(repository.root)
    assert look(repository)[1] == {"pkg/mod.py"}
    return repository


# What changes nothing about pkg/mod.py.
BESIDE: dict[str, Change] = {
    "nothing": lambda repository: None,
    "another module": lambda repository: repository.write({"other.py": LEFT}),
    "a new module without a package": lambda repository: repository.write({"new/mod.py": LEFT}),
    "a test that shows nothing": lambda repository: repository.write({"tests/test_x.py": "def test(): pass\n"}),
    "a package elsewhere": lambda repository: repository.write({"second/__init__.py": ""}),
    "another module gone": lambda repository: (repository.root / "other.py").unlink(),
}


@pytest.mark.parametrize("change", BESIDE.values(), ids=BESIDE)
def test_findings_are_used_again_while_nothing_that_they_depend_on_changes(change: Change, warm: Repository) -> None:
    """Other files come and go."""
    change(warm)
    report, marked = look(warm)
    assert marked == {"pkg/mod.py"}
    real = look(warm, "--no-cache")[0]
    for site in [*report["sites"], *real["sites"]]:
        site["detail"] = MARK if site["path"] == "pkg/mod.py" else site["detail"]
    assert report == real


# What may change the findings in pkg/mod.py, with the options of the run.
WORTH_A_LOOK: dict[str, tuple[Change, tuple[str, ...]]] = {
    "its bytes": (lambda repository: repository.write({"pkg/mod.py": LEFT + "# more\n"}), ()),
    "a type table elsewhere": (
        lambda repository: repository.write(
            {"tables.py": "T = {ValueError: 1}\n", "reads.py": "from tables import T\nT.get(type(e))\n"}
        ),
        (),
    ),
    "a typed handler elsewhere": (
        lambda repository: repository.write(
            {"h.py": "from flext_exceptions import FlextExceptions\ntry:\n    f()\nexcept FlextExceptions:\n    pass\n"}
        ),
        (),
    ),
    "a test that shows a text": (
        lambda repository: repository.write({"tests/test_x.py": "assert out == 'ValueError: no'\n"}),
        (),
    ),
    "a doctest elsewhere": (
        lambda repository: repository.write(
            {"doc.py": '"""\n>>> f()\nTraceback (most recent call last):\nValueError: no\n"""\n'}
        ),
        (),
    ),
    "an __init__.py above": (lambda repository: repository.write({"__init__.py": ""}), ()),
    "an __init__.py gone": (lambda repository: (repository.root / "pkg/__init__.py").unlink(), ()),
    "a target of the project's": (
        lambda repository: repository.write(
            {
                "pkg/errors.py": "class Bad(ValueError): pass\n",
                "pyproject.toml": '[tool.flext.targets]\nValueError = "pkg.errors.Bad"\n',
            }
        ),
        (),
    ),
    "settings that call it a test": (
        lambda repository: repository.write({"pyproject.toml": '[tool.flext]\ntests = ["pkg"]\n'}),
        (),
    ),
    "a build that needs it": (
        lambda repository: repository.write({"setup.py": "from pkg.mod import f\nraise KeyError(1, 2)\n"}),
        (),
    ),
    "a compiler": (lambda repository: repository.write({"pkg/mod.pxd": ""}), ()),
    "--select": (lambda repository: None, ("--select", "raises")),
    "--ignore": (lambda repository: None, ("--ignore", "retarget")),
    "--unsafe": (lambda repository: None, ("--unsafe",)),
    "--to": (lambda repository: None, ("--select", "raises", "--to", "flext_core")),
}


@pytest.mark.parametrize(("change", "arguments"), WORTH_A_LOOK.values(), ids=WORTH_A_LOOK)
def test_a_change_of_what_findings_depend_on_is_a_reason_to_look_anew(
    change: Change, arguments: tuple[str, ...], warm: Repository
) -> None:
    """Nothing marked is left, and the report is as without the cache."""
    change(warm)
    report, marked = look(warm, *arguments)
    assert marked == set()
    assert report == look(warm, "--no-cache", *arguments)[0]
    assert "pkg/mod.py" in {site["path"] for site in report["sites"]} or "--to" in arguments


def test_what_is_test_code_is_part_of_the_key(repository: Repository) -> None:
    """With --tests its sites are sites; --include takes a vendored file along."""
    repository.write({"tests/test_a.py": LEFT, "vendor/b.py": LEFT})
    repository.migrate()
    mark(repository.root)
    assert look(repository)[1] == {"tests/test_a.py", "vendor/b.py"}
    assert look(repository, "--tests")[1] == {"vendor/b.py"}
    assert look(repository, "--include", "vendor")[1] == {"tests/test_a.py"}


def test_unsafe_is_part_of_the_key_where_the_recipes_are_the_same(repository: Repository) -> None:
    """A safe one may do more under it."""
    repository.write({"mod.py": LEFT})
    repository.migrate("--select", "raises")
    mark(repository.root)
    assert look(repository, "--select", "raises")[1] == {"mod.py"}
    assert look(repository, "--select", "raises", "--unsafe")[1] == set()


def test_a_file_that_cannot_be_read_or_rewritten_is_not_kept(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run says so again."""
    repository.write({"broken.py": LEFT + "this is no Python\n", "mod.py": BEFORE})
    monkeypatch.setattr(pipeline, "carried_out", lambda *_: pipeline.EditedFile(None, [], "is bewitched"))
    for _ in range(2):
        ran = repository.migrate()
        assert (ran.status, ran.err) == (2, "flext-codemods: mod.py: not changed: is bewitched\n")
        assert "broken.py: does not parse" in ran.out
        assert kept(repository.root)["findings"] == {}


def test_a_file_that_moved_is_looked_at_anew(warm: Repository) -> None:
    """Its name is what it is kept under; its old name is forgotten by the next run that writes."""
    (warm.root / "pkg/mod.py").rename(warm.root / "pkg/moved.py")
    assert look(warm)[1] == set() and is_as_without(warm)
    assert warm.migrate().status == 0
    assert set(kept(warm.root)["findings"]) == {"pkg/moved.py"}
    assert set(kept(warm.root)["scans"]) == {"pkg/__init__.py", "pkg/moved.py", "other.py"}


def test_a_repository_that_moved_is_looked_at_anew(warm: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """As is one that is looked at from another folder: reports name files as seen from there."""
    monkeypatch.chdir(warm.root / "pkg")
    assert look(warm, str(warm.root))[1] == set() and is_as_without(warm, str(warm.root))
    monkeypatch.chdir(warm.root)
    shutil.copytree(warm.root, warm.root.parent / "moved")
    monkeypatch.chdir(warm.root.parent / "moved")
    assert look(warm)[1] == set() and is_as_without(warm)


@pytest.mark.parametrize("text", ["from names import *\n", "# coding: latin-1\n# \xe9\n"], ids=["star", "encoding"])
def test_a_file_with_a_star_or_in_another_encoding_is_not_kept(text: str, repository: Repository) -> None:
    """A star binds what another file says; bytes of another encoding may hide one."""
    repository.write({"names.py": "x = 1\n", "mod.py": (text + LEFT).encode("latin-1")})
    repository.migrate()
    assert set(kept(repository.root)["findings"]) == set()
    before = look(repository)[0]
    repository.write({"names.py": "ValueError = 1\n"})
    assert is_as_without(repository)
    assert (look(repository)[0] != before) is ("*" in text)


def copied_code(folder: Path) -> dict[str, str]:
    """Copy our packages into a folder; return the environment in which they are the ones that run."""
    for package in (flext_analysis, flext_codemods, flext_exceptions):
        source = Path(str(package.__file__)).parent
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "libcst").mkdir()
    (folder / "libcst/__init__.py").touch()
    (folder / "libcst/_version.py").write_text("__version__ = '1'\n")
    return {"PYTHONPATH": str(folder)}


EDITED = (
    "flext_codemods/recipes/raises.py",
    "flext_analysis/syntax/bindings.py",
    "flext_exceptions/codes.py",
    "libcst/_version.py",
)


def test_other_code_looks_anew(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An edit in a developer's checkout, another version of ours or of LibCST's."""
    folder = tmp_path_factory.mktemp("code")
    environment = copied_code(folder)
    repository.write({"mod.py": LEFT})

    def marked() -> bool:
        ran = repository.spawn("--check", "--format", "json", env=environment)
        return MARK in ran.stdout.decode()

    assert repository.spawn("--allow-no-vcs", env=environment).returncode == 0
    mark(repository.root)
    for edited in EDITED:
        file = folder / edited
        text, stat = file.read_text(), file.stat()
        file.write_text(f"{text}# edited\n")
        assert not marked(), edited
        file.write_text(text)
        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert marked()  # so it was the edits


def test_another_python_looks_anew(warm: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may parse another language."""
    monkeypatch.setattr(cache, "sys", types.SimpleNamespace(version=f"{sys.version} patched"))
    cache.code_key.cache_clear()
    try:
        assert look(warm)[1] == set()
    finally:
        cache.code_key.cache_clear()


def test_what_will_be_found_in_a_rewritten_file_is_kept_by_the_run_that_rewrites_it(repository: Repository) -> None:
    """So the second run has nothing left to look at, although the lines have moved, and writes no cache."""
    text = (BEFORE.decode() + LEFT).replace("def f(x)", "def g(x)")
    doctest = text.replace("def g", '"""\n>>> f()\nTraceback (most recent call last):\nValueError: other\n"""\ndef g')
    repository.write({"mod.py": text, "doc.py": doctest})
    assert repository.migrate().status == 0
    assert b"FlextExceptions" in repository.read("mod.py") and b"FlextExceptions" in repository.read("doc.py")
    assert is_as_without(repository)
    mark(repository.root)
    before = stored(repository.root).stat()
    assert repository.migrate().status == 0
    assert look(repository)[1] == {"mod.py", "doc.py"}
    after = stored(repository.root).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_finding_that_names_a_line_elsewhere_is_found_anew_when_that_moves(repository: Repository) -> None:
    """One that names none is not."""
    test = "def test():\n    assert out == 'ValueError: no'\n"
    repository.write({"mod.py": BEFORE, "other.py": LEFT, "tests/test_mod.py": test})
    assert repository.migrate().status == 0
    mark(repository.root)
    assert look(repository)[1] == {"mod.py", "other.py"}
    repository.write({"tests/test_mod.py": "\n" + test})
    report, marked = look(repository)
    assert marked == {"other.py"}
    assert [site["detail"] for site in report["sites"] if site["path"] == "mod.py"] == [
        "a test shows ValueError: no (tests/test_mod.py:3)"
    ]


def test_a_file_with_edits_is_never_taken_from_the_cache(repository: Repository) -> None:
    """Its old bytes, put back, are migrated again."""
    repository.write({"mod.py": BEFORE})
    for _ in range(2):
        assert repository.migrate().status == 0
        assert repository.read() == AFTER
        repository.write({"mod.py": BEFORE})


def test_a_file_that_changes_under_a_run_is_found_anew(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found in its old bytes says nothing about the new ones."""
    repository.write({"mod.py": LEFT})
    right = migration.rewrite_batch

    def late(paths: list[Path], job: Any) -> list[FileResult]:
        results = right(paths, job)
        for path in paths:
            path.write_text(LEFT.replace("1", "1, 2"))
        return results

    with monkeypatch.context() as patched:
        patched.setattr(migration, "rewrite_batch", late)
        repository.migrate()
    mark(repository.root)
    assert look(repository)[1] == set()
    assert is_as_without(repository)


def test_what_is_learned_of_other_bytes_is_not_kept(tmp_path: Path) -> None:
    """They were read again, and somebody had written in between."""
    mine = cache.Cache(tmp_path, [])
    mine.learn(ScannedFile(tmp_path / "mod.py", digest(b"old"), FileScan(1)))
    mine.learn(ScannedFile(tmp_path / "mod.py", digest(b"new"), FileScan(2)))
    assert mine.scans_now["mod.py"][1] == packed(FileScan(1))
    mine.learn(ScannedFile(tmp_path / "mod.py", digest(b"old"), FileScan(2)))
    assert mine.scans_now["mod.py"][1] == packed(FileScan(2))


@pytest.mark.parametrize("whole", [None, Skip("standalone", "generated")])
def test_findings_in_new_bytes_that_make_the_file_another_kind_are_not_kept(whole: Skip | None, tmp_path: Path) -> None:
    """They were made when it still was what its old bytes said."""
    exclusions: Any = types.SimpleNamespace(skip=lambda path, raw: whole if raw == b"new" else None)
    result = FileResult(str(tmp_path / "mod.py"), old=b"old", new=b"new", after=())
    found = cache_entry(b"old", None, result, exclusions, Scanner(tmp_path, [], "flext_exceptions"))
    assert (found is None) is bool(whole)


def test_the_key_does_not_hang_on_the_order_in_which_sets_give_their_members(repository: Repository) -> None:
    """That is another one in each process."""
    handler = (
        "from flext_exceptions import FlextExceptions\ntry:\n    f()\nexcept FlextExceptions.ConnectionError:\n    x\n"
    )
    repository.write({"mod.py": LEFT, "handler.py": handler})
    for seed in range(4):
        ran = repository.spawn("--allow-no-vcs", "--format", "json", env={"PYTHONHASHSEED": str(seed)})
        assert ran.returncode == 0 and (MARK in ran.stdout.decode()) is (seed > 0)
        mark(repository.root)


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_a_run_that_writes_nothing_reads_the_cache_and_leaves_it(option: str, warm: Repository) -> None:
    """Where there is none it makes none."""
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
    """It is no file, and where it came from nobody knows."""
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


def quiet() -> dict[str, Any]:
    """Return the options of a process whose output is looked at."""
    return {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}


# A recipe that read more than this would have findings that the cache takes for good when they are not any more.
SPY = """
import sys
from pathlib import Path
from flext_analysis.semantics.star_imports import star_exports
from flext_codemods.workers.executors import Workers
from flext_codemods.options import Options
from flext_codemods.run.prepare import prepare
from flext_codemods.recipes import all_recipes
from flext_codemods.rewrite.pipeline import rewrite
everything = tuple(name for name, recipe in all_recipes().items() if recipe.by_default)
given = (False, True, everything, True, True, ("*",), "1", "text", True, True, "flext_exceptions")
options = Options(*given, cache=False)
prepared = prepare(Path.cwd(), [Path.cwd()], options, Workers("1"))
job, found = prepared.job_of(Path.cwd() / "pkg/names.py"), prepared.scan
contents = {path: path.read_bytes() for path in found.files if path.suffix == ".py"}
for raw in contents.values():
    rewrite(Path.cwd() / "first.py", raw, job)  # imports are over
star_exports.__globals__["top_level"].cache_clear()
opened = set()
here = str(Path.cwd())
sys.addaudithook(lambda event, given: opened.add(Path(str(given[0])).name)
                 if event in ("open", "os.listdir", "os.scandir") and str(given[0]).startswith(here) else None)
for path, raw in contents.items():
    rewrite(path, raw, job)
print(sorted(opened), len(contents))
"""


def test_recipes_read_no_other_file_but_what_a_star_imports(repository: Repository) -> None:
    """Whatever else they know of the repository stands in its surroundings, which the key holds."""
    golden = Path(__file__).parents[1] / "golden"
    repository.write({f"pkg/{path.stem.replace('-', '_')}.py": python_in(path) for path in golden.glob("*.txt")})
    repository.write({"pkg/__init__.py": "", "pkg/names.py": "x = 1\n", "pkg/star.py": f"from .names import *\n{LEFT}"})
    ran = subprocess.run(
        [sys.executable, "-c", SPY], cwd=repository.root, capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.startswith("['names.py'] ")


def python_in(golden: Path) -> str:
    """Return the lines of a golden file that parse, block by block."""
    blocks = golden.read_text().split("\n\n\n")

    def parses(block: str) -> bool:
        try:
            compile(block, "block", "exec", dont_inherit=True)
        except SyntaxError:
            return False
        return True

    return "\n\n\n".join(filter(parses, blocks)) + f"\n\n\n{LEFT}"


NAMES = ["mod.py", "pkg/__init__.py", "pkg/a.py", "pkg/b.py", "tests/test_a.py", "README.md", "pyproject.toml"]
TEXTS = [
    LEFT,
    BEFORE.decode(),
    f"\n\n{BEFORE.decode()}\n{LEFT.replace('f(', 'g(')}",
    "T = {ValueError: 1, KeyError: 2}\n",
    "from pkg.a import T\ndef g(e):\n    return T.get(type(e))\n",
    "from flext_exceptions import FlextExceptions\ntry:\n    g()\nexcept FlextExceptions.ValidationError:\n    pass\n",
    f"try:\n    g()\nexcept KeyError:\n    raise ValueError('other')\n{BEFORE.decode()}",
    "def test():\n    assert out == 'ValueError: no'\n",
    f'"""\n>>> f()\nTraceback (most recent call last):\n    ...\nValueError: no\n"""\n{BEFORE.decode()}',
    f"from pkg.b import *\n{BEFORE.decode()}{LEFT}",
    "class ValueError(Exception): pass\n",
    "class Bad(ValueError): pass\n",
    "from pkg.mod import x\nthis is no Python\n",
    f"{LEFT}this is no Python\n",
    "def describe(err):\n    return type(err).__name__\n",
    "try:\n    f(1)\nexcept ValueError as err:\n    print(describe(err))\n",
    "try:\n    g(1)\nexcept ValueError as err:\n    print(err.__class__.__name__)\n",
    "[tool.flext]\ntests = ['pkg/b.py']\n",
    "[tool.flext.targets]\nValueError = 'pkg.a.Bad'\n",
    "",
]
OPTIONS: list[tuple[str, ...]] = [
    (),
    (),
    (),
    ("--tests",),
    ("--unsafe",),
    ("--select", "raises"),
    ("--check",),
    ("pkg",),
]
Step = tuple[dict[str, str | None], tuple[str, ...]]
STEPS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(NAMES), st.none() | st.sampled_from(TEXTS), max_size=4),
        st.sampled_from(OPTIONS),
    ),
    min_size=2,
    max_size=6,
)


def put(root: Path, files: dict[str, str | None]) -> None:
    """Write some files, and take away those that have no text."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink(missing_ok=True)
        elif path.suffix != ".toml" or text.startswith("[") or not text:
            path.write_text(text)


def outcome(root: Path, *arguments: str) -> tuple[int, object, str, dict[str, bytes]]:
    """Run migrate in a folder; return status, report, errors and the files."""
    stars.top_level.cache_clear()
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(root), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["migrate", "--allow-no-vcs", "--format", "json", *arguments])
    report = json.loads(out.getvalue()) if out.getvalue() else {"summary": {"seconds": 0}}
    report["summary"].pop("seconds")
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    return status, report, err.getvalue(), {str(path.relative_to(root)): path.read_bytes() for path in files}


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_whatever_is_edited_in_between_a_run_does_as_without_the_cache(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    """Two copies of a repository go through the same edits and runs; both are looked at from inside."""
    home = tmp_path_factory.mktemp("home")
    for name in ("with", "without"):
        (home / name / "repository").mkdir(parents=True)
        (home / name / "repository/pkg").mkdir()
    for files, arguments in [*steps, ({}, ())]:
        seen = []
        for name, more in (("with", ()), ("without", ("--no-cache",))):
            root = home / name / "repository"
            put(root, files)
            seen.append(outcome(root, *arguments, *more))
        assert seen[0] == seen[1]
    shutil.rmtree(home)
