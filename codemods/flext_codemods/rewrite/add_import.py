"""Add an import where the project's own sorter puts it."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable

from flext_analysis.syntax.ignore_comments import noqa
from flext_codemods.model.finding import Edit
from flext_codemods.model.module import Module
from flext_codemods.project.import_sorter import Sorter, sorter_for
from flext_codemods.repository.targets import Target

__all__ = ["added_import"]

LATE = noqa("E402")
LEFT_UNSORTED = re.compile(r"#.*\bisort:\s*skip\b|#\s*(?:ruff:\s*)?isort:\s*(?:split|off)\b")
COOKIE = re.compile(r"[ \t\f]*#.*?coding[:=]")  # PEP 263
PATCHES = re.compile(r"(?:monkey_?)?patch(?:_\w+)?|install_as_MySQLdb")
FIRST = re.compile(r"#.*\bisort:\s*skip\b(?!_file)")


def is_dunder(node: ast.stmt) -> bool:
    """Return whether a statement sets a name such as ``__all__``, which may stand among the imports."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name.startswith("__") and name.endswith("__")
    return False


class Page:
    """The lines of a module, for finding the position of a new one."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.lines = text.split("\n")
        self.text = text
        self.tree = tree
        self.newline = "\r\n" if self.lines[0].endswith("\r") else "\n"

    def after(self, node: ast.stmt) -> int:
        """Return the number of the line after the one on which a statement ends, after others that share its lines."""
        end = node.end_lineno or node.lineno
        for other in self.tree.body:
            if other.lineno <= end:
                end = max(end, other.end_lineno or other.lineno)
        return end + 1

    def above(self, node: ast.stmt) -> int:
        """Return the number of the line where a statement starts, including its decorators and the comments above it.

        The comments at the top of a file (shebang, cookie, licence) belong to the file, not to the statement.
        """
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        line = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        before = max((other.end_lineno or 0 for other in self.tree.body if other.lineno < node.lineno), default=0)
        top = line
        while top - 1 > before and self.lines[top - 2].lstrip().startswith("#"):
            top -= 1
        cookie = any(COOKIE.match(each) for each in self.lines[top - 1 : 2])
        return line if top == 1 or cookie else top

    def shares_its_line(self, node: ast.stmt) -> bool:
        """Return whether a top-level statement starts on a line on which another one ends."""
        others = self.tree.body[: self.tree.body.index(node)]
        return bool(others) and others[-1].end_lineno == node.lineno

    def shares_a_line(self, node: ast.stmt) -> bool:
        """Return whether a top-level statement shares its first or its last line with another one."""
        others = (other for other in self.tree.body if other is not node)
        return any(
            other.lineno <= (node.end_lineno or 0) and (other.end_lineno or 0) >= node.lineno for other in others
        )

    def is_left_unsorted(self, node: ast.stmt) -> bool:
        """Return whether a comment on a statement, or on top of it, tells the sorter to leave it where it is."""
        lines = self.lines[self.above(node) - 1 : node.end_lineno]
        return any(LEFT_UNSORTED.search(line) for line in lines)

    def is_blank(self, line: int) -> bool:
        """Return whether a line exists and is empty."""
        return 1 <= line <= len(self.lines) and not self.lines[line - 1].strip()

    def offset(self, line: int) -> int:
        """Return the character at which a line starts."""
        return sum(len(text) + 1 for text in self.lines[: line - 1])

    def insert(self, line: int, new: list[str]) -> Edit:
        """Return the edit that inserts lines before a line."""
        at = min(self.offset(line), len(self.text))
        text = "".join(f"{part}{self.newline}" for part in new)
        if line > len(self.lines):  # after a last line without a line ending
            text = self.newline + text.removesuffix(self.newline)
        return Edit(at, at, text)


def added_import(module: Module, targets: Iterable[Target]) -> list[Edit]:
    """Return the edits that import each target once, where the project's sorter puts it."""
    page = Page(module.source.text, module.source.tree)
    sorter = sorter_for(module.path.parent, module.top)
    names: dict[str, set[str]] = {}
    for target in targets:
        names.setdefault(target.module, set()).add(target.name)
    edits: list[Edit] = []
    by_line: dict[int, list[Edit]] = {}
    for home, wanted in sorted(names.items()):
        ordered = sorted(wanted, key=sorter.member_key)
        edit = extended_import(module, page, sorter, home, ordered)
        if edit is not None:
            edits.append(edit)
            continue
        groups = [[name] for name in ordered] if sorter.is_single(home) else [ordered]
        for group in groups:
            edit = new_import(module, page, sorter, home, group)
            by_line.setdefault(edit.start, []).append(edit)
    added = [Edit(start, start, merge_insertions([each.text for each in group])) for start, group in by_line.items()]
    return sorted([*edits, *added])


