"""Where a raise gets its target's name from: an import that is there already, or one that is added in its place."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flext_analysis.bindings import Binding
from flext_analysis.star_imports import star_exports
from flext_analysis.statements import Block, ScopeNode
from flext_codemods.model.finding import Edit
from flext_codemods.model.module import Module
from flext_codemods.repository.targets import Target

__all__ = ["Naming", "added_import", "name_for"]


class Naming(NamedTuple):
    """How a site names its target: the expression, whether it needs the import to be added, or why it cannot."""

    expression: str = ""
    needs_import: bool = False
    conflict: str = ""


def same_home(module: Module, path: str) -> str:
    """Return a dotted name with the other library's name for the one it is about to be retargeted to."""
    if module.retarget_to == "flext_exceptions":
        for other in ("flext_core.exceptions.", "flext_core."):
            if path.startswith(other):
                return f"flext_exceptions.{path.removeprefix(other)}"
    return path


def line_of(binding: Binding) -> int:
    """Return the line of a binding; 1 for one that stands for the whole module."""
    line: int = getattr(binding.node, "lineno", 1)
    return line


def dominates(binding: Binding, site: Block, line: int) -> bool:
    """Say whether an import has run whenever the site is reached: before it, in a block around it, in no condition."""
    if line_of(binding) >= line:
        return False
    if not isinstance(binding.block.owner, ScopeNode):
        return False
    return any(outer == binding.block for outer in site.outwards())


def name_for(module: Module, target: Target, block: Block, line: int) -> Naming:
    """Say how a site is to name its target, with the imports that stand there."""
    whole = f"{target.module}.{target.name}"
    wanted = {whole: target.rest, target.module: f".{target.name}{target.rest}"}
    for local, origin in visible_imports(module, block):
        rest = wanted.get(same_home(module, origin))
        found = module.names.bindings(local, block)
        same = {(binding.kind, binding.origin) for binding in found} == {("import", origin)}
        if rest is not None and same and any(dominates(binding, block, line) for binding in found):
            return Naming(f"{local}{rest}")
    if any(isinstance(outer.owner, ast.ClassDef) and outer.owner.name == target.name for outer in block.outwards()):
        return Naming(conflict=f"{target.name} is the class around this place")
    taken = conflicting(module, target, block)
    return Naming(conflict=taken) if taken else Naming(f"{target.name}{target.rest}", needs_import=True)


def visible_imports(module: Module, block: Block) -> Iterator[tuple[str, str]]:
    """Yield (local name, origin) of the imports that a site may see, the nearest scope first."""
    for outer in block.outwards():
        if isinstance(outer.owner, ScopeNode):
            yield from module.names.imports(outer.owner)


def conflicting(module: Module, target: Target, block: Block) -> str:
    """Return what else has the name that the import would bind, "" where the name is free."""
    whole = f"{target.module}.{target.name}"
    here = module.names.bindings(target.name, block)
    if here and here[0].block.scope() is not module.source.tree:
        return f"{target.name} is a local name, bound in line {line_of(here[0])}"
    everywhere = module.names.scope(module.source.tree).get(target.name, [])
    for binding in everywhere:
        line = line_of(binding)
        if binding.kind != "import" or same_home(module, binding.origin or "") != whole:
            return f"{target.name} is bound to something else in line {line}"
        if any(isinstance(outer.owner, ast.Try | ast.TryStar) for outer in binding.block.outwards()):
            return f"the import of {target.name} in line {line} is guarded by a try"
    if module.names.stars and target.name in star_exports(module.path, tuple(module.names.stars)):
        return f"a star import binds {target.name}"
    if module.name == target.module:
        return f"{target.name} is defined in this module"
    return ""


def section(module: str, level: int, first_party: frozenset[str]) -> int:
    """Return the isort section of a module: 0 future, 1 standard library, 2 third party, 3 first party, 4 relative."""
    top = module.partition(".")[0]
    if level:
        return 4
    if top == "__future__":
        return 0
    if top in first_party:
        return 3
    return 1 if top in sys.stdlib_module_names else 2


def sort_key(node: ast.stmt, first_party: frozenset[str]) -> tuple[int, bool, str]:
    """Return where isort would put an import: its section, plain imports before from imports, then by name."""
    if isinstance(node, ast.ImportFrom):
        return section(node.module or "", node.level, first_party), True, (node.module or "").lower()
    assert isinstance(node, ast.Import)
    return section(node.names[0].name, 0, first_party), False, node.names[0].name.lower()


