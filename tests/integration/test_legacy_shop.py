"""The example application is migrated as the README shows, and its own tests stay green."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
    """A test that expects another error says which part of it differs; the suite reaches nearly every raise site."""
    command = (sys.executable, "-m", "pytest", "-q", "-p", "flext_pytest.plugin", "-p", "no:cacheprovider")
    said = run(*command, "--rootdir", str(SHOP.parent), str(SHOP.parent / "which_part.py"), cwd=shop, expected=1)
    assert "  code: expected 'SHOP-101', got 'FLEXT_3001'" in said
    assert "  context.value: expected 0, got -1" in said
    assert "field:" not in said
    run(*command, "--flext-raise-fail-under=95", cwd=shop)


def test_a_second_run_finds_nothing_to_do(shop: Path) -> None:
    """Neither does --check, with the changes committed or not."""
    migrate(shop)
    again = migrate(shop)["summary"]
    assert (again["changed"], again["rewritten"]) == (0, 0)
    migrate(shop, "--check")