def merge_insertions(texts: list[str]) -> str:
    """Join what several imports insert at one position, with no blank line doubled."""
    joined = texts[0]
    for text in texts[1:]:
        joined = joined.rstrip("\r\n") + ("\r\n" if "\r\n" in joined else "\n") + text.lstrip("\r\n")
    return joined


def import_lines(sorter: Sorter, home: str, names: list[str]) -> list[str]:
    """Return the lines of an import: one, or where that is too long one for each name."""
    line = f"from {home} import {', '.join(names)}"
    if not sorter.wraps(line, len(names)):
        return [line]
    comma = "," if sorter.trailing_comma else ""
    return [f"from {home} import (", *(f"    {name}," for name in names[:-1]), f"    {names[-1]}{comma}", ")"]


# -- an existing import -----------------------------------------------------------------------------------------------


def extended_import(module: Module, page: Page, sorter: Sorter, home: str, names: list[str]) -> Edit | None:
    """Return the edit that adds names to an import of the same module, None if there is none to extend."""
    if sorter.is_single(home):
        return None
    _, imports = leading_imports(page, barrier(module, page))
    for node in imports:
        if isinstance(node, ast.ImportFrom) and node.module == home and not node.level:
            aliased = any(alias.asname for alias in node.names) and not sorter.combine_as
            if aliased or any(alias.name in ("*", *names) for alias in node.names) or page.shares_a_line(node):
                continue
            edit = with_names(module, page, sorter, node, names)
            if edit is not None:
                return edit
    return None


def with_names(module: Module, page: Page, sorter: Sorter, node: ast.ImportFrom, names: list[str]) -> Edit | None:
    """Return the edit of an import that adds names in their order, None if its layout is not one of the usual ones."""
    start, end = module.source.span(node)
    text = module.source.text[start:end]
    members = [ast.unparse(alias) for alias in node.names]
    if "\n" not in text and "(" not in text:
        for name in names:
            members.insert(position_of(sorter, members, name), name)
        lines = import_lines(sorter, str(node.module), members)
        comment = page.lines[node.lineno - 1][node.end_col_offset or 0 :].rstrip()
        if comment.strip() and (len(lines) > 1 or sorter.wraps(lines[0] + comment, len(members))):
            return None
        return Edit(start, end, page.newline.join(lines))
    rows = [alias.lineno for alias in node.names]
    alone = [page.lines[row - 1].partition("#")[0].strip().rstrip(",") for row in rows]
    if "(" not in text or len(set(rows)) < len(rows) or alone != members or len(names) > 1:
        return None
    at = position_of(sorter, alone, names[0])
    last = page.lines[rows[-1] - 1]
    if at == len(alone) and not last.partition("#")[0].rstrip().endswith(","):
        return None
    number = rows[at] if at < len(rows) else rows[-1] + 1
    indent = last[: len(last) - len(last.lstrip())]
    return page.insert(number, [f"{indent}{names[0]},"])


