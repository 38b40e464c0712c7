"""Tables keyed by builtin errors, and what is looked up by the type of a value."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flext_analysis.bindings import BUILTIN_ERRORS, dotted
from flext_analysis.statements import statements
from flext_codemods.project.paths import Location

__all__ = [
    "Read",
    "Table",
    "is_type_of",
    "last_name",
    "may_hold_a_table",
    "may_read_by_type",
    "names_to_read",
    "reads_in",
    "tables_in",
    "type_tables",
]

ANY = "|".join(sorted(BUILTIN_ERRORS)).encode()
# Fixed letters first where it can be had: these run over every file.
KEY = re.compile(rb"(?:Error|Exception)\s*:(?!=)")
BEFORE_KEY = re.compile(rb"[{,]\s*(?:builtins\.)?\w+$")
MEMBER = re.compile(
    rb"\[\s*(?:builtins\.)?(?:%b)\s*\]\s*=[^=]"
    rb"|=\s*(?:(?:frozenset|set|dict)\s*)?[({\[]+\s*(?:[\w.]+\s*,\s*)*(?:builtins\.)?(?:%b)\b" % (ANY, ANY)
)
CALL = re.compile(rb"type\([^()\n]*\)")
CLASS = re.compile(rb"__class__\b")
LOOKUP_BEFORE = re.compile(rb"(?:[\w)\]]\[|\.(?:get|pop|setdefault|index|count)\()\s*(?:[\w.]+\.)?$")
MEMBER_AFTER = re.compile(rb"\s+(?:not\s+)?in\b")
BOUND_BEFORE = re.compile(rb"\b(\w+)\s*=\s*(?:[\w.]+\.)?$")
LINE_END = re.compile(rb"[ \t]*$", re.MULTILINE)


class Table(NamedTuple):
    """Builtins that key a table, the name that it is bound to (None: it has none), and where it stands.

    ``members`` says that it is a collection, in which a type can only be looked for.
    """

    builtins: frozenset[str]
    name: str | None
    line: int
    members: bool = False
    path: str = ""

    @property
    def location(self) -> Location:
        """Where the table stands."""
        return Location(self.path, self.line)


class Read(NamedTuple):
    """A look-up by the type of a value: the name of what is looked into, and whether its own file binds that name.

    The name is None where an expression gives it, "" where it stands there as a literal.
    """

    name: str | None
    bound: bool


def may_hold_a_table(raw: bytes) -> bool:
    """Say whether the bytes of a file hint at a table or collection of builtin errors."""
    if any(BEFORE_KEY.search(raw, max(0, match.start() - 60), match.end() - 1) for match in KEY.finditer(raw)):
        return True
    return MEMBER.search(raw) is not None


def may_read_by_type(raw: bytes) -> bool:
    """Say whether a file may look something up by the type of a value, directly or through a variable."""
    if b"type(" not in raw and b"__class__" not in raw:
        return False
    names = set()
    for pattern in (CALL, CLASS):  # one pattern for both would have no fixed letters to look for first
        for match in pattern.finditer(raw):
            before = raw[max(0, match.start() - 80) : match.start()]
            if LOOKUP_BEFORE.search(before) or MEMBER_AFTER.match(raw, match.end()):
                return True
            bound = BOUND_BEFORE.search(before) if LINE_END.match(raw, match.end()) else None
            if bound:
                names.add(bound[1])
    lookup = rb"[\[(]\s*%b\s*[\]),]|\b%b\s+(?:not\s+)?in\b"
    return any(re.search(lookup % (name, name), raw) for name in names)


def builtin_name(node: ast.expr | None) -> str | None:
    """Return the name of the builtin error that an expression seems to name, by its text alone."""
    name = (dotted(node) or "").removeprefix("builtins.")
    return name if name in BUILTIN_ERRORS else None


def is_type_of(node: ast.expr) -> bool:
    """Say whether an expression is ``type(x)`` or ``x.__class__``."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "type" and len(node.args) == 1
    return isinstance(node, ast.Attribute) and node.attr == "__class__"


