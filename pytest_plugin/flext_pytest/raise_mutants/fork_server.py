"""A process that is forked before the first test, waits for the ordinary run to end, and then forks the children.

In it tests are collected and none has run: each mutant starts where the first test of the ordinary run started, not
with what the last test left behind.
"""

from __future__ import annotations

import gc
import json
import os
import select
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from flext_pytest.raise_mutants.children import Launcher
from flext_pytest.raise_mutants.model import Mutant, Outcome
from flext_pytest.raise_mutants.quiet_fork import fork
from flext_pytest.raise_mutants.supervisor import PAUSE, Plan, Supervisor

__all__ = ["ForkServer"]


class ForkServer:
    """The waiting process, as seen from the ordinary run.

    Args:
        launcher: starts the children, in the waiting process.

    ``unsound`` are the tests that fail when they run alone, and ``faults`` what went wrong; both are known at the end.
    """

    def __init__(self, launcher: Launcher) -> None:
        plan_read, self.plan = os.pipe()
        self.results, results_write = os.pipe()
        self.unsound: list[str] = []
        self.faults = ["the process that runs the mutants ended"]  # until it reports how it ended
        between = fork()
        if between == 0:
            # Forked twice, so that it is not a child of the run: tests may wait for all children, or count them.
            try:
                if os.fork() == 0:
                    os.setsid()
                    os.close(self.plan)
                    os.close(self.results)
                    try:
                        serve(launcher, plan_read, results_write)
                    except BaseException:  # noqa: FLX209 (likewise)
                        send(results_write, {"unsound": [], "faults": [traceback.format_exc()]})
            finally:
                os._exit(0)
        os.close(plan_read)
        os.close(results_write)
        os.waitpid(between, 0)

    def run(self, plan: Plan) -> Iterator[tuple[int, Outcome]]:
        """Yield the position of each mutant in the plan with its result."""
        text = json.dumps(plan._asdict() | {"mutants": [tuple(each) for each in plan.mutants]})
        with open(self.plan, "w", encoding="utf-8", closefd=False) as written:
            written.write(f"{text}\n")
        with open(self.results, encoding="utf-8", closefd=False) as lines:
            for line in lines:
                match json.loads(line):
                    case {"unsound": unsound, "faults": faults}:
                        self.unsound, self.faults = unsound, faults
                    case [at, *outcome]:
                        yield at, Outcome(*outcome)

    def close(self) -> None:
        """End the waiting process: it ends when nobody can send it a plan any more."""
        os.close(self.plan)
        os.close(self.results)


def serve(launcher: Launcher, plan_read: int, results_write: int) -> None:
    """Wait for a plan, and run it; end if none arrives, or the run ends."""
    with open(plan_read, encoding="utf-8", closefd=False) as lines:
        line = lines.readline()
    if not line:
        return
    gc.freeze()  # otherwise the collector of each child would copy the memory that it shares with the others
    given: dict[str, Any] = json.loads(line)
    mutants = [Mutant(tuple(site), kind, tuple(tests), limit) for site, kind, tests, limit in given.pop("mutants")]
    supervisor = Supervisor(Plan(mutants, **given), launcher, pauses(plan_read))
    for at, outcome in supervisor.run():
        send(results_write, [at, *outcome])
    send(results_write, {"unsound": list(supervisor.unsound), "faults": supervisor.faults})


def pauses(plan_read: int) -> Callable[[], bool]:
    """Return a function that waits a moment and returns whether the run still exists: its end of the pipe is open."""
    return lambda: not select.select([plan_read], [], [], PAUSE)[0]


def send(file: int, value: object) -> None:
    """Write a line of JSON."""
    data = f"{json.dumps(value)}\n".encode()
    while data:
        data = data[os.write(file, data) :]
