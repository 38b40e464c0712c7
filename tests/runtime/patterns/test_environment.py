"""The environment variable ENVIRONMENT selects the settings."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from flext_exceptions import FlextExceptions, FlextUsageWarning
from flext_exceptions.patterns.environment import FlextExceptionConfigManager
from tests.runtime.patterns import hostile

ENVIRONMENTS = "development staging production test local".split()


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_environment_is_set_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the factory's own method says."""
    monkeypatch.setenv("ENVIRONMENT", name)
    manager = FlextExceptionConfigManager()
    config = FlextExceptions.create_environment_specific_config(name).value
    assert manager.environment == name and manager.create_environment_config(name) == config
    assert len(config) == 7
    assert {key: manager.get_current_config()[key] for key in config} == config


@pytest.mark.parametrize("value", ["Production", " PRODUCTION\n"])
def test_capitals_and_space_do_not_matter(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deployments write it as they like."""
    monkeypatch.setenv("ENVIRONMENT", value)
    assert FlextExceptionConfigManager().environment == "production"
    assert FlextExceptions.get_error_handling_config().value["environment"] == "production"


def test_without_a_name_it_is_development(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it is empty."""
    for value in (None, "", "  "):
        monkeypatch.delenv("ENVIRONMENT", raising=False)
        if value is not None:
            monkeypatch.setenv("ENVIRONMENT", value)
        FlextExceptions.configure_error_handling({"environment": "test"}).unwrap()
        assert FlextExceptionConfigManager().environment == "development"
        assert FlextExceptions.get_error_handling_config().value["log_level"] == "DEBUG"


def test_an_unknown_name_sets_the_settings_of_test_and_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line that names the variable, the value and what is valid; the manager keeps the name."""
    monkeypatch.setenv("ENVIRONMENT", "qa")
    text = (
        "the variable ENVIRONMENT: environment: 'qa' is not valid; "
        "valid is development, staging, production, test, local; the settings of 'test' are used"
    )
    with pytest.warns(FlextUsageWarning) as caught:
        manager = FlextExceptionConfigManager()
    assert [(str(warning.message), warning.filename) for warning in caught] == [(text, __file__)]
    config = FlextExceptions.create_environment_specific_config("test").value
    assert config.items() <= manager.get_current_config().items()
    assert manager.environment == "qa"


def test_a_warning_that_is_an_error_comes_after_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that catches the error continues with the settings of test, not with those of development."""
    monkeypatch.setenv("ENVIRONMENT", "qa")
    with pytest.raises(FlextUsageWarning):
        FlextExceptionConfigManager()
    assert FlextExceptions.get_error_handling_config().value["environment"] == "test"


def test_a_manager_of_the_programs_own_configures_what_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It overrides the method that sets the settings."""

    class Own(FlextExceptionConfigManager):
        def _configure_for_environment(self) -> None:
            config = self.create_environment_config(self.environment) | {"max_error_details": 77}
            FlextExceptions.configure_error_handling(config).unwrap()

    monkeypatch.setenv("ENVIRONMENT", "staging")
    current = Own().get_current_config()
    assert (current["environment"], current["max_error_details"]) == ("staging", 77)


def test_asking_for_an_environment_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an unknown one it is a dict with "error" alone."""
    monkeypatch.setenv("ENVIRONMENT", "staging")
    manager = FlextExceptionConfigManager()
    assert manager.create_environment_config("production")["log_level"] == "ERROR"
    assert manager.get_current_config()["environment"] == "staging"
    wrong: Any
    for wrong in ("qa", "", None, []):
        assert list(manager.create_environment_config(wrong)) == ["error"]


def test_what_is_given_out_is_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what is in force, the number of errors included."""
    monkeypatch.setenv("ENVIRONMENT", "local")
    manager = FlextExceptionConfigManager()
    FlextExceptions.Error("m")
    config = manager.get_current_config()
    assert config["total_errors_recorded"] == 1 and "ValidationError" in config["error_types_available"]
    config["environment"] = "changed"
    assert manager.get_current_config()["environment"] == "local"


def test_a_task_and_other_threads_see_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are the process's."""
    monkeypatch.setenv("ENVIRONMENT", "production")
    seen: list[str] = []

    async def ask() -> None:
        seen.append(FlextExceptionConfigManager().get_current_config()["environment"])

    asyncio.run(ask())
    thread = threading.Thread(
        target=lambda: seen.append(FlextExceptions.get_error_handling_config().value["environment"])
    )
    thread.start()
    thread.join()
    assert seen == ["production", "production"]


def test_eight_threads_set_them_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """No one sees half of one environment and half of another."""
    rows = [FlextExceptions.create_environment_specific_config(name).value for name in ENVIRONMENTS]
    monkeypatch.setenv("ENVIRONMENT", "production")

    def work(index: int) -> None:
        for number in range(50):
            if index % 2:
                FlextExceptionConfigManager()
            else:
                FlextExceptions.configure_error_handling({"environment": ENVIRONMENTS[number % 5]}).unwrap()
            config = FlextExceptions.get_error_handling_config().value
            assert {key: config[key] for key in rows[0]} in rows

    hostile.in_threads(work)
