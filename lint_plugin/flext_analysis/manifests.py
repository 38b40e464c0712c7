"""Which project a file belongs to, and whether it declares the library among its dependencies, from its manifests."""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

__all__ = ["NAMES", "declares", "manifests_of", "project_around"]

NAMES = ("pyproject.toml", "setup.cfg", "setup.py")
REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")  # the name at the start of a PEP 508 requirement
QUOTED = re.compile(r"""(['"])([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[|[<>=!~;@].*?|\1)""")


def normal(name: str) -> str:
    """Return the normal form of a distribution's name (PEP 503).

    >>> normal("Flext_Exceptions")
    'flext-exceptions'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def manifests_of(project: Path) -> list[Path]:
    """Return the files of a folder in which a project declares its dependencies."""
    named = [project / name for name in NAMES]
    return [file for file in (*named, *sorted(project.glob("requirements*.txt"))) if file.is_file()]


def project_around(folder: Path) -> Path:
    """Return the nearest folder from here upwards with a manifest or a repository's top, otherwise the folder."""
    for here in (folder, *folder.parents):
        if manifests_of(here) or (here / ".git").exists():
            return here
    return folder


def texts_in(value: object) -> Iterator[str]:
    """Yield the texts in nested lists and tables; for a table without lists, its keys (as Poetry has it)."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts_in(item) if isinstance(item, list) else [key]


def in_pyproject(text: str) -> Iterator[str]:
    """Yield the requirements that a pyproject.toml declares: PEP 621, PEP 735, and Poetry."""
    manifest = tomllib.loads(text)
    project, tool = manifest.get("project", {}), manifest.get("tool", {})
    tables = [manifest.get("dependency-groups")]
    if isinstance(project, dict):
        tables += [project.get("dependencies"), project.get("optional-dependencies")]
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    if isinstance(poetry, dict):
        groups = poetry.get("group")
        tables += [poetry.get("dependencies"), poetry.get("dev-dependencies")]
        for group in groups.values() if isinstance(groups, dict) else ():
            tables.append(group.get("dependencies") if isinstance(group, dict) else None)
    for table in tables:
        yield from texts_in(table)


def in_setup_cfg(text: str) -> Iterator[str]:
    """Yield the requirements that a setup.cfg declares."""
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    yield from parser.get("options", "install_requires", fallback="").splitlines()
    if parser.has_section("options.extras_require"):
        for _, lines in parser.items("options.extras_require"):
            yield from lines.splitlines()


def in_setup_py(text: str) -> Iterator[str]:
    """Yield every text of a setup.py that may be a requirement: it is never run."""
    yield from (match[2] for match in QUOTED.finditer(text))


def requirements(file: Path) -> Iterator[str]:
    """Yield the requirements in a manifest, each as written; nothing if it cannot be read or parsed.

    A broken pyproject.toml is reported where the settings are read, a broken setup.cfg by its own tools.
    """
    readers = {"pyproject.toml": in_pyproject, "setup.cfg": in_setup_cfg, "setup.py": in_setup_py}
    read = readers.get(file.name, str.splitlines)
    try:
        yield from read(file.read_text(encoding="utf-8", errors="replace"))
    except (OSError, ValueError, configparser.Error):
        return


def declares(project: Path, distribution: str = "flext-exceptions") -> bool:
    """Return whether one of a project's manifests requires a distribution."""
    for file in manifests_of(project):
        for line in requirements(file):
            name = REQUIREMENT.match(line.strip())
            if name is not None and normal(name[0]) == distribution:
                return True
    return False
