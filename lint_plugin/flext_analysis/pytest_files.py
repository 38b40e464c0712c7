"""Which files of a project are test code by its pytest settings: ``testpaths`` and ``python_files``."""

from __future__ import annotations

import configparser
import shlex
import tomllib
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import NamedTuple

__all__ = ["PytestFiles", "pytest_files"]

# The first file that holds the table wins, in this order (pytest's own: docs.pytest.org, "Configuration file formats").
INI_FILES = ("pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg")
SECTIONS = {"setup.cfg": "tool:pytest"}
SOURCE_FOLDERS = frozenset([".", "src", "lib"])
PATTERNS = ("test_*.py", "*_test.py")


class PytestFiles(NamedTuple):
    """What a project's pytest collects: folders, relative to the project's root, and patterns of file names."""

    folders: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    def match(self, path: str) -> bool:
        """Return whether a file, by its path relative to the project's root, is test code.

        >>> files = PytestFiles(folders=("checks",), patterns=("verify_*.py",))
        >>> files.match("checks/data.py"), files.match("shop/verify_cart.py"), files.match("shop/cart.py")
        (True, True, False)
        """
        below = any(path.startswith(f"{folder}/") or path == folder for folder in self.folders)
        return below or any(matches(path, pattern) for pattern in self.patterns)


def matches(path: str, pattern: str) -> bool:
    """Return whether a path matches a pattern of ``python_files``: one without a slash is about the name only."""
    if "/" in pattern:
        return fnmatch(path, pattern) or fnmatch(path, f"*/{pattern}")
    return fnmatch(PurePosixPath(path).name, pattern)


def pytest_files(project: Path) -> PytestFiles:
    """Read the settings of pytest in a project's root; nothing if there are none, or they cannot be read.

    A folder of ``testpaths`` that contains the program itself, as for doctests, is not test code; nor does a pattern
    that matches every module identify tests.
    """
    table = first_table(project)
    given = [pattern for pattern in words(table.get("python_files")) if pattern not in ("*.py", "*")]
    patterns = tuple(given) or PATTERNS
    folders = (str(PurePosixPath(text.strip("/") or ".")) for text in words(table.get("testpaths")))
    return PytestFiles(
        tuple(each for each in folders if ".." not in each.split("/") and is_test_folder(project, each, patterns)),
        tuple(given),
    )


def is_test_folder(project: Path, name: str, patterns: tuple[str, ...]) -> bool:
    """Return whether a path of ``testpaths`` holds tests, and not the program with tests or doctests in it."""
    folder = project / name
    if name in SOURCE_FOLDERS or not (folder / "__init__.py").is_file():
        return name not in SOURCE_FOLDERS
    modules = [path for path in folder.rglob("*.py") if path.name not in ("__init__.py", "conftest.py")]
    tests = [path for path in modules if any(matches(path.name, pattern) for pattern in patterns)]
    return bool(modules) and 2 * len(tests) >= len(modules)


def words(value: object) -> Iterable[str]:
    """Return the words of a setting, which may be a list or one text."""
    if isinstance(value, list):
        return [str(each) for each in value]
    try:
        return shlex.split(value) if isinstance(value, str) else []
    except ValueError:  # an unclosed quote, which pytest reports
        return []


def first_table(project: Path) -> dict[str, object]:
    """Return the settings of the first file that has any."""
    ini = [ini_table(project / name, SECTIONS.get(name, "pytest")) for name in INI_FILES]
    tables = [*ini[:2], toml_table(project / "pyproject.toml"), *ini[2:]]
    return next((table for table in tables if table), {})


def toml_table(file: Path) -> dict[str, object]:
    """Return ``[tool.pytest.ini_options]``, or ``[tool.pytest]`` of pytest 9, of a pyproject.toml."""
    if not file.is_file():
        return {}
    try:
        table: object = tomllib.loads(file.read_text("utf-8")).get("tool", {}).get("pytest", {})
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}  # reported where our own settings are read
    inner = table.get("ini_options", table) if isinstance(table, dict) else {}
    return inner if isinstance(inner, dict) else {}


def ini_table(file: Path, section: str) -> dict[str, object]:
    """Return a section of an INI file."""
    if not file.is_file():
        return {}
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(file.read_text("utf-8", "replace"))
        return dict(parser.items(section)) if parser.has_section(section) else {}
    except (OSError, configparser.Error):
        return {}
