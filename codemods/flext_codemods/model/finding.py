"""Findings of a run: the data that recipes produce and reports show."""

from __future__ import annotations

from typing import NamedTuple

from flext_codemods.project.skip import Skip

__all__ = ["LOCAL_NAME", "Edit", "Finding"]

LOCAL_NAME = "\0"  # in the text of an edit: the local name of the first of the finding's uses


class Edit(NamedTuple):
    """Characters ``start`` to ``end`` of a text, to be replaced by ``text``."""

    start: int
    end: int
    text: str


class Finding(NamedTuple):
    """One site that a recipe applies to.

    ``line`` and ``column`` count from 1; ``start`` and ``end`` are the characters of the statement, or the expression,
    in the file's text that is parsed and rewritten; if they are equal, only the edits in ``also`` are made. ``drops``
    are the local names that the new code no longer needs, whose imports are removed if nothing else needs them.
    ``skip`` is None if the site is (to be) rewritten, otherwise the reason for leaving it. ``builtin`` and ``target``
    are dotted names, "" if they do not apply. ``migratable`` is whether the site counts in the migrated share. ``uses``
    are the dotted names that the new code needs, to be imported if they are missing, and ``names`` their local names,
    once decided. ``expression`` means that an expression, not a statement, is rewritten; ``adds`` is source text that
    the recipe inserts, ``text`` the whole new text if nothing needs parsing; ``also`` are further edits that belong to
    it.
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
        """Whether the site is skipped."""
        return self.skip is not None

    @property
    def reason(self) -> str:
        """The code of the reason why the site is skipped, "" if it is not."""
        return self.skip.reason if self.skip else ""

    @property
    def detail(self) -> str:
        """The reason as it applies here, for people."""
        return self.skip.detail if self.skip else ""
