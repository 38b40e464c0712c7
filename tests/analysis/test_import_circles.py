"""Imports form no circle, neither at module level nor in functions nor for type checkers."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "flext_exceptions": ROOT / "flext_exceptions",
    "flext_analysis": ROOT / "lint_plugin/flext_analysis",
    "flext_lint": ROOT / "lint_plugin/flext_lint",
    "flext_codemods": ROOT / "codemods/flext_codemods",
    "flext_pytest": ROOT / "pytest_plugin/flext_pytest",
}

# The one circle there is. `root` names the types for type checkers, which only `base`, `errors` and `builtin_mirrors`
# can define; and an error imports what makes and reads its documents where one is asked for, since the import of the
# library would cost twice as much with them.
LATE_IMPORTS = frozenset(
    f"flext_exceptions.{name}"
    for name in (
        "root", "base", "errors", "builtin_mirrors",
        "documents.to_dict", "documents.from_dict", "documents.problem_details",
    )
)  # fmt: skip


def imports(name: str, path: Path, modules: dict[str, Path]) -> set[str]:
    """Return the modules among these that a file imports, wherever in it, but for the packages that it lies in."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [node.module])])
            base = base if node.level else node.module or ""
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        for imported in names:
            while imported and imported not in modules:
                imported = imported.rpartition(".")[0]
            if imported and imported != name and not name.startswith(f"{imported}."):
                found.add(imported)
    return found


def circles(edges: dict[str, set[str]]) -> list[set[str]]:
    """Return the groups of modules that import one another: in each every module is reached from every other."""
    reached = {name: {name} for name in edges}
    for name, found in reached.items():
        left = [name]
        while left:
            new = edges.get(left.pop(), set()) - found
            found |= new
            left += new
    groups = {frozenset(other for other in found if name in reached[other]) for name, found in reached.items()}
    return [set(group) for group in groups if len(group) > 1]


def drawn(root: Path, package: str) -> dict[str, set[str]]:
    """Return the imports of a package, by module."""
    modules = {}
    for path in root.rglob("*.py"):
        parts = [package, *path.relative_to(root).with_suffix("").parts]
        modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return {name: imports(name, path, modules) for name, path in modules.items()}


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_no_module_imports_itself_by_way_of_others(package: str) -> None:
    """But for the late imports of the runtime, each of which is named above."""
    found = circles(drawn(PACKAGES[package], package))
    assert found == ([set(LATE_IMPORTS)] if package == "flext_exceptions" else [])


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_no_module_is_long(package: str) -> None:
    """At most 400 lines, which a reader can take in."""
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in PACKAGES[package].rglob("*.py")}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


@pytest.mark.parametrize("late", ["import shop.one", "def later():\n    from . import one", "from .one import x"])
def test_a_circle_is_found_wherever_the_import_stands(tmp_path: Path, late: str) -> None:
    """A module that is imported by the one which it imports is in a circle with it."""
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "one.py").write_text("TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from . import two\n")
    (tmp_path / "two.py").write_text(late)
    (tmp_path / "three.py").write_text("from . import one")
    assert circles(drawn(tmp_path, "shop")) == [{"shop.one", "shop.two"}]
