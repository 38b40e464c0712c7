"""The ratchet: numbers in a file that may only improve; and what changed since a revision."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from flext_codemods.audit.contracts.contract import Contract, ContractError
from flext_codemods.audit.report import MEANINGS, Change, Numbers
from flext_codemods.project.files import read_bytes
from flext_codemods.project.usage import usage
from flext_exceptions import FlextExceptions

__all__ = ["changes_between", "compare_with_baseline"]

VERSION = 1


def compare_with_baseline(file: Path, numbers: Numbers) -> tuple[list[str], str]:
    """Return what got worse, and the update of the file: written if missing, tightened if everything improved.

    Raises:
        FlextExceptions.ConfigurationError: the file is not a baseline.
        FlextExceptions.OSError: it cannot be read or written.
    """
    if not file.exists():
        write(file, numbers)
        return [], f"{file}: written"
    raw, problem = read_bytes(file)
    if problem:
        raise usage(f"--baseline: {file} {problem}")
    known = parsed(file, raw)
    worse = [
        f"{MEANINGS[name]}: {now}, {before} before"
        for name, now in numbers._asdict().items()
        if (before := known.get(name)) is not None and now > before
    ]
    if worse:
        return worse, f"{file}: kept"
    if known != numbers._asdict():
        write(file, numbers)
        return [], f"{file}: tightened"
    return [], f"{file}: unchanged"


def parsed(file: Path, raw: bytes) -> dict[str, int]:
    """Return the numbers of a baseline."""
    try:
        data = json.loads(raw)
        found = {str(name): int(value) for name, value in data["numbers"].items()}
        same = data["version"] == VERSION
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise usage(f"--baseline: {file} is not an audit baseline; delete it to start a new one") from error
    if not same:
        raise usage(f"--baseline: {file} was written by another version; delete it to start a new one")
    return {name: value for name, value in found.items() if name in Numbers._fields}


def write(file: Path, numbers: Numbers) -> None:
    """Write a baseline."""
    try:
        file.write_text(json.dumps({"version": VERSION, "numbers": numbers._asdict()}, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise FlextExceptions.OSError(f"{file}: cannot be written: {error.strerror}", path=str(file)) from error


def answer(error: ContractError) -> str:
    """Return the display name of an answer: its status with its code, or its class."""
    words = [str(error.status) if error.status is not None else "", error.code or error.name]
    return " ".join(word for word in words if word)


def changes_between(before: Iterable[Contract], now: Iterable[Contract]) -> Iterator[Change]:
    """Yield what changed in a contract: answers that are new or gone, then entry points."""
    contracts = [list(before), list(now)]
    old, new = map(by_name, contracts)
    kinds = {one.name: one.kind for part in contracts for one in part}
    for name, answers in sorted(new.items()):
        if name not in old:
            yield Change(name, "added", "", kinds[name])
        for one in sorted(set(answers) - set(old.get(name, ()))):
            yield Change(name, "new", one, kinds[name])
        for one in sorted(set(old.get(name, ())) - set(answers)):
            yield Change(name, "gone", one, kinds[name])
    for name in sorted(old.keys() - new.keys()):
        yield Change(name, "removed", "", kinds[name])


def by_name(contracts: Iterable[Contract]) -> dict[str, dict[str, None]]:
    """Return the answers of each entry point, without unknown ones."""
    found: dict[str, dict[str, None]] = {}
    for one in contracts:
        answers = found.setdefault(one.name, {})
        answers.update((answer(error), None) for error in one.errors if error.path != "*")
    return found
