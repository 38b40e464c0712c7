"""What a child reports: lines of a file, which survive whatever happens to the process."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

__all__ = ["EVENTS", "Told", "clock_started", "now", "read_events", "told", "write_event"]

EVENTS = "events"  # the file, in the folder of a child


# Functions as they are before any test: tests replace those of ``os``, and clocks in every module.
ORIGINAL = SimpleNamespace(open=os.open, write=os.write, close=os.close, monotonic=time.monotonic)


def now() -> float:
    """Return the seconds of the monotonic clock, even if tests replaced it."""
    seconds: float = ORIGINAL.monotonic()
    return seconds


class Told:
    """What a child reported about one of its tasks.

    ``test`` is the position of the test that began last; ``applied`` whether the mutant changed anything; ``missed``
    whether a test did not reach the site; ``end`` is ``passed``, ``failed``, ``unsure`` or, if the process ended before
    it could report, "".
    """

    def __init__(self) -> None:
        self.test = 0
        self.applied = False
        self.missed = False
        self.end = ""
        self.faults: list[str] = []


def told(events: Iterable[str]) -> list[Told]:
    """Return what a child reported, task by task, up to where it stopped.

    >>> [(each.test, each.end) for each in told(["begin 7.0", "test 1", "passed", "begin 7.5", "test 0"])]
    [(1, 'passed'), (0, '')]
    """
    tasks: list[Told] = []
    for event in events:
        word, _, rest = event.partition(" ")
        if word == "begin" or not tasks:
            tasks.append(Told())
        match word:
            case "test":
                tasks[-1].test = int(rest)
            case "applied":
                tasks[-1].applied = True
            case "missed":
                tasks[-1].missed = True
            case "error":
                tasks[-1].faults.append(event)
            case "passed" | "failed" | "unsure":
                tasks[-1].end = word
    return tasks


def clock_started(events: Iterable[str]) -> tuple[int, float]:
    """Return the position of the running task, and when its run began, in seconds of the monotonic clock.

    >>> clock_started(["begin 7.0", "passed", "begin 7.5", "repeat 7.75"])
    (1, 7.75)
    """
    begun = [word for word in map(str.split, events) if word[0] in ("begin", "repeat")]
    return sum(word == "begin" for word, _ in begun) - 1, float(begun[-1][1])


def write_event(file: Path, event: str) -> None:
    """Add an event to the file of a child; it survives a crash of the process in the next moment."""
    written = ORIGINAL.open(str(file), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        ORIGINAL.write(written, f"{event}\n".encode())
    finally:
        ORIGINAL.close(written)


def read_events(file: Path) -> list[str]:
    """Return the events that a child reported."""
    return file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []
