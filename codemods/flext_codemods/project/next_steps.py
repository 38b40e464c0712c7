"""What is left to do by hand after a run: manifests, long lines, the order of deployment."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from flext_analysis.manifests import declares, manifests_of
from flext_codemods.project.files import ChangedFile
from flext_codemods.project.import_sorter import Sorter, sorter_for
from flext_codemods.project.paths import relative
from flext_codemods.project.text import count

__all__ = ["advice_after_revert", "advice_for"]

LENGTHS = (("ruff", "line-length", "ruff format"), ("black", "line-length", "black"), ("flake8", "max-line-length", ""))
IMPORTS = re.compile(rb"^[ \t]*(?:from|import)[ \t]+flext_exceptions\b", re.MULTILINE)
FROM = re.compile(rb"^(from ([\w.]+) import ((?:(?! as )[^\r\n])*))\r?$", re.MULTILINE)  # without another name
CFG_LENGTH = re.compile(r"^\s*max[-_]line[-_]length\s*=\s*(\d+)", re.MULTILINE)


def line_length(project: Path) -> tuple[int, str]:
    """Return the line length that a project configures (0: none), and the command of its formatter."""
    file = project / "pyproject.toml"
    try:
        manifest = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    except (OSError, ValueError):
        manifest = {}
    tool = manifest.get("tool", {})
    for name, key, command in LENGTHS:
        table = tool.get(name)
        length = table.get(key) if isinstance(table, dict) else None
        if isinstance(length, int):
            return length, command
    for config in (project / name for name in ("setup.cfg", "tox.ini", ".flake8")):
        found = CFG_LENGTH.search(config.read_text(errors="replace")) if config.is_file() else None
        if found:
            return int(found[1]), "black" if "black" in tool else ""
    return 0, ""


def long_lines(results: Iterable[ChangedFile], limit: int) -> list[str]:
    """Return where a changed file has lines over the limit that were not there before."""
    found = []
    for result in results:
        if result.path.endswith(".py"):
            old = set(result.old.split(b"\n"))
            for number, line in enumerate(result.new.split(b"\n"), 1):
                if len(line.decode("utf-8", "replace").rstrip("\r")) > limit and line not in old:
                    found.append(f"{relative(result.path)}:{number}")
    return found


def undeclared(project: Path, distribution: str = "flext-exceptions") -> str:
    """Return the line to add to the manifest that does not declare the library yet, "" if one does."""
    if declares(project, distribution):
        return ""
    present = manifests_of(project)
    if not present:
        return f"no manifest declares {distribution}; add it to the project's dependencies"
    pyproject = project / "pyproject.toml"
    text = pyproject.read_text(errors="replace") if pyproject in present else ""
    where = (
        pyproject
        if "[project]" in text or "[tool.poetry" in text
        else next((f for f in present[::-1] if f != pyproject), present[0])
    )
    line = f'"{distribution}" to dependencies' if where.suffix in (".toml",) else f"{distribution} to it"
    return f"{relative(str(where))} does not declare {distribution} yet; add {line}"


def is_manifest(path: str, project: Path) -> bool:
    """Return whether a changed file is a manifest of the project: the run declares the library there."""
    return Path(path).parent == project and path.endswith((".toml", ".txt"))


def advice_after_revert(results: Iterable[tuple[str, bytes]], declared: bool) -> Iterator[str]:
    """Yield what is left to do by hand after typed errors are reverted, given the files as they are then.

    ``declared`` means that a manifest declares the library.
    """
    using = [relative(path) for path, raw in results if IMPORTS.search(raw)]
    if using:
        more = f" and {len(using) - 5} more" if len(using) > 5 else ""
        verb = "imports" if len(using) == 1 else "import"
        yield f"{count(len(using), 'file')} still {verb} flext_exceptions: {', '.join(using[:5])}{more}"
    elif declared:
        yield "no file imports flext_exceptions any more: remove flext-exceptions from the project's dependencies"
    yield "keep flext-exceptions installed where old queues, caches and pickles are read: they may contain its errors"


def unsorted_imports(results: Iterable[ChangedFile], top: Path) -> Iterator[str]:
    """Yield the command that sorts the changed files whose imports may not stand as their sorter wants them."""
    commands: dict[str, list[str]] = {}
    for file in results:
        sorter = sorter_for(Path(file.path).parent, top)
        if file.path.endswith(".py") and sorter.tool and (not sorter.exact or is_unusual(file, sorter)):
            commands.setdefault(sorter.tool, []).append(relative(file.path))
    for command, files in commands.items():
        yield f"the imports of {count(len(files), 'file')} may need sorting: {command} {' '.join(files)}"


def is_unusual(file: ChangedFile, sorter: Sorter) -> bool:
    """Return whether a changed import is one of two of a module, or has a layout that is not followed here."""
    old, found = set(file.old.splitlines()), FROM.findall(file.new.removeprefix(codecs.BOM_UTF8))
    homes = Counter(home for _, home, _ in found)
    changed = [(home, names) for line, home, names in found if line not in old]
    twice = any(homes[home] > 1 and not sorter.is_single(home.decode()) for home, _ in changed)
    return twice or (not sorter.hangs and any(b"(" in names for _, names in changed))


def advice_for(project: Path, results: list[ChangedFile], build: Iterable[Path], top: Path) -> Iterator[str]:
    """Yield what is left to do by hand after a run that changes something; ``top`` is the root of the repository."""
    if not results:
        return
    missing = undeclared(project)
    if missing and not any(is_manifest(result.path, project) for result in results):
        yield missing
    limit, command = line_length(project)
    longer = long_lines(results, limit) if limit else []
    if longer:
        files = sorted({place.rpartition(":")[0] for place in longer})
        fix = f": {command} {' '.join(files)}" if command else f": {', '.join(longer[:5])}"
        yield f"{count(len(longer), 'line')} longer than {limit} now{fix}"
    yield from unsorted_imports(results, top)
    if any(build):
        yield "modules of the project run while it is built: add flext-exceptions to [build-system] requires as well"
