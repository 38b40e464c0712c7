"""Remove an import that is no longer needed, as if it had never been added."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from flext_analysis.syntax.source import Unreadable, read_source
from flext_codemods.model.finding import Edit
from flext_codemods.model.module import Module
from flext_codemods.repository.targets import Target
from flext_codemods.rewrite.add_import import Page, added_import

__all__ = ["dropped_imports"]

BLANKS = 2  # as many blank lines as adding an import adds on each side


def dropped_imports(module: Module, dropped: Iterable[str]) -> list[Edit]:
    """Return the edits that remove the imports of local names that have no uses left after those that are dropped."""
    unused = {name for name, number in Counter(dropped).items() if number == uses(module, name)}
    edits: list[Edit] = []
    page = Page(module.source.text, module.source.tree)
    for node in module.source.tree.body if unused else ():
        if isinstance(node, ast.ImportFrom) and not page.shares_a_line(node):
            gone = [alias for alias in node.names if (alias.asname or alias.name) in unused]
            if len(gone) == len(node.names):
                edits.append(without_statement(module, page, node))
            elif gone:
                edits += without_names(module, node, gone)
    return edits


def uses(module: Module, name: str) -> int:
    """Return how often a module uses a name, -1 if others may use it as well: it is exported, or in a text."""
    found = 0
    for node in ast.walk(module.source.tree):
        match node:
            case ast.Name(id=used) if used == name:
                found += 1
            case ast.Constant(value=str(text)) if name in text:
                return -1
    return -1 if f"{module.name}.{name}" in module.repository.borrowed else found


def without_statement(module: Module, page: Page, node: ast.ImportFrom) -> Edit:
    """Return the edit that removes a whole import, with the blank lines that adding it would add again."""
    first, last = node.lineno, page.after(node)
    choices = list(around(page, first, last))
    text = module.source.text
    for edit in choices:
        if text_with_import(module, text[: edit.start] + text[edit.end :], node) == text:
            return edit
    return choices[0]


def around(page: Page, first: int, last: int) -> Iterator[Edit]:
    """Yield the edits that remove lines: these alone, then with blank lines before and after them."""
    for before in range(BLANKS + 1):
        for behind in range(BLANKS + 1):
            blanks = [*range(first - before, first), *range(last, last + behind)]
            if all(page.is_blank(number) for number in blanks):
                end = min(page.offset(last + behind), len(page.text))
                yield Edit(page.offset(first - before), end, "")


def text_with_import(module: Module, text: str, node: ast.ImportFrom) -> str:
    """Return a text with an import added, "" if it cannot be read."""
    try:
        source = read_source(module.source.encode(text))
    except (Unreadable, ValueError):
        return ""
    before = module.with_source(source)
    targets = [Target(node.module or "", alias.name, "", frozenset()) for alias in node.names]
    for edit in reversed(added_import(before, targets)):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def without_names(module: Module, node: ast.ImportFrom, gone: list[ast.alias]) -> Iterator[Edit]:
    """Yield the edits that remove some names from an import, each with a comma of its own."""
    spans = [
        (
            module.source.offset(alias.lineno, alias.col_offset),
            module.source.offset(alias.end_lineno or alias.lineno, alias.end_col_offset or 0),
        )
        for alias in node.names
    ]
    kept = [number for number, alias in enumerate(node.names) if alias not in gone]
    for number, alias in enumerate(node.names):
        if alias in gone and number < kept[-1]:
            yield Edit(spans[number][0], spans[number + 1][0], "")
    if kept[-1] < len(node.names) - 1:
        yield Edit(spans[kept[-1]][1], spans[-1][1], "")