def position_of(sorter: Sorter, members: list[str], name: str) -> int:
    """Return where a name goes among the members of an import."""
    key = sorter.member_key(name)
    keys = [sorter.member_key(each.partition(" ")[0]) for each in members]
    return next((at for at, each in enumerate(keys) if each > key), len(members))


# -- a new import -----------------------------------------------------------------------------------------------------


def patch_names(body: list[ast.stmt]) -> set[str]:
    """Return the names of the top level that stand for a function which patches modules: an alias, one of its own."""
    found = set()
    for node in body:
        if isinstance(node, ast.ImportFrom):
            found |= {each.asname for each in node.names if each.asname and PATCHES.fullmatch(each.name)}
        elif isinstance(node, ast.FunctionDef) and any(map(is_patch_call, ast.walk(node))):
            found.add(node.name)
    return found


def is_patch_call(node: ast.AST) -> bool:
    """Return whether an expression calls a function that patches modules, by its name: gevent's, eventlet's."""
    return isinstance(node, ast.Call) and PATCHES.fullmatch(called(node)) is not None


def called(call: ast.Call) -> str:
    """Return the last part of the name of the function that is called, "" where it has none."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def is_patch(node: ast.stmt, names: set[str]) -> bool:
    """Return whether a statement of the top level patches modules before others are imported."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or is_main_guard(node):
        return False
    return any(
        is_patch_call(inner) or (isinstance(inner, ast.Call) and called(inner) in names) for inner in ast.walk(node)
    )


def is_main_guard(node: ast.stmt) -> bool:
    """Return whether a statement is ``if __name__ == "__main__":``."""
    return isinstance(node, ast.If) and any(
        isinstance(inner, ast.Name) and inner.id == "__name__" for inner in ast.walk(node.test)
    )


