"""What the options of raise mutants say, or a usage error that names the option and what is valid."""

from __future__ import annotations

from pathlib import Path

import pytest

from flext_pytest.options import file_of

__all__ = ["MINIMUM", "OPTION", "SECONDS", "chosen", "seconds"]

OPTION, MINIMUM, SECONDS = "--flext-raise-mutants", "--flext-raise-mutants-fail-under", "--flext-raise-mutants-seconds"


def chosen(config: pytest.Config) -> tuple[bool, Path | None]:
    """Return whether untyped raises are changed too, and the JSON file to write.

    Raises:
        pytest.UsageError: a value of the option is not valid.
    """
    untyped, file = False, None
    for value in config.getoption(OPTION) or ():
        if value == "all":
            untyped = True
        elif value.startswith("json:") and value != "json:":
            file = file_of(config, OPTION, value.removeprefix("json:"))
        elif value:
            valid = f"{OPTION}=all or {OPTION}=json:PATH"
            raise pytest.UsageError(f"{OPTION}: {value!r} is not valid; valid is {valid}, or {OPTION} alone")
    return untyped, file


def seconds(config: pytest.Config) -> float | None:
    """Return the seconds that all mutants together may take, None for as long as it takes.

    Raises:
        pytest.UsageError: it is no number above 0.
    """
    value = config.getoption(SECONDS)
    if value is None:
        return None
    try:
        number = float(value)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise pytest.UsageError(f"{SECONDS}: {value!r} is not valid; valid is a number of seconds above 0")
    return number
