"""Take one module through the rules: every statement is looked at once, by the rules that may have a word on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache

from flext_analysis.syntax.statements import Block
from flext_lint.module import Module
from flext_lint.rule import LIBRARY, Check, Finding, Rule, all_rules

__all__ = ["check", "checks_for", "findings", "message"]

TRIES = (ast.Try, ast.TryStar)

Checks = tuple[tuple[Rule, Check], ...]


@cache
def words() -> tuple[str, ...]:
    """Return every word that a rule waits for, but for the names of the library."""
    rules = all_rules().values()
    return tuple(sorted({word for rule in rules for word in (*rule.words, rule.also) if word} - {LIBRARY}))


@cache
def awake(present: tuple[str, ...]) -> Mapping[type[ast.AST], Checks]:
    """Return the checks for each kind of node, of the rules that wait for one of the words that are present."""
    table: dict[type[ast.AST], Checks] = {}
    for rule in all_rules().values():
        if not set(present).isdisjoint(rule.words) and (not rule.also or rule.also in present):
            for kind in rule.nodes:
                table[kind] = (*table.get(kind, ()), (rule, rule.check))
    return table


def message(rule: Rule, finding: Finding) -> str:
    """Return the text that flake8 prints: the code, a space, the message."""
    return f"{rule.code} {rule.message.format(**finding.facts)}"


def checks_for(module: Module) -> Mapping[type[ast.AST], Checks]:
    """Return the checks that may have a word on a module, by its text: where there are none it need not be parsed."""
    text = module.text
    present = tuple(word for word in words() if word in text)
    return awake((*present, LIBRARY) if module.names_library else present)


def check(module: Module) -> list[tuple[int, int, str]]:
    """Return (line, column, text) of every finding in a module, in the order of the source."""
    table = checks_for(module)
    return findings(module, table) if table else []


def findings(module: Module, table: Mapping[type[ast.AST], Checks]) -> list[tuple[int, int, str]]:
    """Return what some checks find in a module that was parsed."""
    found = [(finding.line, finding.column, message(rule, finding)) for rule, finding in run(module, table)]
    return sorted(set(found))


def kinds_of(table: Mapping[type[ast.AST], Checks]) -> dict[type[ast.AST], tuple[Checks, Checks]]:
    """Return for each kind of statement the checks for itself, and for its handlers."""
    none: Checks = ()
    handlers = table.get(ast.ExceptHandler, none)
    looked_at = {*table, *(TRIES if handlers else ())}
    return {kind: (table.get(kind, none), handlers if kind in TRIES else none) for kind in looked_at}


def run(module: Module, table: Mapping[type[ast.AST], Checks]) -> Iterator[tuple[Rule, Finding]]:
    """Yield what the rules say, in no order."""
    kinds = kinds_of(table)
    for node, block in module.statements(kinds):
        checks, handlers = kinds[type(node)]
        if checks:
            yield from said(checks, node, block, module)
        if handlers:
            around = Block(node, "handlers", block)
            for handler in node.handlers:  # type: ignore[attr-defined]
                yield from said(handlers, handler, Block(handler, "body", around), module)
    calls = table.get(ast.Call, ())
    for call, block in module.typed_calls if calls else ():
        yield from said(calls, call, block, module)
    yield from said(table.get(ast.Module, ()), module.tree, Block(module.tree, "body", None), module)


def said(checks: Checks, node: object, block: Block, module: Module) -> Iterator[tuple[Rule, Finding]]:
    """Yield what some checks say of one node."""
    for rule, look in checks:
        for finding in look(node, block, module):
            yield rule, finding
