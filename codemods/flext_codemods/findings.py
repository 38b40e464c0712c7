"""What a run finds: the data that recipes make and reports show."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["NOT_MIGRATABLE", "REASONS", "Edit", "FileResult", "Finding"]

# Why a site is left alone: the code that stands in reports, and what it means.
REASONS = {
    "arguments": "several positional, keyword or starred arguments mean something to the builtin",
    "no-target": "there is no typed error that the same handlers would catch",
    "protocol": "the raise is part of a protocol of the language",
    "name": "the name is not certain to be the builtin",
    "identity": "a handler in the same function, or in one that calls it, reads the class of the error",
    "type-table": "a table keyed by the builtin is read by type()",
    "typed-handler": "a handler of a typed error may receive it, which did not receive the builtin",
    "doctest": "a doctest shows the builtin's traceback",
    "shown": "a test shows 'Builtin: text' for the message that is raised here",
    "test-file": "a raise in test code stands in for somebody else's error",
    "build-time": "the file runs while the project is built, where flext-exceptions is not installed",
    "standalone": "a script outside any package, vendored, generated or a migration",
    "compiled": "the code is compiled by another tool, or is no plain Python source",
    "unreadable": "the file cannot be parsed, decoded or given back byte for byte",
    "suppressed": "the line carries # flext: ignore or a matching # noqa",
    "conflict": "the import cannot be added or reused at this place",
    "bases": "further bases, a metaclass or a decorator have a say in what the class is",
    "constructor": "the class is not made the way a typed error is",
    "attribute": "the project gives a fact of typed errors, such as code, a meaning of its own",
    "unproven": "nothing shows that it is the typed error which is raised",
    "secret": "the value is a secret by its name, which belongs in no context",
    "caught": "a handler would newly catch the more telling type, or no longer",
    "layout": "lines cannot be taken out without losing a comment or shifting a string",
    "declined": "the answer was no",
    "target": "the project's own target does not stand in for the builtin",
}

# Left sites that do not count against the share migrated (codemods specification, section 6).
NOT_MIGRATABLE = frozenset(
    ["arguments", "no-target", "protocol", "test-file", "build-time", "standalone", "compiled", "unreadable"]
)


class Edit(NamedTuple):
    """Characters ``start`` to ``end`` of a text, to be replaced by ``text``."""

    start: int
    end: int
    text: str


class Finding(NamedTuple):
    """One place that a recipe has something to say about.

    ``line`` and ``column`` count from 1; ``start`` and ``end`` are the characters of the statement, or the expression,
    in the file's text that is parsed and rewritten; where they are the same there is none, only what ``also`` holds.
    ``reason`` is "" where the site is (to be) rewritten, else a key of REASONS; ``detail`` says it for this site.
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
    reason: str = ""
    detail: str = ""
    migratable: bool = False
    uses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    expression: bool = False
    adds: str = ""
    text: str | None = None
    also: tuple[Edit, ...] = ()

    @property
    def left(self) -> bool:
        """Whether the site is left alone."""
        return bool(self.reason)


class Kept(NamedTuple):
    """What is found in a file as a run leaves it, packed: its findings, and the facts about it where it changed.

    It holds for bytes with this digest, in this package, and as long as the file is left whole for the same reason;
    ``exact`` says that a finding names a line of another file.
    """

    digest: str
    package: str
    verdict: tuple[str, str]
    exact: bool
    findings: object
    facts: object = None


class FileResult(NamedTuple):
    """What came of one file: its findings, its old and new bytes where it changes, and the edits between their texts.

    ``reason`` and ``detail`` stand where the whole file is left ("unreadable"), ``failure`` where the rewrite failed
    its verification: then nothing of it is written. ``after`` are the findings in the new bytes, None where they were
    not looked for; ``kept`` is what the next run may know of the file, None where that is nothing.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    old: bytes = b""
    new: bytes | None = None
    reason: str = ""
    detail: str = ""
    failure: str = ""
    lines: int = 0
    edits: tuple[Edit, ...] = ()
    after: tuple[Finding, ...] | None = None
    kept: Kept | None = None
