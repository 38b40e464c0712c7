"""The settings of a project: the ``[tool.flext]`` table of its pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from flext_analysis.syntax.bindings import BUILTIN_ERRORS
from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import TARGETS

__all__ = [
    "Settings",
    "checked_builtins",
    "checked_codes",
    "checked_paths",
    "checked_targets",
    "load_settings",
    "settings_above",
]

CODE = re.compile(r"F(L(X\d{0,3})?)?")  # of a rule, or a prefix of one


class Settings(NamedTuple):
    """The settings of a project in ``[tool.flext]``.

    ``targets`` maps the name of a builtin to the dotted name of the class to raise instead (``ValueError =
    "shop.errors.BadInput"``); ``tests`` and ``include`` are globs relative to the project's root: what counts as test
    code besides the usual names, and what the codemods include although they would skip it as standalone. ``exclude``
    are globs of files that linter and codemods skip, and ``allow`` the builtins that may be raised; ``accept`` names
    functions that may see another class name, ``api.py::fail``. For the linter: ``base`` names further classes that
    count as typed, with all their subclasses; ``baseline`` is the file of known findings, relative to the project's
    root, "" for none; ``select``, ``extend_select``, ``ignore`` and ``per_file_ignores`` hold prefixes of codes for
    ``flext-lint`` (flake8 has its own settings for them).
    For the audit: ``entry_points`` names further decorators that make a function an entry point; ``raises`` maps the
    dotted name of a function outside the project to the errors that it raises.
    """

    targets: Mapping[str, str] = {}
    tests: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    base: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    baseline: str = ""
    exclude: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = {}
    entry_points: tuple[str, ...] = ()
    raises: Mapping[str, tuple[str, ...]] = {}


def wrong(where: str, what: str) -> FlextExceptions.ConfigurationError:
    """Build the one-line error for a setting that cannot be used; ``where`` names the file and key, or the option."""
    key = where.rpartition(": ")[2].replace("[tool.flext] ", "tool.flext.")
    return FlextExceptions.ConfigurationError(f"{where}: {what}", config_key=key, why=what)


def meant(name: str, known: Iterable[str]) -> str:
    """Return a suggestion for a misspelled name, or all valid ones.

    >>> meant("ValueErorr", ["KeyError", "ValueError"]), meant("x", ["KeyError", "ValueError"])
    ('did you mean ValueError?', 'known: KeyError, ValueError')
    """
    close = get_close_matches(name, known, 1, 0.8)
    return f"did you mean {close[0]}?" if close else f"known: {', '.join(sorted(known))}"


def is_dotted(value: object) -> bool:
    """Return whether a value is the dotted name of a class in a module."""
    parts = value.split(".") if isinstance(value, str) else []
    return len(parts) > 1 and all(part.isidentifier() for part in parts)


def checked_targets(where: str, value: object) -> dict[str, str]:
    """Return the targets table.

    Raises:
        FlextExceptions.ConfigurationError: the message names the entry and what is valid.
    """
    if not isinstance(value, dict):
        raise wrong(where, 'must be a table such as ValueError = "shop.errors.BadInput"')
    for builtin, target in value.items():
        if builtin not in TARGETS:
            raise wrong(f"{where}.{builtin}", f"not a builtin exception with a target; {meant(builtin, TARGETS)}")
        if not is_dotted(target):
            raise wrong(f"{where}.{builtin}", f"{target!r} is not a dotted name such as 'shop.errors.BadInput'")
    return value


def checked_texts(where: str, value: object, example: str) -> tuple[str, ...]:
    """Return a list of texts as a tuple, or raise ConfigurationError."""
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) and text for text in value):
        raise wrong(where, f"{value!r} is not a list {example}")
    return tuple(value)


def checked_paths(where: str, value: object) -> tuple[str, ...]:
    """Return a list of dotted names of classes as a tuple, or raise ConfigurationError."""
    example = "of dotted names such as ['shop.errors.ShopError']"
    for path in checked_texts(where, value, example):
        if not is_dotted(path):
            raise wrong(where, f"{path!r} is not a dotted name such as 'shop.errors.ShopError'")
    return checked_texts(where, value, example)


def checked_raises(where: str, value: object) -> dict[str, tuple[str, ...]]:
    """Return the table of what functions raise, or raise ConfigurationError."""
    if not isinstance(value, dict):
        raise wrong(where, 'must be a table such as "httpx.get" = ["httpx.ConnectError"]')
    for function in value:
        if not is_dotted(function):
            raise wrong(f"{where}.{function}", f"{function!r} is not a dotted name such as 'httpx.get'")
    return {function: checked_paths(f"{where}.{function}", errors) for function, errors in value.items()}


def checked_builtins(where: str, value: object) -> tuple[str, ...]:
    """Return a list of builtin exceptions as a tuple, or raise ConfigurationError."""
    names = checked_texts(where, value, "of builtin exceptions such as ['ValueError']")
    for name in names:
        if name not in BUILTIN_ERRORS:
            raise wrong(where, f"{name!r} is not a builtin exception; {meant(name, BUILTIN_ERRORS)}")
    return tuple(BUILTIN_ERRORS[name].__name__ for name in names)  # IOError is OSError


def checked_codes(where: str, value: object) -> tuple[str, ...]:
    """Return a list of codes of rules, or prefixes of them, as a tuple, or raise ConfigurationError."""
    example = "of codes such as ['FLX103', 'FLX2']"
    for code in checked_texts(where, value, example):
        if not CODE.fullmatch(code):
            raise wrong(where, f"{code!r} is not a rule code such as 'FLX103' or 'FLX2'")
    return checked_texts(where, value, example)


def checked_per_file(where: str, value: object) -> dict[str, tuple[str, ...]]:
    """Return the table of codes by pattern, or raise ConfigurationError."""
    if not isinstance(value, dict):
        raise wrong(where, "must be a table such as \"tests/*\" = ['FLX103']")
    return {pattern: checked_codes(f"{where} {pattern!r}", codes) for pattern, codes in value.items()}


def checked_functions(where: str, value: object) -> tuple[str, ...]:
    """Return a list of functions, each a path and a qualified name, as a tuple, or raise ConfigurationError."""
    example = "of functions such as ['api.py::fail']"
    for name in checked_texts(where, value, example):
        path, separator, function = name.partition("::")
        if not separator or not path.endswith(".py") or not function:
            raise wrong(where, f"{name!r} is not a function such as 'api.py::fail'")
    return checked_texts(where, value, example)


def checked_file(where: str, value: object) -> str:
    """Return the name of a file, or raise ConfigurationError."""
    if not isinstance(value, str) or not value:
        raise wrong(where, f"{value!r} is not a file name such as 'flext-baseline.json'")
    return value


def read_table(file: Path) -> Mapping[str, object] | None:
    """Return the ``[tool.flext]`` table of a pyproject.toml, None if there is none.

    Raises:
        FlextExceptions.ConfigurationError: the file cannot be read, or has something else under that name.
    """
    if not file.is_file():
        return None
    try:
        tool = tomllib.loads(file.read_bytes().decode()).get("tool", {})
    except (OSError, ValueError, RecursionError) as error:
        raise FlextExceptions.ConfigurationError(f"{file}: {error}", config_file=str(file)) from error
    table = tool.get("flext") if isinstance(tool, dict) else tool
    if table is not None and not isinstance(table, dict):
        key = "tool.flext" if isinstance(tool, dict) else "tool"
        raise FlextExceptions.ConfigurationError(f"{file}: {key} must be a table", config_file=str(file))
    return table


def check_keys(where: str, given: Iterable[str]) -> None:
    """Refuse an unknown key."""
    known = [name.replace("_", "-") for name in Settings._fields]
    for key in given:
        if key not in known:
            raise wrong(f"{where} {key}", f"unknown key; known: {', '.join(known)}")


def load_settings(project: Path) -> Settings:
    """Read the settings of the project in this folder; the defaults if it has no pyproject.toml or no such table.

    Raises:
        FlextExceptions.ConfigurationError: the file cannot be read or is not TOML, a key is unknown, or a value is
            wrong; one line that says which file and key, and what is valid.
    """
    file = project / "pyproject.toml"
    table = read_table(file)
    if table is None:
        return Settings()
    where = f"{file}: [tool.flext]"
    check_keys(where, table)
    return Settings(
        checked_targets(f"{where} targets", table.get("targets", {})),
        checked_texts(f"{where} tests", table.get("tests", []), "of globs such as ['checks/**']"),
        checked_texts(f"{where} include", table.get("include", []), "of globs such as ['checks/**']"),
        checked_paths(f"{where} base", table.get("base", [])),
        checked_builtins(f"{where} allow", table.get("allow", [])),
        checked_file(f"{where} baseline", table["baseline"]) if "baseline" in table else "",
        checked_texts(f"{where} exclude", table.get("exclude", []), "of globs such as ['generated/**']"),
        checked_functions(f"{where} accept", table.get("accept", [])),
        checked_codes(f"{where} select", table.get("select", [])),
        checked_codes(f"{where} extend-select", table.get("extend-select", [])),
        checked_codes(f"{where} ignore", table.get("ignore", [])),
        checked_per_file(f"{where} per-file-ignores", table.get("per-file-ignores", {})),
        checked_paths(f"{where} entry-points", table.get("entry-points", [])),
        checked_raises(f"{where} raises", table.get("raises", {})),
    )


def settings_above(folder: Path, top: Path) -> tuple[Path, Settings]:
    """Return the folder whose settings apply in a folder, and these settings, looking no higher than ``top``.

    That is the nearest folder whose pyproject.toml has a ``[tool.flext]`` table, as with ruff; ``top`` if there is
    none.

    Raises:
        FlextExceptions.ConfigurationError: a pyproject.toml on the way cannot be read or is not TOML, or a setting is
            wrong.
    """
    for here in (folder, *folder.parents):
        if read_table(here / "pyproject.toml") is not None:
            return here, load_settings(here)
        if here == top:
            break
    return top, Settings()
