"""Which files an audit reads, and their displayed names: from the working tree or from a revision of git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from flext_analysis.modules import is_test
from flext_analysis.program.library import LIBRARIES
from flext_codemods.audit.boundaries import boundary_files
from flext_codemods.project.files import list_files
from flext_codemods.project.git import ENVIRONMENT, NO_PROGRAMS, git
from flext_codemods.project.roots import PathArgument, Project, Projects, locate
from flext_codemods.project.usage import usage

__all__ = ["SourceFile", "Sources", "list_sources", "sources_at"]


class SourceFile(NamedTuple):
    """A file to read: its path, the displayed path (with ``/``, relative to the current folder), its module name.

    ``raw`` is its content; None if that has yet to be read from disk.
    """

    path: Path
    shown: str
    module: str
    raw: bytes | None = None


class Sources(NamedTuple):
    """The input of an audit.

    ``files`` are those of the named paths; ``nearby`` the other files of the repository by module name, which are read
    if a file imports them. ``named`` are the files that were named one by one; ``tests`` the test code of the project.
    """

    files: list[SourceFile]
    nearby: dict[str, SourceFile]
    named: frozenset[str]
    project: Project
    repository: Path
    tests: tuple[Path, ...] = ()


def list_sources(paths: Iterable[str], tests: bool) -> Sources:
    """Return the Python files at some paths of the command line, without test code unless it is requested or named.

    Raises:
        FlextExceptions.ConfigurationError: a path does not exist, is not a Python file, or has no Python files below
        it.
    """
    places = [locate(path) for path in paths]
    here = Path.cwd()
    first = places[0]
    project = Projects(first.repository).at(first.path if first.path.is_dir() else first.path.parent)
    found: dict[Path, SourceFile] = {}
    named: set[str] = set()
    for place in places:
        if place.path.is_dir():
            files = [path for path in list_files(place.path) if path.suffix == ".py"]
            wanted = [path for path in files if tests or not is_test_code(path, place, project)]
        elif place.path.suffix == ".py":
            wanted = files = [place.path]
            named.add(shown_path(place.path, here))
        else:
            raise usage(f"{shown_path(place.path, here)}: not a folder or a Python file")
        if not files:
            raise usage(f"{shown_path(place.path, here)}: there are no Python files in this folder")
        for path in wanted:
            found.setdefault(path, source_file(path, here))
    nearby: dict[str, SourceFile] = {}
    test_files: list[Path] = []
    for path in list_files(first.repository) if first.repository != Path(first.repository.anchor) else ():
        if path.suffix != ".py" or path in found:
            continue
        if is_test(path.relative_to(first.repository).parts):
            test_files.append(path)
        else:
            one = source_file(path, here)
            nearby.setdefault(one.module, one)
    sources = list(found.values())
    around = with_library(nearby, sources)
    return Sources(sources, around, frozenset(named), project, first.repository, tuple(test_files))


def with_library(nearby: dict[str, SourceFile], sources: list[SourceFile]) -> dict[str, SourceFile]:
    """Return the files around some sources, with the library's code replaced by its boundaries."""
    found = {name: one for name, one in nearby.items() if name.partition(".")[0] not in LIBRARIES}
    known = {one.module for one in sources}
    for module, (path, shown) in boundary_files().items():
        if module not in known:
            found[module] = SourceFile(path, shown, module)
    return found


def is_test_code(path: Path, place: PathArgument, project: Project) -> bool:
    """Return whether a file below a named path is test code. A package's ``testing`` folder is not: users import it."""
    inside = PurePosixPath(path.relative_to(place.path).as_posix())
    if is_test([part for part in inside.parts if part != "testing"]):
        return True
    root = project.settings_root
    below = path.relative_to(root).as_posix() if path.is_relative_to(root) else inside.as_posix()
    return any(fnmatch(below, glob) for glob in project.settings.tests)


