"""Code that reads the text of a module by its path: to run it, to write it out, to show it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flext_analysis.syntax.bindings import Names
from flext_analysis.syntax.statements import Block

__all__ = ["EXECUTING", "SourceReader", "by_path", "read_from", "read_texts"]

EXECUTING = frozenset(["exec", "compile", "eval"])
RUNNING = EXECUTING | {"copy", "copy2", "copyfile", "copytree", "write_text", "write_bytes"}
READERS = frozenset(["open", "getline", "getlines", "get_data", "read_binary"])  # of a path that they are handed
TREES = frozenset(["copytree", "make_archive"])
FOLDER = re.compile(r"\.{0,2}/?\w[\w./-]*")  # the constant path of one
WRITING = re.compile(r"^[rbtU]*[wax+]")


class SourceReader(NamedTuple):
    """A place that reads the text of a module: by its dotted name or that of what is in it, or by its path.

    ``own`` says that it reads the module that it stands in, ``taker`` names the function there that reads the text of
    whatever is handed to it: a decorator. A path that ends with a slash is that of a folder.
    """

    module: str
    path_end: str
    line: int
    own: bool = False
    taker: str = ""


def read_from(names: Names, node: ast.expr, block: Block) -> SourceReader | None:
    """Return what reads a module through an expression that names it, or something in it; None for any other."""
    path = names.resolve(node, block).path
    if path:
        return SourceReader(path, "", node.lineno)
    found = names.bindings(node.id, block) if isinstance(node, ast.Name) else []
    if found and all(each.kind in ("function", "class") for each in found):
        return SourceReader("", "", node.lineno, own=True)
    return None


def called_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the last parts of the names of what is called."""
    functions = [node.func for node in nodes if isinstance(node, ast.Call)]
    return {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in functions}


def by_path(body: Iterable[ast.stmt]) -> Iterator[SourceReader]:
    """Yield the names of files in statements that run a text, or write one out."""
    nodes = [inner for node in body for inner in ast.walk(node)]
    if RUNNING.isdisjoint(called_names(nodes)):
        return
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)) if text.endswith(".py") and not text.endswith("__init__.py"):
                if "\n" not in text and text != ".py":
                    yield SourceReader("", text.replace("\\", "/").lstrip("./"), node.lineno)


def values_of(body: Iterable[ast.AST]) -> dict[str, ast.expr]:
    """Return what names are bound to by plain assignments."""
    found = {}
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = value
    return found


def read_texts(
    names: Names, body: list[ast.stmt], block: Block, around: Iterable[ast.stmt] = ()
) -> Iterator[SourceReader]:
    """Yield what reads the text of a file by its path: a constant, ``__file__``, a name that is bound to one of them.

    ``around`` are statements that bind more names.
    """
    nodes = [inner for node in body for inner in ast.walk(node)]
    known = {**values_of(around), **values_of(nodes)}
    for path in (each for node in nodes if isinstance(node, ast.Call) for each in read_paths(node)):
        given = known.get(path.id, path) if isinstance(path, ast.Name) else path
        match file_attribute(given):
            case ast.Name():
                yield SourceReader("", "", path.lineno, own=True)
            case ast.Attribute(value=value):
                found = read_from(names, value, block)
                yield from [found] if found else []
        for part in ast.walk(given):
            match part:
                case ast.Constant(value=str(text)) if is_module_path(text):
                    yield SourceReader("", text.replace("\\", "/").lstrip("./"), path.lineno)
    for node in nodes:
        match node:
            case ast.Call(func=function, args=[_, *_] as arguments) if last_name(function) in TREES:
                for part in (inner for each in arguments for inner in ast.walk(each)):
                    if isinstance(part, ast.Constant) and FOLDER.fullmatch(str(part.value)):
                        yield SourceReader("", f"{str(part.value).strip('./')}/", node.lineno)


def is_module_path(text: str) -> bool:
    """Return whether a text is the path of a module that is not read for its version."""
    return text.endswith(".py") and text != ".py" and not text.endswith("__init__.py") and not re.search(r"\s", text)


def last_name(function: ast.expr) -> str:
    """Return the last part of the name of a function, whatever it is an attribute of."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def read_paths(call: ast.Call) -> Iterator[ast.expr]:
    """Yield the expressions of the paths that a call reads; what is opened for writing is not read."""
    name, method = last_name(call.func), isinstance(call.func, ast.Attribute)
    modes = [*call.args[:2], *(word.value for word in call.keywords if word.arg == "mode")]
    if name == "open" and any(isinstance(mode, ast.Constant) and WRITING.search(str(mode.value)) for mode in modes):
        return
    if isinstance(call.func, ast.Attribute) and name in ("read_text", "read_bytes", "open"):
        yield call.func.value
    if name in READERS or (name == "write" and method):  # of an archive
        yield from call.args


def file_attribute(node: ast.expr) -> ast.Attribute | ast.Name | None:
    """Return the ``__file__`` that is the path itself, not one beside it."""
    match node:
        case ast.Call(func=ast.Attribute(value=inner, attr="resolve" | "absolute")):
            return file_attribute(inner)
        case ast.Call(func=function, args=[inner]) if last_name(function) in ("Path", "abspath", "realpath", "str"):
            return file_attribute(inner)
        case ast.Attribute(attr="__file__") | ast.Name(id="__file__"):
            return node
    return None
