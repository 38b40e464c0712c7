"""Which raise statements of a project raise typed errors, read across its modules without importing any."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_analysis.program.library import ROOT, TYPES, library_path
from flext_analysis.semantics.class_facts import class_text
from flext_analysis.semantics.classes import Classes
from flext_analysis.semantics.error_origins import origins
from flext_analysis.semantics.raised_types import is_class_name, raised
from flext_analysis.syntax.raise_sites import raised_expression
from flext_analysis.syntax.source import Unreadable, read_source
from flext_analysis.syntax.statements import Block, FunctionNode, walk

__all__ = ["Inventory", "TypedSite", "inventory"]

EXEMPT = "pragma: no cover"  # what coverage.py takes as "not to be covered", and what its users write
WANTED = frozenset([ast.Raise, ast.ClassDef])
LIBRARY = frozenset([ROOT, *TYPES])


class TypedSite(NamedTuple):
    """A raise statement of a typed error: its file, first and last line, what it raises, and its function.

    ``error`` is the class as the statement names it; ``path`` its dotted name, as far as that is known; ``function``
    the function or class around it, "" for none; ``made`` means that a function of the module constructs the error;
    ``declared`` that its class is typed because the project declares it: these files do not show that it is the
    library's. ``created`` are the lines, first and last, of statements that create what this one raises by a name;
    ``elsewhere`` means that it may be created anywhere: it is a parameter, or was caught.
    """

    file: Path
    line: int
    end_line: int
    error: str
    path: str
    function: str
    made: bool
    declared: bool = False
    created: tuple[tuple[int, int], ...] = ()
    elsewhere: bool = False


class Inventory(NamedTuple):
    """The typed raise sites of some files; how many are exempt by comment; what could not be read, and why."""

    sites: list[TypedSite]
    exempt: int
    unreadable: dict[Path, str]


class Seen(NamedTuple):
    """A raise statement that may be a site, and the dotted names of the classes that it may raise, and of their bases.

    They are resolved after all modules were read: the bases of a class may be in any of them.
    """

    site: TypedSite
    exempt: bool
    classes: frozenset[str]


class Hierarchy(NamedTuple):
    """The classes of all modules by dotted name, each with its bases; and the modules whose stars each imports.

    A name that a module imports, or assigns a class to, counts as a subclass of that class.
    """

    above: dict[str, frozenset[str]]
    stars: dict[str, tuple[str, ...]]

    def over(self, path: str) -> Iterable[str]:
        """Return the names above a name: bases, what an import names, what a star import may name."""
        module, _, name = path.rpartition(".")
        return self.above.get(path) or [f"{star}.{name}" for star in self.stars.get(module, ())]

    def is_below(self, roots: Container[str], paths: Iterable[str]) -> bool:
        """Return whether one of some classes is one of the roots, or below one."""
        waiting, seen = list(paths), set[str]()
        while waiting:
            path = waiting.pop()
            if (library_path(path) or path) in roots:
                return True
            if path not in seen:
                seen.add(path)
                waiting += self.over(path)
        return False


def inventory(modules: Mapping[Path, str], declared: Iterable[str] = ()) -> Inventory:
    """Return the typed raise sites of the modules of a project.

    A site is a raise statement that names a class of the library, or one below it, or calls a function or a method of
    its own module that certainly constructs such an error, or raises a name that is certainly bound to one: by
    assignments, in a handler, or as an annotated parameter.

    Args:
        modules: the files, each with the dotted name under which it is imported.
        declared: the dotted names of classes that are typed although these files do not show it.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     errors, cart = Path(folder, "errors.py"), Path(folder, "cart.py")
    ...     _ = errors.write_text("import flext_exceptions as fe\\nclass Bad(fe.FlextExceptions.ValidationError): ...")
    ...     _ = cart.write_text("from errors import Bad\\ndef add(n):\\n    if n < 0:\\n        raise Bad('negative')")
    ...     [(site.line, site.error, site.function) for site in inventory({errors: "errors", cart: "cart"}).sites]
    [(4, 'Bad', 'add')]
    """
    hierarchy = Hierarchy({}, {})
    roots = frozenset(declared)
    seen: list[Seen] = []
    unreadable: dict[Path, str] = {}
    texts = dict(read_all(modules, unreadable))
    words, used = {b"flext_", b"import *", *map(last_word, roots)}, set[bytes]()
    while words:  # a module raises typed errors only if it names one: most need not be parsed
        found = [file for file, raw in texts.items() if any(word in raw for word in words)]
        for file in found:
            try:
                seen += look_at(file, texts.pop(file), modules[file], hierarchy)
            except Unreadable as error:
                unreadable[file] = error.message
        used |= words
        words = {last_word(path) for path in hierarchy.above if hierarchy.is_below(LIBRARY | roots, [path])} - used
    typed = sorted(typed_ones(seen, hierarchy, roots))
    sites = [each.site for each in typed if not each.exempt]
    return Inventory(sites, len(typed) - len(sites), unreadable)


def last_word(path: str) -> bytes:
    """Return the last part of a dotted name, as a file uses it."""
    return path.rpartition(".")[2].encode()


def read_all(files: Iterable[Path], unreadable: dict[Path, str]) -> Iterator[tuple[Path, bytes]]:
    """Yield the files with their bytes; add those that cannot be read."""
    for file in sorted(files):
        try:
            yield file, file.read_bytes()
        except OSError as error:
            unreadable[file] = f"cannot be read: {error.strerror}"


def typed_ones(seen: Iterable[Seen], hierarchy: Hierarchy, declared: frozenset[str]) -> Iterator[Seen]:
    """Yield the raise statements whose class is the library's, or below one, or declared, or below such a one."""
    for each in seen:
        if hierarchy.is_below(LIBRARY, each.classes):
            yield each
        elif hierarchy.is_below(declared, each.classes):
            yield each._replace(site=each.site._replace(declared=True))


