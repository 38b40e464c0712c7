"""The data of a run with raise mutants: sites, mutants, and results."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "KILLED",
    "KINDS",
    "NOT_REPEATED",
    "NOT_TRIED",
    "SURVIVED",
    "Mutant",
    "Outcome",
    "Result",
    "Site",
    "SiteKey",
    "Task",
]

# The kinds of mutants, the most revealing survivor first: a raise that no test checks says more than a text.
KINDS = ("dropped", "type", "code", "cause", "context", "message")

KILLED, SURVIVED, NOT_TRIED, NOT_REPEATED = "killed", "survived", "not tried", "not repeated"

SiteKey = tuple[str, int, int]  # the file as the interpreter names it, the line from 1, the column from 0


class Site(NamedTuple):
    """A raise statement of a compiled module: its location, and what it raises as the source names it."""

    file: str
    line: int
    column: int
    end_line: int
    module: str
    function: str
    error: str

    @property
    def key(self) -> SiteKey:
        """The name of the site in the compiled module."""
        return self.file, self.line, self.column


class Mutant(NamedTuple):
    """One change of a site, with the node ids of the tests that reach it and the time limit of their run in seconds."""

    site: SiteKey
    kind: str
    tests: tuple[str, ...]
    limit: float


class Outcome(NamedTuple):
    """The result of a mutant: KILLED, SURVIVED, NOT_TRIED (no time left) or NOT_REPEATED (not reached again).

    ``test`` is the node id of the test that noticed it, ``how`` what that test did: failed, timed out or crashed.
    """

    status: str
    test: str = ""
    how: str = ""


class Result(NamedTuple):
    """A mutant of a site, the tests that reach the site, and the mutant's result."""

    site: Site
    kind: str
    tests: tuple[str, ...]
    outcome: Outcome


class Task(NamedTuple):
    """Tests that a child runs, and the active mutant, if any: its site and its kind; the time limit in seconds.

    ``steady`` are the tests that noticed a mutant in a shared child, and proved not to be flaky.
    """

    tests: tuple[str, ...]
    site: SiteKey | None
    kind: str
    limit: float
    steady: tuple[str, ...] = ()