def is_dunder(node: ast.stmt) -> bool:
    """Say whether a statement sets a name such as ``__all__``, which may stand among the imports."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name.startswith("__") and name.endswith("__")
    return False


def leading_imports(tree: ast.Module) -> tuple[ast.stmt | None, list[ast.stmt]]:
    """Return the docstring statement, and the imports before the first statement that may do anything else."""
    body = tree.body
    doc = body[0] if body and ast.get_docstring(tree, clean=False) is not None else None
    found: list[ast.stmt] = []
    for node in body[1:] if doc else body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(node)
        elif not is_dunder(node):
            break
    return doc, found


class Page:
    """The lines of a module, for finding the place of a new one."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.lines = text.split("\n")
        self.text = text
        self.tree = tree
        self.newline = "\r\n" if self.lines[0].endswith("\r") else "\n"

    def after(self, node: ast.stmt) -> int:
        """Return the number of the line after the one that a statement ends on, past others that share its lines."""
        end = node.end_lineno or node.lineno
        for other in self.tree.body:
            if other.lineno <= end:
                end = max(end, other.end_lineno or other.lineno)
        return end + 1

    def above(self, node: ast.stmt) -> int:
        """Return the number of the line where a statement starts, with its decorators and the comments on top of it.

        The comments at the very top of a file (shebang, cookie, licence) belong to the file, not to the statement.
        """
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        line = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        before = max((other.end_lineno or 0 for other in self.tree.body if other.lineno < node.lineno), default=0)
        top = line
        while top - 1 > before and self.lines[top - 2].lstrip().startswith("#"):
            top -= 1
        return line if top == 1 else top

    def shares_its_line(self, node: ast.stmt) -> bool:
        """Say whether a statement of the top level starts on a line on which another one ends."""
        others = self.tree.body[: self.tree.body.index(node)]
        return bool(others) and others[-1].end_lineno == node.lineno

    def is_blank(self, line: int) -> bool:
        """Say whether a line is there and empty."""
        return 1 <= line <= len(self.lines) and not self.lines[line - 1].strip()

    def offset(self, line: int) -> int:
        """Return the character at which a line starts."""
        return sum(len(text) + 1 for text in self.lines[: line - 1])

    def insert(self, line: int, new: list[str]) -> Edit:
        """Return the edit that puts lines in front of a line."""
        at = min(self.offset(line), len(self.text))
        text = "".join(f"{part}{self.newline}" for part in new)
        if line > len(self.lines):  # after a last line without a line end
            text = self.newline + text.removesuffix(self.newline)
        return Edit(at, at, text)


def added_import(module: Module, targets: Iterable[Target]) -> list[Edit]:
    """Return the edits that import each target once, in the place that isort would choose."""
    tree = module.source.tree
    page = Page(module.source.text, tree)
    wanted = sorted({(target.module, target.name) for target in targets})
    by_line: dict[int, list[Edit]] = {}
    for home, name in wanted:
        edit = place(module, page, home, f"from {home} import {name}")
        by_line.setdefault(edit.start, []).append(edit)
    return [
        Edit(start, start, merge_insertions([edit.text for edit in edits])) for start, edits in sorted(by_line.items())
    ]


def merge_insertions(texts: list[str]) -> str:
    """Join what several imports put at one place, with no blank line doubled."""
    joined = texts[0]
    for text in texts[1:]:
        joined = joined.rstrip("\r\n") + ("\r\n" if "\r\n" in joined else "\n") + text.lstrip("\r\n")
    return joined


def place(module: Module, page: Page, home: str, line: str) -> Edit:
    """Return the edit that puts an import line into its section, its order, and blank lines around it."""
    first = module.repository.first_party - {"flext_exceptions", "flext_core"}
    key = (section(home, 0, first), True, home.lower())
    doc, imports = leading_imports(module.source.tree)
    keys = [sort_key(node, first) for node in imports]
    before = [node for node, other in zip(imports, keys, strict=True) if other <= key]
    later = [node for node, other in zip(imports, keys, strict=True) if other > key]
    future = [node for node, other in zip(imports, keys, strict=True) if other[0] == 0]
    if not imports:
        return first_import(page, doc, line)
    if not before:
        following = later[0]
        blank = [""] if sort_key(following, first)[0] != key[0] else []
        if page.shares_its_line(following):  # nothing can stand between it and what is in front of it
            number = page.after(following)
            return page.insert(number, [*blank, line, *([] if page.is_blank(number) else [""])])
        return page.insert(page.above(following), [line, *blank])
    last = max([before[-1], *future[-1:]], key=lambda node: node.lineno)
    number = page.after(last)
    same = sort_key(last, first)[0] == key[0]
    following_same = [node for node in later if sort_key(node, first)[0] == key[0] and node.lineno >= number]
    if not same and following_same and not page.shares_its_line(following_same[0]):
        return page.insert(page.above(following_same[0]), [line])
    new = [line] if same else ["", line]
    tail = [] if page.is_blank(number) or number > len(page.lines) else [""]
    if same and any(node.lineno == number and sort_key(node, first)[0] == key[0] for node in imports):
        tail = []
    return page.insert(number, [*new, *tail])


def first_import(page: Page, doc: ast.stmt | None, line: str) -> Edit:
    """Return the edit for a module that imports nothing yet: after its docstring, else above its first statement."""
    body = page.tree.body[1:] if doc else page.tree.body
    code = body[0] if body else None
    gap = 2 if isinstance(code, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else 1
    if doc is not None and (code is None or code.lineno > page.after(doc) - 1):
        number = page.after(doc)
        blanks = 0
        while page.is_blank(number + blanks) and blanks < gap:
            blanks += 1
        return page.insert(number, ["", line, *[""] * (gap - blanks)])
    assert code is not None
    number = page.after(doc) if doc is not None else page.above(code)
    lead = [""] if number > 1 and not page.is_blank(number - 1) else []
    return page.insert(number, [*lead, line, *[""] * gap])
