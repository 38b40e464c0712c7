"""Which files are skipped, by their location or their beginning: tests, build scripts, vendored, compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePath

from flext_analysis.modules import is_test
from flext_analysis.pytest_files import pytest_files
from flext_analysis.syntax.ignore_file import says_ignore_file
from flext_codemods.project.build_files import build_modules, compiled_modules, is_build_script
from flext_codemods.project.files import NO_PYTHON
from flext_codemods.project.globs import is_pattern, spec_of
from flext_codemods.project.roots import Project
from flext_codemods.project.skip import Skip
from flext_exceptions import FlextExceptions

__all__ = ["Exclusions"]

VENDORED = frozenset(["_vendor", "vendor", "vendored", "_vendored", "third_party", "thirdparty"])
# What generators write in the first comment of a file: protoc, Django, setuptools-scm, versioneer and others.
MARKS = re.compile(rb"@generated\b|\bDO NOT EDIT\b|\bGenerated (?:by|from|with|using)\b")
SENTENCE = re.compile(
    rb"^[ \t#]*(?:(?:this|the|code|file|module|is|was|has|been|automatically|auto)\b[- \t]*)*(?:auto)?generated"
    rb"(?:[ \t]+(?:by|from|with|using|on|at|file|code)\b|[ \t]*(?:[-.,;:!]|$))",
    re.MULTILINE | re.IGNORECASE,
)
FIRST_COMMENT = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t\r]*\n|#[^\n]*coding[^\n]*\n|#![^\n]*\n)*((?:[ \t]*#[^\n]*\n)*)")
SCRIPT = re.compile(rb"\A#!|^# /// script\s*$", re.MULTILINE)
INLINE = b"# /// script"  # the marker of PEP 723


def globs(lines: Iterable[str], where: str) -> list[str]:
    """Return globs that can be used as patterns.

    Raises:
        FlextExceptions.ConfigurationError: one of them cannot be used.
    """
    found = list(lines)
    for line in found:
        if not line.strip() or not is_pattern(line):
            raise FlextExceptions.ConfigurationError(f"{where}: {line!r} is not a glob", config_key=where)
    return found


class Exclusions:
    """Decides for each file of one project whether it is skipped, and why."""

    def __init__(
        self, project: Project, files: Iterable[Path] = (), *, tests: bool = False, include: Iterable[str] = ()
    ) -> None:
        self.project = project.root
        self.top = project.repository
        self.repository = project.repository.resolve()
        self.settings_root = project.settings_root.resolve()
        self.tests = tests
        where = f"{project.settings_file}: [tool.flext]"
        given = globs(project.settings.tests, f"{where} tests")
        self.test_globs = spec_of(given) if given else None
        given = [*globs(project.settings.include, f"{where} include"), *globs(include, "--include")]
        self.include = spec_of(given) if given else None
        given = globs(project.settings.exclude, f"{where} exclude")
        self.exclude = spec_of(given) if given else None
        root = project.root.resolve()
        self.root = root
        self.pytest = pytest_files(root)
        self.build = build_modules(root)
        self.compiled = compiled_modules(root, files)

    def skip(self, path: Path, raw: bytes) -> Skip | None:
        """Return why a file is skipped, None if its sites are examined."""
        real = path.resolve()
        relative = below(real, self.repository)
        by_settings = below(real, self.settings_root).as_posix()
        if path.suffix in NO_PYTHON:
            return Skip("compiled", f"{path.suffix} files are not changed")
        if path.suffix != ".py":
            return Skip("standalone", "not a Python file")
        if real in self.compiled:
            return Skip("compiled", "a module that mypyc or Cython may compile", counts=True)
        if "flext_exceptions" in relative.parts[:-1]:
            return Skip("conflict", "flext_exceptions itself")
        if self.exclude and self.exclude.match_file(by_settings):
            return Skip("suppressed", "exclude in [tool.flext] names the file")
        if says_ignore_file(raw):
            return Skip("suppressed", "excluded by a comment: flext: ignore-file")
        if self.include and self.include.match_file(by_settings):
            return None
        if not self.tests and self.is_test(real, relative, by_settings):
            return Skip("test-file", "test code; --tests includes it")
        if real in self.build:
            text = "runs while the project is built, and in the program; --include includes it"
            return Skip("build-time", text, counts=True)
        if is_build_script(real, raw):
            return Skip("build-time", "runs while the project is built; --include includes it")
        return standalone(path, relative, raw)

    def is_test(self, real: Path, relative: PurePath, by_settings: str) -> bool:
        """Return whether a file is test code, by the usual names, our settings or pytest's."""
        if is_test(relative.parts) or self.pytest.match(below(real, self.root).as_posix()):
            return True
        return self.test_globs is not None and self.test_globs.match_file(by_settings)


def below(path: Path, folder: Path) -> PurePath:
    """Return a path relative to a folder, or just its name if it is not below it."""
    return path.relative_to(folder) if path.is_relative_to(folder) else PurePath(path.name)


def standalone(path: Path, relative: PurePath, raw: bytes) -> Skip | None:
    """Return the reason for vendored, migration, generated and single-file scripts."""
    folders = relative.parts[:-1]
    if any(part in VENDORED for part in folders):
        return Skip("standalone", "vendored; --include includes it")
    if "migrations" in folders:
        return Skip("standalone", "a migration; --include includes it")
    if is_generated(raw):
        return Skip("standalone", "generated; --include includes it")
    head = raw[:10_000]
    if (raw.startswith(b"#!") or INLINE in head) and SCRIPT.search(head) and not (path.parent / "__init__.py").exists():
        return Skip("standalone", "a script outside any package; --include includes it")
    return None


def is_generated(raw: bytes) -> bool:
    """Return whether the first comment of a file says that it is generated.

    >>> is_generated(b"# Generated by the protocol buffer compiler.  DO NOT EDIT!\\n")
    True
    >>> is_generated(b"# Do not edit the table below by hand: ask the accountants first.\\n")
    False
    """
    head = FIRST_COMMENT.match(raw[:4000])
    comment = head[1] if head else b""
    return MARKS.search(comment) is not None or SENTENCE.search(comment) is not None
