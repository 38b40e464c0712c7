"""The identity of a file: its package, the name under which it is imported, and whether it is test code."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

__all__ = ["is_test", "module_name", "name_in", "package_of"]

TEST_FOLDERS = frozenset(["tests", "test", "testing"])


def package_of(path: Path) -> str:
    """Return the dotted name of the package that contains a file, "" if it is in none."""
    return package_in(path.parent)


def package_in(folder: Path) -> str:
    """Return the dotted name of the package in a folder, "" if it is not one."""
    parts: list[str] = []
    here = str(folder)
    while here not in ("", ".") and os.path.exists(f"{here}{os.sep}__init__.py"):  # noqa: PTH110 (for every file)
        here, _, name = here.rpartition(os.sep)
        parts.append(name)
    return ".".join(reversed(parts))


def module_name(path: Path) -> str:
    """Return the dotted name under which a file is imported, judging by the folders."""
    return name_in(package_of(path), path.stem)


def name_in(package: str, stem: str) -> str:
    """Return the dotted name of a module by the stem of its file and its package ("" for none).

    >>> name_in("shop", "cart"), name_in("shop", "__init__"), name_in("", "setup")
    ('shop.cart', 'shop', 'setup')
    """
    if stem == "__init__":
        return package
    return f"{package}.{stem}" if package else stem


def is_test(parts: Sequence[str]) -> bool:
    """Return whether a path, by its parts relative to its project, is test code by the usual names.

    >>> [is_test(name.split("/")) for name in ("tests/data.py", "shop/test_cart.py", "shop/contest.py")]
    [True, True, False]
    """
    name = parts[-1]
    if name == "conftest.py" or (name.startswith("test_") or name.endswith("_test.py")):
        return True
    return not TEST_FOLDERS.isdisjoint(parts[:-1])
