"""Changing the settings: the valid values of each key, the meaning of each environment, and one step for the change."""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock

from . import metrics, settings
from ._internal import usage_warning
from .codes import ErrorCodes
from .result import FlextResult

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

_COLUMNS = (
    "log_level", "validation_level", "enable_metrics", "enable_stack_traces", "max_error_details",
    "error_correlation_enabled",
)  # fmt: skip
_ENVIRONMENTS: dict[str, tuple[object, ...]] = {
    "development": ("DEBUG", "loose", True, True, 2000, True),
    "staging": ("INFO", "normal", True, True, 1000, True),
    "production": ("ERROR", "strict", True, False, 500, True),
    "test": ("WARNING", "normal", False, False, 1000, False),
    "local": ("INFO", "normal", True, True, 1000, True),
}
_LOG_LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50, "TRACE": 5}
_VALIDATION_LEVELS = ("strict", "normal", "loose", "disabled")


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_format(value: object) -> bool:
    if not isinstance(value, str):
        return False
    from string import Formatter

    try:
        fields = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(value)]
    except ValueError:  # a single brace
        return False
    return all(name in (None, "message", "code") and not spec and not conversion for name, spec, conversion in fields)


# For each key, whether a value is valid, and the words for the valid ones.
_VALID: dict[str, tuple[Callable[[Any], bool], str]] = {
    "environment": (lambda value: isinstance(value, str) and value in _ENVIRONMENTS, ", ".join(_ENVIRONMENTS)),
    "log_level": (lambda value: isinstance(value, str) and value in _LOG_LEVELS, ", ".join(_LOG_LEVELS)),
    "validation_level": (
        lambda value: isinstance(value, str) and value.lower() in _VALIDATION_LEVELS,
        ", ".join(_VALIDATION_LEVELS),
    ),
    "enable_metrics": (_is_flag, "True or False"),
    "enable_stack_traces": (_is_flag, "True or False"),
    "max_error_details": (lambda value: type(value) is int and value >= 0, "a whole number from 0, in characters"),
    "error_correlation_enabled": (_is_flag, "True or False"),
    "str_format": (_is_format, "a text with no other fields than {message} and {code}"),
    "traceback_details": (_is_flag, "True or False"),
    "redact_keys": (
        lambda value: isinstance(value, list | tuple | set | frozenset) and all(isinstance(key, str) for key in value),
        "a list of texts",
    ),
}

_lock = allocate_lock()


def _begin_child() -> None:
    global _lock
    _lock = allocate_lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_child)


def configure(config: Mapping[str, Any]) -> FlextResult[dict[str, Any]]:
    """Change the given settings; with an ``environment`` its row sets the others.

    Returns all settings after the change. A wrong value or an unknown key is a failure that names the key, the value
    and what is valid; then nothing is changed. If nobody reads that failure, a FlextUsageWarning reports it.
    """
    if not hasattr(config, "items"):
        return Refusal(f'configuration: must be a mapping such as {{"environment": "production"}}; it is {config!r}')
    for key, value in config.items():
        if key not in _VALID:
            return Refusal(f"{key}: unknown key (value {value!r}); valid are {', '.join(_VALID)}")
        valid, words = _VALID[key]
        if not valid(value):
            return Refusal(f"{key}: {value!r} is not valid; valid is {words}")
    change = dict(config)
    if "environment" in change:
        change = _row(change["environment"]) | change
    if "validation_level" in change:
        change["validation_level"] = change["validation_level"].lower()
    if "redact_keys" in change:
        change["redact_keys"] = _copied(change["redact_keys"])
    with _lock:
        settings.current = settings.Settings(settings.current.values() | change, settings.current.watchers)
        if "log_level" in change:
            _set_log_level(change["log_level"])
        return FlextResult.ok(values())


def watch(change: Callable[[settings.Watchers], settings.Watchers]) -> None:
    """Change who is notified of new errors; see :class:`flext_exceptions.observers.watched`."""
    with _lock:
        now = settings.current
        settings.current = settings.Settings(now.values(), change(now.watchers))


def values() -> dict[str, Any]:
    """The current settings; changing the dict changes nothing."""
    now = settings.current.values()
    return now | {"redact_keys": _copied(now["redact_keys"])}


def report(named: Iterable[object]) -> FlextResult[dict[str, Any]]:
    """The current settings, the number of errors counted, and the error types among the given names."""
    types = [cls.__name__ for cls in named if isinstance(cls, type) and issubclass(cls, BaseException)]
    counted = sum(metrics.snapshot().values())
    return FlextResult.ok(
        values() | {"total_errors_recorded": counted, "error_types_available": list(dict.fromkeys(types))}
    )


def for_environment(env: str) -> FlextResult[dict[str, Any]]:
    """The settings of an environment; a failure if it is unknown.

    >>> for_environment("production").value["validation_level"]
    'strict'
    >>> for_environment("moon").error
    "environment: 'moon' is not valid; valid is development, staging, production, test, local"
    """
    valid, words = _VALID["environment"]
    if not valid(env):
        return FlextResult.fail(f"environment: {env!r} is not valid; valid is {words}", ErrorCodes.CONFIGURATION_ERROR)
    return FlextResult.ok(_row(env))


def _row(env: str) -> dict[str, Any]:
    return {"environment": env, **dict(zip(_COLUMNS, _ENVIRONMENTS[env], strict=True))}


class Refusal(FlextResult["Any"]):
    """The failure of a change of the settings; it warns if it goes unread, since none of the settings were applied."""

    __slots__ = ("_read", "_text")

    def __init__(self, text: str) -> None:
        self._read = False
        super().__init__(None, text, ErrorCodes.CONFIGURATION_ERROR, None)

    @property
    def error(self) -> str | None:
        """What is wrong."""
        self._read = True
        return self._text

    @error.setter
    def error(self, text: str | None) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self._text = text

    def __del__(self) -> None:
        if not self._read and not sys.is_finalizing():
            usage_warning.warn(f"configure_error_handling() changed nothing, and its result went unread: {self._text}")


def _copied(keys: Any) -> Any:
    return type(keys)(keys)


def _set_log_level(name: str) -> None:
    import logging  # most programs configure nothing and need not pay for it

    if name == "TRACE":
        logging.addLevelName(_LOG_LEVELS[name], name)
    logging.getLogger("flext_exceptions").setLevel(_LOG_LEVELS[name])
