"""The values of command-line options, or a usage error that names the option and what is valid."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

__all__ = ["file_of", "file_to_write", "percentage"]


def file_to_write(config: pytest.Config, option: str, kinds: Sequence[str]) -> tuple[str, Path | None]:
    """Return the kind and the file of ``OPTION=KIND:PATH``; "" and None if the option has no value.

    Raises:
        pytest.UsageError: the kind is unknown, the path is missing, or no file can be created there.
    """
    value: str = config.getoption(option) or ""
    if not value:
        return "", None
    kind, _, path = value.partition(":")
    if kind not in kinds or not path:
        valid = " or ".join(f"{option}={each}:PATH" for each in kinds)
        raise pytest.UsageError(
            f"{option}: {value!r} is not valid; valid is {valid}, or {option} alone, after all paths"
        )
    return kind, file_of(config, option, path)


def file_of(config: pytest.Config, option: str, path: str) -> Path:
    """Return the file that an option names, relative to the folder where pytest was started.

    Raises:
        pytest.UsageError: no file can be written there.
    """
    file = config.invocation_params.dir / path
    try:
        if not file.parent.is_dir():
            raise pytest.UsageError(f"{option}: there is no folder {str(file.parent)!r} to write {file.name} to")
        if file.is_dir():
            raise pytest.UsageError(f"{option}: {str(file)!r} is a folder; name a file")
        if not hasattr(config, "workerinput"):  # a worker of xdist writes no file
            check_writable(file)
    except OSError as error:
        raise pytest.UsageError(f"{option}: {str(file)!r} cannot be written: {error.strerror}") from None
    return file


def check_writable(file: Path) -> None:
    """Raise OSError if a file cannot be written, which is only known after trying; its content is unchanged."""
    there = file.exists()
    with file.open("ab"):
        pass
    if not there:
        file.unlink()


def percentage(config: pytest.Config, option: str) -> float | None:
    """Return the percentage that an option requires, None without it.

    Raises:
        pytest.UsageError: it is not a number from 0 to 100.
    """
    value = config.getoption(option)
    if value is None:
        return None
    try:
        number = float(value)
    except ValueError:
        number = -1
    if not 0 <= number <= 100:
        raise pytest.UsageError(f"{option}: {value!r} is not valid; valid is a percentage from 0 to 100")
    return number
