"""In a run from the top of a monorepo, every project keeps its own settings."""

from __future__ import annotations

import pytest

from tests.codemods.conftest import BEFORE, Repository

OWN = 'class BadAmount(ValueError):\n    """Too much."""\n'


@pytest.fixture
def monorepo(repository: Repository) -> Repository:
    """Two projects, of which one has settings, and a broken one when it is asked for."""
    settings = (
        '[project]\nname = "till"\n[tool.flext]\ntests = ["checks/**"]\nexclude = ["till/old.py"]\n'
        'allow = ["KeyError"]\n[tool.flext.targets]\nValueError = "till.errors.BadAmount"\n'
    )
    repository.write(
        {
            "till/pyproject.toml": settings,
            "till/till/__init__.py": "",
            "till/till/errors.py": OWN,
            "till/till/pay.py": BEFORE + b"\n\ndef g():\n    raise KeyError(1)\n",
            "till/till/old.py": BEFORE,
            "till/checks/data.py": BEFORE,
            "stock/pyproject.toml": '[project]\nname = "stock"\n',
            "stock/stock/__init__.py": "",
            "stock/stock/count.py": b"def f():\n    raise KeyError(1)\n",
            "stock/checks/data.py": BEFORE,
            "stock/old.py": BEFORE,
        }
    )
    repository.commit()
    return repository


def test_each_project_keeps_its_targets_tests_allow_and_exclude(monorepo: Repository) -> None:
    """Whether the run starts at the top or in the project."""
    for path in (".", "till", "stock"):
        sites = monorepo.migrate("--check", "--format", "json", path).report()["sites"]
        found = {
            (site["path"], site["builtin"]): site["target"] if not site["reason"] else site["reason"] for site in sites
        }
        if path != "stock":
            assert found["till/till/pay.py", "ValueError"] == "till.errors.BadAmount"
            assert found["till/till/pay.py", "KeyError"] == found["till/till/old.py", "ValueError"] == "suppressed"
            assert found["till/checks/data.py", "ValueError"] == "test-file"
        if path != "till":
            assert found["stock/stock/count.py", "KeyError"] == "flext_exceptions.FlextExceptions.KeyError"
            expected = "flext_exceptions.FlextExceptions.ValidationError"
            assert found["stock/checks/data.py", "ValueError"] == found["stock/old.py", "ValueError"] == expected


def test_broken_settings_anywhere_on_the_way_are_named(monorepo: Repository) -> None:
    """In one line."""
    monorepo.write({"stock/pyproject.toml": "[tool.flext"})
    ran = monorepo.migrate("--check")
    assert ran.status == 2 and "stock/pyproject.toml: " in ran.err and ran.err.count("\n") == 1


def test_settings_hold_for_the_projects_below_that_have_none(monorepo: Repository) -> None:
    """As with ruff."""
    monorepo.write({"pyproject.toml": '[tool.flext]\nexclude = ["stock/*.py"]\n'})
    sites = monorepo.migrate("--check", "--format", "json").report()["sites"]
    assert {site["reason"] for site in sites if site["path"] == "stock/old.py"} == {"suppressed"}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", '[tool.pytest.ini_options]\ntestpaths = ["specs"]\npython_files = ["check_*.py"]\n'),
        ("pytest.ini", "[pytest]\ntestpaths = specs\npython_files = check_*.py\n"),
        ("setup.cfg", "[tool:pytest]\ntestpaths = specs\npython_files = check_*.py\n"),
        ("tox.ini", "[pytest]\ntestpaths = specs\npython_files = check_*.py\n"),
    ],
)
def test_the_settings_of_pytest_say_what_is_test_code(file: str, text: str, repository: Repository) -> None:
    """A file next to it is not part of the project."""
    names = ("specs/data.py", "shop/check_cart.py", "shop/cart.py")
    repository.write({file: text, "shop/__init__.py": "", **dict.fromkeys(names, BEFORE)})
    sites = repository.migrate("--check", "--format", "json").report()["sites"]
    assert [site["reason"] for site in sorted(sites, key=lambda site: names.index(site["path"]))] == [
        "test-file"
    ] * 2 + [""]


def test_testpaths_that_hold_the_program_make_no_tests_of_it(repository: Repository) -> None:
    """They are there for doctests."""
    repository.write(
        {
            "pyproject.toml": '[tool.pytest.ini_options]\ntestpaths = ["shop", "src", "."]\n',
            "shop/__init__.py": "",
            "shop/cart.py": BEFORE,
            "src/mod.py": BEFORE,
        }
    )
    assert repository.migrate("--check", "--format", "json").report()["summary"]["migrated"] == 2