def barrier(module: Module, page: Page) -> int:
    """Return the index of the first top-level statement before which an import may be inserted.

    What stands before patches other modules, or stands there for its effect: a call above other imports
    (``sys.path.insert(0, "lib")``), what is above imports that are marked as being late on purpose
    (``# noqa: E402``), a first import that is not to be sorted (``# isort: skip``).
    """
    body = module.source.tree.body
    start = 0
    patches = "patch" in module.source.text or "install_as" in module.source.text
    names = patch_names(body) if patches else set()
    for index, node in enumerate(body):
        if patches and is_patch(node, names):
            start = index + 1
    late = False
    for index, node in enumerate(head(body)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            line = page.lines[node.lineno - 1]
            if FIRST.search(line) and not any(isinstance(each, ast.Import | ast.ImportFrom) for each in body[:index]):
                start = max(start, index + 1)
            elif not late and LATE.search(line):
                start, late = max(start, index), True
        elif is_for_effect(node, body[index + 1 :]):
            start = max(start, index + 1)
    return start


def head(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of the top level before the first that may need an import: a definition, or a raise."""
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Raise)
    for index, node in enumerate(body):
        if any(isinstance(inner, definitions) for inner in ast.walk(node)):
            return body[:index]
    return body


def is_for_effect(node: ast.stmt, following: list[ast.stmt]) -> bool:
    """Return whether a statement is a call above another import."""
    call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    return call and any(isinstance(each, ast.Import | ast.ImportFrom) for each in following)


def leading_imports(page: Page, start: int) -> tuple[ast.stmt | None, list[ast.stmt]]:
    """Return the docstring, and the imports before the first statement that may do anything else, from an index on.

    The sorter is told to leave what stands behind ``# isort: skip``, ``split`` or ``off``: the imports end there.
    """
    tree = page.tree
    body = tree.body
    doc = body[0] if body and ast.get_docstring(tree, clean=False) is not None else None
    found: list[ast.stmt] = []
    for node in body[max(start, int(doc is not None)) :]:
        if isinstance(node, ast.Import | ast.ImportFrom) and not page.is_left_unsorted(node):
            found.append(node)
        elif not is_dunder(node):
            break
    return doc, found


def new_import(module: Module, page: Page, sorter: Sorter, home: str, names: list[str]) -> Edit:
    """Return the edit that puts an import into its section, its order, and blank lines around it."""
    new = import_lines(sorter, home, names)
    start = barrier(module, page)
    doc, imports = leading_imports(page, start)
    if not imports and start:
        return after_barrier(page, module.source.tree.body[start - 1], new)
    if start and LATE.search(page.lines[imports[0].lineno - 1]):
        new[0] += "  # noqa: E402"
    package = module.package

    def key_of(node: ast.stmt) -> tuple[object, ...]:
        if isinstance(node, ast.ImportFrom):
            return sorter.key(node.module or "", node.level, True, package, node.names[0].name)
        assert isinstance(node, ast.Import)
        return sorter.key(node.names[0].name, 0, False, package)

    key = sorter.key(home, 0, True, package, names[0])
    keys = [key_of(node) for node in imports]
    heading = sorter.heading(key)
    if all(other[0] != key[0] for other in keys):
        new = [*heading, *new]
    if not imports:
        return first_import(page, doc, new, sorter.lines_after)
    future = [node for node in imports if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    before = [node for node, other in zip(imports, keys, strict=True) if other <= key]
    later = [node for node, other in zip(imports, keys, strict=True) if other > key]

    def in_front_of(node: ast.stmt, blank: int) -> Edit:
        number, theirs = page.above(node), sorter.heading(key_of(node))
        if theirs and page.lines[node.lineno - 2 : node.lineno - 1] == theirs:
            number = node.lineno - (theirs != heading)
        comment = sorter.blank_before_comments and number < node.lineno
        return page.insert(number, [*new, *[""] * max(blank, comment)])

    if not before and not future:
        following = later[0]
        blank = sorter.blank_lines(key, key_of(following))
        if page.shares_its_line(following):  # nothing can be inserted between it and what precedes it
            number = page.after(following)
            return page.insert(number, [*[""] * blank, *new, *([] if page.is_blank(number) else [""])])
        return in_front_of(following, blank)
    last = max([*before[-1:], *future[-1:]], key=lambda node: node.lineno)
    number = page.after(last)
    gap = sorter.blank_lines(key_of(last), key)
    close = [node for node in later if node.lineno >= number and not sorter.blank_lines(key, key_of(node))]
    if gap and close and not page.shares_its_line(close[0]):
        return in_front_of(close[0], 0)
    below = next((node for node in later if node.lineno >= number and not page.shares_its_line(node)), None)
    tail = sorter.blank_lines(key, key_of(below)) if below else 1 if sorter.lines_after < 0 else sorter.lines_after
    blanks = next((n for n in range(tail) if number + n <= len(page.lines) and not page.is_blank(number + n)), tail)
    return page.insert(number, [*[""] * gap, *new, *[""] * (tail - blanks)])


def after_barrier(page: Page, node: ast.stmt, new: list[str]) -> Edit:
    """Return the edit that inserts an import after a statement that has to come first."""
    number = page.after(node)
    tail = [] if page.is_blank(number) or number > len(page.lines) else [""]
    return page.insert(number, ["", *new, *tail])


def first_import(page: Page, doc: ast.stmt | None, new: list[str], lines_after: int) -> Edit:
    """Return the edit for a module without imports: after its docstring, otherwise above its first statement."""
    start = page.after(doc) if doc else 1
    code = next((node for node in page.tree.body if node.lineno >= start), None)
    gap = 2 if isinstance(code, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else 1
    gap = gap if lines_after < 0 else lines_after
    if doc is not None:
        blanks = next(n for n in itertools.count() if not page.is_blank(start + n))
        surplus = max(blanks - gap, 0) if lines_after >= 0 else 0
        return page.insert(start + surplus, [*([] if surplus else [""]), *new, *[""] * (gap - blanks)])
    assert code is not None
    number = page.above(code)
    lead = [""] if number > 1 and not page.is_blank(number - 1) else []
    return page.insert(number, [*lead, *new, *[""] * gap])
