"""A project that runs on older versions of Python than the library is told so before anything is written."""

from __future__ import annotations

import pytest

from tests.codemods.conftest import BEFORE, Repository

OLD = {
    "pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.9"\ndependencies = []\n',
    "setup.cfg": "[options]\npython_requires = >=3.8,<4\n",
    "setup.py": "from setuptools import setup\n\nsetup(name='x', python_requires='>=3')\n",
}


@pytest.mark.parametrize("file", OLD)
def test_it_is_said_first_and_the_requirement_is_not_added(file: str, repository: Repository) -> None:
    """The files are migrated all the same; a manifest is not changed."""
    repository.write({file: OLD[file], "mod.py": BEFORE})
    ran = repository.migrate("--add-dependency")
    assert ran.status == 2 and f"{file}: " in ran.err and "flext-exceptions needs 3.11 or newer" in ran.err
    assert repository.read() == BEFORE
    ran = repository.migrate()
    assert ran.status == 0 and ran.out.startswith(f"warning: {file}: ")
    assert repository.read(file).decode() == OLD[file]


@pytest.mark.parametrize(
    "text",
    [
        'requires-python = ">=3.11"',
        'requires-python = "<4"',
        "",
        'requires-python = ">=3.13"',
        'requires-python = ">=3.8,>=3.11"',
    ],
)
def test_nothing_is_said_of_a_project_that_is_new_enough(text: str, repository: Repository) -> None:
    """Or that says nothing."""
    repository.write({"pyproject.toml": f'[project]\nname = "x"\n{text}\n', "mod.py": BEFORE})
    assert "warning" not in repository.migrate().out
