"""Is a rewritten file still the same program but for its edits? Asked before anything is written."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate

from flext_analysis.scan import statements
from flext_analysis.source import Source, Unreadable, read_source
from flext_codemods.findings import Edit

__all__ = ["verify"]

Placed = tuple[ast.stmt, int, int]


def placed(source: Source, ranges: list[tuple[int, int]]) -> Iterator[Placed]:
    """Yield the statements with their first character and the one after their last.

    Those inside a statement of the top level are left out where no range touches it: what its text is, its tree is.
    """
    starts = [start for start, _ in ranges]
    for node in source.tree.body:
        start, end = source.span(node)
        yield node, start, end
        if bisect_left(starts, start) < bisect_left(starts, end):
            inner = statements(ast.Module([node], []))
            next(inner)
            yield from ((each, *source.span(each)) for each, _ in inner)


class Moved:
    """Where the characters of the old text stand in the new one."""

    def __init__(self, edits: list[Edit]) -> None:
        growth = [len(edit.text) - (edit.end - edit.start) for edit in edits]
        self.total = [0, *accumulate(growth)]
        self.ends = [edit.end for edit in edits]
        self.old_ranges = [(edit.start, edit.end) for edit in edits if edit.end > edit.start]
        starts = [edit.start + before for edit, before in zip(edits, self.total, strict=False)]
        self.new_ranges = [(start, start + len(edit.text)) for start, edit in zip(starts, edits, strict=True)]

    def __call__(self, offset: int) -> int:
        """Return the place in the new text of a character outside the edits."""
        return offset + self.total[bisect_right(self.ends, offset)]


def divide(found: Iterator[Placed], ranges: list[tuple[int, int]]) -> tuple[list[Placed], list[Placed]]:
    """Part statements into those that start inside a range and those that do not."""
    firsts = [first for first, _ in ranges]
    inside: list[Placed] = []
    outside: list[Placed] = []
    for statement in found:
        number = bisect_right(firsts, statement[1]) - 1
        within = number >= 0 and statement[1] < ranges[number][1]
        (inside if within else outside).append(statement)
    return inside, outside


def same_tree(one: object, other: object) -> bool:
    """Say whether two trees are equal but for their positions. Never recurses."""
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        if type(left) is not type(right):
            return False
        if isinstance(left, ast.AST):
            waiting.extend((getattr(left, name, None), getattr(right, name, None)) for name in left._fields)
        elif isinstance(left, list) and isinstance(right, list):
            if len(left) != len(right):
                return False
            waiting.extend(zip(left, right, strict=True))
        elif left != right:
            return False
    return True


def only_renamed(old: ast.stmt, new: list[ast.stmt]) -> bool:
    """Say whether an edit changed nothing but the class that is raised, or the modules that names come from."""
    if isinstance(old, ast.Raise) and len(new) == 1 and isinstance(new[0], ast.Raise):
        before, after = old.exc, new[0].exc
        if isinstance(before, ast.Call) and isinstance(after, ast.Call):
            same = same_tree(before.args, after.args) and same_tree(before.keywords, after.keywords)
        else:
            same = not isinstance(before, ast.Call) and isinstance(after, ast.Name | ast.Attribute)
        return same and same_tree(old.cause, new[0].cause)
    if isinstance(old, ast.ImportFrom) and all(isinstance(node, ast.ImportFrom) for node in new):
        names = [(alias.name, alias.asname) for node in new if isinstance(node, ast.ImportFrom) for alias in node.names]
        return sorted(names, key=str) == sorted(((alias.name, alias.asname) for alias in old.names), key=str)
    return False


def difference(old: Source, new: Source, edits: list[Edit]) -> str:
    """Return what differs between two trees beside the edits, "" when nothing does.

    The text outside the edits is the same by construction, and how a statement parses depends on its own text alone: so
    the trees are equal there when every statement is of its kind and in its place.
    """
    moved = Moved(edits)
    edited, before = divide(placed(old, moved.old_ranges), moved.old_ranges)
    made, after = divide(placed(new, moved.new_ranges), moved.new_ranges)
    if len(before) != len(after):
        return f"{len(after)} statements instead of {len(before)}"
    for (node, start, end), (new_node, new_start, new_end) in zip(before, after, strict=True):
        if type(node) is not type(new_node) or (moved(start), moved(end)) != (new_start, new_end):
            return f"the statement in line {new_node.lineno} is not the one that was there"
    if ast.get_docstring(old.tree, clean=False) != ast.get_docstring(new.tree, clean=False):
        return "the module's docstring is not the one that was there"
    firsts = [start for _, start, _ in made]
    for edit, (start, end) in zip(edits, moved.new_ranges, strict=True):
        # Inside a string an added line would leave every statement in its place.
        if edit.start == edit.end and bisect_left(firsts, start) == bisect_left(firsts, end):
            return f"the text added at character {edit.start} is no statement"
    rewritten = {edit.start: span for edit, span in zip(edits, moved.new_ranges, strict=True) if edit.start < edit.end}
    for node, start, _end in edited:
        first, end = rewritten[start]
        if not only_renamed(
            node, [other for other, _, _ in made[bisect_left(firsts, first) : bisect_left(firsts, end)]]
        ):
            return f"the statement in line {node.lineno} changed in more than its class"
    return ""


def concerned(new: Source, edits: list[Edit]) -> list[ast.stmt]:
    """Return the statements of the top level that may compile otherwise than before: edited ones, and all imports.

    What a parsed statement compiles to depends on the others only through ``from __future__`` and where it stands.
    """
    ranges = Moved(edits).new_ranges
    starts = [start for start, _ in ranges]
    found = []
    for number, node in enumerate(new.tree.body):
        start, end = new.span(node)
        touched = bisect_left(starts, start) < bisect_left(starts, end)
        if touched or number == 0 or isinstance(node, ast.Import | ast.ImportFrom):
            found.append(node)
    return found


def compile_error(body: list[ast.stmt]) -> str:
    """Return why statements do not compile, "" where they do."""
    try:
        compile(ast.Module(body, []), "<statements>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__
    return ""


def verify(old: Source, text: str, edits: list[Edit]) -> tuple[Source | None, str]:
    """Return the rewritten file, read back from its bytes, and what is wrong with it ("" when nothing is).

    Raises:
        Unreadable: it did not compile before, either.
    """
    try:
        raw = old.encode(text)
        new = read_source(raw)
    except (Unreadable, ValueError) as error:
        return None, f"does not parse any more: {error}"
    problem = compile_error(concerned(new, edits))
    if problem:
        before = compile_error(old.tree.body)
        if before:
            raise Unreadable(f"does not compile: {before}")
        return None, f"does not compile any more: {problem}"
    if new.text != text or new.encoding != old.encoding:
        return None, "does not keep its encoding"
    return new, difference(old, new, edits)
