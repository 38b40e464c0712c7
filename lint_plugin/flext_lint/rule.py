"""A rule: a file in ``rules`` that holds a RULE; every file there is registered."""

from __future__ import annotations

import ast
import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from textwrap import dedent
from typing import TYPE_CHECKING, Any, NamedTuple

from flext_analysis.syntax.statements import Block
from flext_lint.typed_calls import LIBRARY

if TYPE_CHECKING:
    from flext_lint.module import Module

__all__ = ["LIBRARY", "Check", "Finding", "Rule", "all_rules", "at", "example"]


class Finding(NamedTuple):
    """A location (line from 1, column from 0 in UTF-8 bytes, as in the tree) and the values for the message."""

    line: int
    column: int
    facts: Mapping[str, object]


def at(node: ast.stmt | ast.expr | ast.ExceptHandler | ast.keyword, **facts: object) -> Finding:
    """Build the finding for a node.

    >>> at(ast.parse("x").body[0], name="x")
    Finding(line=1, column=0, facts={'name': 'x'})
    """
    return Finding(node.lineno, node.col_offset, facts)


Check = Callable[[Any, Block, "Module"], Iterator[Finding]]


class Rule(NamedTuple):
    """One rule of the linter.

    ``flags`` says what it flags, ``silent`` what it deliberately does not flag, ``why`` the reason, and ``fix`` what to
    do; ``bad`` and ``good`` are an example, ``recipe`` the codemod recipe that does it, ``unsafe`` whether that may
    change what the program does. ``message`` is formatted with the facts of a finding.

    ``check`` gets each node of the kinds in ``nodes``, with its block and module, in files whose text contains one of
    ``words``, and all of ``also``. Kinds are statements, handlers, the module, and ``ast.Call``, which stands for the
    construction of a typed error (a TypedCall).
    """

    code: str
    name: str
    on: bool
    message: str
    flags: str
    silent: str
    why: str
    fix: str
    bad: str
    good: str
    nodes: tuple[type[ast.AST], ...]
    words: tuple[str, ...]
    check: Check
    recipe: str = ""
    unsafe: bool = False
    also: tuple[str, ...] = ()


def example(text: str) -> str:
    """Return the code of an example as a file would contain it.

    >>> example("\\n    raise ValueError\\n")
    'raise ValueError\\n'
    """
    return dedent(text).strip() + "\n"


@functools.cache
def all_rules() -> Mapping[str, Rule]:
    """Return every rule by its code, in their order.

    >>> len(all_rules()), next(iter(all_rules()))
    (35, 'FLX101')
    """
    package = importlib.import_module("flext_lint.rules")
    modules = (
        importlib.import_module(f"{package.__name__}.{info.name}") for info in pkgutil.iter_modules(package.__path__)
    )
    rules: list[Rule] = sorted((module.RULE for module in modules), key=lambda rule: rule.code)
    return {rule.code: rule for rule in rules}