def look_at(file: Path, raw: bytes, module: str, hierarchy: Hierarchy) -> Iterator[Seen]:
    """Read one module: add its classes to the hierarchy, and yield its raise statements."""
    source = read_source(raw)
    package = module if file.stem == "__init__" else module.rpartition(".")[0]
    runs, placed = walk(source.tree, WANTED)
    classes = Classes(source.tree, source.text, runs, package=package, module=module)
    add_names(module, classes, hierarchy)
    lines = source.text.splitlines()
    for node, block in placed:
        if isinstance(node, ast.ClassDef):
            facts = classes.of_node(node, block)
            hierarchy.above[facts.path] = facts.ancestors - {facts.path}
        elif isinstance(node, ast.Raise) and node.exc is not None:
            seen = look_at_raise(node, block, classes, file)
            if seen is not None:
                exempt = any(EXEMPT in line for line in lines[seen.site.line - 1 : seen.site.end_line])
                yield seen._replace(exempt=exempt)


def add_names(module: str, classes: Classes, hierarchy: Hierarchy) -> None:
    """Add the classes that a module imports or gives another name, since others may import them from it."""
    top = Block(classes.tree, "body", None)
    for name, bindings in classes.names.scope(classes.tree).items():
        if is_class_name(name) and any(one.kind in ("import", "alias") for one in bindings):
            facts = classes.of_text(name, top)
            if facts is not None:
                hierarchy.above[f"{module}.{name}"] = facts.ancestors
    hierarchy.stars[module] = tuple(classes.names.stars)


def look_at_raise(node: ast.Raise, block: Block, classes: Classes, file: Path) -> Seen | None:
    """Return a raise statement with the classes that it may raise, None if nothing is known about them."""
    assert node.exc is not None  # computed before
    named: list[str] = []
    above: set[str] = set()
    made = False
    created: dict[tuple[int, int], None] = {}
    elsewhere = False
    for value in raised(node.exc, block, classes):
        text = class_text(raised_expression(value.value)[0]) or ""
        facts = value.facts or (classes.of_text(text, block) if text else None)
        ancestors = facts.ancestors if facts is not None else from_stars(text, block, classes)
        if ancestors:
            named.append(facts.path if facts is not None else text)
            above |= ancestors
            made = made or value.made
            continue
        for origin in origins(value.value, block, classes):
            text = class_text(origin.node) or ""
            facts = classes.of_text(text, origin.block) if text else None
            ancestors = facts.ancestors if facts is not None else from_stars(text, origin.block, classes)
            if ancestors:
                named.append(facts.path if facts is not None else text)
                above |= ancestors
                made = made or origin.made
                if origin.lines == (0, 0):
                    elsewhere = True
                else:
                    created[origin.lines] = None
    if not named:
        return None
    error = ast.unparse(raised_expression(node.exc)[0])
    where = (node.lineno, node.end_lineno or node.lineno)
    site = TypedSite(file, *where, error, named[0], around(block), made, created=tuple(created), elsewhere=elsewhere)
    return Seen(site, False, frozenset(above))


def from_stars(text: str, block: Block, classes: Classes) -> frozenset[str]:
    """Return the dotted names that a class has if a star import binds it; none if the module binds its name."""
    names = classes.names
    if not text or not names.stars or names.bindings(text.partition(".")[0], block):
        return frozenset()
    return frozenset(f"{star}.{text}" for star in names.stars)


def around(block: Block) -> str:
    """Return the dotted name of the functions and classes around a location, "" at the top of the module."""
    owners = [outer.owner for outer in block.outwards()]
    return ".".join(owner.name for owner in reversed(owners) if isinstance(owner, FunctionNode | ast.ClassDef))
