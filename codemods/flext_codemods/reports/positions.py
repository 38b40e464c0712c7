"""Positions in a changed file: lines and columns of its old text, and which edit belongs to which site."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from flext_analysis.syntax.source import detect_encoding
from flext_codemods.model.file_result import FileResult
from flext_codemods.model.finding import Edit, Finding

__all__ = ["Changed"]


class Changed:
    """The old text of a changed file, and its edits, separated into those of one site and those that all need.

    A byte order mark is not part of the text: columns do not count it.
    """

    def __init__(self, result: FileResult) -> None:
        self.encoding = detect_encoding(result.old)
        self.text = result.old.decode(self.encoding)
        self.starts = [0, *accumulate(len(line) + 1 for line in self.text.split("\n"))]
        self.edits = result.edits
        self.own: dict[tuple[int, int], set[Edit]] = {}
        for finding in result.findings:
            if not finding.left:
                self.own.setdefault((finding.start, finding.end), set()).update(finding.also)
        for edit in self.edits:
            if edit.start < edit.end and (edit.start, edit.end) in self.own:
                self.own[edit.start, edit.end].add(edit)
        self.importing = {(one.start, one.end) for one in result.findings if one.uses and not one.left}
        owned = set().union(*self.own.values())
        self.imports = [edit for edit in self.edits if edit not in owned]

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of a character, both from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def edits_for(self, finding: Finding) -> list[Edit]:
        """Return the edits that rewrite one site, in order: all of the file's if it cannot be rewritten alone.

        The changes of several recipes at one site are one edit, which belongs to each of them.
        """
        site = finding.start, finding.end
        own = self.own[site].intersection(self.edits)
        if not own:
            return list(self.edits)
        return sorted(own.union(self.imports if site in self.importing else ()))
