"""What a forked child does: run the tests of its mutants, one mutant after the other, and report the results."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from flext_pytest.raise_mutants.events import EVENTS, now, write_event
from flext_pytest.raise_mutants.model import Task
from flext_pytest.raise_mutants.mutations import MUTATIONS
from flext_pytest.raise_mutants.switch import Switch

__all__ = ["ForkedRun"]

# Hooks through which plugins report tests. A child has nobody to report to: the terminal is not its own, and a worker
# of xdist would send its reports a second time.
TELLING = (
    "pytest_runtest_logstart",
    "pytest_runtest_logreport",
    "pytest_runtest_logfinish",
    "pytest_exception_interact",
    "pytest_warning_recorded",
)


class ForkedRun:
    """Runs tests again, in a process in which they are collected and none has run.

    The result of a single task is final. With several, each starts with what those before it left behind. So a test
    that fails has to pass without the mutant; and if a test does not reach the site, or the mutant changes nothing, a
    survivor is reported as unsure, since earlier tasks may be the reason.

    Args:
        items: the tests by node id.
        switch: the switch of the compiled modules.
        folder: the child's own.
    """

    def __init__(self, items: Mapping[str, pytest.Item], switch: Switch, folder: Path) -> None:
        self.items = items
        self.switch = switch
        self.folder = folder
        self.events = folder / EVENTS
        self.failed = False
        self.runs = 0

    def run(self, tasks: Sequence[Task]) -> None:
        """Run some tasks; end early if the process is no longer in its initial state."""
        silence()
        self.prepare(next(iter(self.items.values())).config)
        for task in tasks:
            self.tell(f"begin {now()}")
            at = self.first_failure(task)
            if at is None:
                self.tell("passed")
            elif len(tasks) == 1 or self.is_noticed(task, at):
                self.tell("failed")
            else:
                self.tell("unsure")
                return

    def prepare(self, config: Any) -> None:
        """Let only this object hear of tests; do not let failures be formatted, since nobody reads them."""
        pytest.Item._repr_failure_py = no_words  # type: ignore[assignment,method-assign]
        ours = sys.modules["flext_pytest.plugin"]  # which imports this module
        config.hook.pytest_runtest_makereport._remove_plugin(ours)  # the section on typed errors
        for name in TELLING:
            caller = getattr(config.hook, name)
            for implementation in caller.get_hookimpls():
                caller._remove_plugin(implementation.plugin)
        config.pluginmanager.register(self)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure in any phase."""
        self.failed = self.failed or report.failed

    def first_failure(self, task: Task) -> int | None:
        """Run the tests of a task until one fails, and return its position; None if all pass."""
        self.turn_on(task)
        items = [self.items[test] for test in task.tests]
        self.renew_folders(items[0].config)
        for at, item in enumerate(items):
            self.tell(f"test {at}")
            self.switch.reaches = False
            if self.fails(item, items[at + 1] if at + 1 < len(items) else None):
                item.session._setupstate.teardown_exact(None)  # of fixtures with a wider scope: servers, files
                return at
            if not self.switch.reaches:
                self.tell("missed")
        return None

    def is_noticed(self, task: Task, at: int) -> bool:
        """Return whether a test passes without the mutant.

        The first test to notice a mutant has to pass twice, and to fail with the mutant again, since a test that fails
        every second time proves nothing.
        """
        item = self.items[task.tests[at]]
        for on in (False,) if item.nodeid in task.steady else (False, False, True):
            self.tell(f"repeat {now()}")
            self.turn_on(task if on else None)
            self.renew_folders(item.config)
            if self.fails(item, None) != on:
                return False
        return True

    def turn_on(self, task: Task | None) -> None:
        """Activate the mutant of a task, if it has one."""
        if task is None or task.site is None:
            self.switch.turn_off()
        else:
            mutate = MUTATIONS.get(task.kind)
            self.switch.turn_on(task.site, task.kind, mutate, lambda: self.tell("applied"))

    def renew_folders(self, config: Any) -> None:
        """Give the tests temporary folders of their own, with the same names as in an ordinary run."""
        factory = getattr(config, "_tmp_path_factory", None)
        if factory is not None:
            self.runs += 1
            factory._given_basetemp = self.folder / f"tmp{self.runs}"  # created when a test asks for it
            factory._basetemp = None

    def fails(self, item: pytest.Item, following: pytest.Item | None) -> bool:
        """Run a test, and return whether it fails."""
        self.failed = False
        item._report_sections.clear()
        try:
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        except (KeyboardInterrupt, pytest.exit.Exception):
            self.failed = True
        return self.failed

    def tell(self, event: str) -> None:
        """Report what happens."""
        write_event(self.events, event)


def no_words(*_: Any, **__: Any) -> str:
    """Return the text of a failure in this process."""
    return ""


def silence() -> None:
    """Let a child read nothing and print nowhere; pytest's capture has duplicates of the standard streams."""
    null = os.open(os.devnull, os.O_RDWR)
    shown = {identity(fd) for fd in (1, 2)}
    for fd in [0, 1, 2, *(fd for fd in open_files() if fd > 2 and fd != null and identity(fd) in shown)]:
        os.dup2(null, fd)


def identity(fd: int) -> tuple[int, int]:
    """Return what identifies an open file; the same for duplicates."""
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
