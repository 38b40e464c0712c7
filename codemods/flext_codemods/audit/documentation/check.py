"""Docstrings compared with the code: which errors a docstring lacks, and which it names without reason."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from flext_analysis.entry_points.common.reading import expressions_in
from flext_analysis.escapes import OPEN, WIDE, analyse_escapes
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, statements_of
from flext_analysis.summaries.summary import Code, line_of, position
from flext_analysis.syntax.source import Source, Unreadable, read_source
from flext_codemods.audit.contracts.error_facts import ErrorFacts, FactReader
from flext_codemods.audit.documentation.docstrings import read_entries, style_of, with_entries
from flext_codemods.audit.escapes import is_public
from flext_codemods.audit.program import Program, function_name
from flext_codemods.audit.witness import Ways

__all__ = ["DocFinding", "check_documentation", "fix_docstrings"]

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


class DocFinding(NamedTuple):
    """An error that a docstring lacks ("missing") or names although it does not leave the function ("stale").

    ``name`` is the name that the docstring uses, or should; ``reason`` says for a missing one where it comes from.
    """

    path: str
    line: int
    function: str
    kind: str
    error: str
    name: str
    reason: str = ""


class Checker(NamedTuple):
    """What docstrings are compared with; ``everything`` includes builtin errors.

    ``wide`` is used for functions with unknown callees; None if their stale entries are not requested.
    ``project_errors`` are kept by what leaves, since the same errors leave many functions, and ``names`` by the scope
    in which a class is named.
    """

    program: Program
    facts: FactReader
    ways: Ways
    wide: Callable[[], Ways] | None
    everything: bool
    project_errors: dict[int, tuple[str, ...]]
    names: dict[tuple[Definition, str], str]


def check_documentation(
    program: Program, facts: FactReader, ways: Ways, everything: bool, closely: bool
) -> list[DocFinding]:
    """Return what is missing and stale in the docstrings of public functions, for project errors; or for all.

    ``closely`` also looks for stale entries where the narrow analysis has unknown parts: that takes a second, wide
    analysis of the whole program.
    """
    found: list[DocFinding] = []

    @cache
    def wide() -> Ways:
        return Ways(analyse_escapes(program.project, WIDE, program.hierarchy))

    checker = Checker(program, facts, ways, wide if closely else None, everything, {}, {})
    for definition in program.definitions("function"):
        docstring = definition.scope.docstring
        if docstring is not None and (everything or is_public(definition)):
            found += check_function(definition, docstring, checker)
    return found


def asked_errors(definition: Definition, checker: Checker) -> tuple[str, ...]:
    """Return the errors of a function that its docstring is asked for: those of the project, and the typed ones."""
    mask = checker.ways.mask(definition)
    found = checker.project_errors.get(mask)
    if found is None:
        facts = checker.facts
        errors = sorted(path for path in checker.ways.by_class(mask) if path != OPEN)
        if not checker.everything:
            errors = [path for path in errors if path in facts.classes or facts.of(path).typed]
        found = checker.project_errors[mask] = tuple(errors)
    return found


def readable(raw: bytes) -> Source | None:
    """Return the source of a file, None if it cannot be read."""
    try:
        return read_source(raw)
    except Unreadable:
        return None


def check_function(definition: Definition, docstring: str, checker: Checker) -> Iterator[DocFinding]:
    """Yield what is missing and stale in one docstring."""
    program, facts, ways, wide, everything, *_ = checker
    entries = read_entries(docstring)
    named = [(entry, resolved(entry.name, definition, program)) for entry in entries]
    paths = {path for _, path in named if path}
    short = {entry.name.rpartition(".")[2] for entry, path in named if not path}
    where = definition.module.path, line_of(definition.scope.place), function_name(definition)
    missing = [path for path in asked_errors(definition, checker) if not is_named(facts.of(path), paths, short)]
    callees = ways.callees(definition, missing) if missing else {}
    for path in missing:
        reason = f"See {callees[path].scope.qualname}." if path in callees else ""
        yield DocFinding(*where, "missing", path, name_in(path, definition, checker), reason)
    if not named or is_stub(definition):
        return
    leaving = ways.leaving(definition)
    if OPEN in leaving:
        if wide is None or calls_a_parameter(definition):
            return
        leaving |= wide().leaving(definition)
    for entry, path in named:
        asked = path and (everything or facts.of(path).typed or path in facts.classes)
        if asked and facts.info(path).is_error and not any(path in facts.of(each).lineage for each in leaving):
            yield DocFinding(*where, "stale", path, entry.name)


def resolved(name: str, definition: Definition, program: Program) -> str:
    """Return the dotted name of the class that a docstring names, "" if that is not known."""
    code: list[object] | None = None
    for part in name.split("."):
        code = [0, part] if code is None else [1, code, part, 0]
    infos = program.hierarchy.of_code(code, definition) if code is not None else []
    return infos[0].path if len(infos) == 1 else ""


def is_named(error: ErrorFacts, paths: set[str], short: set[str]) -> bool:
    """Return whether a docstring names an error or one of its bases; ``short`` are names that nothing is known of."""
    return error.name in short or not paths.isdisjoint(error.lineage or (error.path,))


def name_in(path: str, definition: Definition, checker: Checker) -> str:
    """Return how a function can name a class: by its short name if that refers to it, otherwise by its dotted one.

    The answer is kept for the innermost scope that binds a part of the name: it is the same further in.
    """
    parts = path.split(".")
    scope = binding_scope(definition, set(parts))
    known = checker.names.get((scope, path))
    if known is None:
        short = parts[-1]
        longer = (".".join(parts[start:]) for start in range(len(parts) - 1, -1, -1))
        found = (name for name in longer if resolved(name, scope, checker.program) == path)
        known = checker.names[scope, path] = short if path.startswith("builtins.") else next(found, short)
    return known


def binding_scope(definition: Definition, names: set[str]) -> Definition:
    """Return the innermost scope seen from a function that binds one of some names, or else the module."""
    scope = definition
    for scope in definition.outwards():
        bound = (*scope.scope.bound, *scope.scope.outer, *(one.name for one in scope.scope.parameters))
        if not names.isdisjoint(bound):
            break
    return scope


def calls_a_parameter(definition: Definition) -> bool:
    """Return whether a function calls its arguments, which may raise anything."""
    names = {one.name for one in definition.scope.parameters} - {"self", "cls"}
    for statement in statements_of(definition.scope.code):
        for one in expressions_in(statement):
            callee = one[1] if one[0] == op.CALL else None
            while callee is not None and callee[0] == op.ATTRIBUTE:
                callee = callee[1]
            if callee is not None and callee[0] == op.NAME and callee[1] in names:
                return True
    return False


def is_stub(definition: Definition) -> bool:
    """Return whether a function has no code of its own: overrides do what its docstring says."""
    return all(is_ellipsis(one) or is_not_implemented(one) for one in definition.scope.code)


def is_ellipsis(statement: Code) -> bool:
    """Return whether a statement is ``...``."""
    return bool(statement[0] == op.EVALUATE and statement[1][0] == op.CONSTANT)


def is_not_implemented(statement: Code) -> bool:
    """Return whether a statement raises NotImplementedError."""
    return statement[0] == op.RAISE and any(
        one[0] == op.NAME and one[1] == "NotImplementedError" for one in expressions_in(statement[1])
    )


def fix_docstrings(raw: bytes, findings: Iterable[DocFinding], style: str | None = None) -> bytes:
    """Return a file with its docstrings fixed according to the findings in it (the recipe ``raises-docs``).

    A docstring that is not plain text in triple quotes is left alone. The style is that of the docstring, otherwise
    that of the file's others, otherwise ``style``, otherwise Google's.
    """
    source = readable(raw)
    if source is None:
        return raw
    by_line: dict[int, list[DocFinding]] = {}
    for one in findings:
        by_line.setdefault(one.line, []).append(one)
    places = {
        position(node.lineno, node.col_offset): node for node in ast.walk(source.tree) if isinstance(node, FunctionNode)
    }
    styles = Counter(filter(None, (style_of(ast.get_docstring(node) or "") for node in places.values())))
    usual = styles.most_common(1)[0][0] if styles else style or "google"
    text = source.text
    for node in sorted(places.values(), key=lambda each: each.lineno, reverse=True):
        wanted = by_line.get(node.lineno)
        first = node.body[0]
        if not wanted or not isinstance(first, ast.Expr):
            continue
        start, end = source.span(first.value)
        new = fix_literal(text[start:end], wanted, usual, text[source.starts[first.lineno - 1] : start])
        text = text[:start] + new + text[end:]
    return source.encode(text)


def fix_literal(literal: str, findings: list[DocFinding], usual: str, lead: str) -> str:
    """Return the literal of a docstring with errors added and removed; one of another form unchanged."""
    quote = next((each for each in ('"""', "'''") if literal.endswith(each)), "")
    head = literal.find(quote) if quote else -1
    if head < 0 or head > 1 or literal[:head] not in ("", "r", "R") or lead.strip():
        return literal
    ends = "\r\n" if "\r\n" in literal else "\n"
    body = literal[head + 3 : -3].replace("\r\n", "\n")
    if "\\" in body and not literal[:head]:
        return literal
    add = [(one.name, one.reason) for one in findings if one.kind == "missing"]
    drop = [one.name for one in findings if one.kind == "stale"]
    closing = body.rpartition("\n")[2] if "\n" in body and not body.rpartition("\n")[2].strip() else lead
    new = with_entries(body.rstrip(" \t\n") if add or drop else body, add, drop, style_of(body) or usual, lead).rstrip()
    if "\n" in new:
        new = f"{new}\n{closing if closing.strip() == '' else lead}"
    return literal[: head + 3] + new.replace("\n", ends) + quote
