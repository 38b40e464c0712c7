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
DASHED = REQUIRES.replace("_", "-")  # as older versions of setuptools took it in setup.cfg
IN_PYPROJECT = (
    ("project", "requires-python"),
    ("tool", "poetry", "dependencies", "python"),
    ("tool", "flit", "metadata", "requires-python"),
)
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
    """Return the texts that a setup.py gives for the versions: it is never run.

    As a keyword, as a key of a dict, under a name that is bound to a text.
    """
    try:
        tree = read_source(file.read_bytes()).tree
    except (OSError, Unreadable):
        return []  # reported when its own turn comes
    given: list[ast.expr | None] = []
    texts: dict[str, ast.expr] = {}
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg=name, value=value) if name == REQUIRES:
                given.append(value)
            case ast.Dict():
                given += [value for key, value in zip(node.keys, node.values, strict=True) if is_text(key, REQUIRES)]
            case ast.Assign(targets=[ast.Subscript(slice=key)], value=value) if is_text(key, REQUIRES):
                given.append(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                texts[name] = value
    found = (texts.get(value.id) if isinstance(value, ast.Name) else value for value in given)
    return [value.value for value in found if isinstance(value, ast.Constant) and isinstance(value.value, str)]


def is_text(node: ast.expr | None, text: str) -> bool:
    """Return whether an expression is this text."""
    return isinstance(node, ast.Constant) and node.value == text


def stated(project: Path) -> list[tuple[Path, str, str]]:
    """Return where a project declares its versions of Python: file, key, and value."""
    found: list[tuple[Path, str, object]] = []
    file = project / "pyproject.toml"
    if file.is_file():
        try:
            manifest = tomllib.loads(file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            manifest = {}  # reported where the settings are read
        for path in IN_PYPROJECT:
            table: object = manifest
            for part in path:
                table = table.get(part) if isinstance(table, dict) else None
            found.append((file, path[-1], table.get("version") if isinstance(table, dict) else table))
    file = project / "setup.py"
    if file.is_file():
        found += [(file, REQUIRES, text) for text in in_setup_py(file)]
    file = project / "setup.cfg"
    if file.is_file():
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(file.read_text("utf-8", "replace"))
            found += [(file, REQUIRES, parser.get("options", key, fallback=None)) for key in (REQUIRES, DASHED)]
        except (OSError, configparser.Error):
            return [(file, key, text) for file, key, text in found if isinstance(text, str)]  # setuptools reports that
    return [(file, key, text) for file, key, text in found if isinstance(text, str)]
