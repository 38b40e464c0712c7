"""What happens to mutants whose child processes interfere with one another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from flext_pytest.raise_mutants.children import Child, Launcher
from flext_pytest.raise_mutants.events import EVENTS, write_event
from flext_pytest.raise_mutants.model import Mutant, Outcome, Task
from flext_pytest.raise_mutants.supervisor import Plan, Supervisor


class OnePort(Launcher):
    """Children whose tests all need one port: one that starts while another runs fails, whatever the mutant.

    Each runs for as many looks as the position of its mutant, so that another one is there when it ends; a broken test
    fails in any case.
    """

    def __init__(self, broken: str, failing: list[str]) -> None:
        self.broken = broken
        self.failing = failing  # what a child tells that fails
        self.running: list[Play] = []

    def start(self, tasks: Sequence[Task], folder: Path) -> Child:
        """Play a child."""
        return Play(tasks, folder, self)


class Play(Child):
    """A child that told all at its start."""

    def __init__(self, tasks: Sequence[Task], folder: Path, port: OnePort) -> None:
        super().__init__(tasks, folder)
        self.port = port
        [task] = tasks
        self.looks = 1 if task.site is None else 10 - task.site[1]
        fails = port.running or task.tests == (port.broken,)
        for event in ("begin 0.0", "test 0", *(port.failing if fails else ["applied", "passed"])):
            write_event(folder / EVENTS, event)
        port.running.append(self)

    def ended(self) -> bool:
        """Return whether the supervisor has checked often enough."""
        self.looks -= 1
        if self.looks <= 0 and self in self.port.running:
            self.port.running.remove(self)
        return self.looks <= 0

    def kill(self) -> None:
        """End."""
        self.port.running.remove(self)


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("failing", [["failed"], ["applied", "failed"]], ids=["before the site", "after it"])
def test_tests_that_cannot_run_side_by_side_run_one_at_a_time(jobs: int, failing: list[str]) -> None:
    """None is left out for it, nor any mutant called noticed; a test that fails alone as well is left out."""
    mutants = [Mutant(("shop.py", at, 0), "code", (f"test_{at}",), 60.0) for at in range(1, 7)]
    plan = Plan(mutants, {f"test_{at}": 60.0 for at in range(1, 7)}, jobs, None)
    supervisor = Supervisor(plan, OnePort("test_4", failing), lambda: True)
    outcomes = dict(supervisor.run())
    assert outcomes == {at: Outcome("not repeated" if at == 3 else "survived") for at in range(6)}
    assert list(supervisor.unsound) == ["test_4"] and not supervisor.faults
