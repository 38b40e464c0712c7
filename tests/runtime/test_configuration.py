"""Every key takes effect, a wrong one changes nothing, and no thread sees half a change."""

from __future__ import annotations

import copy
import logging
import pickle
import threading
import traceback
from typing import Any

import pytest

from flext_exceptions import FlextExceptions, FlextUsageWarning, settings
from flext_exceptions.catalogue import ROWS

configure = FlextExceptions.configure_error_handling

ROWS_OF_ENVIRONMENTS: dict[str, tuple[object, ...]] = {
    "production": ("ERROR", "strict", True, False, 500, True),
    "staging": ("INFO", "normal", True, True, 1000, True),
    "local": ("INFO", "normal", True, True, 1000, True),
    "development": ("DEBUG", "loose", True, True, 2000, True),
    "test": ("WARNING", "normal", False, False, 1000, False),
}
COLUMNS = (
    "log_level validation_level enable_metrics enable_stack_traces max_error_details error_correlation_enabled".split()
)


def test_nothing_configured_is_development_with_less_noise() -> None:
    """Log level WARNING, validation normal, 1000 details."""
    config = FlextExceptions.get_error_handling_config().value
    assert config["environment"] == "development"
    assert [config[key] for key in COLUMNS] == ["WARNING", "normal", True, True, 1000, True]
    assert (config["str_format"], config["traceback_details"]) == ("{message}", False)
    assert {"password", "token", "secret", "authorization", "cookie", "api_key"} <= set(config["redact_keys"])


@pytest.mark.parametrize("env", ROWS_OF_ENVIRONMENTS)
def test_an_environment_brings_its_row(env: str) -> None:
    """Keys that are given win over it, and keys that it does not name stay."""
    row = dict(zip(COLUMNS, ROWS_OF_ENVIRONMENTS[env], strict=True))
    assert FlextExceptions.create_environment_specific_config(env).value == {"environment": env, **row}
    configure({"str_format": "[{code}] {message}"}).unwrap()
    configure({"max_error_details": 7, "environment": env}).unwrap()
    config = FlextExceptions.get_error_handling_config().value
    assert config == config | {"environment": env, **row, "max_error_details": 7}
    assert config["str_format"] == "[{code}] {message}"


@pytest.mark.parametrize("name", ["moon", "", None, []])
def test_an_unknown_environment_is_a_failure_where_a_config_is_asked_for(name: Any) -> None:
    """It names the key, the value and what is valid."""
    result = FlextExceptions.create_environment_specific_config(name)
    assert result.failure and result.error_code == FlextExceptions.ErrorCodes.CONFIGURATION_ERROR
    assert str(result.error).startswith(f"environment: {name!r} is not valid; valid is development, ")


def test_a_refused_change_that_nobody_reads_warns_at_the_line_of_the_call() -> None:
    """It drops every setting, those that were right too."""
    with pytest.warns(FlextUsageWarning, match="max_error_details: -1 is not valid") as caught:
        configure({"max_error_details": -1, "log_level": "ERROR"})
    assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize("name", ["error", "failure", "success", "is_failure", "is_success"])
def test_a_refused_change_that_is_read_warns_of_nothing(name: str) -> None:
    """Every member that reveals the failure counts as reading it, and warnings are errors in this suite."""
    getattr(configure({"max_error_details": -1}), name)
    copied = pickle.loads(pickle.dumps(configure({"max_error_details": -1})))
    assert copied.failure and copy.copy(copied).error == copied.error


SETTINGS: dict[str, Any] = {
    "environment": "local",
    "log_level": "CRITICAL",
    "validation_level": "strict",
    "enable_metrics": False,
    "enable_stack_traces": False,
    "max_error_details": 0,
    "error_correlation_enabled": False,
    "str_format": "{code}: {message}",
    "traceback_details": True,
    "redact_keys": ["ssn"],
}


def test_get_returns_what_configure_set() -> None:
    """All of it at once, and each key by itself."""
    assert SETTINGS.keys() == settings.DEFAULTS.keys()
    assert configure(SETTINGS).unwrap() == SETTINGS
    config = FlextExceptions.get_error_handling_config().value
    assert {key: config[key] for key in SETTINGS} == SETTINGS


@pytest.mark.parametrize("key", [key for key in SETTINGS if key != "environment"])
def test_a_key_by_itself_changes_nothing_else(key: str) -> None:
    """Keys that are not given stay as they are."""
    before = FlextExceptions.get_error_handling_config().value
    configure({key: SETTINGS[key]}).unwrap()
    assert FlextExceptions.get_error_handling_config().value == before | {key: SETTINGS[key]}


def test_the_report_counts_errors_and_names_types() -> None:
    """Errors, not kinds of errors."""
    for _ in range(3):
        FlextExceptions.Error("m")
    FlextExceptions.ValidationError("m")
    config = FlextExceptions.get_error_handling_config().value
    assert config["total_errors_recorded"] == 4
    assert config["error_types_available"] == [row.name for row in ROWS]


def test_the_case_of_the_validation_level_does_not_matter() -> None:
    """The guide writes STRICT; lower case is returned."""
    assert configure({"validation_level": "STRICT"}).unwrap()["validation_level"] == "strict"


