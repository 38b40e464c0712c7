"""Record flake8's findings as known: the formatter behind ``python -m flext_lint baseline``."""

from __future__ import annotations

import linecache
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from flake8.formatting.base import BaseFormatter

from flext_lint.baseline import Baseline, Entry, entry_of, path_in, read_baseline, told, write_baseline
from flext_lint.options import PREFIX, baseline_file

if TYPE_CHECKING:
    from flake8.violation import Violation

__all__ = ["Recorder"]


class Recorder(BaseFormatter):  # type: ignore[misc]
    """Writes the findings of our rules to the baseline instead of printing them; other reports of flake8 are printed.

    Files that this run did not check keep their entries, as long as they exist.
    """

    def after_init(self) -> None:
        """Start with nothing."""
        self.named = baseline_file(self.options)
        self.file = self.named or Path.cwd() / "flext-baseline.json"
        self.entries: Counter[Entry] = Counter()
        self.looked_at: set[str] = set()

    def beginning(self, filename: str) -> None:
        """Record that a file was checked."""
        self.looked_at.add(path_in(self.file.parent, filename))

    def handle(self, error: Violation) -> None:
        """Take one violation."""
        if error.code.startswith(PREFIX):
            path = path_in(self.file.parent, error.filename)
            self.entries[entry_of(path, error.line_number, error.code, linecache.getlines(error.filename))] += 1
        elif error.code.startswith("E9"):
            sys.stderr.write(f"flext: {error.filename}:{error.line_number}: not recorded: {error.code} {error.text}\n")

    def stop(self) -> None:
        """Write the file and report that."""
        before = read_baseline(self.file) if self.file.exists() else Baseline(self.file, {})
        for path, known in before.by_path.items():
            if path not in self.looked_at and (self.file.parent / path).exists():
                self.entries.update(known)
        write_baseline(self.file, self.entries)
        sys.stdout.write(told(self.file, before, self.entries, named=self.named is not None))
