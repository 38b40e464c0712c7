"""Run the rules on one module: every statement is visited once, for the rules that may apply to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from flext_analysis.syntax.ignore_file import says_ignore_file
from flext_analysis.syntax.statements import Block, inner_runs
from flext_lint.module import Module
from flext_lint.rule import Check, Finding, Rule, all_rules

__all__ = ["check", "checks_for", "findings", "message"]

TRIES = (ast.Try, ast.TryStar)

Checks = tuple[tuple[Rule, Check], ...]


# The word that every statement of a kind contains; for other kinds the words of its rules are searched for.
KEYWORDS: Mapping[type[ast.AST], tuple[str, ...]] = {
    ast.Raise: ("raise",),
    ast.ExceptHandler: ("except",),
    ast.Try: ("except", "finally"),
    ast.TryStar: ("except",),
    ast.ClassDef: ("class",),
    ast.FunctionDef: ("def",),
    ast.AsyncFunctionDef: ("def",),
    ast.Call: (),
    ast.Module: (),
}


class Table(NamedTuple):
    """The checks for each kind of node, and the words in the statements that they are for."""

    checks: Mapping[type[ast.AST], Checks]
    words: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.checks)


@cache
def table_of(codes: tuple[str, ...]) -> Table:
    """Return the checks of some rules."""
    checks: dict[type[ast.AST], Checks] = {}
    words: set[str] = set()
    for code in codes:
        rule = all_rules()[code]
        for kind in rule.nodes:
            checks[kind] = (*checks.get(kind, ()), (rule, rule.check))
            words.update(KEYWORDS.get(kind, rule.words))
    return Table(checks, frozenset(words))


def message(rule: Rule, finding: Finding) -> str:
    """Return the text that flake8 prints: the code, a space, the message."""
    return f"{rule.code} {rule.message.format(**finding.facts)}"


@cache
def rules_by_words() -> Mapping[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]:
    """Return the codes of the rules that wait for the same words."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]] = {}
    for code, rule in all_rules().items():
        key = rule.also, rule.words
        found[key] = (*found.get(key, ()), code)
    return found


def checks_for(module: Module) -> Table:
    """Return the checks that may apply to a module, judging by its text: without any it need not be parsed."""
    holds = module.holds
    if "ignore-file" in module.text and says_ignore_file(module.text.encode("utf-8", "surrogatepass")):
        return table_of(())
    awake: list[str] = []
    for (also, words), codes in rules_by_words().items():
        for word in also:
            if not holds(word):
                break
        else:
            for word in words:
                if holds(word):
                    awake += codes
                    break
    return table_of(tuple(sorted(awake)))


def check(module: Module) -> list[tuple[int, int, str]]:
    """Return (line, column, text) of every finding in a module, in the order of the source."""
    table = checks_for(module)
    return findings(module, table) if table else []


def findings(module: Module, table: Table) -> list[tuple[int, int, str]]:
    """Return the findings of some checks in a parsed module."""
    found = [(finding.line, finding.column, message(rule, finding)) for rule, finding in run(module, table)]
    return sorted(set(found))


def kinds_of(table: Mapping[type[ast.AST], Checks]) -> dict[type[ast.AST], tuple[Checks, Checks]]:
    """Return for each kind of statement the checks for itself, and for its handlers."""
    none: Checks = ()
    handlers = table.get(ast.ExceptHandler, none)
    looked_at = {*table, *(TRIES if handlers else ())}
    return {kind: (table.get(kind, none), handlers if kind in TRIES else none) for kind in looked_at}


def run(module: Module, table: Table) -> Iterator[tuple[Rule, Finding]]:
    """Yield the findings of the rules, in no particular order."""
    kinds = kinds_of(table.checks)
    for node, block in module.statements(kinds, table.words) if table.words else ():
        checks, handlers = kinds[type(node)]
        if checks:
            yield from said(checks, node, block, module)
        if handlers:
            for _, inside in inner_runs(node, ("handlers",), block):
                yield from said(handlers, inside.owner, inside, module)
    calls = table.checks.get(ast.Call, ())
    for call, block in module.typed_calls if calls else ():
        yield from said(calls, call, block, module)
    yield from said(table.checks.get(ast.Module, ()), module.tree, Block(module.tree, "body", None), module)


def said(checks: Checks, node: object, block: Block, module: Module) -> Iterator[tuple[Rule, Finding]]:
    """Yield the findings of some checks on one node."""
    for rule, look in checks:
        for finding in look(node, block, module):
            yield rule, finding
