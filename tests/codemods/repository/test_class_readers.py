"""Who reads the class of an error: the bytes of a file, by which it is parsed, hint at all that its tree holds."""

from __future__ import annotations

import ast
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

from flext_analysis.bindings import dotted
from flext_analysis.statements import FunctionNode, statements
from flext_codemods.repository.class_readers import (
    class_reads,
    handed_names,
    may_watch,
    readers_in,
    reading_names,
    watching_in,
)

STANDARD = Path(sysconfig.get_path("stdlib"))


def modules() -> Iterator[tuple[Path, bytes, ast.Module]]:
    """Yield modules of the standard library with their trees."""
    for pattern in ("*.py", "asyncio/*.py", "logging/*.py", "unittest/*.py"):
        for path in STANDARD.glob(pattern):
            raw = path.read_bytes()
            if b"except" in raw and b"__" in raw:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    yield path, raw, ast.parse(raw)


def test_the_bytes_hint_at_all_that_the_tree_holds() -> None:
    """At every function that reads the class of what it is given, every one that is handed an error, and handlers."""
    counts = {"readers": 0, "handed": 0, "direct": 0}
    for path, raw, tree in modules():
        nodes = [node for node, _ in statements(tree)]
        called = {dotted(call.func) or "" for call in ast.walk(tree) if isinstance(call, ast.Call)}
        watching = list(watching_in(tree, {name.rpartition(".")[2] for name in called} - {""}))
        handed = {name for one in watching for name in one.handed}
        assert handed <= set(handed_names(raw)), path
        if class_reads(raw):
            readers = set(readers_in(tree, {node.name for node in nodes if isinstance(node, FunctionNode)}))
            assert readers <= set(reading_names(raw)), path
            assert may_watch(raw) or not any(one.reads for one in watching), path
            counts["readers"] += len(readers)
            counts["direct"] += may_watch(raw)
        counts["handed"] += len(handed)
    assert min(counts.values()) > 3, counts


def test_a_function_counts_wherever_its_signature_ends() -> None:
    """Defaults, annotations and comments in it hold what looks like its end. A function above reads nothing."""
    text = b"""
def zero(err):
    pass
def one(a: int = f(x), b: str = "(", err: E = None):  # note: one
    return err.__class__
async def two(
    a=g(1),  # of: two
    err=None,
) -> None:
    def inner():
        return type(err) is a
class C:
    def three(self, error): return type(error).__name__
    def four(self, error):
        return self.__class__(error)
"""
    assert reading_names(text) == ("one", "three", "two")
