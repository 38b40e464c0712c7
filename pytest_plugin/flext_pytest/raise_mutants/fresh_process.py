"""For systems without fork: each mutant in a new process, which is another run of pytest with the same arguments."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from flext_pytest.raise_mutants.children import Child, Launcher
from flext_pytest.raise_mutants.events import EVENTS, write_event
from flext_pytest.raise_mutants.model import Outcome, Task
from flext_pytest.raise_mutants.mutations import MUTATIONS
from flext_pytest.raise_mutants.supervisor import PAUSE, Plan, Supervisor
from flext_pytest.raise_mutants.switch import Switch

__all__ = ["CHILD_OPTION", "FreshRun", "FreshRuns"]

CHILD_OPTION = "--flext-raise-mutants-child"
TASK = "task.json"
START = 30.0  # seconds that a process may take to start and to collect


class FreshRuns(Launcher):
    """Starts children as runs of pytest; replaces ForkServer if there is no fork.

    Args:
        config: the ordinary run's configuration.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.unsound: list[str] = []
        self.faults: list[str] = []

    def run(self, plan: Plan) -> Iterator[tuple[int, Outcome]]:
        """Yield the position of each mutant in the plan with its result."""

        def pause() -> bool:
            time.sleep(PAUSE)
            return True

        supervisor = Supervisor(plan, self, pause)
        yield from supervisor.run()
        self.unsound, self.faults = list(supervisor.unsound), supervisor.faults

    def close(self) -> None:
        """Do nothing: no process is waiting."""

    def start(self, tasks: Sequence[Task], folder: Path) -> Child:
        """Start a run of pytest, for one task."""
        [task] = tasks
        return FreshChild(task, folder, self.config)


class FreshChild(Child):
    """A child that is a run of pytest."""

    def __init__(self, task: Task, folder: Path, config: pytest.Config) -> None:
        super().__init__([task._replace(limit=task.limit + START)], folder)
        (folder / TASK).write_text(json.dumps(task), encoding="utf-8")
        alone = ["-p", "no:cacheprovider", *(["-n", "0"] if config.pluginmanager.has_plugin("xdist") else [])]
        worker = getattr(config, "workerinput", None)  # of xdist, whose own arguments differ from those of the run
        given = config.invocation_params.args if worker is None else worker["mainargv"][1:]
        arguments = [*map(str, given), *alone, f"{CHILD_OPTION}={folder}"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=config.invocation_params.dir,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def ended(self) -> bool:
        """Return whether the process has ended."""
        return self.process.poll() is not None

    def kill(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()


class FreshRun:
    """The hooks of a run that is such a child: it runs the tests of its task, with the mutant active.

    Args:
        config: the child's configuration.
        switch: the switch of the compiled modules.
    """

    def __init__(self, config: pytest.Config, switch: Switch) -> None:
        folder = Path(str(config.getoption(CHILD_OPTION)))
        tests, site, self.kind, *_ = json.loads((folder / TASK).read_text(encoding="utf-8"))
        self.events = folder / EVENTS
        self.tests: list[str] = tests
        self.site = None if site is None else tuple(site)
        self.switch = switch
        self.failed = False
        config.option.xmlpath = None  # the reports of the ordinary run are kept

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests of the task, in its order."""
        known = {item.nodeid: item for item in items}
        items[:] = [known[test] for test in self.tests if test in known]

    def pytest_runtestloop(self) -> None:
        """Activate the mutant after collection."""
        if self.site is not None:
            mutate: Any = MUTATIONS.get(self.kind)
            self.switch.turn_on(self.site, self.kind, mutate, lambda: write_event(self.events, "applied"))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Report which test begins."""
        write_event(self.events, f"test {self.tests.index(nodeid)}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Stop at the first failure."""
        self.failed = self.failed or report.failed

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """End the run if a test failed."""
        if self.failed:
            pytest.exit("noticed")

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Report how the tests ended."""
        passed = not self.failed and exitstatus == pytest.ExitCode.OK
        write_event(self.events, "passed" if passed else "failed")
