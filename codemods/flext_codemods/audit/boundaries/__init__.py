"""The library's patterns as the audit reads them: which errors pass each, and what the others become.

Each module here replaces the one of its name in ``flext_exceptions.patterns``, or of ELSEWHERE, with its decorators,
managers and clients reduced to their effect on errors. A project that imports the pattern is read together with it; an
audit runs nothing of it. The decorators of async functions are covered by those of sync ones.
audit runs nothing of it. The decorators of async functions stand for those of sync ones, too.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

__all__ = ["boundary_files", "is_boundary", "module_shown"]

LIBRARY = "flext_exceptions.patterns"
ELSEWHERE = {"upstream": "flext_exceptions.web.upstream"}  # the replacement of a module outside that package
FOLDER = "<library>"  # in the paths of the files here; no project has a file in it


def boundary_files() -> dict[str, tuple[Path, str]]:
    """Return the files here, each with the path that it has in a project, by the module that it replaces.

    >>> file, path = boundary_files()["flext_exceptions.patterns.services"]
    >>> file.name, path
    ('services.py', '<library>/flext_exceptions/patterns/services.py')
    """
    folder = Path(str(files(__name__)))
    found = {}
    for one in sorted(folder.glob("[!_]*.py")):
        module = ELSEWHERE.get(one.stem, f"{LIBRARY}.{one.stem}")
        found[module] = one, f"{FOLDER}/{module.replace('.', '/')}.py"
    return found


def is_boundary(path: str) -> bool:
    """Return whether a path of a project is that of a file here."""
    return path.startswith(f"{FOLDER}/")


def module_shown(path: str) -> str:
    """Return the module that a file here replaces.

    >>> module_shown("<library>/flext_exceptions/patterns/services.py")
    'flext_exceptions.patterns.services'
    """
    return path.removeprefix(f"{FOLDER}/").removesuffix(".py").replace("/", ".")
