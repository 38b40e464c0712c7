"""The findings that a project knows and has not fixed yet: only new ones are reported."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from flext_exceptions import FlextExceptions

__all__ = ["Baseline", "Entry", "entry_of", "path_in", "read_baseline", "told", "write_baseline"]

VERSION = 1
FIXED = "FLX001"


class Entry(NamedTuple):
    """A known finding: its location, its message, and the stripped text of its line."""

    path: str
    code: str
    line: str


class Baseline:
    """Known findings of a project, counted, by file.

    >>> known = Baseline(Path("/srv/known.json"), Counter({Entry("a.py", "FLX103", "raise ValueError"): 1}))
    >>> found = [(7, 0, "FLX103 m"), (9, 0, "FLX103 m")]
    >>> lines = ["", "", "", "", "", "", "    raise ValueError\\n", "", "raise ValueError\\n"]
    >>> list(known.new("/srv/a.py", found, lines))
    [(9, 0, 'FLX103 m')]
    """

    def __init__(self, file: Path, entries: Mapping[Entry, int]) -> None:
        self.file = file
        self.by_path: dict[str, Counter[Entry]] = {}
        for entry, count in entries.items():
            self.by_path.setdefault(entry.path, Counter())[entry] = count

    def gone(self) -> list[str]:
        """Return the files with known findings that no longer exist."""
        return sorted(path for path in self.by_path if not (self.file.parent / path).exists())

    def names(self, filename: str) -> bool:
        """Return whether there are known findings for a file."""
        return path_in(self.file.parent, filename) in self.by_path

    def new(
        self,
        filename: str,
        found: Iterable[tuple[int, int, str]],
        lines: Sequence[str],
        selects: Callable[[str], bool] = lambda _: True,
    ) -> Iterator[tuple[int, int, str]]:
        """Yield the findings of a file that are not known, and a finding for each known one that was fixed.

        ``selects`` returns whether the run selects a code: nothing shows that a finding of another rule was fixed.
        """
        path = path_in(self.file.parent, filename)
        left = Counter(self.by_path.get(path, ()))
        for line, column, text in found:
            entry = entry_of(path, line, text, lines)
            if left[entry] > 0:
                left[entry] -= 1
            else:
                yield line, column, text
        for entry, count in left.items():
            if count > 0 and selects(entry.code):
                times = f" ({count} times)" if count > 1 else ""
                yield 1, 0, f"{FIXED} fixed: {entry.code} at {entry.line!r}{times}; remove it from {self.file.name}"


def path_in(folder: Path, filename: str) -> str:
    """Return a path relative to a folder, with slashes."""
    return os.path.relpath(filename, folder).replace(os.sep, "/")


def entry_of(path: str, line: int, text: str, lines: Sequence[str]) -> Entry:
    """Return the entry for a finding."""
    shown = lines[line - 1].strip() if line <= len(lines) else ""
    return Entry(path, text.partition(" ")[0], shown)


def damaged(file: Path, why: object) -> FlextExceptions.ConfigurationError:
    """Build the one-line error for a baseline that cannot be used."""
    return FlextExceptions.ConfigurationError(
        f"{file}: not a flext-lint baseline ({why}); delete the file and record it again: flext-lint baseline",
        config_file=str(file),
    )


def read_baseline(file: Path) -> Baseline:
    """Read the known findings of a project.

    Raises:
        FlextExceptions.ConfigurationError: the file cannot be read, or is not a baseline; one line that names it.
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FlextExceptions.ConfigurationError(
            f"{file}: no such file; record today's findings: flext-lint baseline", config_file=str(file)
        ) from error
    except OSError as error:
        raise damaged(file, error.strerror) from error
    except (ValueError, RecursionError) as error:
        raise damaged(file, error) from error
    if not isinstance(data, dict) or data.get("version") != VERSION or not isinstance(data.get("findings"), list):
        raise damaged(file, f"it must be an object with version {VERSION} and a list of findings")
    entries: Counter[Entry] = Counter()
    for number, item in enumerate(data["findings"], 1):
        match item:
            case {"path": str(path), "code": str(code), "line": str(line), **rest}:
                count = rest.get("count", 1)
                if type(count) is int and count > 0:
                    entries[Entry(path, code, line)] += count
                    continue
        raise damaged(file, f"entry {number} is {item!r}")
    return Baseline(file, entries)


def told(file: Path, before: Baseline, entries: Counter[Entry], *, named: bool) -> str:
    """Return the message about a recorded baseline, and which setting must name it."""
    old: Counter[Entry] = Counter()
    for known in before.by_path.values():
        old.update(known)
    new, fixed = (entries - old).total(), (old - entries).total()
    count, files = entries.total(), len({entry.path for entry in entries})
    findings = f"{count} {'finding' if count == 1 else 'findings'} in {files} {'file' if files == 1 else 'files'}"
    text = f"{findings} {'is' if count == 1 else 'are'} known in {file.name}: {new} new, {fixed} fixed\n"
    return text if named else f'{text}to use it, set baseline = "{file.name}" in [tool.flext]\n'


def write_baseline(file: Path, entries: Mapping[Entry, int]) -> None:
    """Write known findings, one per line in a fixed order, so that changing one changes one line."""
    items = []
    for entry, count in sorted(entries.items()):
        item: dict[str, object] = dict(zip(Entry._fields, entry, strict=True))
        items.append(json.dumps(item | ({"count": count} if count > 1 else {}), ensure_ascii=False))
    body = ",\n  ".join(items)
    findings = f"[\n  {body}\n ]" if items else "[]"
    temporary = file.with_name(f".{file.name}.new")
    temporary.write_text(f'{{\n "version": {VERSION},\n "findings": {findings}\n}}\n', encoding="utf-8")
    temporary.replace(file)
