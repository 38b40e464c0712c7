"""Run the tests of a mutant in a forked child, and tell what happens in a file of its own."""

from __future__ import annotations

import os
import shutil
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest

from flext_pytest.raise_mutants.mutations import MUTATIONS
from flext_pytest.raise_mutants.quiet_fork import fork
from flext_pytest.raise_mutants.switch import Switch

__all__ = ["EVENTS", "TELLING", "Child", "ForkedChild", "Launcher", "Task", "read_events", "write_event"]

EVENTS = "events"  # the file, in the folder of a child
# Hooks through which plugins tell others of a test. A child has nobody to tell: the terminal is not its own, and a
# worker of xdist would send its reports a second time.
TELLING = (
    "pytest_runtest_logstart",
    "pytest_runtest_logreport",
    "pytest_runtest_logfinish",
    "pytest_exception_interact",
    "pytest_warning_recorded",
)


class Task(NamedTuple):
    """What a child does: the tests that it runs, and the mutant that is on, if any: its site and its kind."""

    tests: tuple[str, ...]
    site: tuple[str, int, int] | None
    kind: str
    limit: float


class Child:
    """A process that runs a task in a folder of its own."""

    def __init__(self, task: Task, folder: Path) -> None:
        self.task = task
        self.folder = folder
        self.deadline = time.monotonic() + task.limit

    def ended(self) -> bool:
        """Say whether the process has ended."""
        raise NotImplementedError

    def kill(self) -> None:
        """End the process, and those that it started and left."""
        raise NotImplementedError

    def close(self) -> list[str]:
        """Return what the child told, and remove its folder."""
        told = read_events(self.folder / EVENTS)
        shutil.rmtree(self.folder, ignore_errors=True)  # a process that it left behind may write there still
        return told


class Launcher:
    """What starts children."""

    def start(self, task: Task, folder: Path) -> Child:
        """Start a child in an empty folder."""
        raise NotImplementedError


class ForkedChild(Child):
    """A child that is a fork of this process."""

    def __init__(self, task: Task, folder: Path, launcher: ForkLauncher) -> None:
        super().__init__(task, folder)
        self.pid = fork()
        if self.pid == 0:
            launcher.be_child(task, folder)

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

    def __init__(self, items: Mapping[str, pytest.Item], switch: Switch) -> None:
        self.items = items
        self.switch = switch

    def start(self, task: Task, folder: Path) -> Child:
        """Fork."""
        return ForkedChild(task, folder, self)

    def be_child(self, task: Task, folder: Path) -> NoReturn:
        """Run the tests of a task and end, without anything that the end of a process usually does."""
        try:
            os.setpgid(0, 0)
            silence()
            events = folder / EVENTS
            try:
                if task.site is not None:
                    mutate = MUTATIONS.get(task.kind)
                    self.switch.turn_on(task.site, task.kind, mutate, lambda: write_event(events, "applied"))
                else:
                    self.switch.kinds_of = None
                run_tests([self.items[test] for test in task.tests], events, folder)
            except BaseException:  # noqa: FLX209 (the child ends here, and says why)
                write_event(events, f"error {traceback.format_exc()!r}")
        finally:
            os._exit(0)


def run_tests(items: Sequence[pytest.Item], events: Path, folder: Path) -> None:
    """Run tests until one fails; tell which begins, and how it ends."""
    config: Any = items[0].config
    factory = getattr(config, "_tmp_path_factory", None)
    if factory is not None:  # else children would share the numbered folders of the run, and leave more of them
        factory._basetemp = folder / "tmp"
        factory._basetemp.mkdir()
    config.option.tbstyle = "native"  # the quickest; nobody reads it
    for name in TELLING:
        caller = getattr(config.hook, name)
        for implementation in caller.get_hookimpls():
            caller._remove_plugin(implementation.plugin)
    outcomes = Outcomes()
    config.pluginmanager.register(outcomes)
    for at, item in enumerate(items):
        write_event(events, f"test {at}")
        following = items[at + 1] if at + 1 < len(items) else None
        try:
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        except (KeyboardInterrupt, pytest.exit.Exception):
            outcomes.failed = True
        if outcomes.failed:
            write_event(events, "failed")
            item.session._setupstate.teardown_exact(None)  # of wider fixtures: servers, files
            return
    write_event(events, "passed")


class Outcomes:
    """Notes whether a test failed."""

    failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure in any phase."""
        self.failed = self.failed or report.failed


def silence() -> None:
    """Let a child read nothing and print nowhere; pytest's capture has duplicates of the standard streams."""
    null = os.open(os.devnull, os.O_RDWR)
    shown = {identity(fd) for fd in (1, 2)}
    for fd in [0, 1, 2, *(fd for fd in open_files() if fd > 2 and fd != null and identity(fd) in shown)]:
        os.dup2(null, fd)


def identity(fd: int) -> tuple[int, int]:
    """Return what tells open files apart; the same for duplicates."""
    try:
        status = os.fstat(fd)
    except OSError:  # closed
        return -1, fd
    return status.st_dev, status.st_ino


def open_files() -> Iterator[int]:
    """Yield the numbers of the files that may be open."""
    folder = next((name for name in ("/proc/self/fd", "/dev/fd") if Path(name).is_dir()), None)
    if folder is None:
        yield from range(256)
    else:
        yield from (int(path.name) for path in list(Path(folder).iterdir()))


def write_event(file: Path, event: str) -> None:
    """Add an event to the file of a child; it stays if the process crashes in the next moment."""
    written = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(written, f"{event}\n".encode())
    finally:
        os.close(written)


def read_events(file: Path) -> list[str]:
    """Return the events that a child told."""
    return file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []
