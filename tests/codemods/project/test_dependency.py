"""``--add-dependency`` declares the library in pyproject.toml or requirements.txt and keeps everything else."""

from __future__ import annotations

import tomllib
from importlib.metadata import version

import pytest

from tests.codemods.conftest import BEFORE, Repository

LINE = f"flext-exceptions>={version('flext-exceptions')}"
LISTED = """# our shop
[project]
name = "shop"   # the name
dependencies = [
    "requests>=2",  # http
    "click",
]

[tool.black]
line-length = 99
"""


def added(repository: Repository, files: dict[str, str], *arguments: str) -> str:
    """Run migrate with the option over these files and one site; return what it said."""
    repository.write({"mod.py": BEFORE, **files})
    ran = repository.migrate("--add-dependency", *arguments)
    assert ran.status == 0, ran.err
    return ran.out


def test_a_list_gains_a_line_and_keeps_the_others_with_their_comments(repository: Repository) -> None:
    """The rest of the file is the same to the letter."""
    out = added(repository, {"pyproject.toml": LISTED})
    text = repository.read("pyproject.toml").decode()
    assert tomllib.loads(text)["project"]["dependencies"] == ["requests>=2", "click", LINE]
    assert text.replace(f'    "{LINE}",\n', "") == LISTED
    assert "does not declare" not in out


def test_a_project_without_a_list_is_given_one(repository: Repository) -> None:
    """In its project table."""
    added(repository, {"pyproject.toml": '[project]\nname = "shop"\n'})
    assert tomllib.loads(repository.read("pyproject.toml").decode())["project"]["dependencies"] == [LINE]


def test_poetry_has_its_own_table(repository: Repository) -> None:
    """Name and version apart."""
    before = '[tool.poetry]\nname = "shop"\n\n[tool.poetry.dependencies]\npython = "^3.11"\n'
    added(repository, {"pyproject.toml": before})
    table = tomllib.loads(repository.read("pyproject.toml").decode())["tool"]["poetry"]["dependencies"]
    assert table == {"python": "^3.11", "flext-exceptions": LINE.removeprefix("flext-exceptions")}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("requests\n", f"requests\n{LINE}\n"),
        ("requests", f"requests\n{LINE}\n"),
        ("", f"{LINE}\n"),
        ("requests\r\n", f"requests\r\n{LINE}\r\n"),
    ],
)
def test_requirements_gain_a_line(repository: Repository, before: str, after: str) -> None:
    """Where pyproject.toml lists nothing, or takes it from there."""
    dynamic = '[project]\nname = "shop"\ndynamic = ["dependencies"]\n'
    added(repository, {"requirements.txt": before, "pyproject.toml": dynamic})
    assert repository.read("requirements.txt") == after.encode()
    assert repository.read("pyproject.toml") == dynamic.encode()


def test_a_project_that_declares_it_is_left_as_it_is(repository: Repository) -> None:
    """However it is written there."""
    before = '[project]\ndependencies = ["Flext_Exceptions"]\n'
    added(repository, {"pyproject.toml": before})
    assert repository.read("pyproject.toml") == before.encode()


def test_it_is_part_of_the_run(repository: Repository) -> None:
    """Shown by --diff, said by --check, taken back by undo, and refused where git has not seen the old text."""
    repository.write({"mod.py": BEFORE, "pyproject.toml": LISTED})
    repository.commit()
    ran = repository.command("migrate", "--add-dependency", "--diff")
    assert ran.status == 1 and f'+    "{LINE}",' in ran.out and repository.read("pyproject.toml") == LISTED.encode()
    assert repository.command("migrate", "--add-dependency").status == 0
    assert LINE in repository.read("pyproject.toml").decode()
    assert repository.command("undo").status == 0
    assert repository.read("pyproject.toml") == LISTED.encode()
    repository.write({"pyproject.toml": LISTED + "# more\n"})
    ran = repository.command("migrate", "--add-dependency")
    assert ran.status == 2 and "pyproject.toml: has uncommitted changes" in ran.err
    assert repository.read() == BEFORE


def test_a_project_without_a_place_for_it_is_told_what_to_do(repository: Repository) -> None:
    """One line, and nothing is migrated."""
    repository.write({"mod.py": BEFORE, "setup.py": "import setuptools\nsetuptools.setup(install_requires=[])\n"})
    ran = repository.migrate("--add-dependency")
    assert (ran.status, ran.out) == (2, "")
    assert f"no pyproject.toml or requirements.txt declares dependencies; add {LINE} by hand" in ran.err
    assert repository.read() == BEFORE


def test_the_manifest_is_not_counted_among_the_modules(repository: Repository) -> None:
    """One site in one of one files."""
    assert "rewrote 1 site in 1 of 1 file" in added(repository, {"pyproject.toml": LISTED})
