"""The monitor alerts if there are too many errors, and every error is counted in exactly one check."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import pytest

from flext_exceptions import FlextExceptions, metrics
from flext_exceptions.patterns.monitoring import ExceptionMonitor
from tests.runtime.patterns import hostile


def make(kind: type[FlextExceptions.BaseError], number: int) -> None:
    """Make errors."""
    for _ in range(number):
        kind("m")


def test_up_to_the_threshold_nothing_is_told(entries: list[Any]) -> None:
    """The counts are returned, and start from zero again."""
    alerts: list[Any] = []
    monitor = ExceptionMonitor({"ValidationError": 2}, alert=lambda *told: alerts.append(told))
    assert monitor.check() == {}
    make(FlextExceptions.ValidationError, 2)
    make(FlextExceptions.Error, 9)
    assert monitor.check() == {"ValidationError": 2, "Error": 9}
    assert FlextExceptions.get_metrics() == monitor.check() == {}
    make(FlextExceptions.ValidationError, 2)
    assert monitor.check() == {"ValidationError": 2}
    assert alerts == entries == []


def test_above_it_an_alert_is_logged_and_given(entries: list[Any]) -> None:
    """With the severity of the type."""
    alerts: list[Any] = []
    monitor = ExceptionMonitor(
        {"_ValidationError": 2, FlextExceptions.CriticalError: 0, "Foreign": 0, "ProcessingError": 5},
        alert=lambda *told: alerts.append(told),
    )
    make(FlextExceptions.ValidationError, 3)
    make(FlextExceptions.CriticalError, 1)
    FlextExceptions.Metrics.record_exception("_Foreign")
    monitor.check()
    assert alerts == [
        ("ValidationError: 3 since the last check, more than 2", "warning"),
        ("CriticalError: 1 since the last check, more than 0", "critical"),
        ("Foreign: 1 since the last check, more than 0", "error"),
    ]
    assert [(entry.getMessage(), entry.levelname.lower()) for entry in entries] == alerts
    assert [(entry.exception_type, entry.number, entry.threshold) for entry in entries] == [
        ("ValidationError", 3, 2),
        ("CriticalError", 1, 0),
        ("Foreign", 1, 0),
    ]
    assert {entry.name for entry in entries} == {"flext_exceptions.monitoring"}
    monitor.check()
    assert len(alerts) == len(entries) == 3


def test_a_projects_class_is_known_by_its_public_name() -> None:
    """With its own severity."""

    class _Fraud(FlextExceptions.ValidationError):
        severity = "critical"

    alerts: list[Any] = []
    make(_Fraud, 2)
    ExceptionMonitor({_Fraud: 1}, alert=lambda *told: alerts.append(told)).check()
    assert alerts == [("Fraud: 2 since the last check, more than 1", "critical")]


def test_the_thresholds_that_there_are_without_saying() -> None:
    """The guide's; a monitor's own may be changed and are no one else's."""
    monitor = ExceptionMonitor()
    assert monitor.thresholds == {"CriticalError": 0, "ValidationError": 50, "ConnectionError": 10}
    monitor.thresholds["Other"] = 0
    assert ExceptionMonitor().thresholds == {"CriticalError": 0, "ValidationError": 50, "ConnectionError": 10}
    FlextExceptions.Metrics.record_exception("Other")
    alerts: list[Any] = []
    monitor.alert = lambda *told: alerts.append(told)
    monitor.check()
    assert alerts == [("Other: 1 since the last check, more than 0", "error")]


@pytest.mark.parametrize("most", [-1, "5", None, 2.5, hostile.Broken])
def test_what_is_no_threshold_is_refused(most: Any) -> None:
    """When the monitor is made: at a check it would cost counts."""
    with pytest.raises(FlextExceptions.ConfigurationError, match="valid for Error; valid is a whole number") as caught:
        ExceptionMonitor({"Error": most})
    assert caught.value.config_key == "Error" and repr(most) in str(caught.value)


def test_an_alert_that_fails_is_logged_and_the_next_one_given(entries: list[Any]) -> None:
    """The counts are returned all the same."""
    given: list[str] = []

    def alert(text: str, severity: str) -> None:
        given.append(text)
        raise OSError("no line")

    make(FlextExceptions.Error, 1)
    make(FlextExceptions.TypeError, 1)
    assert ExceptionMonitor({"Error": 0, "TypeError": 0}, alert).check() == {"Error": 1, "TypeError": 1}
    assert len(given) == 2
    assert [("OSError: no line" in entry.getMessage()) for entry in entries] == [False, True, False, True]
    assert entries[1].levelno == logging.ERROR


def test_turned_off_nothing_is_counted() -> None:
    """So nothing is told."""
    FlextExceptions.configure_error_handling({"enable_metrics": False}).unwrap()
    make(FlextExceptions.CriticalError, 3)
    assert ExceptionMonitor().check() == {}


def test_an_error_that_an_alert_makes_is_counted_in_the_next_check() -> None:
    """Also where it checks itself."""
    checked: list[Any] = []
    monitor = ExceptionMonitor({"CriticalError": 0})

    def alert(text: str, severity: str) -> None:
        FlextExceptions.ProcessingError("made in between")
        checked.append(monitor.check())

    monitor.alert = alert
    make(FlextExceptions.CriticalError, 1)
    assert monitor.check() == {"CriticalError": 1}
    assert checked == [{"ProcessingError": 1}] and monitor.check() == {}


def test_a_task_may_check() -> None:
    """While others make errors."""
    monitor = ExceptionMonitor()
    found: list[metrics.Counts] = []

    async def watch() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
            found.append(monitor.check())

    async def work() -> None:
        for _ in range(10):
            await asyncio.sleep(0)
            make(FlextExceptions.Error, 10)

    async def run() -> None:
        await asyncio.gather(watch(), work(), work())

    asyncio.run(run())
    assert sum(counts.get("Error", 0) for counts in [*found, monitor.check()]) == 200


def test_eight_threads_lose_no_count_between_checks(entries: list[Any]) -> None:
    """Two of them check, with one monitor and with another."""
    shared, own = ExceptionMonitor({"Error": 0}), ExceptionMonitor({"Error": 10**9})
    done = threading.Barrier(6)
    ended = threading.Event()
    counted: list[int] = []

    def work(index: int) -> None:
        if index < 6:
            make(FlextExceptions.Error, 3000)
            done.wait()
            ended.set()
        else:
            while not ended.is_set():
                counted.append((shared, own)[index - 6].check().get("Error", 0))

    hostile.in_threads(work)
    assert sum(counted) + shared.check().get("Error", 0) == 18_000
    assert sum(entry.number for entry in entries) <= 18_000
