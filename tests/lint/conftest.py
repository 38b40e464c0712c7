"""A small project to lint, and flake8 as a process of its own in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

DECLARED = "[tool.flext]\n"
BAD = 'def f():\n    raise ValueError("no")\n'


class Shop:
    """A folder with files, and flake8 in it. Nothing of a traceback may ever show."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, files: Mapping[str, str]) -> None:
        """Write some files."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def run(self, *command: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a module of Python here."""
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=self.root, capture_output=True, text=True, input=stdin, timeout=60
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done

    def flake8(self, *arguments: str, stdin: str | None = None) -> list[str]:
        """Run flake8 and return the lines that it prints, which must be all there is to say."""
        done = self.run("flake8", *arguments, stdin=stdin)
        assert done.stderr == ""
        assert done.returncode == (1 if done.stdout else 0)
        return done.stdout.splitlines()

    def codes(self, *arguments: str, stdin: str | None = None) -> list[str]:
        """Run flake8 and return the codes that it reports, in order."""
        return [line.split()[1] for line in self.flake8(*arguments, stdin=stdin)]

    def refusal(self, *arguments: str) -> str:
        """Run flake8, which must end with status 2 and one line, and return that line."""
        done = self.run("flake8", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        return done.stderr.strip()


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A project that declares itself and has one fault, in shop/cart.py."""
    shop = Shop(tmp_path)
    shop.write({"pyproject.toml": DECLARED, "shop/cart.py": BAD})
    return shop
