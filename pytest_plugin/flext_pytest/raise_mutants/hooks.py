"""``--flext-raise-mutants``: the hooks of a run that changes each raise site that the tests reach."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from flext_pytest.options import percentage
from flext_pytest.project_settings import settings_of
from flext_pytest.raise_mutants.children import ForkLauncher
from flext_pytest.raise_mutants.events import now
from flext_pytest.raise_mutants.fork_server import ForkServer
from flext_pytest.raise_mutants.fresh_process import FreshRuns
from flext_pytest.raise_mutants.import_hook import ImportHook
from flext_pytest.raise_mutants.model import KINDS, NOT_TRIED, Mutant, Outcome, Result, Site, SiteKey
from flext_pytest.raise_mutants.mutations import kinds_finder
from flext_pytest.raise_mutants.options import MINIMUM, OPTION, SECONDS, chosen, seconds
from flext_pytest.raise_mutants.quiet_fork import CAN_FORK
from flext_pytest.raise_mutants.reports.html_section import section
from flext_pytest.raise_mutants.reports.json_document import document
from flext_pytest.raise_mutants.reports.terminal import summary
from flext_pytest.raise_mutants.results import Results
from flext_pytest.raise_mutants.supervisor import Plan

__all__ = ["RaiseMutants"]

FACTOR, EXTRA = 5.0, 2.0  # the time limit of a run: this multiple of the ordinary run's time, plus this many seconds


class RaiseMutants:
    """The hooks of a run with raise mutants; a worker of xdist tries those of the tests that it ran, and hands over.

    Args:
        config: the run's configuration.
        hook: the import hook, which is installed.

    Raises:
        pytest.UsageError: an option or a setting is wrong, or there is no package; the message names it.
    """

    def __init__(self, config: pytest.Config, hook: ImportHook) -> None:
        self.config = config
        self.hook = hook
        self.switch = hook.switch
        self.choice = chosen(config)
        self.minimum = percentage(config, MINIMUM)
        self.seconds = seconds(config)
        if not hook.packages:
            where = f"{config.rootpath} or its src"
            raise pytest.UsageError(f"{OPTION}: no package in {where}; name yours: flext_packages = shop")
        settings, self.is_tests = settings_of(config.rootpath)
        self.switch.kinds_of = kinds_finder(self.choice.untyped, (*settings.base, *settings.targets.values()))
        self.durations: dict[str, float] = {}
        self.fixtures: dict[str, float] = {}  # the setup time in seconds of fixtures that serve more than one test
        self.names: dict[str, tuple[str, ...]] = {}  # of the fixtures of each test
        self.failed: dict[str, None] = {}
        self.results = Results(config.rootpath, hook.packages, self.choice.untyped)
        self.wrong: list[str] = []
        self.workers: set[str] = set()  # of xdist, that have not reported yet

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        """Run the tests as usual, then try the mutants."""
        if self.config.option.collectonly or self.config.pluginmanager.has_plugin("dsession"):
            return (yield)
        items = {item.nodeid: item for item in session.items}
        self.names = {item.nodeid: tuple(getattr(item, "fixturenames", ())) for item in session.items}
        server = ForkServer(ForkLauncher(items, self.switch)) if CAN_FORK else FreshRuns(self.config)
        try:
            done = yield
            self.try_mutants(server)
        finally:
            self.switch.kinds_of = None
            server.close()
        return done

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Record what this test reaches, and how long it takes."""
        self.switch.test = item.nodeid
        started = now()
        try:
            return (yield)
        finally:
            self.switch.test = ""
            self.durations[item.nodeid] = now() - started

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        """Record the setup time of a fixture that serves more than one test: each child has to set it up."""
        started = now()
        try:
            return (yield)
        finally:
            if fixturedef.scope != "function":
                taken = now() - started
                self.fixtures[fixturedef.argname] = max(taken, self.fixtures.get(fixturedef.argname, 0))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record the tests that fail without any mutant."""
        if report.failed:
            self.failed[report.nodeid] = None

    def try_mutants(self, server: ForkServer | FreshRuns) -> None:
        """Try all mutants, and keep their results."""
        started = now()
        sites = {site.key: site for site in self.hook.sites.values() if not self.is_test_code(site)}
        self.results.failed.update(self.failed)
        self.results.missed.update(dict.fromkeys(self.hook.missed))
        self.results.exempt.update(self.hook.exempt)
        self.results.untested.update(
            (key, sites[key]) for key, reach in self.switch.reached.items() if key in sites and not reach.tests
        )
        mutants = sorted(self.mutants(sites), key=lambda mutant: (KINDS.index(mutant.kind), mutant.limit, mutant.site))
        tests = {test for mutant in mutants for test in mutant.tests}
        alone = {test: self.limit([test]) for test in tests}
        workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        jobs = max(1, available_cpus() // workers)
        left = dict(enumerate(mutants))
        try:
            for at, outcome in server.run(Plan(mutants, alone, jobs, self.seconds)) if mutants else ():
                self.add(sites, left.pop(at), outcome)
            self.results.unsound.update(dict.fromkeys(server.unsound))
            self.wrong += [f"{OPTION}: internal error: {fault}" for fault in server.faults if mutants]
        finally:  # Ctrl-C too: what is known is reported
            for mutant in left.values():
                self.add(sites, mutant, Outcome(NOT_TRIED))
            self.results.seconds = now() - started

    def add(self, sites: Mapping[SiteKey, Site], mutant: Mutant, outcome: Outcome) -> None:
        """Keep the result of a mutant."""
        self.results.add(Result(sites[mutant.site], mutant.kind, mutant.tests, outcome))

    def mutants(self, sites: Iterable[tuple[str, int, int]]) -> Iterator[Mutant]:
        """Yield the mutants of the sites that tests reach; tests that fail without any mutant cannot detect one."""
        for site in sites:
            reach = self.switch.reached.get(site)
            tests = tuple(test for test in reach.tests if test not in self.failed) if reach is not None else ()
            if reach is not None and tests:
                limit = self.limit(tests)
                yield from (Mutant(site, kind, tests, limit) for kind in reach.kinds if kind in self.choice.kinds)

    def limit(self, tests: Iterable[str]) -> float:
        """Return the seconds that a run of some tests may take."""
        tests = list(tests)
        fixtures = {name for test in tests for name in self.names.get(test, ()) if name in self.fixtures}
        ordinary = sum(self.durations[test] for test in tests) + sum(self.fixtures[name] for name in fixtures)
        return EXTRA + FACTOR * ordinary

    def is_test_code(self, site: Site) -> bool:
        """Return whether the project considers the file of a site test code."""
        path = site.module.replace(".", "/")
        return self.is_tests is not None and (self.is_tests(f"{path}.py") or self.is_tests(f"{path}/__init__.py"))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Expect a worker of xdist to report."""
        self.workers.add(node.gateway.id)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker of xdist found."""
        output = getattr(node, "workeroutput", {})
        if "flext_raise_mutants" in output:
            self.workers.discard(node.gateway.id)
            self.results.merge(output["flext_raise_mutants"])
            self.wrong += output["flext_raise_mutants_wrong"]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """In a worker, hand over; otherwise write the file, and fail the run if that is requested."""
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["flext_raise_mutants"] = self.results.output()
            output["flext_raise_mutants_wrong"] = self.wrong
        elif not self.config.option.collectonly:
            self.finish(session)

    def finish(self, session: pytest.Session) -> None:
        """Write the file, and fail the run if that is requested."""
        self.wrong += [
            f"{OPTION}: worker {name} ended before it could report; its mutants are missing"
            for name in sorted(self.workers)
        ]
        file = self.choice.json
        if file is not None:
            try:
                file.write_text(json.dumps(document(self.results), indent=2) + "\n", encoding="utf-8")
            except OSError as error:
                self.wrong.append(f"{OPTION}: {file} cannot be written: {error.strerror}")
        percent = self.results.percent
        if self.minimum is not None and percent is not None and percent < self.minimum:
            self.wrong.append(f"{MINIMUM}: {percent}% of the mutants were killed, fewer than {self.minimum:g}%")
        if self.wrong and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def html(self) -> str:
        """Return the section of the report page."""
        return section(self.results)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table, the survivors, and what is wrong."""
        if self.config.option.collectonly:
            return
        terminalreporter.section("raise mutants")
        for line in summary(self.results, f"{SECONDS}={self.seconds:g}" if self.seconds is not None else ""):
            terminalreporter.line(line)
        for line in self.wrong:
            terminalreporter.line(line, red=True)

    def pytest_unconfigure(self) -> None:
        """Stop compiling modules."""
        self.hook.remove()


def available_cpus() -> int:
    """Return how many processes can run at a time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
