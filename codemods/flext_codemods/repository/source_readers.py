"""Which files are used as source elsewhere: their text is run by ``exec``, written out, or read by ``getsource``.

There the names of the module are not those that its functions see, and an added import is one name more. The same
holds for code that is taken from a function, to be run with other names or to be looked at.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from flext_analysis.modules import package_of
from flext_analysis.syntax.bindings import Names, dotted
from flext_analysis.syntax.source import Source, Unreadable, read_source
from flext_analysis.syntax.statements import Block, FunctionNode, expressions, statements
from flext_codemods.project.files import read_bytes
from flext_codemods.project.paths import Location
from flext_codemods.repository.path_readers import EXECUTING, SourceReader, by_path, read_from, read_texts

__all__ = ["SourceReader", "may_read_source", "read_elsewhere", "source_readers"]

GETTING = frozenset(["getsource", "getsourcelines", "get_instructions", "Bytecode"])  # of inspect and dis
FILES = frozenset(["getfile", "getsourcefile"])
HINT = re.compile(rb"\b(?:getsource(?:lines)?|exec|open|copy(?:2|file)?|(?:read|write)(?:_text|_bytes)?|get\w+)\(")
TREE_HINT = re.compile(rb"\b(?:copytree|make_archive)\(")
OWN_HINT = re.compile(rb"__file__\)+[\w.()]*\.(?:open|read_\w+)\(|open\([\w.(]*__file__")
CONSTANT = re.compile(rb"\w\.py['\"]")
WORDS = re.compile(rb"getsource|get_instructions|\bBytecode\b|\.__code__\b")
FILE_WORDS = re.compile(rb"getfile|\.__file__\b")


# Attributes of a code object that a migration changes nothing of.
UNCHANGED = frozenset(
    "co_filename co_name co_qualname co_argcount co_posonlyargcount co_kwonlyargcount co_varnames co_freevars "
    "co_cellvars co_flags co_nlocals".split()
)
# Builtins that ask something of what they are handed, and keep nothing of it.
ASKING = frozenset(
    "isinstance issubclass type callable hasattr getattr repr str len id print enumerate sum min max any all".split()
)


def may_read_source(raw: bytes) -> bool:
    """Return whether a file may read the text of another to run it or write it out, judging by its bytes."""
    if WORDS.search(raw) is not None or (b"exec(" in raw and FILE_WORDS.search(raw) is not None):
        return True
    if (b"__file__" in raw and OWN_HINT.search(raw)) or (
        (b"tree(" in raw or b"archive(" in raw) and TREE_HINT.search(raw)
    ):
        return True
    named = b".py'" in raw or b'.py"' in raw  # plain text first: this runs on every file
    return named and CONSTANT.search(raw) is not None and HINT.search(raw) is not None


def source_readers(source: Source, package: str, *, builds: bool = False) -> Iterator[SourceReader]:
    """Yield the places of a module that read the text of others. One that ``builds`` may read a version from it."""
    names = Names(source.tree, source.text, package or None)
    executes = any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EXECUTING
        for node in ast.walk(source.tree)
    )
    open_lines: list[int] = []  # where the text of what a variable holds is read
    values: list[SourceReader] = []
    for node, block in statements(source.tree):
        if isinstance(node, FunctionNode):
            yield from by_path(node.body)
            yield from () if builds else read_texts(names, node.body, block, source.tree.body)
        passed_over = [one for inner in expressions(node) for one in harmless(inner)]
        for inner in expressions(node):
            match inner:
                case ast.Call(func=function, args=[argument, *_]):
                    name = (names.resolve(function, block).path or dotted(function) or "").rpartition(".")[2]
                    if name in GETTING or (name in FILES and executes):
                        found = read_from(names, argument, block)
                        if found:
                            yield found
                        elif dotted(argument):
                            open_lines.append(inner.lineno)
                            yield from taker(argument, block)
                case ast.Attribute(value=value, attr=attribute):
                    taken = attribute == "__code__" or (attribute == "__file__" and executes)
                    if taken and not any(inner is one for one in passed_over):
                        found = read_from(names, value, block)
                        yield from [found] if found else []
            for each in held(inner) if not any(inner is one for one in passed_over) else ():
                path = names.resolve(each, block).path
                if path and path.rpartition(".")[2].islower() and "." in path:  # a function, by its name
                    values.append(SourceReader(path, "", each.lineno))
    if open_lines and executes:
        yield from (value._replace(line=open_lines[0]) for value in values)
    top = [node for node in source.tree.body if not isinstance(node, FunctionNode | ast.ClassDef)]
    yield from by_path(top)
    yield from () if builds else read_texts(names, top, Block(source.tree, "body", None))


def harmless(node: ast.AST) -> list[ast.AST]:
    """Return the parts of an expression of which no text is read, because of what is asked of them.

    What a builtin is only asked about, names of a code object, the folder of a module.
    """
    match node:
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in ASKING:
            kinds = name in ("type", "isinstance")
            return [node, *(one for one in arguments if kinds or isinstance(one, ast.Tuple))]
        case ast.Call(func=function, args=[argument]) if (dotted(function) or "").rpartition(".")[2] == "dirname":
            return [argument, *argument.args] if isinstance(argument, ast.Call) else [argument]
        case ast.Attribute(value=value, attr=attribute) if attribute in UNCHANGED:
            return [value]
        case ast.Attribute(value=ast.Call(args=arguments), attr="parent" | "parents"):
            return [*arguments]
    return []


def held(node: ast.AST) -> list[ast.expr]:
    """Return what an expression hands over: the arguments of a call, what is in a list, a tuple, a set or a dict."""
    match node:
        case ast.Call():
            return [*node.args, *(word.value for word in node.keywords)]
        case ast.List() | ast.Tuple() | ast.Set():
            return node.elts
        case ast.Dict():
            return node.values
    return []


def taker(argument: ast.expr, block: Block) -> Iterator[SourceReader]:
    """Yield the function of the top level around a place that reads the text of one of its parameters."""
    function = block.function()
    name = dotted(argument)
    if function is not None and any(each.arg == name for each in ast.walk(function.args) if isinstance(each, ast.arg)):
        yield SourceReader("", "", argument.lineno, taker=function.name)


def handed_over(source: Source, package: str, takers: Mapping[str, Path], path: Path) -> Iterator[SourceReader]:
    """Yield what a module hands to functions, by name, that read the text of it, in which file each of them is."""
    names = Names(source.tree, source.text, package or None)

    def is_taker(function: ast.expr, block: Block) -> bool:
        function = function.func if isinstance(function, ast.Call) else function
        name = (dotted(function) or "").rpartition(".")[2]
        origin = names.resolve(function, block)
        home = takers.get((origin.path or name).rpartition(".")[2])
        if home is None:
            return False
        return home == path if origin.path is None else names_module(origin.path, home)

    for node, block in statements(source.tree):
        if isinstance(node, FunctionNode | ast.ClassDef) and any(is_taker(one, block) for one in node.decorator_list):
            yield SourceReader("", "", node.lineno, own=True)
        for call in (inner for inner in expressions(node) if isinstance(inner, ast.Call)):
            if call.args and is_taker(call.func, block):
                yield from filter(None, (read_from(names, argument, block) for argument in call.args))


def read_elsewhere(readers: Mapping[Path, Iterable[SourceReader]], files: Iterable[Path]) -> dict[str, Location]:
    """Return the files that are source elsewhere, each with where it is read."""
    found: dict[str, Location] = {}
    wanted = [(path, reader) for path, each in readers.items() for reader in each]
    if not wanted:
        return found
    modules = [file for file in files if file.suffix == ".py"]
    takers = {reader.taker: path for path, reader in wanted if reader.taker}
    wanted += through_takers(takers, modules) if takers else []
    by_word: dict[str, list[tuple[Path, SourceReader]]] = {}
    own: dict[Path, Location] = {}
    folders: list[tuple[Path, SourceReader]] = []
    for path, reader in wanted:
        if reader.own:
            own.setdefault(path, Location(str(path), reader.line))
        if reader.path_end.endswith("/"):
            folders.append((path, reader))
            continue
        for word in {*reader.module.split("."), reader.path_end.rpartition("/")[2].removesuffix(".py")} - {""}:
            by_word.setdefault(word, []).append((path, reader))
    for file in modules:
        for path, reader in by_word.get(file.stem, ()):
            by_name = bool(reader.path_end) and file.as_posix().endswith(f"/{reader.path_end}")
            if path != file and (by_name or names_module(reader.module, file)):
                found.setdefault(str(file), Location(str(path), reader.line))
        for path, reader in folders:
            if path != file and f"/{reader.path_end}" in file.as_posix():
                found.setdefault(str(file), Location(str(path), reader.line))
        if file in own:
            found.setdefault(str(file), own[file])
    return found


def through_takers(takers: Mapping[str, Path], modules: Iterable[Path]) -> Iterator[tuple[Path, SourceReader]]:
    """Yield what is handed to functions that read the text of it, with the module that does so."""
    names = [name.encode() for name in takers]
    words = re.compile(rb"\b(?:%s)\b" % b"|".join(map(re.escape, names)))
    for path in modules:
        raw, _ = read_bytes(path)
        if not any(name in raw for name in names) or words.search(raw) is None:  # plain text first, which is faster
            continue
        try:
            source = read_source(raw)
        except Unreadable:
            continue  # named when its own turn comes
        yield from ((path, reader) for reader in handed_over(source, package_of(path), takers, path))


def names_module(module: str, file: Path) -> bool:
    """Return whether a dotted name may name the module in a file, or what is in it, from the top package on."""
    names = module.split(".") if module else []
    parts = file.with_suffix("").parts
    lengths = (length for length in range(1, len(names) + 1) if parts[-length:] == tuple(names[:length]))
    return any(not (file.parents[length - 1] / "__init__.py").exists() for length in lengths)
