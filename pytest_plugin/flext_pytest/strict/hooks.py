"""``--flext-strict``: a test fails if it lets an untyped exception leave the project's own packages. The hooks."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from types import CodeType, TracebackType

import pytest

from flext_pytest.assertions.acceptance import watch_checks
from flext_pytest.monitoring import monitored
from flext_pytest.packages import packages_of
from flext_pytest.project_settings import settings_of
from flext_pytest.strict.boundary import TESTS, Boundary, ExceptionRecord, records_of

__all__ = ["Strict"]

OPTION = "--flext-strict"


class Strict:
    """The hooks of a run in which a test fails if it lets an untyped exception leave the project's own packages.

    The hooks see what a test fails with and what its checks accept (``pytest.raises`` and the like); from Python 3.12
    also what test code catches with a plain try. They do not see what never reaches a line of test code: what a library
    between test and package keeps, and what ends a thread or another process. A test that is skipped or expected to
    fail keeps its outcome.

    Args:
        config: the run's configuration.

    Raises:
        pytest.UsageError: there is no package to look at, or a setting is wrong.
    """

    def __init__(self, config: pytest.Config) -> None:
        packages = packages_of(config)
        if not packages:
            where = f"{config.rootpath} or its src"
            raise pytest.UsageError(f"{OPTION}: no package in {where}; name yours: flext_packages = shop")
        self.boundary = Boundary(config.rootpath, packages, *settings_of(config.rootpath))
        self.found: dict[ExceptionRecord, None] = {}  # of the running test, each once
        self.watching = ExitStack()
        self.watching.enter_context(watch_checks(self.see))
        self.all = self.watching.enter_context(caught(self.see, self.is_tests))

    def see(self, error: BaseException, traceback: TracebackType | None) -> None:
        """Record an exception that reached test code; it is examined at the end of the test."""
        self.found.update(dict.fromkeys(records_of(error, traceback)))

    def is_tests(self, file: str) -> bool:
        """Return whether a file is test code."""
        return self.boundary.owner(file) == TESTS

    def pytest_report_header(self) -> str:
        """Report which packages are checked, and how closely."""
        seen_since = (
            "seen from Python 3.12 on" if sys.version_info < (3, 12) else "not seen: other tools use all tool ids"
        )
        names = ", ".join(sorted(self.boundary.packages))
        plain = "seen too" if self.all else seen_since
        return f"flext-strict: no untyped exception may leave {names}; what tests catch by a plain try is {plain}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Report what is not seen, if there was no header to do so."""
        if not self.all and terminalreporter.verbosity < 0:
            since = "that needs Python 3.12 or newer" if sys.version_info < (3, 12) else "other tools use all tool ids"
            line = f"{OPTION}: what tests catch by a plain try was not seen: {since}"
            terminalreporter.line(line, yellow=True)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Iterator[None]:
        """Start from nothing: earlier exceptions do not belong to this test."""
        self.found.clear()
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Fail a test that passed although something left a package; report it for one that failed."""
        report = yield
        if call.excinfo is not None:
            self.see(call.excinfo.value, call.excinfo.tb)
        if report.when == "setup" and report.passed:  # the test itself is still to come
            return report
        violations = [self.boundary.violation(each) for each in list(self.found)]  # other threads may still add to it
        self.found.clear()
        text = "\n".join(dict.fromkeys(line for line in violations if line))
        if not text:
            return report
        if report.passed:
            return failure(item, call, text)
        add = getattr(report.longrepr, "addsection", None)
        if add is None:  # other kinds of items return a text or an object of their own
            report.sections.append(("untyped exception", text))
        else:
            add("untyped exception", text)
        return report

    def pytest_unconfigure(self) -> None:
        """Stop watching."""
        self.watching.close()


def failure(item: pytest.Item, call: pytest.CallInfo[None], text: str) -> pytest.TestReport:
    """Return the report of a test that fails with a text and nothing else."""
    failed = copy.copy(call)
    try:
        pytest.fail(text, pytrace=False)
    except pytest.fail.Exception as error:
        failed.excinfo = pytest.ExceptionInfo.from_exception(error)
    return pytest.TestReport.from_item_and_call(item, failed)


@contextmanager
def caught(
    see: Callable[[BaseException, TracebackType | None], object], is_tests: Callable[[str], bool]
) -> Iterator[bool]:
    """Call ``see`` with each exception that a ``try`` or ``with`` of test code handles; yield whether that can be seen.

    Args:
        see: called with the exception and its traceback as they are at this line.
        is_tests: returns whether a file, as code objects name it, is test code.
    """

    def tell(code: CodeType, _: int, error: BaseException) -> None:
        if is_tests(code.co_filename):
            see(error, error.__traceback__)

    with monitored("EXCEPTION_HANDLED", tell) as told:
        yield told
