"""Run the children of all mutants: some at a time, each within its limit, and all within theirs."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from flext_pytest.raise_mutants.children import Child, Launcher, Task
from flext_pytest.raise_mutants.model import KILLED, NOT_REPEATED, NOT_TRIED, SURVIVED, Mutant, Outcome

__all__ = ["PAUSE", "Plan", "Supervisor"]

PAUSE = 0.002  # seconds between two looks at the children


class Plan(NamedTuple):
    """The mutants in the order in which they are tried, how many children run at a time, and the seconds for all.

    ``alone`` maps each test to the time limit, in seconds, of a run of this test alone.
    """

    mutants: Sequence[Mutant]
    alone: dict[str, float]
    jobs: int
    seconds: float | None


class Supervisor:
    """Tries the mutants of a plan.

    A test that notices a mutant is run once alone, with no mutant: one that fails then needs what other tests leave
    behind. It is left out, and what it seemed to notice is tried again without it.

    Args:
        plan: what is to be done.
        launcher: starts the children.
        pause: is called between two looks at the children; false stops all.
    """

    def __init__(self, plan: Plan, launcher: Launcher, pause: Callable[[], bool]) -> None:
        self.plan = plan
        self.launcher = launcher
        self.pause = pause
        self.waiting = deque(range(len(plan.mutants)))
        self.running: dict[int, Child] = {}
        self.checks: dict[str, Child] = {}  # tests that run alone
        self.suspects: dict[str, list[tuple[int, Outcome]]] = {}  # what they noticed
        self.sound: set[str] = set()
        self.unsound: dict[str, None] = {}
        self.killers: dict[tuple[str, int, int], str] = {}
        self.faults: list[str] = []
        self.started = 0

    def run(self) -> Iterator[tuple[int, Outcome]]:
        """Yield the position of each mutant in the plan with what became of it, as it becomes known."""
        seconds = self.plan.seconds
        deadline = None if seconds is None else time.monotonic() + seconds
        with TemporaryDirectory(prefix="flext-", ignore_cleanup_errors=True) as folder:
            self.folder = Path(folder)
            try:
                while self.waiting or self.running or self.checks:
                    late = deadline is not None and time.monotonic() >= deadline
                    if late:
                        break
                    yield from self.step()
                    if not self.pause():
                        break
                yield from ((at, Outcome(NOT_TRIED)) for at in sorted(self.left()))
            finally:
                for child in (*self.running.values(), *self.checks.values()):
                    child.kill()

    def left(self) -> set[int]:
        """Return the mutants of which nothing is known when the time is over."""
        return {*self.waiting, *self.running, *(at for held in self.suspects.values() for at, _ in held)}

    def step(self) -> Iterator[tuple[int, Outcome]]:
        """Look at the children once, and start others in place of those that have ended."""
        for test, child in list(self.checks.items()):
            how = self.how_it_ended(child)
            if how is not None:
                del self.checks[test]
                yield from self.judge(test, "passed" in child.close())
        for at, child in list(self.running.items()):
            how = self.how_it_ended(child)
            if how is not None:
                del self.running[at]
                yield from self.conclude(at, child.task, child.close(), how)
        while self.waiting and len(self.running) + len(self.checks) < self.plan.jobs:
            at = self.waiting.popleft()
            mutant = self.plan.mutants[at]
            tests = self.in_order(mutant)
            if tests:
                self.running[at] = self.start(Task(tests, mutant.site, mutant.kind, mutant.limit))
            else:
                yield at, Outcome(NOT_REPEATED)

    def in_order(self, mutant: Mutant) -> tuple[str, ...]:
        """Return the tests of a mutant, the one first that noticed another mutant of its site."""
        tests = [test for test in mutant.tests if test not in self.unsound]
        killer = self.killers.get(mutant.site)
        if killer in tests:
            tests.remove(killer)
            tests.insert(0, killer)
        return tuple(tests)

    def start(self, task: Task) -> Child:
        """Start a child in a folder of its own."""
        self.started += 1
        folder = self.folder / str(self.started)
        folder.mkdir()
        return self.launcher.start(task, folder)

    def how_it_ended(self, child: Child) -> str | None:
        """Return None while a child runs, "" when it has ended, and "timed out" where its time is over."""
        if child.ended():
            return ""
        if time.monotonic() < child.deadline:
            return None
        child.kill()
        return "timed out"

    def conclude(self, at: int, task: Task, told: list[str], how: str) -> Iterator[tuple[int, Outcome]]:
        """Say what became of a mutant whose child has ended, or have the test checked that noticed it."""
        faults = [event for event in told if event.startswith("error ")]
        if faults and "failed" not in told:
            self.faults += faults
            yield at, Outcome(NOT_TRIED)
            return
        applied = "applied" in told
        if "passed" in told:
            yield at, Outcome(SURVIVED if applied else NOT_REPEATED)
            return
        begun = [event for event in told if event.startswith("test ")]
        test = task.tests[int(begun[-1].removeprefix("test "))] if begun else task.tests[0]
        outcome = Outcome(KILLED, test, "failed" if "failed" in told else how or "crashed")
        if not applied:  # so it is not the mutant at which it fails
            self.leave_out(test)
            self.waiting.appendleft(at)
        elif test in self.sound:
            yield self.kill(at, outcome)
        else:
            self.suspects.setdefault(test, []).append((at, outcome))
            if test not in self.checks:
                self.checks[test] = self.start(Task((test,), None, "", self.plan.alone[test]))

    def judge(self, test: str, passed: bool) -> Iterator[tuple[int, Outcome]]:
        """Say what became of the mutants that a test noticed, now that it has run alone."""
        held = self.suspects.pop(test, [])
        if passed:
            self.sound.add(test)
            yield from (self.kill(at, outcome) for at, outcome in held)
        else:
            self.leave_out(test)
            self.waiting.extendleft(at for at, _ in reversed(held))

    def kill(self, at: int, outcome: Outcome) -> tuple[int, Outcome]:
        """Return a mutant that a test noticed, and remember the test for the other mutants of the site."""
        self.killers[self.plan.mutants[at].site] = outcome.test
        return at, outcome

    def leave_out(self, test: str) -> None:
        """Run a test for no further mutant."""
        self.unsound[test] = None