def shown_path(path: Path, here: Path) -> str:
    """Return a path for display.

    >>> shown_path(Path("/srv/shop/cart.py"), Path("/srv")), shown_path(Path("/etc/x.py"), Path("/srv"))
    ('shop/cart.py', '/etc/x.py')
    """
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def source_file(path: Path, here: Path) -> SourceFile:
    """Return a file with its names."""
    package = package_name(path.parent)
    parts = [part for part in (package, "" if path.stem == "__init__" else path.stem) if part]
    return SourceFile(path, shown_path(path, here), ".".join(parts))


def package_name(folder: Path) -> str:
    """Return the dotted name of the package in a folder, "" if there is none."""
    known = PACKAGES.get(folder)
    if known is None:
        is_package = bool(folder.name) and (folder / "__init__.py").exists()
        outer = package_name(folder.parent) if is_package else ""
        known = PACKAGES[folder] = f"{outer}.{folder.name}".lstrip(".") if is_package else ""
    return known


PACKAGES: dict[Path, str] = {}


def sources_at(revision: str, sources: Sources) -> Sources:
    """Return the files of an audit as they were at a revision of git, under their present or expected names.

    Raises:
        FlextExceptions.ConfigurationError: there is no git repository, or no such revision.
    """
    top = git(sources.repository, "rev-parse", "--show-toplevel")
    if top is None:
        raise usage(f"{sources.repository}: --since needs a git repository")
    root = Path(os.fsdecode(top.rstrip(b"\n")))
    if git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}") is None:
        raise usage(f"--since: {revision!r} is not a commit of this repository")
    listed = git(root, "ls-tree", "-r", "-z", "--full-tree", revision) or b""
    here = Path.cwd()
    wanted = [(name, path) for name, path in python_blobs(listed, root)]
    raws = read_blobs(root, [name for name, _ in wanted])
    files: list[SourceFile] = []
    nearby: dict[str, SourceFile] = {}
    packages = {path.parent for _, path in wanted if path.name == "__init__.py"}
    covered = {one.path.resolve() for one in sources.files}
    folders = tuple({one.path.resolve().parent for one in sources.files})
    for (_, path), raw in zip(wanted, raws, strict=True):
        inside = path in covered or (not path.exists() and any(path.is_relative_to(folder) for folder in folders))
        one = SourceFile(path, shown_path(path, here), module_among(path, packages), raw)
        if is_test(path.relative_to(root).parts):
            continue
        if inside:
            files.append(one)
        else:
            nearby.setdefault(one.module, one)
    return sources._replace(files=files, nearby=with_library(nearby, files))


def python_blobs(listed: bytes, root: Path) -> Iterator[tuple[bytes, Path]]:
    """Yield the object name and the path of each Python file that ``git ls-tree`` lists."""
    for entry in listed.split(b"\0"):
        facts, _, name = entry.partition(b"\t")
        if name.endswith(b".py") and b" blob " in facts and not facts.startswith(b"120000"):
            yield facts.split()[2], root / os.fsdecode(name)


def read_blobs(root: Path, names: list[bytes]) -> Iterator[bytes]:
    """Yield the content of some git objects."""
    command = ["git", *NO_PROGRAMS, "-C", str(root), "cat-file", "--batch"]
    asked = b"\n".join([*names, b""])
    done = subprocess.run(command, input=asked, capture_output=True, check=False, env={**os.environ, **ENVIRONMENT})
    start = 0
    for name in names:
        end = done.stdout.find(b"\n", start)
        facts = done.stdout[start:end].split()
        if end < 0 or len(facts) != 3:
            raise usage(f"--since: git cannot read {name.decode()} of this repository")
        size = int(facts[2])
        yield done.stdout[end + 1 : end + 1 + size]
        start = end + 1 + size + 1


def module_among(path: Path, packages: set[Path]) -> str:
    """Return the dotted name of a module, if the folders of packages are known."""
    parts = [] if path.stem == "__init__" else [path.stem]
    folder = path.parent
    while folder in packages:
        parts.append(folder.name)
        folder = folder.parent
    return ".".join(reversed(parts))
