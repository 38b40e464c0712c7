"""What a run finds: the data that recipes make and reports show."""

from __future__ import annotations

from typing import NamedTuple

from flext_codemods.project.skip import Skip

__all__ = ["LOCAL_NAME", "Edit", "Finding"]

LOCAL_NAME = "\0"  # in the text of an edit: what the first of the finding's uses is called there


class Edit(NamedTuple):
    """Characters ``start`` to ``end`` of a text, to be replaced by ``text``."""

    start: int
    end: int
    text: str


class Finding(NamedTuple):
    """One place that a recipe has something to say about.

    ``line`` and ``column`` count from 1; ``start`` and ``end`` are the characters of the statement, or the expression,
    in the file's text that is parsed and rewritten; where they are the same there is none, only what ``also`` holds.
    ``drops`` are the local names that the new code needs no more, whose imports go where nothing else needs them.
    ``skip`` is None where the site is (to be) rewritten, else why it is left.
    ``builtin`` and ``target`` are dotted names, "" where they do not apply. ``migratable`` says whether the site counts
    in the share migrated. ``uses`` are the dotted names that the new code needs, to be imported where they are not, and
    ``names`` what they are called there, once that is settled. ``expression`` says that it is no statement but an
    expression that is rewritten; ``adds`` is source text that the recipe puts in, ``text`` the whole new text where
    nothing is to be parsed; ``also`` are edits that go with it.
    """

    recipe: str
    line: int
    column: int
    start: int
    end: int
    builtin: str = ""
    target: str = ""
    skip: Skip | None = None
    migratable: bool = False
    uses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    expression: bool = False
    adds: str = ""
    text: str | None = None
    also: tuple[Edit, ...] = ()
    drops: tuple[str, ...] = ()

    @property
    def left(self) -> bool:
        """Whether the site is left alone."""
        return self.skip is not None

    @property
    def reason(self) -> str:
        """The code of the reason why the site is left, "" where it is not."""
        return self.skip.reason if self.skip else ""

    @property
    def detail(self) -> str:
        """What that reason is about here, for people."""
        return self.skip.detail if self.skip else ""
