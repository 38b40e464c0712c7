"""What pytest prints for the migrated example: ``python docs/shop_output.py`` writes it into ``docs/pytest.md``.

The example is migrated as by ``make migrate``. Of long output its beginning is shown, and its end.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "pytest.md"
UNSAFE = "chain,context,handlers,rebase,specialise"  # as in examples/migrate.sh


def run(folder: Path, *command: str | Path) -> str:
    """Run a command in a folder, with no plugin of pytest but ours, and return what it prints."""
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=folder, env=alone, check=False, stdout=subprocess.PIPE, text=True).stdout


def migrate(folder: Path) -> None:
    """Make a copy of the example and migrate it as far as it can be."""
    example = ROOT / "examples" / "legacy_shop"
    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    program = (sys.executable, "-m", "flext_codemods", "migrate", "--allow-no-vcs", "--quiet")
    run(folder, *program, ".")
    run(folder, *program, "--unsafe", "--select", UNSAFE, "--add-dependency", ".")
    run(folder, "git", "apply", ROOT / "examples" / "by_hand.patch")


def suite(folder: Path, *options: str) -> list[str]:
    """Run the suite of the migrated example with some options, and return the lines that it prints."""
    command = (sys.executable, "-m", "pytest", "-q", "-p", "flext_pytest.plugin", "-p", "no:cacheprovider")
    return run(folder, *command, *options).splitlines()


def blocks(folder: Path, mutants: str = "--flext-raise-mutants") -> Iterator[str]:
    """Yield the blocks of the page that the migrated example in a folder prints."""
    lines = suite(folder, "--flext-raise-coverage", "--flext-report", mutants)
    yield "\n".join(section("raise coverage", lines))
    yield "\n".join(section("raise mutants", lines, 19, 0))
    yield "\n".join(section("typed errors", lines, 6, 4))
    strict = suite(folder, "--flext-strict", "tests/test_orders.py")
    yield next(line for line in strict if line.startswith("sqlite3.ProgrammingError left shop"))


def section(name: str, lines: list[str], first: int = 99, last: int = 0) -> list[str]:
    """Return a section of pytest's output with its heading; of a long one the first lines and the last."""
    start = next(at for at, line in enumerate(lines) if line.startswith("==") and f" {name} " in line)
    inside = re.compile(r"(?!=|\d+ (passed|failed))")
    found = lines[start : start + 1]
    for line in lines[start + 1 :]:
        if not inside.match(line):
            break
        found.append(line)
    return found if len(found) <= first + last else [*found[:first], "...", *found[len(found) - last :]]


def replaced(text: str, block: str) -> str:
    """Return the text of the page with the block that begins alike replaced."""
    head = re.match(r"[^\d\n]+", block)
    assert head is not None
    before, found, rest = text.partition(f"\n```console\n{head[0]}")
    assert found, head[0]
    after = rest.partition("\n```")[2]
    return f"{before}\n```console\n{block}\n```{after}"


def main() -> None:
    """Write the page."""
    text = PAGE.read_text(encoding="utf-8")
    with TemporaryDirectory() as name:
        folder = Path(name, "shop")
        migrate(folder)
        for block in blocks(folder):
            text = replaced(text, block)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
