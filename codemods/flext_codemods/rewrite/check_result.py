"""Whether a rewritten file is the same program apart from its edits, checked before anything is written."""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate

from flext_analysis.syntax.source import Source, Unreadable, read_source
from flext_analysis.syntax.statements import statements
from flext_codemods.model.finding import Edit, Finding
from flext_codemods.model.recipe import Pairs, Recipe
from flext_codemods.rewrite.edits import Plan

__all__ = ["verify"]

Extent = tuple[ast.stmt, int, int]
Judge = Callable[[object, object], Pairs | None]
BODIES = frozenset(["body", "orelse", "finalbody", "handlers", "cases"])


def placed(source: Source, ranges: list[tuple[int, int]]) -> Iterator[Extent]:
    """Yield the statements with their first character and the one after their last.

    Those inside a top-level statement are left out if no range touches it: equal text has an equal tree.
    """
    starts = [start for start, _ in ranges]
    for node in source.tree.body:
        start, end = source.span(node)
        yield node, start, end
        if bisect_left(starts, start) < bisect_left(starts, end):
            inner = statements(ast.Module([node], []))
            next(inner)
            yield from ((each, *source.span(each)) for each, _ in inner)


class Offsets:
    """Maps characters of the old text to positions in the new one."""

    def __init__(self, edits: list[Edit]) -> None:
        growth = [len(edit.text) - (edit.end - edit.start) for edit in edits]
        self.total = [0, *accumulate(growth)]
        self.ends = [edit.end for edit in edits]
        self.old_ranges = [(edit.start, edit.end) for edit in edits if edit.end > edit.start]
        starts = [edit.start + before for edit, before in zip(edits, self.total, strict=False)]
        self.new_ranges = [(start, start + len(edit.text)) for start, edit in zip(starts, edits, strict=True)]

    def __call__(self, offset: int) -> int:
        """Return the position in the new text of a character outside the edits."""
        return offset + self.total[bisect_right(self.ends, offset)]


def divide(found: Iterator[Extent], ranges: list[tuple[int, int]]) -> tuple[list[Extent], list[Extent]]:
    """Split statements into those that start inside a range and those that do not."""
    firsts = [first for first, _ in ranges]
    inside: list[Extent] = []
    outside: list[Extent] = []
    for statement in found:
        number = bisect_right(firsts, statement[1]) - 1
        within = number >= 0 and statement[1] < ranges[number][1]
        (inside if within else outside).append(statement)
    return inside, outside


def judge_of(findings: list[Finding], recipes: Mapping[str, Recipe]) -> Judge:
    """Return the function that decides about parts that differ: the recipes of an edit, the first with an answer."""

    def judge(old: object, new: object) -> Pairs | None:
        asked = (recipes[finding.recipe].permits(old, new, finding) for finding in findings)
        return next((pairs for pairs in asked if pairs is not None), None)

    return judge


def same_tree(waiting: Pairs, judge: Judge) -> bool:
    """Return whether pairs of trees are equal except for positions and permitted changes. Never recurses."""
    waiting = list(waiting)
    while waiting:
        left, right = waiting.pop()
        permitted = judge(left, right)
        if permitted is not None:
            waiting.extend(permitted)
        elif type(left) is not type(right):
            return False
        elif isinstance(left, ast.AST):
            waiting.extend((getattr(left, name, None), getattr(right, name, None)) for name in left._fields)
        elif isinstance(left, list) and isinstance(right, list):
            if len(left) != len(right):
                return False
            waiting.extend(zip(left, right, strict=True))
        elif left != right:
            return False
    return True


def header(node: ast.stmt) -> list[object]:
    """Return the parts of a statement that are its own, without the statements inside it."""
    parts: list[object] = [getattr(node, name, None) for name in node._fields if name not in BODIES]
    if isinstance(node, ast.Try | ast.TryStar):
        parts += [part for clause in node.handlers for part in (clause.type, clause.name)]
    if isinstance(node, ast.Match):
        parts += [part for arm in node.cases for part in (arm.pattern, arm.guard)]
    return parts


def outermost(found: list[Extent]) -> list[ast.stmt]:
    """Return the statements of a run that are in no other of it."""
    kept: list[ast.stmt] = []
    reached = -1
    for node, start, end in found:
        if start >= reached:
            kept.append(node)
            reached = end
    return kept


def changed_parts(old: list[ast.stmt], new: list[ast.stmt]) -> Pairs:
    """Return what to compare for statements that were rewritten: one by one, or a statement with a list."""
    if len(old) == len(new):
        return list(zip(old, new, strict=True))
    return [(old[0] if len(old) == 1 else old, new)]


