"""The processes in which the tests of mutants run: children, each reporting what happens in a file of its own."""

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
    """A process that runs tasks, one after the other, in its own folder."""

    def __init__(self, tasks: Sequence[Task], folder: Path) -> None:
        self.tasks = tasks
        self.folder = folder
        self.deadline = time.monotonic() + tasks[0].limit

    def ended(self) -> bool:
        """Return whether the process has ended."""
        raise NotImplementedError

    def kill(self) -> None:
        """End the process, and those that it started and left behind."""
        raise NotImplementedError

    def is_late(self) -> bool:
        """Return whether the time limit of the running task has passed."""
        if time.monotonic() < self.deadline:
            return False
        events = read_events(self.folder / EVENTS)
        if any(event.startswith("begin ") for event in events):
            at, started = clock_started(events)
            self.deadline = started + self.tasks[at].limit
        return time.monotonic() >= self.deadline

    def close(self) -> list[str]:
        """Return what the child reported, and remove its folder."""
        events = read_events(self.folder / EVENTS)
        shutil.rmtree(self.folder, ignore_errors=True)  # a process that it left behind may still write there
        return events


class Launcher:
    """Starts children; ``most`` is the maximum number of tasks for one."""

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
        """Return whether the process has ended; what it started ends with it."""
        if os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            return False
        send_kill(os.killpg, self.pid)
        return True

    def kill(self) -> None:
        """End the process, and those that it started."""
        send_kill(os.kill, self.pid)  # separately: it may not be the leader of its group yet
        send_kill(os.killpg, self.pid)
        os.waitpid(self.pid, 0)


def send_kill(kill: Callable[[int, int], None], number: int) -> None:
    """Kill a process or a group, if it still exists."""
    try:
        kill(number, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # macOS forbids signalling a group that has ended
        return


class ForkLauncher(Launcher):
    """Starts children as forks of a process in which tests are collected and none has run.

    Args:
        items: the tests by node id.
        switch: the switch of the compiled modules.
    """

    most = 64  # a fork costs as much as ten quick tests; the limit keeps what tests leave behind from accumulating

    def __init__(self, items: Mapping[str, pytest.Item], switch: Switch) -> None:
        self.items = items
        self.switch = switch

    def start(self, tasks: Sequence[Task], folder: Path) -> Child:
        """Fork."""
        return ForkedChild(tasks, folder, self)

    def be_child(self, tasks: Sequence[Task], folder: Path) -> NoReturn:
        """Run tasks and end, without the usual actions at the end of a process."""
        try:
            os.setpgid(0, 0)
            try:
                ForkedRun(self.items, self.switch, folder).run(tasks)
            except BaseException:  # noqa: FLX209 (the child ends here, and says why)
                write_event(folder / EVENTS, f"error {traceback.format_exc()!r}")
        finally:
            os._exit(0)