def last_name(node: ast.expr | None) -> str | None:
    """Return the last part of a dotted name, None for any other expression."""
    return (dotted(node) or "").rpartition(".")[2] or None


def tables_in(tree: ast.Module) -> Iterator[Table]:
    """Yield the tables and collections of a module that hold builtin errors as keys or members."""
    bound: dict[ast.expr, str | None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            bound[node.value] = last_name(node.targets[0])
            if isinstance(node.targets[0], ast.Subscript) and (key := builtin_name(node.targets[0].slice)):
                yield Table(frozenset([key]), last_name(node.targets[0].value), node.lineno)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            bound[node.value] = last_name(node.target)
        elif isinstance(node, ast.Dict):
            keys = frozenset(name for key in node.keys if (name := builtin_name(key)))
            if keys:
                yield Table(keys, bound.get(node), node.lineno)
        elif isinstance(node, ast.Set | ast.List | ast.Tuple) and node in bound:
            members = frozenset(name for item in node.elts if (name := builtin_name(item)))
            if members:
                yield Table(members, bound[node], node.lineno, members=True)
        elif isinstance(node, ast.Call) and last_name(node.func) in ("frozenset", "set", "dict") and node in bound:
            names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
            inside = frozenset(BUILTIN_ERRORS).intersection(names)
            if inside:
                yield Table(inside, bound[node], node.lineno, last_name(node.func) != "dict")


def type_reads_in(tree: ast.Module) -> Iterator[tuple[str | None, ast.expr]]:
    """Yield what is read by a type: the name of the table (None: it has none), and the table's own expression."""
    types = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and is_type_of(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def by_type(key: ast.expr) -> bool:
        return is_type_of(key) or (isinstance(key, ast.Name) and key.id in types)

    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and by_type(node.slice):
            yield last_name(node.value), node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            if node.func.attr in ("get", "pop", "setdefault", "index", "count") and by_type(node.args[0]):
                yield last_name(node.func.value), node.func.value
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn) and by_type(node.left):
            yield last_name(node.comparators[0]), node.comparators[0]


def reads_in(tree: ast.Module) -> tuple[Read, ...]:
    """Return the look-ups by type of a module, each once."""
    local = {target for node, _ in statements(tree) for target in assigned_names(node)}
    found: dict[Read, None] = {}
    for name, expression in type_reads_in(tree):
        literal = isinstance(expression, ast.Dict | ast.Set | ast.Tuple | ast.List)
        found[Read("" if literal else name, name in local)] = None
    return tuple(found)


def names_to_read(tables: Iterable[Table]) -> set[str] | None:
    """Return the names whose reads decide about some tables, None where any read by type may."""
    tables = list(tables)
    return {table.name for table in tables if table.name} if all(table.members for table in tables) else None


def type_tables(tables: Iterable[Table], reads: Iterable[Read]) -> dict[str, Location]:
    """Return the builtins whose table is read by type, each with where the table stands.

    A table is linked to a read by the last part of its name. A table without a name, or a read through a name that
    nothing in its file binds (a parameter), may be any: such a pair counts, for it cannot be ruled out. A collection
    only counts where its own name is read.
    """
    tables = list(tables)
    names = {table.name for table in tables if table.name}
    read: set[str] = set()
    unknown = False
    for one in reads:
        if one.name is None or (one.name and one.name not in names and not one.bound):
            unknown = True
        else:
            read.add(one.name)
    found: dict[str, Location] = {}
    for table in tables:
        named = table.name in read if table.name else "" in read and not table.members
        if named or (unknown and not table.members):
            found.update(dict.fromkeys(table.builtins, table.location))
    return found


def assigned_names(node: ast.stmt) -> Iterator[str]:
    """Yield the last names that an assignment or import binds: what a read through them reads is known."""
    if isinstance(node, ast.Assign):
        yield from (name for target in node.targets if (name := last_name(target)))
    elif isinstance(node, ast.AnnAssign) and (name := last_name(node.target)):
        yield name
    elif isinstance(node, ast.ImportFrom | ast.Import):
        yield from (alias.asname or alias.name for alias in node.names)
