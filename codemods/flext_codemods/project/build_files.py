"""Which modules of a project run while it is built, and which are compiled: read from its manifests."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

__all__ = ["build_modules", "compiled_modules"]

DYNAMIC = re.compile(r"^\s*version\s*=\s*attr:\s*([\w.]+)", re.MULTILINE)
IMPORTED = re.compile(r"^(?:from|import)\s+([\w.]+)|__import__\(\s*['\"]([\w.]+)", re.MULTILINE)


def module_paths(project: Path, dotted: str) -> list[Path]:
    """Return the files that a dotted name may stand for: the module, or the package it is in, here or below src."""
    found = []
    for root in (project, project / "src"):
        parts = dotted.split(".")
        while parts:
            here = root.joinpath(*parts)
            for file in (here.with_suffix(".py"), here / "__init__.py"):
                if file.is_file():
                    found.append(file.resolve())
            if found:
                break
            parts.pop()
    return found


def read_toml(file: Path) -> dict[str, dict[str, object]]:
    """Return the tables of a TOML file, {} where there is none; a broken one is reported by the settings already."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def nested(table: object, *keys: str) -> object:
    """Return what stands under a chain of keys, None where a part of it is missing."""
    for key in keys:
        if not isinstance(table, dict):
            return None
        table = table.get(key)
    return table


def build_modules(project: Path) -> frozenset[Path]:
    """Return the files that run while the project is built: its own build backend, and where its version comes from."""
    found: set[Path] = set()
    manifest = read_toml(project / "pyproject.toml")
    folders = nested(manifest, "build-system", "backend-path")
    for folder in folders if isinstance(folders, list) else ():
        backend = str(nested(manifest, "build-system", "build-backend") or "").partition(":")[0]
        parts = backend.split(".")
        found.update(file.resolve() for file in (project / str(folder)).glob(f"{parts[0]}.py"))
        found.update(file.resolve() for file in (project / str(folder)).glob(f"{parts[0]}/**/*.py"))
    dynamic = [nested(manifest, "tool", "setuptools", "dynamic", "version", "attr")]
    cfg = project / "setup.cfg"
    if cfg.is_file():
        dynamic += DYNAMIC.findall(cfg.read_text(errors="replace"))
    for attribute in dynamic:
        if isinstance(attribute, str):
            found.update(module_paths(project, attribute.rpartition(".")[0] or attribute))
    path = nested(manifest, "tool", "hatch", "version", "path")
    if isinstance(path, str):
        found.add((project / path).resolve())
    versions = nested(manifest, "project", "dynamic")
    if "flit" in str(nested(manifest, "build-system", "build-backend")) and isinstance(versions, list):
        name = nested(manifest, "tool", "flit", "module", "name") or nested(manifest, "project", "name")
        found.update(module_paths(project, str(name).replace("-", "_")))
    setup = project / "setup.py"
    if setup.is_file():
        for names in IMPORTED.findall(setup.read_text(errors="replace")):
            found.update(module_paths(project, names[0] or names[1]))
    return frozenset(found)


def compiled_modules(project: Path, files: Iterable[Path]) -> frozenset[Path]:
    """Return the modules that mypyc or Cython compile, as far as the project's build files and its .pxd files tell."""
    setup = project / "setup.py"
    text = setup.read_text(errors="replace") if setup.is_file() else ""
    manifest = read_toml(project / "pyproject.toml")
    hatch = nested(manifest, "tool", "hatch", "build", "targets", "wheel", "hooks", "mypyc")
    hooks = nested(manifest, "tool", "hatch", "build", "hooks", "mypyc") or hatch
    known = [file for file in files if file.suffix == ".py"]
    found = {file.resolve() for file in known if has_declarations(file)}
    if "mypycify" in text or hooks is not None:
        # Which modules are compiled is decided by code; what may be compiled is every module of a package.
        found.update(file.resolve() for file in known if (file.parent / "__init__.py").exists())
    return frozenset(found)


def has_declarations(file: Path) -> bool:
    """Say whether a module has a .pxd file beside it, which is for Cython."""
    try:
        return file.with_suffix(".pxd").exists()
    except OSError:
        return False  # the name is too long for another letter
