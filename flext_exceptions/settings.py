"""The settings in force: one immutable snapshot, replaced as a whole, so that no thread sees half a change."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Watchers = tuple[Callable[[Any], object], ...]  # each takes an error of the library

MESSAGE_ALONE = "{message}"

DEFAULTS: dict[str, object] = {
    "environment": "development",
    "log_level": "WARNING",
    "validation_level": "normal",
    "enable_metrics": True,
    "enable_stack_traces": True,
    "max_error_details": 1000,
    "error_correlation_enabled": True,
    "str_format": MESSAGE_ALONE,
    "traceback_details": False,
    "redact_keys": ("password", "passwd", "token", "secret", "authorization", "cookie", "api_key", "private_key"),
}


class Settings:
    """One snapshot. It is read for every error that is made, hence plain attributes; nobody assigns to them."""

    environment: str
    log_level: str
    validation_level: str
    enable_metrics: bool
    enable_stack_traces: bool
    max_error_details: int
    error_correlation_enabled: bool
    str_format: str
    traceback_details: bool
    redact_keys: tuple[str, ...]

    watchers: Watchers

    __slots__ = (*DEFAULTS, "strict", "watches_misuse", "formats", "usual", "watchers")

    def __init__(self, values: dict[str, object], watchers: Watchers = ()) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.strict = self.validation_level == "strict"
        self.watches_misuse = self.validation_level in ("strict", "normal")
        self.watchers = watchers
        self.usual = self.enable_metrics and not self.traceback_details and not watchers
        self.formats = self.str_format != MESSAGE_ALONE

    def values(self) -> dict[str, object]:
        """The settings as configured, by key."""
        return {name: getattr(self, name) for name in DEFAULTS}


current = Settings(DEFAULTS)
