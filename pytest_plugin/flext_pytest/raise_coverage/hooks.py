"""``--flext-raise-coverage``: which raise sites of typed errors the tests reach. The hooks of such a run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from flext_analysis.collector import collector_off
from flext_analysis.semantics.inventory import TypedSite, inventory
from flext_pytest.options import file_to_write, percentage
from flext_pytest.packages import imported, modules_of, packages_of
from flext_pytest.project_settings import settings_of
from flext_pytest.raise_coverage.event_log import EventLog, read_log
from flext_pytest.raise_coverage.raise_events import CONSTRUCTORS, RaiseEvent, record_raises
from flext_pytest.raise_coverage.summary import CoverageResult, document, summary

__all__ = ["RaiseCoverage"]

LOG = "flext_raise_events"
OPTION, MINIMUM = "--flext-raise-coverage", "--flext-raise-fail-under"


class RaiseCoverage:
    """The hooks of a run that measures raise coverage; a worker of xdist hands over what it saw.

    Args:
        config: the run's configuration.

    Raises:
        pytest.UsageError: an option or a setting is wrong; the message names it.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        _, self.json = file_to_write(config, OPTION, ("json",))
        self.minimum = percentage(config, MINIMUM)
        self.packages = packages_of(config)
        self.settings, self.is_tests = settings_of(config.rootpath)
        log = getattr(config, "workerinput", {}).get(LOG)
        self.fired = set[RaiseEvent]() if log is None else EventLog(log)
        self.logs: TemporaryDirectory[str] | None = None
        self.result: CoverageResult | None = None
        self.wrong: list[str] = []
        self.watching = ExitStack()
        self.way = self.watching.enter_context(record_raises(self.fired))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give a worker of xdist a file for what it sees, if it runs on this machine."""
        if getattr(node.gateway.spec, "popen", False):
            self.logs = self.logs or TemporaryDirectory(prefix="flext-")
            node.workerinput[LOG] = str(Path(self.logs.name, node.gateway.id))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker of xdist saw; for a crashed one, read it from its file."""
        output = getattr(node, "workeroutput", {})
        if "flext_fired" not in output:
            log = Path(node.workerinput.get(LOG, ""))
            if log.is_file():
                self.fired |= read_log(log)
                return
            self.wrong.append(f"{OPTION}: worker {node.gateway.id} ended before it could report what it reached")
            return
        self.fired.update(RaiseEvent(*each) for each in output["flext_fired"])
        self.packages |= {name: Path(place) for name, place in output["flext_packages"].items()}

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """In a worker, hand over; otherwise add up, write the file, and fail the run if that is requested."""
        self.watching.close()
        self.packages |= imported(self.packages)
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["flext_fired"] = [tuple(each) for each in self.fired]
            output["flext_packages"] = {name: str(place) for name, place in self.packages.items()}
        elif not self.config.option.collectonly:
            self.finish(session)

    def finish(self, session: pytest.Session) -> None:
        """Compare the observed raises with the raise sites that exist."""
        declared = [*self.settings.base, *self.settings.targets.values()]
        with collector_off():
            found = inventory(modules_of(self.packages, self.is_tests), declared)
        if self.way == CONSTRUCTORS:  # an error that is created elsewhere does not show that it is raised here
            unseen = [site for site in found.sites if site.elsewhere]
            found = found._replace(sites=[site for site in found.sites if not site.elsewhere])
        else:
            unseen = []
        result = self.result = CoverageResult(
            self.config.rootpath,
            tuple(sorted(self.packages)),
            self.way,
            found,
            reached(found.sites, self.fired),
            len(unseen),
        )
        if self.json is not None:
            try:
                self.json.write_text(json.dumps(document(result), indent=2) + "\n", encoding="utf-8")
            except OSError as error:
                self.wrong.append(f"{OPTION}: {self.json} cannot be written: {error.strerror}")
        if self.minimum is not None and result.percent is not None and result.percent < self.minimum:
            few = f"{result.percent}% of the raise sites were reached, fewer than {self.minimum:g}%"
            self.wrong.append(f"{MINIMUM}: {few}")
        if self.wrong and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the percentage, each site that was missed, and what is wrong."""
        if self.result is None:
            return
        terminalreporter.section("raise coverage")
        for line in summary(self.result):
            terminalreporter.line(line)
        for line in self.wrong:
            terminalreporter.line(line, red=True)

    def pytest_unconfigure(self) -> None:
        """Stop watching if the run was aborted, and remove the workers' files."""
        self.watching.close()
        if self.logs is not None:
            self.logs.cleanup()


def reached(sites: Iterable[TypedSite], fired: Iterable[RaiseEvent]) -> frozenset[TypedSite]:
    """Return the sites in whose lines something was raised; an error from a function counts where that is called.

    If errors are observed on creation, the error of ``raise error`` counts in the line that creates it.
    """
    at: dict[tuple[str, int], list[TypedSite]] = {}
    for site in sites:
        file = os.path.realpath(site.file)
        for first, last in ((site.line, site.end_line), *site.created):
            for line in range(first, last + 1):
                at.setdefault((file, line), []).append(site)
    real: dict[str, str] = {}
    found: set[TypedSite] = set()
    for each in fired:
        for name in (each.file, each.caller):
            if name not in real:
                real[name] = os.path.realpath(name)
        here = at.get((real[each.file], each.line))
        called = at.get((real[each.caller], each.caller_line), ())
        found.update(here if here else [site for site in called if site.made])
    return frozenset(found)
