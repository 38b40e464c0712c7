"""Lint every file of the standard library: python -m tests.lint.sweep. The suite lints a sample."""

from __future__ import annotations

import sys

from tests.lint.test_hostile import FILES, sweep

if __name__ == "__main__":
    files, found = sweep(FILES)
    print(f"{files:,} files linted, {found:,} findings")
    sys.exit(int(files < 1000 or found < 1000))
