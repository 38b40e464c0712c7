"""Run the children of all mutants: several at a time, each within its limit, and all within the total one."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from flext_pytest.raise_mutants.children import Child, Launcher
from flext_pytest.raise_mutants.events import Told, told
from flext_pytest.raise_mutants.model import KILLED, NOT_REPEATED, NOT_TRIED, SURVIVED, Mutant, Outcome, Task

__all__ = ["PAUSE", "Plan", "Supervisor"]

PAUSE = 0.002  # seconds between two checks of the children
TRIALS = 2  # a test may fail to decide this often before its mutants get children of their own


class Plan(NamedTuple):
    """The mutants in the order in which they are tried, how many children run at a time, and the total seconds.

    ``alone`` maps each test to the time limit, in seconds, of a run of this test alone.
    """

    mutants: Sequence[Mutant]
    alone: dict[str, float]
    jobs: int
    seconds: float | None


class Supervisor:
    """Tries the mutants of a plan.

    Several mutants share a child, one after the other. If the result of one is not certain, since those before it left
    something behind, it is tried again in a child of its own. There a test that notices it is run once alone, without a
    mutant: one that fails then depends on what other tests leave behind. It is left out, and the mutants that it seemed
    to notice are tried again without it. But if other children ran meanwhile, it is first run with none beside it: if
    it passes then, children share what they must not (a port, a file), and from then on one runs at a time.

    Args:
        plan: the mutants to try.
        launcher: starts the children.
        pause: called between two checks of the children; a false result stops all.
    """

    def __init__(self, plan: Plan, launcher: Launcher, pause: Callable[[], bool]) -> None:
        self.plan = plan
        self.launcher = launcher
        self.pause = pause
        self.waiting = deque(range(len(plan.mutants)))
        self.single: set[int] = set()  # the mutants that need a child of their own
        self.unsure: Counter[str] = Counter()  # how often a test could not decide in a child that mutants share
        self.running: dict[Child, tuple[int, ...]] = {}
        self.jobs = plan.jobs
        self.checks: dict[str, Child] = {}  # tests that run alone
        self.disturbed: deque[str] = deque()  # tests that failed so while other children ran
        self.suspects: dict[str, list[tuple[int, Outcome]]] = {}  # the mutants that they noticed
        self.sound: set[str] = set()
        self.steady: set[str] = set()
        self.unsound: dict[str, None] = {}
        self.killers: dict[tuple[str, int, int], str] = {}
        self.faults: list[str] = []
        self.started = 0

    def run(self) -> Iterator[tuple[int, Outcome]]:
        """Yield the position of each mutant in the plan with its result, as it becomes known."""
        seconds = self.plan.seconds
        deadline = None if seconds is None else time.monotonic() + seconds
        with TemporaryDirectory(prefix="flext-", ignore_cleanup_errors=True) as folder:
            self.folder = Path(folder)
            try:
                while self.waiting or self.running or self.checks or self.disturbed:
                    late = deadline is not None and time.monotonic() >= deadline
                    if late:
                        break
                    yield from self.step()
                    if not self.pause():
                        break
                yield from self.stop()
            finally:
                for child in (*self.running, *self.checks.values()):
                    child.kill()

    def stop(self) -> Iterator[tuple[int, Outcome]]:
        """Yield what is known about the running mutants, and that nothing is known about the others."""
        for child, group in list(self.running.items()):
            child.kill()
            del self.running[child]
            yield from self.conclude(group, child, "stopped")
        left = {*self.waiting, *(at for held in self.suspects.values() for at, _ in held)}
        yield from ((at, Outcome(NOT_TRIED)) for at in sorted(left))

    def step(self) -> Iterator[tuple[int, Outcome]]:
        """Check the children once, and start others in place of those that have ended."""
        for test, child in list(self.checks.items()):
            how = self.how_it_ended(child)
            if how is not None:
                del self.checks[test]
                yield from self.judge(test, any(each.end == "passed" for each in told(child.close())))
        for child, group in list(self.running.items()):
            how = self.how_it_ended(child)
            if how is not None:
                del self.running[child]
                yield from self.conclude(group, child, how)
        if self.disturbed:
            if not self.running and not self.checks:
                self.check(self.disturbed[0])
            return
        while self.waiting and len(self.running) + len(self.checks) < self.jobs:
            tasks = {}
            for at in self.next_group():
                mutant = self.plan.mutants[at]
                tests = self.in_order(mutant)
                if tests:
                    steady = tuple(test for test in tests if test in self.steady)
                    tasks[at] = Task(tests, mutant.site, mutant.kind, mutant.limit, steady)
                else:
                    yield at, Outcome(NOT_REPEATED)
            if tasks:
                self.running[self.start([*tasks.values()])] = (*tasks,)

    def next_group(self) -> list[int]:
        """Take the next waiting mutants to share a child: fewer towards the end, so that no child idles."""
        most = min(self.launcher.most, -(-len(self.waiting) // (2 * self.jobs)))
        group = [self.waiting.popleft()]
        while len(group) < most and self.can_share(group[-1]) and self.can_share(self.waiting[0]):
            group.append(self.waiting.popleft())
        return group

    def can_share(self, at: int) -> bool:
        """Return whether a mutant may share a child."""
        return at not in self.single and all(self.unsure[test] < TRIALS for test in self.plan.mutants[at].tests)

    def in_order(self, mutant: Mutant) -> tuple[str, ...]:
        """Return the tests of a mutant; one that noticed another mutant of its site comes first."""
        tests = [test for test in mutant.tests if test not in self.unsound]
        killer = self.killers.get(mutant.site)
        if killer in tests:
            tests.remove(killer)
            tests.insert(0, killer)
        return tuple(tests)

    def start(self, tasks: Sequence[Task]) -> Child:
        """Start a child in a folder of its own."""
        self.started += 1
        folder = self.folder / str(self.started)
        folder.mkdir()
        return self.launcher.start(tasks, folder)

    def how_it_ended(self, child: Child) -> str | None:
        """Return None while a child runs, "crashed" when it has ended, and "timed out" after its time limit."""
        if child.ended():
            return "crashed"  # unless it reported how it ended
        if not child.is_late():
            return None
        child.kill()
        return "timed out"

    def conclude(self, group: Sequence[int], child: Child, how: str) -> Iterator[tuple[int, Outcome]]:
        """Yield the results of the mutants whose child has ended, or have them tried again."""
        tasks = told(child.close()) or [Told()]
        for at, task, each in zip(group, child.tasks, tasks, strict=False):
            if how == "stopped" and not each.end:
                self.waiting.appendleft(at)
            elif each.faults and each.end != "failed":
                self.faults += each.faults
                yield at, Outcome(NOT_TRIED)
            elif len(group) == 1:
                yield from self.conclude_single(at, task, each, how)
            else:
                yield from self.conclude_shared(at, task, each)
        self.waiting.extendleft(reversed(group[len(tasks) :]))

    def conclude_shared(self, at: int, task: Task, said: Told) -> Iterator[tuple[int, Outcome]]:
        """Yield the result of a mutant in a shared child, or have it tried again in one of its own."""
        test = task.tests[said.test]
        if said.end == "failed" and said.applied:
            self.steady.add(test)
            yield self.kill(at, Outcome(KILLED, test, "failed"))
        elif said.end == "passed" and said.applied and not said.missed:
            yield at, Outcome(SURVIVED)
        else:
            if said.end == "unsure":
                self.unsure[test] += 1
            self.single.add(at)
            self.waiting.appendleft(at)

    def conclude_single(self, at: int, task: Task, said: Told, how: str) -> Iterator[tuple[int, Outcome]]:
        """Yield the result of a mutant that had its own child, or have the test that noticed it checked."""
        test = task.tests[said.test]
        outcome = Outcome(KILLED, test, said.end or how)
        if said.end == "passed":
            yield at, Outcome(SURVIVED if said.applied else NOT_REPEATED)
        elif not said.applied:  # so it does not fail because of the mutant
            self.suspects.setdefault(test, []).append((at, outcome))
            if test not in self.checks and test not in self.disturbed:
                yield from self.judge(test, False)
        elif test in self.sound:
            yield self.kill(at, outcome)
        else:
            self.suspects.setdefault(test, []).append((at, outcome))
            if test not in self.checks and test not in self.disturbed:
                self.check(test)

    def check(self, test: str) -> None:
        """Run a test alone, without a mutant."""
        self.checks[test] = self.start([Task((test,), None, "", self.plan.alone[test])])

    def judge(self, test: str, passed: bool) -> Iterator[tuple[int, Outcome]]:
        """Yield the results of the mutants that a test noticed, now that it has run alone."""
        undisturbed = test in self.disturbed
        if not (passed or undisturbed) and self.jobs > 1:
            self.disturbed.append(test)
            return
        held = self.suspects.pop(test, [])
        if undisturbed:
            self.disturbed.remove(test)
            self.jobs = 1 if passed else self.jobs
        if passed:
            self.sound.add(test)
        else:
            self.leave_out(test)
        if passed and not undisturbed:
            yield from (self.kill(at, outcome) for at, outcome in held)
        else:
            self.waiting.extendleft(at for at, _ in reversed(held))

    def kill(self, at: int, outcome: Outcome) -> tuple[int, Outcome]:
        """Return a mutant that a test noticed, and remember the test for the other mutants of the site."""
        self.killers[self.plan.mutants[at].site] = outcome.test
        return at, outcome

    def leave_out(self, test: str) -> None:
        """Use a test for no further mutant."""
        self.unsound[test] = None
