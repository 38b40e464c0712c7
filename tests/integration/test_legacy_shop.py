"""The example application is migrated as the README shows, and its own tests stay green."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location("shop_output", Path(__file__).parents[2] / "docs" / "shop_output.py")
assert SPEC is not None and SPEC.loader is not None
SHOP_OUTPUT = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(SHOP_OUTPUT)

SHOP = Path(__file__).parents[2] / "examples" / "legacy_shop"
UNSAFE = "chain,context,handlers,rebase,specialise"  # as in examples/migrate.sh
PATCH = SHOP.parent / "by_hand.patch"


def run(*command: str, cwd: Path, expected: int = 0) -> str:
    """Run a command in a folder and return what it prints; pytest without the plugins that happen to be installed."""
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=alone)
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout


def suite(shop: Path) -> str:
    """Run the shop's own tests and return their closing line."""
    return run(sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=shop).splitlines()[-1]


def migrate(shop: Path, *options: str, expected: int = 0) -> dict[str, dict[str, int]]:
    """Run migrate on the shop and return its report."""
    command = (sys.executable, "-m", "flext_codemods", "migrate", "--format", "json", *options, ".")
    report: dict[str, dict[str, int]] = json.loads(run(*command, cwd=shop, expected=expected))
    return report


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a copy of the shop in a git repository of its own, all committed."""
    copy = tmp_path / "shop"
    shutil.copytree(SHOP, copy, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    (copy / ".gitignore").write_text("__pycache__/\n")
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.invalid")
    run("git", "init", "--quiet", cwd=copy)
    run("git", "add", ".", cwd=copy)
    run("git", *identity, "commit", "--quiet", "-m", "shop", cwd=copy)
    return copy


def test_the_shop_is_migrated_and_its_tests_stay_green(shop: Path) -> None:
    """At least four fifths of its migratable raises are migrated; as many tests pass as before; the diff is all."""
    before = suite(shop).split()[0]
    checked = migrate(shop, "--check", expected=1)["summary"]
    summary = migrate(shop)["summary"]
    assert summary["migrated"] == checked["migrated"] >= 0.8 * summary["migratable"] >= 40
    assert suite(shop).split()[0] == before
    changed = run("git", "diff", "--name-only", cwd=shop).split()
    assert len(changed) == summary["changed"]
    assert all(name.startswith("shop/") for name in changed)


def codes(shop: Path) -> list[str]:
    """Return the code of everything that the linter finds in the shop, with all rules on."""
    command = (sys.executable, "-m", "flake8", "--isolated", "--select=FLX", "--exit-zero", "--format=%(code)s", ".")
    return run(*command, cwd=shop).split()


def test_the_linter_goes_from_dozens_of_findings_to_none(shop: Path) -> None:
    """At least 15 different codes before; none after migrate, its unsafe recipes, and what a person did by hand.

    The tests are green at each step.
    """
    passed = suite(shop).split()[0]
    before = codes(shop)
    assert len(before) > 60 and len(set(before)) >= 15
    migrate(shop)
    after = codes(shop)
    assert before.count("FLX103") - after.count("FLX103") >= 45
    migrate(shop, "--unsafe", "--select", UNSAFE, "--add-dependency", "--allow-dirty")
    wild = codes(shop)
    assert len(wild) < 35 and not {"FLX201", "FLX203", "FLX204", "FLX207"} & set(wild)
    assert suite(shop).split()[0] == passed
    run("git", "apply", str(PATCH), cwd=shop)
    assert codes(shop) == []
    assert suite(shop).split()[0] == passed
    migrate(shop, "--check", "--allow-dirty")
    which_part(shop)


def which_part(shop: Path) -> None:
    """A test that expects another error says which part of it differs."""
    command = (sys.executable, "-m", "pytest", "-q", "-p", "flext_pytest.plugin", "-p", "no:cacheprovider")
    said = run(*command, "--rootdir", str(SHOP.parent), str(SHOP.parent / "which_part.py"), cwd=shop, expected=1)
    assert "  code: expected 'SHOP-101', got 'FLEXT_3001'" in said
    assert "  context.value: expected 0, got -1" in said
    assert "field:" not in said
    the_page_says_it(shop)


def the_page_says_it(shop: Path) -> None:
    """The page of the pytest plugin shows what the suite prints; a stale page means: python docs/shop_output.py.

    No mutant is tried: which of them are killed is not looked at, and how long that took.
    """
    page = SHOP_OUTPUT.PAGE.read_text(encoding="utf-8")
    coverage, mutants, errors, strict = SHOP_OUTPUT.blocks(shop, "--flext-raise-mutants-seconds=0.001")
    seen = re.compile("seen by .*")  # by the version of Python
    assert seen.sub("", coverage) in seen.sub("", page)
    assert errors in page and strict in page
    table = re.compile(r"^(\S+ +\d+ +\d+ ) .*$", re.MULTILINE)
    figures = table.findall(mutants)
    assert len(figures) > 8 and figures == [found for found in table.findall(page) if found in figures]


def test_a_second_run_finds_nothing_to_do(shop: Path) -> None:
    """Neither does --check, with the changes committed or not."""
    migrate(shop)
    again = migrate(shop)["summary"]
    assert (again["changed"], again["rewritten"]) == (0, 0)
    migrate(shop, "--check")
