"""``--flext-report``: which typed errors did the tests make, and which were never asserted on? The hooks of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from flext_exceptions.observers import watched
from flext_pytest.assertions.acceptance import watch_checks
from flext_pytest.options import file_to_write
from flext_pytest.report.counts import ErrorCounts, Place, Row
from flext_pytest.report.html_page import page
from flext_pytest.report.json_document import in_json
from flext_pytest.report.terminal import summary

__all__ = ["Report"]

OPTION = "--flext-report"
OUTSIDE = Place("outside tests")
FORMATS: dict[str, Callable[[Sequence[Row], Sequence[str]], str]] = {"json": in_json, "html": page}


class Report:
    """The hooks of a run that counts the typed errors that are made; a worker of xdist hands over its counts.

    An error is counted for the test that runs when it is made, whichever thread makes it; one that is made while a
    module is collected, or while a fixture of a wider scope than the test is set up or torn down, for that. JUnit gets
    the properties ``flext_errors`` and ``flext_codes`` of each test that made an error. Errors of other processes, and
    those that plugins and the first conftest files make when they are imported, are not seen.

    Args:
        config: the run's configuration.

    Raises:
        pytest.UsageError: the option has a value that is not valid.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.kind, self.file = file_to_write(config, OPTION, tuple(FORMATS))
        self.counts = ErrorCounts()
        self.around = OUTSIDE
        self.wrong: list[str] = []
        self.watching = ExitStack()
        self.watching.enter_context(watched(self.counts.make))
        self.watching.enter_context(watch_checks(self.counts.accept))

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        """Count what is made while a module is imported for that module."""
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
        """Count what a fixture makes for itself where it serves more than one test, also when it is torn down."""
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
        """Give the last report of a test, which is the one that JUnit reads, the properties."""
        if call.when == "teardown":
            new = self.counts.properties(self.around)
            old = [each for each in item.user_properties if each[0] not in new]  # else twice where it is run again
            item.user_properties[:] = [*old, *new.items()]
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker of xdist counted."""
        output = getattr(node, "workeroutput", {})
        if "flext_report" in output:
            self.counts.add(output["flext_report"])
        else:
            self.wrong.append(f"{OPTION}: worker {node.gateway.id} ended before it could tell; its counts are lost")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over, in a worker; else write the file, and fail the run where that cannot be."""
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["flext_report"] = self.counts.output()
        elif self.file is not None and not self.config.option.collectonly:
            try:
                self.file.write_text(FORMATS[self.kind](self.counts.rows(), self.wrong), encoding="utf-8")
            except OSError as error:
                self.wrong.append(f"{OPTION}: {self.file} cannot be written: {error.strerror}")
                if session.exitstatus == pytest.ExitCode.OK:
                    session.exitstatus = pytest.ExitCode.TESTS_FAILED

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
        """Count for this place from now on; return the one before."""
        before, self.counts.place = self.counts.place, place
        return before
