"""Which modules of a project run during its build, and which are compiled: read from its manifests."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

__all__ = ["build_modules", "compiled_modules", "is_build_script"]

# Names of files that build a project or hold a developer's tasks, with a word that only such a file contains.
BUILD_FILES = {
    "setup.py": b"",
    "hatch_build.py": b"",
    "noxfile.py": b"",
    "tasks.py": b"invoke",
    "versioneer.py": b"",
    "fabfile.py": b"fabric",
    "dodo.py": b"task_",
}

DYNAMIC = re.compile(r"^\s*version\s*=\s*attr:\s*([\w.]+)", re.MULTILINE)
IMPORTED = re.compile(r"^(?:from|import)\s+([\w.]+)|__import__\(\s*['\"]([\w.]+)", re.MULTILINE)


def module_paths(project: Path, dotted: str) -> list[Path]:
    """Return the files that a dotted name may refer to: the module, or its package, here or below src."""
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
    """Return the tables of a TOML file, {} if there is none; a broken one is reported with the settings."""
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}


def nested(table: object, *keys: str) -> object:
    """Return the value under a chain of keys, None if a part of it is missing."""
    for key in keys:
        if not isinstance(table, dict):
            return None
        table = table.get(key)
    return table


def build_modules(project: Path) -> frozenset[Path]:
    """Return the files that run while the project is built: its own build backend, and the source of its version."""
    found: set[Path] = set()
    manifest = read_toml(project / "pyproject.toml")
    for folder in backend_folders(project, manifest):
        package = str(nested(manifest, "build-system", "build-backend") or "").partition(":")[0].partition(".")[0]
        if package:
            found.update(file.resolve() for file in (folder / f"{package}.py", *(folder / package).rglob("*.py")))
    attributes = [nested(manifest, "tool", "setuptools", "dynamic", "version", "attr")]
    cfg = project / "setup.cfg"
    if cfg.is_file():
        attributes += DYNAMIC.findall(cfg.read_text(errors="replace"))
    for attribute in attributes:
        if isinstance(attribute, str):
            found.update(imported_for(project, *attribute.rpartition(".")[::2]))
    path = nested(manifest, "tool", "hatch", "version", "path")
    if isinstance(path, str) and nested(manifest, "tool", "hatch", "version", "source") == "code":
        found.add((project / path).resolve())  # any other source reads the file as text
    getter = nested(manifest, "tool", "pdm", "version", "getter")
    if isinstance(getter, str):
        found.update(module_paths(project, getter.partition(":")[0]))
    versions = nested(manifest, "project", "dynamic")
    if "flit" in str(nested(manifest, "build-system", "build-backend")) and isinstance(versions, list):
        name = nested(manifest, "tool", "flit", "module", "name") or nested(manifest, "project", "name")
        found.update(imported_for(project, str(name).replace("-", "_"), "__version__"))
    setup = project / "setup.py"
    if setup.is_file():
        for names in IMPORTED.findall(setup.read_text(errors="replace")):
            found.update(module_paths(project, names[0] or names[1]))
    return frozenset(found)


def backend_folders(project: Path, manifest: object) -> list[Path]:
    """Return the folders of ``backend-path``, which must be inside the project (PEP 517)."""
    names = nested(manifest, "build-system", "backend-path")
    folders = [(project / str(name)).resolve() for name in names] if isinstance(names, list) else []
    return [folder for folder in folders if folder.is_relative_to(project)]


def imported_for(project: Path, module: str, attribute: str) -> list[Path]:
    """Return the files that a build backend imports for an attribute, none if it reads a literal from the source.

    setuptools and flit do so: https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html#dynamic-metadata
    """
    paths = module_paths(project, module or attribute)
    return [] if paths and all(is_literal(path, attribute) for path in paths) else paths


def is_literal(path: Path, name: str) -> bool:
    """Return whether a module assigns a literal to a name in a top-level statement."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return is_constant(getattr(node, "value", None))
    return False


def is_constant(node: ast.expr | None) -> bool:
    """Return whether an expression is a literal."""
    try:
        return node is not None and ast.literal_eval(node) is not None
    except (ValueError, TypeError, RecursionError, MemoryError):
        return False


def is_build_script(file: Path, raw: bytes) -> bool:
    """Return whether a file builds the project or runs a developer's tasks: by its name, outside a package.

    If programs use the name as well, the file has to mention the tool.
    """
    if (file.parent / "__init__.py").exists():
        return False
    word = BUILD_FILES.get(file.name)
    if word is None:
        return file.name == "conf.py" and not {"docs", "doc"}.isdisjoint(file.parent.parts)
    return word in raw


def compiled_modules(project: Path, files: Iterable[Path]) -> frozenset[Path]:
    """Return the modules that mypyc or Cython compile, according to the project's build files and its .pxd files."""
    setup = project / "setup.py"
    text = setup.read_text(errors="replace") if setup.is_file() else ""
    manifest = read_toml(project / "pyproject.toml")
    hatch = nested(manifest, "tool", "hatch", "build", "targets", "wheel", "hooks", "mypyc")
    hooks = nested(manifest, "tool", "hatch", "build", "hooks", "mypyc") or hatch
    known = [file for file in files if file.suffix == ".py"]
    found = {file.resolve() for file in known if has_declarations(file)}
    if "mypycify" in text or hooks is not None:
        # Code decides which modules are compiled, so every module of a package may be.
        found.update(file.resolve() for file in known if (file.parent / "__init__.py").exists())
    return frozenset(found)


def has_declarations(file: Path) -> bool:
    """Return whether a module has a .pxd file beside it, which is for Cython."""
    try:
        return file.with_suffix(".pxd").exists()
    except OSError:
        return False  # the name is too long for another letter
