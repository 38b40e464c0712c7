"""Turn findings into edits: LibCST rewrites the statement concerned, and only its text is spliced into the file."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from flext_analysis.source import Unreadable
from flext_codemods.findings import Edit, Finding
from flext_codemods.imports import added_import, name_for
from flext_codemods.recipe import Recipe
from flext_codemods.targets import Target

if TYPE_CHECKING:
    from flext_codemods.analyse import Module

__all__ = ["apply_edits", "plan_edits"]


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
    """Say for each line of a statement whether it moves along when text grows at a place of it.

    A line moves when it is aligned with the content of a bracket that opens behind that place on its line (or is that
    bracket's closing one, aligned with it), and when the bracket around it opens on a line that moves. What is inside a
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
    """Shift the continuation lines of a rewritten statement as far as the line with the new name grew.

    ``indent`` is the column at which the statement starts.
    """
    if "\n" not in old:
        return new
    # The first line is given its true columns back; underscores join its first word and change nothing else.
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
    """Return the first line end of a text from a place on."""
    end = text.find("\n", start)
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def rewrite_statement(module: Module, finding: Finding, recipe: Recipe, expression: str) -> Edit:
    """Return the edit for one finding: its statement parsed, changed by the recipe, and aligned."""
    import libcst as cst

    source = module.source
    text = source.text[finding.start : finding.end]
    try:
        parsed = cst.parse_statement(text)
    except cst.ParserSyntaxError as error:  # Python knows syntax that LibCST does not know yet
        raise Unreadable("LibCST cannot parse the statement") from error
    assert isinstance(parsed, cst.SimpleStatementLine) and len(parsed.body) == 1
    line_start = source.text.rfind("\n", 0, finding.start) + 1
    page = cst.Module([], default_newline=line_end(text, 0))  # LibCST says of other line ends what they are
    codes = [page.code_for_node(statement) for statement in recipe.rewrite(parsed.body[0], finding, expression)]
    if len(codes) == 1:
        return Edit(finding.start, finding.end, realign(text, codes[0], finding.start - line_start))
    newline = line_end(source.text, finding.end)
    return Edit(finding.start, finding.end, (newline + source.text[line_start : finding.start]).join(codes))


def plan_edits(
    module: Module, findings: list[Finding], recipes: Mapping[str, Recipe]
) -> tuple[list[Finding], list[Edit]]:
    """Return all edits, and the findings, where those that cannot get their import are now left with a conflict."""
    edits: list[Edit] = []
    decided: list[Finding] = []
    needed: dict[int, Target] = {}
    for finding in findings:
        expression = finding.target
        if finding.builtin and not finding.left:
            target = module.around.targets[finding.builtin]
            naming = name_for(module, target, module.block_at[finding.start], finding.line)
            expression = naming.expression
            if naming.conflict:
                finding = finding._replace(reason="conflict", detail=naming.conflict)
            elif naming.needs_import:
                needed[finding.start] = target
        if not finding.left:
            try:
                edits.append(rewrite_statement(module, finding, recipes[finding.recipe], expression))
            except (RecursionError, Unreadable) as error:
                detail = str(error) if isinstance(error, Unreadable) else "the statement is nested too deeply"
                finding = finding._replace(reason="unreadable", detail=detail)
                needed.pop(finding.start, None)
        decided.append(finding)
    imports = added_import(module, needed.values())
    if imports and min(needed) < imports[-1].start:
        detail = "the first place for the import comes after the raise"
        late = [f._replace(reason="conflict", detail=detail) if f.start in needed else f for f in decided]
        return plan_edits(module, late, recipes)
    return decided, sorted([*edits, *imports])