class Difference:
    """Finds differences between two trees other than those that the edits are for.

    The text outside the edits is the same by construction, and how a statement parses depends on its own text alone: so
    the trees are equal there if every statement has its kind and position. What an edit touches is compared node by
    node.
    """

    def __init__(self, old: Source, new: Source, plan: Plan, recipes: Mapping[str, Recipe]) -> None:
        self.plan = plan
        self.recipes = recipes
        self.offsets = Offsets(plan.edits)
        self.old, self.new = old, new
        # Added imports touch no statement; the statements around them need not be compared.
        touching = [
            (edit, span)
            for edit, span in zip(plan.edits, self.offsets.new_ranges, strict=True)
            if edit.end > edit.start or edit in plan.why
        ]
        spans = [(edit.start, edit.end) for edit, _ in touching]
        self.edited, self.before = divide(placed(old, spans), self.offsets.old_ranges)
        # A deletion does not touch the statement that starts there, only one that continues there.
        made = [(start - (start == end), end) for _, (start, end) in touching]
        self.made, self.after = divide(placed(new, made), self.offsets.new_ranges)

    def found(self) -> str:
        """Return what differs, "" if nothing does."""
        return self.outside() or next(filter(None, map(self.at, self.plan.edits, self.offsets.new_ranges)), "")

    def outside(self) -> str:
        """Compare the statements that no edit starts before."""
        if len(self.before) != len(self.after):
            return f"{len(self.after)} statements instead of {len(self.before)}"
        for (node, start, end), (new_node, new_start, new_end) in zip(self.before, self.after, strict=True):
            if type(node) is not type(new_node) or (self.offsets(start), self.offsets(end)) != (new_start, new_end):
                return f"the statement on line {new_node.lineno} is not the original one"
        if ast.get_docstring(self.old.tree, clean=False) != ast.get_docstring(self.new.tree, clean=False):
            return "the module's docstring is not the original one"
        return ""

    def at(self, edit: Edit, new_range: tuple[int, int]) -> str:
        """Compare what one edit touches."""
        made = within(self.made, new_range)
        reasons = self.reasons(edit)
        if edit in self.plan.imports:
            return "" if self.imports_more(edit, made) else f"the text added at character {edit.start} is not an import"
        edited = within(self.edited, (edit.start, edit.end))
        if edited:
            pairs = changed_parts(outermost(edited), outermost(made))
        else:
            found = self.around(edit)
            if found is None:
                return f"the edit at character {edit.start} is not inside a statement"
            (node, start, end), new_node = found
            pairs = list(zip(header(node), header(new_node), strict=True))
            # The same comparison covers other edits of the same statement.
            reasons = [one for other in self.plan.edits if start <= other.start < end for one in self.reasons(other)]
        if same_tree(pairs, judge_of(reasons, self.recipes)):
            return ""
        return f"the statement on line {reasons[0].line} changed more than intended"

    def imports_more(self, edit: Edit, made: list[Extent]) -> bool:
        """Return whether an edit adds an import, or names to an existing one, and nothing else.

        Inside a string an added line would leave every statement in its position.
        """
        if edit.end > edit.start:
            edited = within(self.edited, (edit.start, edit.end))
            return len(edited) == len(made) == 1 and has_more_names(edited[0][0], made[0][0])
        around = self.around(edit)
        if around is not None and isinstance(around[0][0], ast.ImportFrom) and around[0][1] < edit.start < around[0][2]:
            return has_more_names(around[0][0], around[1])
        return bool(made) and all(isinstance(node, ast.ImportFrom) for node, _, _ in made)

    def reasons(self, edit: Edit) -> list[Finding]:
        """Return the findings of an edit; none for an import."""
        return self.plan.why.get(edit, [])

    def around(self, edit: Edit) -> tuple[Extent, ast.stmt] | None:
        """Return the innermost statement around an edit, before and after."""
        at = bisect_right(self.before, edit.start, key=lambda placed: placed[1]) - 1
        while at >= 0 and self.before[at][2] < edit.end:
            at -= 1
        return (self.before[at], self.after[at][0]) if at >= 0 else None


def has_more_names(old: ast.stmt, new: ast.stmt) -> bool:
    """Return whether an import names everything it did, in the same order, and more."""
    if not isinstance(old, ast.ImportFrom) or not isinstance(new, ast.ImportFrom):
        return False
    if (old.module, old.level) != (new.module, new.level):
        return False
    names = iter((alias.name, alias.asname) for alias in new.names)
    return len(new.names) > len(old.names) and all((one.name, one.asname) in names for one in old.names)


def within(found: list[Extent], span: tuple[int, int]) -> list[Extent]:
    """Return the statements that start in a range of characters."""
    first = bisect_left(found, span[0], key=lambda placed: placed[1])
    return found[first : bisect_left(found, span[1], key=lambda placed: placed[1])]


def concerned(new: Source, edits: list[Edit]) -> list[ast.stmt]:
    """Return the top-level statements that may compile differently: edited ones, and all imports.

    How a parsed statement compiles depends on the others only through ``from __future__`` and its position.
    """
    ranges = Offsets(edits).new_ranges
    starts = [start for start, _ in ranges]
    found = []
    for number, node in enumerate(new.tree.body):
        start, end = new.span(node)
        touched = bisect_left(starts, start) < bisect_left(starts, end)
        if touched or number == 0 or isinstance(node, ast.Import | ast.ImportFrom):
            found.append(node)
    return found


def compile_error(body: list[ast.stmt]) -> str:
    """Return why statements do not compile, "" if they do."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as that of Python 3.14 for a finally that leaves
            compile(ast.Module(body, []), "<statements>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__
    return ""


def verify(old: Source, text: str, plan: Plan, recipes: Mapping[str, Recipe]) -> tuple[Source | None, str]:
    """Return the rewritten file, read back from its bytes, and what is wrong with it ("" if nothing is).

    Raises:
        Unreadable: it did not compile before, either.
    """
    try:
        raw = old.encode(text)
        new = read_source(raw)
    except (Unreadable, ValueError) as error:
        return None, f"no longer valid: {error}"
    problem = compile_error(concerned(new, plan.edits))
    if problem:
        before = compile_error(old.tree.body)
        if before:
            raise Unreadable(f"does not compile: {before}")
        return None, f"no longer compiles: {problem}"
    if new.text != text or new.encoding != old.encoding:
        return None, "does not keep its encoding"
    return new, Difference(old, new, plan, recipes).found()
