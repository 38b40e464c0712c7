"""Which versions of Python a project supports, and whether the library does too."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from importlib.metadata import metadata
from pathlib import Path

from flext_analysis.syntax.source import Unreadable, read_source
from flext_codemods.project.paths import relative

__all__ = ["too_old"]

REQUIRES = "python_requires"  # of setuptools, in setup.cfg and setup.py
DISTRIBUTION = "flext-exceptions"
# Lower bounds of a version specifier (PEP 440), and Poetry's caret and tilde.
LOWER = re.compile(r"(?:>=|==|~=|\^|~|>)\s*(\d+)(?:\.(\d+))?")
Version = tuple[int, int]


def lower_bound(specifier: str) -> Version | None:
    """Return the lowest version that a specifier allows, None if it names none; ``||`` is Poetry's "or".

    >>> lower_bound(">=3.9,<4"), lower_bound("^3.12 || ^3.8"), lower_bound(">=3"), lower_bound("<4")
    ((3, 9), (3, 8), (3, 0), None)
    """
    each = ([(int(major), int(minor or 0)) for major, minor in LOWER.findall(part)] for part in specifier.split("||"))
    return min((max(found) for found in each if found), default=None)


def needed() -> Version:
    """Return the lowest version of Python that the library supports."""
    return lower_bound(metadata(DISTRIBUTION)["Requires-Python"] or "") or (3, 11)


def too_old(project: Path) -> str:
    """Return a warning for a project that supports older versions of Python than the library, "" for any other."""
    for file, key, specifier in stated(project):
        lowest = lower_bound(specifier)
        if lowest is not None and lowest < needed():
            ours, theirs = (".".join(map(str, version)) for version in (needed(), lowest))
            wants = f"{DISTRIBUTION} needs {ours} or newer; change it to >={ours}"
            return f"{relative(file)}: {key} allows Python {theirs}, and {wants}"
    return ""


def in_setup_py(file: Path) -> list[str]:
    """Return the texts that a setup.py gives for the versions: it is never run."""
    try:
        tree = read_source(file.read_bytes()).tree
    except (OSError, Unreadable):
        return []  # reported when its own turn comes
    given = (node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == REQUIRES)
    return [
        one.value.value for one in given if isinstance(one.value, ast.Constant) and isinstance(one.value.value, str)
    ]


def stated(project: Path) -> list[tuple[Path, str, str]]:
    """Return where a project declares its versions of Python: file, key, and value."""
    found: list[tuple[Path, str, object]] = []
    file = project / "pyproject.toml"
    if file.is_file():
        try:
            manifest = tomllib.loads(file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            manifest = {}  # reported where the settings are read
        for path in (("project", "requires-python"), ("tool", "poetry", "dependencies", "python")):
            table: object = manifest
            for part in path:
                table = table.get(part) if isinstance(table, dict) else None
            found.append((file, path[-1], table))
    file = project / "setup.py"
    if file.is_file():
        found += [(file, REQUIRES, text) for text in in_setup_py(file)]
    file = project / "setup.cfg"
    if file.is_file():
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(file.read_text("utf-8", "replace"))
            found.append((file, REQUIRES, parser.get("options", REQUIRES, fallback=None)))
        except (OSError, configparser.Error):
            return [(file, key, text) for file, key, text in found if isinstance(text, str)]  # setuptools reports that
    return [(file, key, text) for file, key, text in found if isinstance(text, str)]
