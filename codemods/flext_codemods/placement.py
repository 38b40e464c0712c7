"""Which files are left whole, by where they stand or how they begin: tests, build scripts, vendored, compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path, PurePath

from flext_analysis.modules import is_test
from flext_analysis.settings import Settings
from flext_codemods.discover import NO_PYTHON, is_pattern, spec_of
from flext_exceptions import FlextExceptions

__all__ = ["Placement", "build_modules", "compiled_modules"]

BUILD_FILES = frozenset(
    ["setup.py", "hatch_build.py", "noxfile.py", "tasks.py", "versioneer.py", "_version.py", "fabfile.py", "dodo.py"]
)
VENDORED = frozenset(["_vendor", "vendor", "vendored", "_vendored", "third_party", "thirdparty"])
GENERATED = re.compile(rb"@generated|\bauto(?:matically)?[- ]?generated\b|do not edit", re.IGNORECASE)
GENERATED_COMMENT = re.compile(rb"\bgenerated (?:by|from|with|using)\b", re.IGNORECASE)
HEAD = re.compile(rb"(?:\xef\xbb\xbf)?((?:[ \t\r]*(?:#[^\n]*)?\n)*)(?:[rR]?['\"]{1,3}([^\n]*))?")
SCRIPT = re.compile(rb"\A#!|^# /// script\s*$", re.MULTILINE)
INLINE = b"# /// script"  # the mark of PEP 723
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


def globs(lines: Iterable[str], where: str) -> list[str]:
    """Return globs that can be used as patterns.

    Raises:
        FlextExceptions.ConfigurationError: one of them cannot.
    """
    found = list(lines)
    for line in found:
        if not is_pattern(line):
            raise FlextExceptions.ConfigurationError(f"{where}: {line!r} is no glob", config_key=where)
    return found


def has_declarations(file: Path) -> bool:
    """Say whether a module has a .pxd file beside it, which is for Cython."""
    try:
        return file.with_suffix(".pxd").exists()
    except OSError:
        return False  # the name is too long for another letter


class Placement:
    """Decides for each file of one project whether it is left whole, and why."""

    def __init__(
        self,
        project: Path,
        settings: Settings,
        files: Iterable[Path] = (),
        *,
        tests: bool = False,
        include: Iterable[str] = (),
    ) -> None:
        self.project = project.resolve()
        self.tests = tests
        file = project / "pyproject.toml"
        given = globs(settings.tests, f"{file}: [tool.flext] tests")
        self.test_globs = spec_of(given) if given else None
        given = [*globs(settings.include, f"{file}: [tool.flext] include"), *globs(include, "--include")]
        self.include = spec_of(given) if given else None
        self.build = build_modules(self.project)
        self.compiled = compiled_modules(self.project, files)

    def reason(self, path: Path, raw: bytes) -> tuple[str, str]:
        """Return (reason code, detail) where a file is left whole, ("", "") where its sites are looked at."""
        real = path.resolve()
        relative = real.relative_to(self.project) if real.is_relative_to(self.project) else PurePath(path.name)
        if path.suffix in NO_PYTHON:
            return "compiled", f"{path.suffix} files are not touched"
        if path.suffix != ".py":
            return "standalone", "no .py file"
        if real in self.compiled:
            return "compiled", "a module that mypyc or Cython may compile"
        if "flext_exceptions" in relative.parts[:-1]:
            return "conflict", "flext_exceptions itself"
        if self.include and self.include.match_file(relative.as_posix()):
            return "", ""
        named = self.test_globs and self.test_globs.match_file(relative.as_posix())
        if not self.tests and (named or is_test(relative.parts)):
            return "test-file", "test code; --tests takes it along"
        docs = "docs" in relative.parts[:-1] or "doc" in relative.parts[:-1]
        if relative.name in BUILD_FILES or real in self.build or (docs and relative.name == "conf.py"):
            return "build-time", "runs while the project is built; --include takes it along"
        return standalone(path, relative, raw)


def standalone(path: Path, relative: PurePath, raw: bytes) -> tuple[str, str]:
    """Return the reason for vendored, migration, generated and single-file scripts."""
    folders = relative.parts[:-1]
    if any(part in VENDORED for part in folders):
        return "standalone", "vendored; --include takes it along"
    if "migrations" in folders:
        return "standalone", "a migration; --include takes it along"
    if is_generated(raw):
        return "standalone", "generated; --include takes it along"
    head = raw[:10_000]
    if (raw.startswith(b"#!") or INLINE in head) and SCRIPT.search(head) and not (path.parent / "__init__.py").exists():
        return "standalone", "a script outside any package; --include takes it along"
    return "", ""


def is_generated(raw: bytes) -> bool:
    """Say whether the comments at the top of a file, or the first line of its docstring, say that it is generated.

    A docstring speaks of what its module does: there, "generated by" alone says nothing.
    """
    head = HEAD.match(raw[:2000])
    if head is None:
        return False
    comments, doc = head[1], head[2] or b""
    return bool(GENERATED.search(comments) or GENERATED.search(doc) or GENERATED_COMMENT.search(comments))
