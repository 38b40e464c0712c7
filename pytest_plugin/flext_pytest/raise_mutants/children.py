"""The processes in which the tests of mutants run: children, which tell what happens in files of their own."""

from __future__ import annotations

import os
import shutil
import signal
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from flext_pytest.raise_mutants.events import EVENTS, clock_started, read_events, write_event
from flext_pytest.raise_mutants.forked_run import ForkedRun
from flext_pytest.raise_mutants.model import Task
from flext_pytest.raise_mutants.quiet_fork import fork
from flext_pytest.raise_mutants.switch import Switch

__all__ = ["Child", "ForkLauncher", "ForkedChild", "Launcher"]


class Child:
    """A process that runs tasks, one after the other, in a folder of its own."""

    def __init__(self, tasks: Sequence[Task], folder: Path) -> None:
        self.tasks = tasks
        self.folder = folder
        self.deadline = time.monotonic() + tasks[0].limit

    def ended(self) -> bool:
        """Say whether the process has ended."""
        raise NotImplementedError

    def kill(self) -> None:
        """End the process, and those that it started and left."""
        raise NotImplementedError

    def is_late(self) -> bool:
        """Say whether the time of the task is over that runs now."""
        if time.monotonic() < self.deadline:
            return False
        events = read_events(self.folder / EVENTS)
        if any(event.startswith("begin ") for event in events):
            at, started = clock_started(events)
            self.deadline = started + self.tasks[at].limit
        return time.monotonic() >= self.deadline

    def close(self) -> list[str]:
        """Return what the child told, and remove its folder."""
        events = read_events(self.folder / EVENTS)
        shutil.rmtree(self.folder, ignore_errors=True)  # a process that it left behind may write there still
        return events


class Launcher:
    """What starts children; ``most`` is how many tasks one may have."""

    most = 1

    def start(self, tasks: Sequence[Task], folder: Path) -> Child:
        """Start a child in an empty folder."""
        raise NotImplementedError


class ForkedChild(Child):
    """A child that is a fork of this process."""

    def __init__(self, tasks: Sequence[Task], folder: Path, launcher: ForkLauncher) -> None:
        super().__init__(tasks, folder)
        self.pid = fork()
        if self.pid == 0:
            launcher.be_child(tasks, folder)

    def ended(self) -> bool:
        """Say whether the process has ended; what it started ends with it."""
        if os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            return False
        send_kill(os.killpg, self.pid)
        return True

    def kill(self) -> None:
        """End the process, and those that it started."""
        send_kill(os.kill, self.pid)  # for itself: it may not be the leader of its group yet
        send_kill(os.killpg, self.pid)
        os.waitpid(self.pid, 0)


def send_kill(kill: Callable[[int, int], None], number: int) -> None:
    """Kill a process or a group, if it is still there."""
    try:
        kill(number, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # macOS forbids to signal a group that has ended
        return


class ForkLauncher(Launcher):
    """Starts children as forks of a process in which tests are collected and none has run.

    Args:
        items: the tests by node id.
        switch: the switch of the compiled modules.
    """

    most = 64  # a fork costs as much as ten quick tests; what tests leave behind is not to add up for ever

    def __init__(self, items: Mapping[str, pytest.Item], switch: Switch) -> None:
        self.items = items
        self.switch = switch

    def start(self, tasks: Sequence[Task], folder: Path) -> Child:
        """Fork."""
        return ForkedChild(tasks, folder, self)

    def be_child(self, tasks: Sequence[Task], folder: Path) -> NoReturn:
        """Run tasks and end, without anything that the end of a process usually does."""
        try:
            os.setpgid(0, 0)
            try:
                ForkedRun(self.items, self.switch, folder).run(tasks)
            except BaseException:  # noqa: FLX209 (the child ends here, and says why)
                write_event(folder / EVENTS, f"error {traceback.format_exc()!r}")
        finally:
            os._exit(0)
