"""Turn findings into edits: LibCST rewrites the statement concerned, and only its text is spliced into the file."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import NamedTuple

from flext_analysis.syntax.source import Unreadable
from flext_codemods.model.finding import LOCAL_NAME, Edit, Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import Recipe
from flext_codemods.project.skip import Skip
from flext_codemods.repository.targets import Target
from flext_codemods.rewrite.add_import import added_import
from flext_codemods.rewrite.drop_import import dropped_imports
from flext_codemods.rewrite.target_name import name_for

__all__ = ["Plan", "apply_edits", "plan_edits"]


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with all edits made; they must not overlap.

    >>> apply_edits("abc", [Edit(1, 2, "B"), Edit(3, 3, "!")])
    'aBc!'
    """
    parts: list[str] = []
    position = 0
    for edit in sorted(edits):
        assert edit.start >= position, "edits overlap"
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*parts, text[position:]])


def moving_lines(text: str, line: int, column: int) -> list[bool]:
    """Return for each line of a statement whether it shifts when text grows at a position in it.

    A line shifts if it is aligned with the content of a bracket that opens after that position on its line (or is that
    bracket's closing one, aligned with it), or if the bracket around it opens on a line that shifts. The inside of a
    string never does.
    """
    moves = [False] * (text.count("\n") + 2)
    brackets: list[tuple[int, int]] = []
    strings = seen = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = tokenize.tok_name[token.type]
        row, at = token.start
        if row > seen and brackets and not strings and kind not in ("NL", "NEWLINE", "ENDMARKER"):
            opened, position = brackets[-1]
            aligned = at == position + (token.string not in ")]}")
            moves[row] = moves[opened] or (opened == line and position >= column and aligned)
        seen = max(seen, token.end[0])
        strings += (kind in ("FSTRING_START", "TSTRING_START")) - (kind in ("FSTRING_END", "TSTRING_END"))
        if kind == "OP" and not strings:
            if token.string in "([{":
                brackets.append((row, at))
            elif token.string in ")]}":
                brackets.pop()
    return moves[1:]


