"""What the linter reads of a class from its file agrees with the class hierarchy of the whole program.

``python -m tests.lint.test_class_agreement PATH...`` compares every class below some folders.
"""

from __future__ import annotations

import ast
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from flext_analysis.modules import module_name
from flext_analysis.program.hierarchy import Hierarchy
from flext_analysis.program.project import Project
from flext_analysis.semantics.classes import Classes
from flext_analysis.summaries.definitions import Module
from flext_analysis.summaries.summarize import summarize
from flext_analysis.syntax.bindings import BUILTIN_ERRORS
from flext_analysis.syntax.source import detect_encoding, parse
from flext_lint import module as lint
from flext_lint.project import Project as LintProject

STDLIB = Path(sysconfig.get_path("stdlib"))
ERRORS = frozenset(f"builtins.{cls.__name__}" for cls in BUILTIN_ERRORS.values())


def class_statements(classes: Classes) -> Iterator[tuple[ast.ClassDef, frozenset[str], bool]]:
    """Yield each class of a file, the builtin errors that catch it, and whether it is typed, as the linter has it."""
    for scope, runs in classes.runs.items():
        around = runs[0][1].parent
        if isinstance(scope, ast.ClassDef) and around is not None:
            facts = classes.of_node(scope, around)
            yield scope, facts.ancestors & ERRORS, facts.typed


def decoded(raw: bytes) -> str:
    """Return the text of a file, by its cookie."""
    return raw.decode(detect_encoding(raw))


def disagreements(files: Iterable[Path], root: Path) -> tuple[int, list[str]]:
    """Return how many classes some files have, and those of which the two say something else."""
    project = Project()
    modules = {file: project.add(Module(str(file), module_name(file), summarize(file.read_bytes()))) for file in files}
    hierarchy, linted = Hierarchy(project), LintProject(root)
    count, found = 0, []
    for file, one in modules.items():
        if one.summary.problem:
            continue
        text = decoded(file.read_bytes())
        classes = lint.Module(parse(text), text.splitlines(keepends=True), str(file), linted).classes
        known = {
            (each.scope.place // 4096, each.scope.name): hierarchy.of_definition(each)
            for each in one.definitions
            if each.scope.kind == "class"
        }
        for node, errors, typed in class_statements(classes):
            count += 1
            info = known[node.lineno, node.name]
            if (errors, typed) != (info.ancestors & ERRORS, info.typed):
                found.append(f"{file}:{node.lineno}: {node.name}")
    return count, found


@pytest.mark.parametrize("package", ["asyncio", "concurrent", "email", "http", "importlib", "json", "xml"])
def test_packages_of_the_standard_library(package: str) -> None:
    """Most of their errors are below those of another module."""
    folder = STDLIB / package
    count, found = disagreements(sorted(folder.rglob("*.py")), folder)
    assert count
    assert found == []


def test_typed_errors_of_other_modules(tmp_path: Path) -> None:
    """By re-exports, stars, aliases, nested classes and namespaces."""
    files = {
        "shop/__init__.py": "from .errors import *\n",
        "shop/errors.py": (
            "from flext_exceptions import FlextExceptions as F\nimport flext_exceptions.errors as e\n"
            "__all__ = ['Bad', 'Space', 'Plain']\n"
            "class Bad(F.ValidationError): ...\n"
            "class Space:\n    class Inner(Bad): ...\n"
            "class Late(e.FlextTimeoutError): ...\nAlias = Late\nclass Plain(KeyError): ...\n"
        ),
        "shop/cart.py": (
            "import shop\nfrom shop import Bad as B\nfrom shop.errors import Alias, Space\n"
            "class One(B): ...\nclass Two(shop.Space.Inner): ...\nclass Three(Alias): ...\n"
            "class Four(shop.Plain): ...\nclass Five(Space): ...\n"
        ),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    count, found = disagreements(sorted(tmp_path.rglob("*.py")), tmp_path)
    assert (count, found) == (10, [])


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        number, others = disagreements(sorted(path.rglob("*.py")), path)
        print(f"{path}: {number:,} classes, {len(others)} of which are said to be something else", *others, sep="\n")
