"""A project that supports older Pythons than the library does is told so before anything is written."""

from __future__ import annotations

import pytest

from tests.codemods.conftest import BEFORE, Repository

NEEDED = "dependencies = []\n"
SETUP = "from setuptools import setup\n\n"
OLD = {
    "project": ("pyproject.toml", f'[project]\nname = "x"\nrequires-python = ">=3.9"\n{NEEDED}'),
    "any of a minor version": ("pyproject.toml", f'[project]\nname = "x"\nrequires-python = "==3.10.*"\n{NEEDED}'),
    "not this one": ("pyproject.toml", f'[project]\nname = "x"\nrequires-python = "!=3.9.0, >=3.8"\n{NEEDED}'),
    "poetry": ("pyproject.toml", '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.9"\n'),
    "poetry's table": (
        "pyproject.toml",
        '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = {version = "~3.9 || ^3.12"}\n',
    ),
    "flit": ("pyproject.toml", '[tool.flit.metadata]\nmodule = "x"\nrequires-python = ">=3.7"\n'),
    "setup.cfg": ("setup.cfg", "[options]\npython_requires = >=3.8,<4\n"),
    "setup.cfg with a dash": ("setup.cfg", "[options]\npython-requires =\n    >=3.8\n    <4\n"),
    "setup.py": ("setup.py", f"{SETUP}setup(name='x', python_requires='>=3')\n"),
    "setup.py, a name": ("setup.py", f"{SETUP}LOWEST = '>=3.6'\nsetup(name='x', python_requires=LOWEST)\n"),
    "setup.py, a dict": ("setup.py", f"{SETUP}setup(**{{'name': 'x', 'python_requires': '>=3.6'}})\n"),
    "setup.py, an item": ("setup.py", f"{SETUP}more = {{}}\nmore['python_requires'] = '>=3.6'\nsetup(**more)\n"),
}


@pytest.mark.parametrize("name", OLD)
def test_it_is_said_first_and_the_requirement_is_not_added(name: str, repository: Repository) -> None:
    """The files are still migrated and the manifest is not changed. Every report format says so."""
    file, text = OLD[name]
    repository.write({file: text, "mod.py": BEFORE})
    ran = repository.migrate("--add-dependency")
    assert ran.status == 2 and f"{file}: " in ran.err and "flext-exceptions needs 3.11 or newer" in ran.err
    assert repository.read() == BEFORE
    for more in (["--check"], ["--format", "json"]):
        ran = repository.migrate(*more)
        assert ran.status == int("--check" in more) and ran.err.startswith(f"warning: {file}: ")
    assert repository.read(file).decode() == text


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
    assert "warning" not in repository.migrate().err
