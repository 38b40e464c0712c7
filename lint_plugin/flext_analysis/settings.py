"""The settings of a project: the ``[tool.flext]`` table of its pyproject.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import TARGETS

__all__ = ["Settings", "load_settings"]


class Settings(NamedTuple):
    """What a project says in ``[tool.flext]``.

    ``targets`` maps the name of a builtin to the dotted name of the class to raise instead
    (``ValueError = "shop.errors.BadInput"``); ``tests`` and ``include`` are globs relative to the project's root: what
    counts as test code beside the usual names, and what is taken along although it would be left as standalone.
    """

    targets: Mapping[str, str] = {}
    tests: tuple[str, ...] = ()
    include: tuple[str, ...] = ()


def wrong(file: Path, key: str, what: str) -> FlextExceptions.ConfigurationError:
    """Build the one-line error for a setting that cannot be used."""
    return FlextExceptions.ConfigurationError(
        f"{file}: [tool.flext] {key}: {what}", config_key=f"tool.flext.{key}", config_file=str(file)
    )


def checked_targets(file: Path, value: object) -> dict[str, str]:
    """Return the targets table, or raise ConfigurationError that names the entry and what is valid."""
    if not isinstance(value, dict):
        raise wrong(file, "targets", 'must be a table such as ValueError = "shop.errors.BadInput"')
    for builtin, target in value.items():
        if builtin not in TARGETS:
            raise wrong(file, f"targets.{builtin}", f"no builtin exception with a target; known: {', '.join(TARGETS)}")
        parts = target.split(".") if isinstance(target, str) else []
        if len(parts) < 2 or not all(part.isidentifier() for part in parts):
            raise wrong(file, f"targets.{builtin}", f"{target!r} is no dotted name such as 'shop.errors.BadInput'")
    return value


def checked_globs(file: Path, key: str, value: object) -> tuple[str, ...]:
    """Return a list of globs as a tuple, or raise ConfigurationError."""
    if not isinstance(value, list) or not all(isinstance(glob, str) and glob for glob in value):
        raise wrong(file, key, f"{value!r} is no list of globs such as ['checks/**']")
    return tuple(value)


def load_settings(project: Path) -> Settings:
    """Read the settings of the project in this folder; the defaults where it has no pyproject.toml or no such table.

    Raises:
        FlextExceptions.ConfigurationError: the file cannot be read or is no TOML, a key is unknown, or a value is
            wrong; one line that says which file and key, and what is valid.
    """
    file = project / "pyproject.toml"
    if not file.is_file():
        return Settings()
    try:
        whole = tomllib.loads(file.read_bytes().decode())
    except (OSError, ValueError, RecursionError) as error:
        raise FlextExceptions.ConfigurationError(f"{file}: {error}", config_file=str(file)) from error
    tool = whole.get("tool", {})
    table = tool.get("flext", {}) if isinstance(tool, dict) else tool
    if not isinstance(table, dict):
        key = "tool.flext" if isinstance(tool, dict) else "tool"
        raise FlextExceptions.ConfigurationError(f"{file}: {key} must be a table", config_file=str(file))
    for key in table:
        if key not in Settings._fields:
            raise wrong(file, key, f"unknown key; known: {', '.join(Settings._fields)}")
    return Settings(
        checked_targets(file, table.get("targets", {})),
        checked_globs(file, "tests", table.get("tests", [])),
        checked_globs(file, "include", table.get("include", [])),
    )
