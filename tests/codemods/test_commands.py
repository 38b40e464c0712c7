"""The recipes as LibCST commands give the same bytes as ``migrate``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import libcst as cst
import pytest
from libcst.codemod import CodemodContext, SkipFile, TransformSuccess, transform_module

from flext_codemods import commands
from flext_codemods.recipes import all_recipes
from tests.codemods.conftest import BEFORE, Repository
from tests.codemods.test_golden import ALL, Case, write

CLASSES = {command.RECIPE: command for command in vars(commands).values() if hasattr(command, "RECIPE")}
SHOP = Path(__file__).parents[2] / "examples" / "legacy_shop"
ALONE = [
    case
    for case in ALL
    if case.kind == "after" and case.name.partition(":")[0].replace("_", "-") in all_recipes()
    if not case.options or case.options[:-1] in (("--unsafe", "--select"), ("--select",))
    if not case.options or not (case.options[-1].startswith("+") or "," in case.options[-1])
]


def name_of(case: Case) -> str:
    """Return the recipe that a case is for."""
    return case.name.partition(":")[0].replace("_", "-")


def test_there_is_a_command_for_each_recipe() -> None:
    """By its name in CapWords."""
    assert set(CLASSES) == set(all_recipes())
    assert CLASSES["raise-class"].__name__ == "RaiseClass" and "RaiseClass" in commands.__all__
    assert {name_of(case) for case in ALONE} == set(all_recipes()), "a recipe has no golden case of its own"


@pytest.mark.parametrize("case", ALONE, ids=[case.name for case in ALONE])
def test_a_command_gives_what_migrate_gives(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Repository
) -> None:
    """For each golden case of a recipe, run with that recipe alone."""
    write(tmp_path, "pyproject.toml", "")
    write(tmp_path, "pkg/__init__.py", "")
    for path, text in case.others.items():
        write(tmp_path, path, text)
    file = write(tmp_path, case.file, case.before)
    commands.job_for.cache_clear()
    command = CLASSES[name_of(case)](CodemodContext(filename=str(file)))
    done = transform_module(command, file.read_bytes().decode())
    assert isinstance(done, TransformSuccess), done
    ran = repository.migrate("--unsafe", "--select", name_of(case))
    assert ran.status == 0, ran.err
    assert done.code.encode() == file.read_bytes()
    assert file.read_bytes() != case.before.encode()


def test_what_is_left_comes_as_a_warning_and_a_file_left_whole_is_skipped(repository: Repository) -> None:
    """With the reason."""
    repository.write({"mod.py": 'def f():\n    raise ValueError("a", 1)\n', "old.py": BEFORE, "u.py": BEFORE})
    commands.job_for.cache_clear()
    context = CodemodContext(filename=str(repository.root / "mod.py"))
    command = CLASSES["raises"](context)
    tree = cst.parse_module(repository.read())
    assert command.transform_module(tree).bytes == tree.bytes
    assert context.warnings == ["2:5: left (arguments): 2 positional arguments"]
    context = CodemodContext(filename=str(repository.root / "mod.pyi"))
    with pytest.raises(SkipFile, match="pyi files are not changed"):
        CLASSES["raises"](context).transform_module(tree)


def test_the_tool_of_libcst_gives_the_files_that_migrate_gives(repository: Repository) -> None:
    """Run as a program, with two processes, over the legacy shop."""
    for name in ("one", "other"):
        shutil.copytree(SHOP, repository.root / name)
    tool = [sys.executable, "-m", "libcst.tool", "codemod", "-x", "flext_codemods.commands.Raises"]
    ran = subprocess.run(
        [*tool, "--no-format", "--jobs", "2", "shop"],
        cwd=repository.root / "one",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Failed to codemod 0 files" in ran.stderr
    assert repository.migrate("other", "--select", "raises").status == 0
    changed = 0
    for file in sorted((repository.root / "other" / "shop").glob("*.py")):
        assert (repository.root / "one" / "shop" / file.name).read_bytes() == file.read_bytes(), file.name
        changed += file.read_bytes() != (SHOP / "shop" / file.name).read_bytes()
    assert changed > 5
