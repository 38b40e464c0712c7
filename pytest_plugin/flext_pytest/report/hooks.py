"""``--flext-report``: which typed errors the tests create, and which are never asserted on. The hooks of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from flext_exceptions.observers import watched
from flext_pytest.assertions.acceptance import watch_checks
from flext_pytest.options import file_to_write
from flext_pytest.report.counts import ErrorCounts, Place
from flext_pytest.report.html_page import page
from flext_pytest.report.json_document import in_json
from flext_pytest.report.terminal import summary

__all__ = ["Report"]

OPTION = "--flext-report"
OUTSIDE = Place("outside tests")
FORMATS = ("json", "html")


class Report:
    """The hooks of a run that counts the typed errors that are constructed; a worker of xdist hands over its counts.

    An error is counted for the test that runs when it is constructed, in any thread; one that is constructed while a
    module is collected, or while a fixture of a wider scope than the test is set up or torn down, is counted for that.
    JUnit gets the properties ``flext_errors`` and ``flext_codes`` for each test that had an error. Errors of other
    processes, and those during the import of plugins and the first conftest files, are not seen.

    Args:
        config: the run's configuration.

    Raises:
        pytest.UsageError: the option has an invalid value.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.kind, self.file = file_to_write(config, OPTION, FORMATS)
        self.counts = ErrorCounts()
        self.around = OUTSIDE
        self.wrong: list[str] = []
        self.watching = ExitStack()
        self.watching.enter_context(watched(self.counts.make))
        self.watching.enter_context(watch_checks(self.counts.accept))

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        """Count errors during the import of a module for that module."""
        before = self.enter(Place(f"collection of {collector.nodeid}" if collector.nodeid else "collection"))
        try:
            return (yield)
        finally:
            self.enter(before)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Count for this test until it has ended."""
        self.around = Place(item.nodeid, is_test=True)
        self.enter(self.around)
        try:
            return (yield)
        finally:
            self.around = OUTSIDE
            self.enter(self.around)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any], request: Any) -> Iterator[None]:
        """Count a fixture's errors for the fixture if it serves more than one test, also when it is torn down."""
        if fixturedef.scope == "function":
            return (yield)
        of = f" of {request.node.nodeid}" if request.node.nodeid else ""
        fixture = Place(f"{fixturedef.scope} fixture {fixturedef.argname}{of}")
        fixturedef.addfinalizer(lambda: self.enter(self.around))  # the last that is run
        before = self.enter(fixture)
        try:
            return (yield)
        finally:
            self.enter(before)
            fixturedef.addfinalizer(lambda: self.enter(fixture))  # the first

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
        """Add the properties to the last report of a test, which is the one that JUnit reads."""
        if call.when == "teardown":
            new = self.counts.properties(self.around)
            # otherwise they come twice if the test is run again
            old = [each for each in item.user_properties if each[0] not in new]
            item.user_properties[:] = [*old, *new.items()]
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker of xdist counted."""
        output = getattr(node, "workeroutput", {})
        if "flext_report" in output:
            self.counts.add(output["flext_report"])
        else:
            self.wrong.append(f"{OPTION}: worker {node.gateway.id} ended before it could report; its counts are lost")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """In a worker, hand over; otherwise write the file, and fail the run if that is not possible."""
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["flext_report"] = self.counts.output()
        elif self.file is not None and not self.config.option.collectonly:
            try:
                self.file.write_text(self.text(), encoding="utf-8")
            except OSError as error:
                self.wrong.append(f"{OPTION}: {self.file} cannot be written: {error.strerror}")
                if session.exitstatus == pytest.ExitCode.OK:
                    session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def text(self) -> str:
        """Return the content to write; the page also has the results of raise mutants in the same run."""
        rows = self.counts.rows()
        if self.kind == "json":
            return in_json(rows, self.wrong)
        mutants = self.config.pluginmanager.get_plugin("flext_raise_mutants")
        return page(rows, self.wrong, () if mutants is None else (mutants.html(),))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table, and what is wrong."""
        if self.config.option.collectonly:
            return
        terminalreporter.section("typed errors")
        for line in summary(self.counts.rows()):
            terminalreporter.line(line)
        for line in self.wrong:
            terminalreporter.line(line, red=True)

    def pytest_unconfigure(self) -> None:
        """Stop watching."""
        self.watching.close()

    def enter(self, place: Place) -> Place:
        """Count for this place from now on; return the previous one."""
        before, self.counts.place = self.counts.place, place
        return before
