"""Take one module through the rules: every statement is looked at once, by the rules that may have a word on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache

from flext_analysis.scan import Block
from flext_lint.module import Module
from flext_lint.rule import LIBRARY, Check, Finding, Rule, all_rules

__all__ = ["check", "message"]

NAMES = ("Flext", "flext_")  # what a text that uses the library holds
# The statements that typed calls are looked for in, and those that have handlers.
VALUES = (ast.Raise, ast.Return, ast.Assign, ast.AnnAssign, ast.Expr, ast.With, ast.AsyncWith)
TRIES = (ast.Try, ast.TryStar)

Checks = tuple[tuple[Rule, Check], ...]


@cache
def words() -> tuple[str, ...]:
    """Return every word that a rule waits for, but for the names of the library."""
    return tuple(sorted({word for rule in all_rules().values() for word in rule.words} - {LIBRARY}))


def names_library(module: Module) -> bool:
    """Say whether a text names the library, or a class that its project declares as typed."""
    declared = (path.rpartition(".")[2] for path in module.project.declared)
    return any(name in module.text for name in (*NAMES, *declared))


@cache
def awake(present: tuple[str, ...]) -> Mapping[type[ast.AST], Checks]:
    """Return the checks for each kind of node, of the rules that wait for one of the words that are present."""
    table: dict[type[ast.AST], Checks] = {}
    for rule in all_rules().values():
        if not set(present).isdisjoint(rule.words):
            for kind in rule.nodes:
                table[kind] = (*table.get(kind, ()), (rule, rule.check))
    return table


def message(rule: Rule, finding: Finding) -> str:
    """Return the text that flake8 prints: the code, a space, the message."""
    return f"{rule.code} {rule.message.format(**finding.facts)}"


def check(module: Module) -> list[tuple[int, int, str]]:
    """Return (line, column, text) of every finding in a module, in the order of the source."""
    text = module.text
    present = tuple(word for word in words() if word in text)
    table = awake((*present, LIBRARY) if names_library(module) else present)
    if not table:
        return []
    found = [(finding.line, finding.column, message(rule, finding)) for rule, finding in run(module, table)]
    return sorted(set(found))


def run(module: Module, table: Mapping[type[ast.AST], Checks]) -> Iterator[tuple[Rule, Finding]]:
    """Yield what the rules say, in no order."""
    calls = table.get(ast.Call, ())
    handlers = table.get(ast.ExceptHandler, ())
    wanted = dict(table)
    for kinds, needed in ((VALUES, calls), (TRIES, handlers)):
        wanted |= {kind: table.get(kind, ()) for kind in kinds if needed}
    for runs in module.runs.values():
        for nodes, block in runs:
            for node in nodes:
                checks = wanted.get(type(node))
                if checks is None:
                    continue
                for rule, look in checks:
                    for finding in look(node, block, module):
                        yield rule, finding
                if calls and isinstance(node, VALUES):
                    for call in module.typed_calls(node, block):
                        for rule, look in calls:
                            for finding in look(call, block, module):
                                yield rule, finding
                elif handlers and isinstance(node, TRIES):
                    for handler in node.handlers:
                        inside = Block(handler, "body", Block(node, "handlers", block))
                        for rule, look in handlers:
                            for finding in look(handler, inside, module):
                                yield rule, finding
    for rule, look in table.get(ast.Module, ()):
        for finding in look(module.tree, Block(module.tree, "body", None), module):
            yield rule, finding
