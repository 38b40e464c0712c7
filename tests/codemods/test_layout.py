"""The modules of the codemods import downwards only, and without a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import flext_codemods

ROOT = Path(str(flext_codemods.__file__)).parent
# From the bottom up: a folder, or a module of the root, may import those before it.
FOLDERS = (
    ["project"],
    ["storage", "workers", "repository"],
    ["model"],
    ["raises"],
    ["recipes"],
    ["rewrite", "reports", "audit"],
    ["options"],
    ["run"],
    ["cli", "commands"],
    ["__main__"],
)
HEIGHT = {name: height for height, names in enumerate(FOLDERS) for name in names}


def dotted(path: Path) -> str:
    """Return the name under which a module is imported."""
    parts = ["flext_codemods", *path.relative_to(ROOT).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {dotted(path): path for path in ROOT.rglob("*.py")}


def imported(path: Path) -> Iterator[str]:
    """Yield the modules of ours that a module imports: at its top, in functions and for type checkers alike."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} has a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            while name and name not in MODULES:
                name = name.rpartition(".")[0]
            if name:
                yield name


IMPORTS = {name: set(imported(path)) for name, path in MODULES.items()}


def test_no_folder_imports_one_above_it() -> None:
    """Nor a sibling."""
    for name, others in IMPORTS.items():
        here = name.split(".")[1:2]
        for other in others:
            there = other.split(".")[1:2]
            if here and there and here != there:
                assert HEIGHT[there[0]] < HEIGHT[here[0]], f"{name} imports {other}"


def test_no_module_reaches_itself_by_imports() -> None:
    """Neither directly nor through others."""
    for name in MODULES:
        seen: set[str] = set()
        waiting = [*IMPORTS[name]]
        while waiting:
            other = waiting.pop()
            assert other != name, f"{name} imports itself, the long way round"
            if other not in seen:
                seen.add(other)
                waiting += IMPORTS[other]


def test_modules_and_folders_stay_small() -> None:
    """At most 400 lines a module, and 15 modules a folder."""
    for path in MODULES.values():
        assert len(path.read_text("utf-8").splitlines()) <= 400, path
        assert sum(each.parent == path.parent for each in MODULES.values()) <= 16, path.parent
