"""What star imports may bind, read from the sources of the package and of the standard library."""

from __future__ import annotations

import sys
import sysconfig
from functools import cache
from pathlib import Path

from flext_analysis.program.library import LIBRARIES
from flext_analysis.syntax.bindings import Names
from flext_analysis.syntax.source import Unreadable, read_source
from flext_exceptions import __all__ as LIBRARY_NAMES

__all__ = ["star_exports"]

SAME_MODULE = {"os.path": "posixpath"}  # created by os.py on import; ntpath binds the same names
UNKNOWN = "*"


@cache
def top_level(path: Path) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the names that a module binds at its top level, and the modules whose stars it imports."""
    try:
        source = read_source(path.read_bytes())
    except (OSError, Unreadable):
        return frozenset([UNKNOWN]), ()
    names = Names(source.tree, source.text, None)
    return frozenset(names.scope(source.tree)), tuple(names.stars)


def module_file(path: Path, module: str) -> Path | None:
    """Return the file of a module that a file imports: from its package, or from the standard library."""
    rest = SAME_MODULE.get(module, module.lstrip("."))
    level = len(module) - len(module.lstrip("."))
    if level > len(path.parents):
        return None
    roots = [path.parents[level - 1]] if level else [path.parent]
    while not level and (roots[-1] / "__init__.py").exists():
        roots.append(roots[-1].parent)
    if not level and rest.partition(".")[0] in sys.stdlib_module_names:
        roots.append(Path(sysconfig.get_path("stdlib")))
    for root in roots:
        here = root.joinpath(*rest.split(".")) if rest else root
        for file in (here.with_suffix(".py"), here / "__init__.py"):
            if file.is_file() and file != path:
                return file
    return None


def star_exports(path: Path, modules: tuple[str, ...]) -> frozenset[str]:
    """Return what the star imports of a file may bind, including "*" if a module's source is not found."""
    found: set[str] = set()
    seen: set[Path] = set()
    waiting = [(path, module) for module in modules]
    while waiting:
        importer, module = waiting.pop()
        if module in LIBRARIES:
            found.update(LIBRARY_NAMES)
            continue
        file = module_file(importer, module)
        if file is None:
            # The modules of the standard library written in C bind no other class to a builtin's name.
            found.update([] if module.partition(".")[0] in sys.stdlib_module_names else [UNKNOWN])
        elif file not in seen:
            seen.add(file)
            names, stars = top_level(file)
            found |= names
            waiting.extend((file, star) for star in stars)
    return frozenset(found)
