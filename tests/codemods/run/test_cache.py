"""A run with the cache does the same as one without; everything that a result depends on is part of its key.

The tests put a mark into the cache, which no source contains, so it shows whether a result came from the cache.
"""

from __future__ import annotations

import os
import shutil
import sys
import types
from pathlib import Path
from typing import Any

import pytest

import flext_analysis
import flext_codemods
import flext_exceptions
from flext_analysis.digest import digest
from flext_codemods.model.file_result import FileResult
from flext_codemods.project.skip import Skip
from flext_codemods.repository.file_scan import FileScan, ScannedFile, Scanner
from flext_codemods.rewrite import pipeline
from flext_codemods.rewrite.cache_entry import cache_entry
from flext_codemods.run import cache, migration
from flext_codemods.storage.packing import packed
from tests.codemods.conftest import AFTER, BEFORE, Repository
from tests.codemods.run.caching import (
    LEFT,
    MARK,
    Change,
    is_as_without,
    kept,
    look,
    mark,
    stored,
)

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
    """Findings in the old bytes do not apply to the new ones."""
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
    """They were read again, and another process had written in between."""
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
