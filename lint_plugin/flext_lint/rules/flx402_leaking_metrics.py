"""FLX402: a test that shares its metrics with all others."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.statements import Block, FunctionNode
from flext_lint.rule import LIBRARY, Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

METRICS = frozenset(["get_metrics", "clear_metrics", "record_exception"])
ISOLATING = frozenset(["flext_metrics", "isolated", "flext"])  # the fixture, the context manager, the marker
# pytest's own fixtures, which know nothing about the library (pytest 9: python -m pytest --fixtures).
KNOWN = frozenset(
    "cache capfd capfdbinary caplog capsys capsysbinary capteesys doctest_namespace monkeypatch pytestconfig pytester "
    "record_property record_testsuite_property record_xml_attribute recwarn request subtests testdir tmp_path "
    "tmp_path_factory tmpdir tmpdir_factory self cls".split()
)
AROUND = frozenset(
    "setUp setUpClass asyncSetUp setup_method setup_class setUpModule setup_module setup_function".split()
)


def mentions(node: ast.AST) -> set[str]:
    """Return the last parts of all names in a piece of code, and its texts, since fixtures are named by text too."""
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            found.add(inner.id)
        elif isinstance(inner, ast.Attribute):
            found.add(inner.attr)
        elif isinstance(inner, ast.arg):
            found.add(inner.arg)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            found.update(inner.value.split(","))
    return {name.strip() for name in found}


def touched(node: ast.FunctionDef | ast.AsyncFunctionDef, block: Block, module: Module) -> ast.expr | None:
    """Return the first expression that reads, clears or writes the metrics."""
    inside = Block(node, "body", block)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and inner.attr in METRICS:
            owner = (dotted(inner.value) or "").removesuffix(".Metrics")
            facts = module.classes.of_text(owner, inside) if owner else None
            if facts is not None and (facts.is_namespace or facts.typed):
                return inner
        elif isinstance(inner, ast.Name) and is_alias(inner, inside, module):
            return inner
    return None


def is_alias(node: ast.Name, block: Block, module: Module) -> bool:
    """Return whether a name refers to a function of the metrics: ``read = FlextExceptions.get_metrics``."""
    if not module.holds(f"{node.id} = "):
        return False
    bindings = module.names.bindings(node.id, block)
    origin = bindings[0].origin if len(bindings) == 1 and bindings[0].kind == "alias" else None
    owner, _, name = (origin or "").rpartition(".")
    facts = module.classes.of_text(owner.removesuffix(".Metrics"), block) if name in METRICS and owner else None
    return facts is not None and (facts.is_namespace or facts.typed)


def is_fixture(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a decorator makes a function a fixture."""
    names = (dotted(one.func if isinstance(one, ast.Call) else one) or "" for one in node.decorator_list)
    return any(name.rpartition(".")[2] == "fixture" for name in names)


def fixtures(module: Module) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return the fixtures of a module by name, methods too."""
    return {scope.name: scope for scope in module.runs if isinstance(scope, FunctionNode) and is_fixture(scope)}


def given(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Return the names of the parameters of a test or fixture that pytest fills in by name."""
    return {argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}


def parametrized(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Return every text in a function's decorators, which include names of parameters that are not fixtures."""
    return set[str]().union(*(mentions(decorator) for decorator in node.decorator_list))


def may_isolate(node: ast.FunctionDef | ast.AsyncFunctionDef, block: Block, module: Module) -> bool:
    """Return whether a test is isolated, or uses an unknown fixture that may do it."""
    if not ISOLATING.isdisjoint(mentions(node)):
        return True
    around = [outer.owner for outer in block.outwards() if isinstance(outer.owner, ast.ClassDef)]
    places: list[ast.Module | ast.ClassDef] = [module.tree, *around]
    beside = [inner for outer in places for inner in outer.body if isinstance(inner, FunctionNode)]
    if any(one.name in AROUND or (is_fixture(one) and "autouse" in ast.dump(one)) for one in beside):
        return True
    bases = {(dotted(base) or "").rpartition(".")[2] for outer in around for base in outer.bases}
    if not bases <= {"object", "TestCase", "IsolatedAsyncioTestCase"}:
        return True
    if any("usefixtures" in mentions(one) for outer in (node, *around) for one in outer.decorator_list):
        return True
    known = fixtures(module)
    waiting, seen = given(node) - parametrized(node), set[str](KNOWN)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            if name not in known or not ISOLATING.isdisjoint(mentions(known[name])):
                return True
            seen.add(name)
            waiting |= given(known[name])
    return False


@cache
def isolates(conftest: Path) -> bool:
    """Return whether a conftest.py, by its text, has a fixture around every test that mentions the library."""
    try:
        text = conftest.read_text("utf-8", "replace")
    except OSError:
        return False
    return "autouse" in text and "flext" in text.lower()


def isolated_from_above(module: Module) -> bool:
    """Return whether a conftest.py beside a module, or in a folder of the project around it, isolates its tests."""
    folders = Path(module.filename).absolute().parents
    return any(isolates(folder / "conftest.py") for folder in folders if folder.is_relative_to(module.project.folder))


def check(node: ast.FunctionDef | ast.AsyncFunctionDef, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a test that touches the metrics that all tests of the process share."""
    if not node.name.startswith("test") or not module.is_test or module.project.isolates or is_fixture(node):
        return
    place = touched(node, block, module)
    if place is None or "pytestmark" in module.text or isolated_from_above(module):
        return
    if not may_isolate(node, block, module):
        yield at(place, test=node.name)


RULE = Rule(
    code="FLX402",
    name="leaking-metrics",
    on=True,
    message="{test} shares the metrics with every other test; use the fixture flext_metrics",
    flags=(
        "A test that reads, clears or records metrics without the fixture `flext_metrics`, `flext_isolate` or "
        "`Metrics.isolated()`."
    ),
    silent=(
        "a test with an unknown fixture, base class or set-up; one with `usefixtures`; a file with `pytestmark` or "
        "an autouse fixture; tests below a conftest.py that uses the library and has an autouse fixture."
    ),
    why="The counts include those of earlier tests, so the result depends on the order in which tests run.",
    fix=(
        "Take `flext_metrics` as a parameter, set `flext_isolate = true` for all tests, or use `with "
        "FlextExceptions.Metrics.isolated():`."
    ),
    bad="""
        def test_counts():
            FlextExceptions.clear_metrics()
            FlextExceptions.ValidationError("m")
            assert FlextExceptions.get_metrics()["ValidationError"] == 1
    """,
    good="""
        def test_counts(flext_metrics):
            FlextExceptions.ValidationError("m")
            assert flext_metrics["ValidationError"] == 1
    """,
    nodes=(ast.FunctionDef, ast.AsyncFunctionDef),
    words=tuple(METRICS),
    check=check,
    also=(LIBRARY,),
)
