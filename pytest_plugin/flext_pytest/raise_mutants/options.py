"""The values of raise mutants' options, or a usage error that names the option and what is valid."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from flext_pytest.options import file_of
from flext_pytest.raise_mutants.model import KINDS

__all__ = ["MINIMUM", "OPTION", "SECONDS", "Choice", "chosen", "seconds"]

OPTION, MINIMUM, SECONDS = "--flext-raise-mutants", "--flext-raise-mutants-fail-under", "--flext-raise-mutants-seconds"


class Choice(NamedTuple):
    """Whether untyped raises are changed too, the kinds of mutants that are tried, and the JSON file to write."""

    untyped: bool
    kinds: frozenset[str]
    json: Path | None


def chosen(config: pytest.Config) -> Choice:
    """Return the choices in the values of the option.

    Raises:
        pytest.UsageError: a value of the option is not valid.
    """
    untyped, kinds, file = False, set[str](), None
    for value in config.getoption(OPTION) or ():
        if value == "all":
            untyped = True
        elif value in KINDS:
            kinds.add(value)
        elif value.startswith("json:") and value != "json:":
            file = file_of(config, OPTION, value.removeprefix("json:"))
        elif value:
            valid = f"{OPTION}=all, a kind ({', '.join(KINDS)}) or {OPTION}=json:PATH"
            raise pytest.UsageError(
                f"{OPTION}: {value!r} is not valid; valid is {valid}, or {OPTION} alone, after all paths"
            )
    return Choice(untyped, frozenset(kinds or KINDS), file)


def seconds(config: pytest.Config) -> float | None:
    """Return the seconds that all mutants together may take, None for no limit.

    Raises:
        pytest.UsageError: it is not a number above 0.
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
