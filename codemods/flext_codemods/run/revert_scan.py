"""What reverting typed errors needs to know about the whole repository. Only read when that is requested."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from flext_analysis.modules import package_of
from flext_analysis.syntax.bindings import Names, dotted
from flext_analysis.syntax.source import Unreadable, read_source
from flext_analysis.syntax.statements import Block
from flext_codemods.model.job import Job
from flext_codemods.model.module import Module
from flext_codemods.project.files import read_bytes
from flext_codemods.project.paths import Location
from flext_codemods.raises.typed_raises import typed_raises
from flext_codemods.repository.targets import LIBRARY, absolute

__all__ = ["scan_for_revert"]

OURS = frozenset(["FlextExceptions", "builtin_type", "builtin_repr"])


def scan_for_revert(paths: Iterable[Path], files: Iterable[Path], job_of: Callable[[Path], Job]) -> dict[str, Any]:
    """Return the fields of a Repository that reverting typed errors needs, for a run over some paths."""
    named = list(paths)
    borrowed: set[str] = set()
    keeps: Location | None = None
    for path in files:
        raw, problem = read_bytes(path)
        if problem or path.suffix != ".py" or (LIBRARY.encode() not in raw and b"Flext" not in raw):
            continue
        try:
            source = read_source(raw)
        except Unreadable:
            continue  # reported when its own turn comes
        job = job_of(path)
        module = Module(path, source, job)
        borrowed.update(borrowed_names(module))
        line = first_kept(module, left=not any(path.is_relative_to(each) for each in named) or whole(path, raw, job))
        keeps = keeps or (Location(str(path), line) if line else None)
    return {"borrowed": frozenset(borrowed), "keeps_typed": keeps}


def whole(path: Path, raw: bytes, job: Job) -> bool:
    """Return whether a file is skipped."""
    return job.exclusions.skip(path, raw) is not None


def first_kept(module: Module, *, left: bool) -> int:
    """Return a line from which typed errors come after the others are reverted, 0 for none.

    ``left`` means that the file is skipped. Anything but the types imported from the library may raise some.
    """
    for node, _ in module.placed:
        match node:
            case ast.ImportFrom(module=str(name), level=0) if name.partition(".")[0] == LIBRARY:
                if name != LIBRARY or any(not is_ours(alias.name) for alias in node.names):
                    return node.lineno
    return next((one.line for one in typed_raises(module) if left or one.left), 0)


def is_ours(name: str) -> bool:
    """Return whether a name of the library is its root class, a type, or a function that asks for a builtin."""
    return name in OURS or (name.startswith("Flext") and name.endswith("Error"))


def borrowed_names(module: Module) -> Iterator[str]:
    """Yield the dotted names of what the library exports and this module gets from another one."""
    package = package_of(module.path)
    names: Names = module.names
    top = Block(module.source.tree, "body", None)
    for node in ast.walk(module.source.tree):
        if isinstance(node, ast.ImportFrom):
            home = absolute(node.module or "", node.level, package)
            every = OURS if any(alias.name == "*" for alias in node.names) else ()
            yield from (f"{home}.{name}" for name in (*every, *(one.name for one in node.names if is_ours(one.name))))
        elif isinstance(node, ast.Attribute) and is_ours(node.attr):
            home = names.resolve(node.value, top).path or dotted(node.value) or ""
            yield f"{home}.{node.attr}"
