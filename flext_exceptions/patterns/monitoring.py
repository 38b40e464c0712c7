"""Alerts when more errors of a type occur than expected.

>>> from flext_exceptions import FlextExceptions
>>> monitor = ExceptionMonitor({"ValidationError": 1}, alert=print)
>>> for _ in range(3):
...     _ = FlextExceptions.ValidationError("no")
>>> monitor.check()
ValidationError: 3 since the last check, more than 1 warning
{'ValidationError': 3}
>>> monitor.check()
{}
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from flext_exceptions import FlextExceptions

from .. import metrics
from .._internal.safe_logging import LEVELS, log, tell

THRESHOLDS: dict[str | type[BaseException], int] = {"CriticalError": 0, "ValidationError": 50, "ConnectionError": 10}
"""How many errors of a type are allowed between two checks, by default."""


class ExceptionMonitor:
    """Compares the counts of errors with thresholds on each :meth:`check`; call it from a timer.

    A threshold is the largest number between two checks that causes no alert; anything but a whole number from 0 raises
    ConfigurationError. It is given for a class or its name, and applies to errors of exactly this class. Each alert is
    logged, at the level of the type's severity, and ``alert`` is called with its text and the severity: "warning",
    "error" or "critical" (for a project's type, only if the class was given). If ``alert`` fails, that is logged, and
    the next alert follows.
    """

    def __init__(
        self,
        thresholds: Mapping[str | type[BaseException], int] = THRESHOLDS,
        alert: Callable[[str, str], object] | None = None,
    ) -> None:
        self.thresholds: dict[str, int] = {}
        self._severities: dict[str, str] = {}
        for key, most in thresholds.items():
            name = (key if isinstance(key, str) else key.__name__).lstrip("_")
            kind = getattr(FlextExceptions, name, None) if isinstance(key, str) else key
            if not isinstance(most, int) or most < 0:
                text = f"thresholds: {most!r} is not valid for {name}; valid is a whole number from 0"
                raise FlextExceptions.ConfigurationError(text, config_key=name)
            self.thresholds[name] = most
            self._severities[name] = getattr(kind, "severity", "error")
        self.alert = alert
        self.logger = logging.getLogger("flext_exceptions.monitoring")

    def check(self) -> metrics.Counts:
        """Read the counts and restart them at zero in the same step, send the alerts, and return the counts.

        Several monitors share the errors between them: each error is counted by one of them.
        """
        counts = metrics.take()
        for name, most in self.thresholds.items():
            number = counts.get(name, 0)
            if number > most:
                self._give(name, number, most)
        return counts

    def _give(self, name: str, number: int, most: int) -> None:
        severity = self._severities.get(name, "error")
        text = f"{name}: {number} since the last check, more than {most}"
        extra = {"exception_type": name, "number": number, "threshold": most}
        log(self.logger, LEVELS.get(severity, logging.ERROR), text, extra)
        if self.alert is not None:
            tell(self.logger, self.alert, text, severity)
