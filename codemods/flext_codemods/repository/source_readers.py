"""Which files are used as source elsewhere: their text is run by ``exec``, written out, or read by ``getsource``.

There the names of the module are not those that its functions see, and an added import is one more name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_analysis.syntax.bindings import Names, dotted
from flext_analysis.syntax.source import Source
from flext_analysis.syntax.statements import FunctionNode, statements
from flext_codemods.project.paths import Location

__all__ = ["SourceReader", "may_read_source", "read_elsewhere", "source_readers"]

GETTING = frozenset(["getsource", "getsourcelines"])
RUNNING = frozenset(["exec", "compile", "copy", "copy2", "copyfile", "copytree", "write_text", "write_bytes"])
HINT = re.compile(rb"\bgetsource(?:lines)?\(|\bexec\(|\bcopy(?:2|file)?\(|\bwrite_(?:text|bytes)\(")
CONSTANT = re.compile(rb"\w\.py['\"]")


class SourceReader(NamedTuple):
    """A place that reads the text of a module: by its dotted name or that of something in it, or by its path."""

    module: str
    path_end: str
    line: int


def may_read_source(raw: bytes) -> bool:
    """Return whether a file may read the text of another to run it or write it out, judging by its bytes."""
    if b"getsource" in raw:
        return True
    named = b".py'" in raw or b'.py"' in raw  # plain text first: this runs on every file
    return named and CONSTANT.search(raw) is not None and HINT.search(raw) is not None


def source_readers(source: Source, package: str) -> Iterator[SourceReader]:
    """Yield the places of a module that read the text of others."""
    names = Names(source.tree, source.text, package or None)
    for node, block in statements(source.tree):
        if isinstance(node, FunctionNode):
            yield from by_path(node.body)
        for call in (inner for inner in ast.walk(node) if isinstance(inner, ast.Call)) if is_simple(node) else ():
            if (dotted(call.func) or "").rpartition(".")[2] in GETTING and call.args:
                path = names.resolve(call.args[0], block).path
                if path:
                    yield SourceReader(path, "", call.lineno)
    yield from by_path([node for node in source.tree.body if not isinstance(node, FunctionNode | ast.ClassDef)])


def is_simple(node: ast.stmt) -> bool:
    """Return whether a statement contains no other."""
    return not hasattr(node, "body")


def by_path(body: Iterable[ast.stmt]) -> Iterator[SourceReader]:
    """Yield the names of files in statements that run a text, or write one out."""
    nodes = [inner for node in body for inner in ast.walk(node)]
    called = {(dotted(node.func) or "").rpartition(".")[2] for node in nodes if isinstance(node, ast.Call)}
    called |= {node.func.attr for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    if RUNNING.isdisjoint(called):
        return
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)) if text.endswith(".py") and not text.endswith("__init__.py"):
                if "\n" not in text and text != ".py":
                    yield SourceReader("", text.replace("\\", "/").lstrip("./"), node.lineno)


def read_elsewhere(readers: Mapping[Path, Iterable[SourceReader]], files: Iterable[Path]) -> dict[str, Location]:
    """Return the files used as source elsewhere, each with where it is read, except by itself."""
    found: dict[str, Location] = {}
    wanted = [(path, reader) for path, each in readers.items() for reader in each]
    if not wanted:
        return found
    for file in files:
        if file.suffix != ".py":
            continue
        parts = file.with_suffix("").parts
        for path, reader in wanted:
            by_name = bool(reader.path_end) and file.as_posix().endswith(f"/{reader.path_end}")
            if path != file and (by_name or names_module(reader.module, parts)):
                found.setdefault(str(file), Location(str(path), reader.line))
    return found


def names_module(module: str, parts: tuple[str, ...]) -> bool:
    """Return whether a dotted name may be that of the module with these parts of its path, or of something in it."""
    names = module.split(".")
    if not module:
        return False
    return any(parts[-length:] == tuple(names[:length]) for length in range(1, len(names) + 1))