def realign(old: str, new: str, indent: int) -> str:
    """Shift the continuation lines of a rewritten statement by as much as the line with the new name grew.

    ``indent`` is the column at which the statement starts.
    """
    if "\n" not in old or old.count("\n") != new.count("\n"):
        return new
    # The first line gets its true columns back; underscores extend its first word and change nothing else.
    before, after = ("_" * indent + old).split("\n"), ("_" * indent + new).split("\n")
    changed = [number for number, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    if len(changed) == 1:
        number = changed[0]
        delta = len(after[number]) - len(before[number])
        pairs = enumerate(zip(before[number], after[number], strict=False))
        column = next((at for at, (one, other) in pairs if one != other), len(before[number]))
        for row, moves in enumerate(moving_lines("\n".join(before), number + 1, column)):
            body = after[row].lstrip(" \t") if moves else ""
            width = len(after[row]) - len(body)
            if moves and width + delta >= 0:
                after[row] = (
                    after[row][:width] + " " * delta + body if delta > 0 else after[row][: width + delta] + body
                )
    return "\n".join(after)[indent:]


def line_end(text: str, start: int) -> str:
    """Return the first line ending of a text from a position on."""
    end = text.find("\n", start)
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


class Plan(NamedTuple):
    """The plan for a file: its findings, the edits, and for each edit its findings.

    ``imports`` are those of the edits that import something; ``deferred`` means that an edit around others has to wait
    until those are made.
    """

    findings: list[Finding]
    edits: list[Edit]
    why: Mapping[Edit, list[Finding]]
    deferred: bool = False
    imports: frozenset[Edit] = frozenset()


def rewritten(module: Module, text: str, finding: Finding, recipe: Recipe) -> str:
    """Return a statement or expression as the recipe of a finding rewrites it, aligned.

    Raises:
        Unreadable: LibCST does not support its syntax yet.
        RecursionError: it is nested too deeply.
    """
    import libcst as cst

    source = module.source
    line_start = source.text.rfind("\n", 0, finding.start) + 1
    page = cst.Module([], default_newline=line_end(text, 0))  # LibCST normalises other line endings
    try:
        if finding.expression:
            # In brackets it may span lines as it did.
            parsed: cst.CSTNode = cst.parse_expression(f"({text})")
            made = page.code_for_node(recipe.rewrite(parsed, finding)[0])
            return realign(text, made.removeprefix("(").removesuffix(")"), finding.start - line_start)
        line = cst.parse_statement(text)
    except cst.ParserSyntaxError as error:  # Python has syntax that LibCST does not support yet
        raise Unreadable("LibCST cannot parse the statement") from error
    assert isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
    codes = [page.code_for_node(statement) for statement in recipe.rewrite(line.body[0], finding)]
    if len(codes) == 1:
        return realign(text, codes[0], finding.start - line_start)
    return (line_end(source.text, finding.end) + source.text[line_start : finding.start]).join(codes)


def superseded(group: list[Finding], recipes: Mapping[str, Recipe]) -> list[Finding]:
    """Return the findings of one site without those that yield to another."""
    gone = {name for one in group if not one.left for name in recipes[one.recipe].replaces}
    return [one for one in group if one.recipe not in gone]


def named(module: Module, finding: Finding) -> tuple[Finding, list[Target]]:
    """Return a finding with its local names, skipped if they are not available, and what is to be imported."""
    names: list[str] = []
    needed: list[Target] = []
    for path in finding.uses if not finding.left else ():
        target = module.target(path)
        naming = name_for(module, target, module.block_at[finding.start], finding.line)
        if naming.conflict:
            return finding._replace(skip=Skip("conflict", naming.conflict)), []
        names.append(naming.expression)
        needed += [target] if naming.needs_import else []
    if not names:
        return finding, needed
    also = tuple(edit._replace(text=edit.text.replace(LOCAL_NAME, names[0])) for edit in finding.also)
    return finding._replace(names=tuple(names), also=also), needed


def plan_edits(module: Module, findings: list[Finding], recipes: Mapping[str, Recipe]) -> Plan:
    """Return all edits, and the findings; those that cannot get their import are now skipped with a conflict."""
    edits: list[Edit] = []
    decided: list[Finding] = []
    needed: dict[int, list[Target]] = {}
    why: dict[Edit, list[Finding]] = {}
    for (start, end), together in groupby(findings, key=lambda finding: (finding.start, finding.end)):
        done: list[Finding] = []
        text = old = module.source.text[start:end]
        for finding in superseded(list(together), recipes):
            finding, targets = named(module, finding)
            if not finding.left and (end > start or finding.text is not None):
                try:
                    new = finding.text
                    text = rewritten(module, text, finding, recipes[finding.recipe]) if new is None else new
                except (RecursionError, Unreadable) as error:
                    detail = str(error) if isinstance(error, Unreadable) else "the statement is nested too deeply"
                    finding = finding._replace(skip=Skip("unreadable", detail))
            if not finding.left:
                needed.setdefault(start, []).extend(targets)
                done.append(finding)
            decided.append(finding)
        made = [Edit(start, end, text)] if text != old else []
        for edit in {*made, *(edit for finding in done for edit in finding.also)}:
            edits.append(edit)
            why.setdefault(edit, []).extend(done)
    imports = added_import(module, [target for targets in needed.values() for target in targets])
    wanting = [start for start, targets in needed.items() if targets]
    if imports and min(wanting) < imports[-1].start:
        detail = "the first place for the import comes after the raise"
        above = {start for start in wanting if start < imports[-1].start}
        late = [f._replace(skip=Skip("conflict", detail)) if f.start in above else f for f in decided]
        return plan_edits(module, late, recipes)
    narrow = inner(sorted(set(edits)))
    carried_out = list(dict.fromkeys(one for edit in narrow for one in why[edit]))
    for edit in dropped_imports(module, [name for one in carried_out for name in one.drops]):
        narrow.append(edit)
        why[edit] = carried_out
    return Plan(decided, sorted([*narrow, *imports]), why, len(narrow) < len(set(edits)), frozenset(imports))


def inner(edits: list[Edit]) -> list[Edit]:
    """Return the edits without those that contain others; the edits are sorted."""
    found: list[Edit] = []
    for number, edit in enumerate(edits):
        following = edits[number + 1] if number + 1 < len(edits) else None
        if following is None or following.start >= edit.end:
            found.append(edit)
    return found