WRONG: list[tuple[str, object]] = [
    ("environment", "moon"),
    ("environment", ["local"]),
    ("log_level", "LOUD"),
    ("log_level", 10),
    ("validation_level", "lax"),
    ("validation_level", None),
    ("enable_metrics", "yes"),
    ("enable_stack_traces", 1),
    ("max_error_details", -1),
    ("max_error_details", True),
    ("max_error_details", 1.5),
    ("error_correlation_enabled", 0),
    ("str_format", "{name}"),
    ("str_format", "{message.__class__}"),
    ("str_format", "{message!r}"),
    ("str_format", "{message:>9}"),
    ("str_format", "{0}"),
    ("str_format", "{"),
    ("str_format", None),
    ("traceback_details", "on"),
    ("redact_keys", "password"),
    ("redact_keys", [1]),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_a_wrong_value_is_a_failure_that_changes_nothing(key: str, value: object) -> None:
    """It names the key, the value and what is valid; correct keys in the same call are not applied either."""
    before = FlextExceptions.get_error_handling_config().value
    result = configure({"max_error_details": 5, "log_level": "DEBUG", key: value})
    assert result.failure and result.error is not None
    assert result.error.startswith(f"{key}: {value!r} is not valid; valid is ")
    assert result.error_code == FlextExceptions.ErrorCodes.CONFIGURATION_ERROR
    assert FlextExceptions.get_error_handling_config().value == before


def test_an_unknown_key_is_a_failure_that_changes_nothing() -> None:
    """It names those that there are."""
    before = FlextExceptions.get_error_handling_config().value
    result = configure({"max_error_details": 5, "enable_metric": False})
    assert result.error == f"enable_metric: unknown key (value False); valid are {', '.join(SETTINGS)}"
    assert FlextExceptions.get_error_handling_config().value == before


def test_what_is_returned_or_given_can_be_changed_without_harm() -> None:
    """The settings are not shared."""
    mine = ["ssn"]
    configure({"redact_keys": mine}).unwrap()["redact_keys"].append("a")
    mine.append("b")
    FlextExceptions.get_error_handling_config().value["redact_keys"].append("c")
    assert FlextExceptions.get_error_handling_config().value["redact_keys"] == ["ssn"]


def test_the_log_level_is_that_of_the_librarys_logger() -> None:
    """TRACE is 5; a change that does not name it leaves the logger alone."""
    logger = logging.getLogger("flext_exceptions")
    before = logger.level
    try:
        for name, number in {"TRACE": 5, "DEBUG": 10, "CRITICAL": 50}.items():
            configure({"log_level": name}).unwrap()
            assert logger.level == number
        logger.setLevel(33)
        configure({"max_error_details": 5}).unwrap()
        assert logger.level == 33
        configure({"environment": "production"}).unwrap()
        assert logger.level == logging.ERROR
        assert logging.getLevelName(5) == "TRACE"
    finally:
        logger.setLevel(before)


def test_str_format_shows_the_code_where_it_is_wanted() -> None:
    """The text of the builtin is the message; turned back, the law holds again."""
    error = FlextExceptions.KeyError("k")
    configure({"str_format": "[{code}] {message} {{}}"}).unwrap()
    assert str(error) == "[KEY_ERROR] 'k' {}"
    assert error.message == "k"
    configure({"str_format": "{message}"}).unwrap()
    assert str(error) == "'k'"


def test_traceback_details_are_a_note_that_shows_what_is_so_when_it_is_shown() -> None:
    """First among the notes; off by default."""
    assert not hasattr(FlextExceptions.Error("m"), "__notes__")
    configure({"traceback_details": True}).unwrap()
    error = FlextExceptions.ValidationError("m", field="f", correlation_id="req-1")
    error.add_note("second")
    error.with_context(password="s3cret", later=[{"token": "s3cret"}])
    lines = "".join(traceback.format_exception_only(error)).splitlines()
    assert lines[1:] == [
        "code: FLEXT_3001",
        "correlation_id: req-1",
        "context: {'field': 'f', 'password': '[redacted]', 'later': [{'token': '[redacted]'}]}",
        "second",
    ]
    assert str(error) == "m"


def test_traceback_details_are_bounded_and_travel_as_text() -> None:
    """The note of a copy names the copy."""
    configure({"traceback_details": True, "max_error_details": 20}).unwrap()
    error = FlextExceptions.ValidationError("m", field="f" * 100, code="ONE")
    assert str(error.__notes__[0]).endswith("\ncontext: {'field': 'fffffffff...")
    twin = pickle.loads(pickle.dumps(error))
    assert twin.__notes__ == [str(error.__notes__[0])]
    for copied in (copy.copy(error), copy.deepcopy(error)):
        copied.code = "TWO"
        assert str(copied.__notes__[0]).startswith("code: TWO\n")
    assert str(error.__notes__[0]).startswith("code: ONE\n")
    note = error.__notes__[0]
    del error, copied, twin
    assert str(note) == "(the error is gone)"


def test_redact_keys_decide_what_is_hidden() -> None:
    """A key, its other spellings, and keys that end in it as a word."""
    configure({"redact_keys": ["ssn", "API-KEY"]}).unwrap()
    value = dict.fromkeys(["ssn", "SSN", "user_ssn", "user-ssn", "apiKey", "api_key", "x", "lessn", "password"], 1)
    shown = repr(FlextExceptions.ValidationError(value=value))
    assert [key for key in value if f"'{key}': '[redacted]'" in shown] == [
        "ssn", "SSN", "user_ssn", "user-ssn", "apiKey", "api_key",
    ]  # fmt: skip


def test_a_change_is_one_step_for_other_threads() -> None:
    """They see one environment or the other, never a mixture."""
    rows = {env: FlextExceptions.create_environment_specific_config(env).value for env in ("production", "test")}
    mixed: list[dict[str, Any]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            config = FlextExceptions.get_error_handling_config().value
            if config["environment"] in rows and not rows[config["environment"]].items() <= config.items():
                mixed.append(config)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(300):
        for env in rows:
            configure({"environment": env}).unwrap()
    done.set()
    reader.join()
    assert mixed == []
