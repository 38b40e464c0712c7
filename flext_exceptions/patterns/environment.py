"""The settings of the environment that the program runs in, by the variable ``ENVIRONMENT``.

>>> from unittest.mock import patch
>>> with patch.dict("os.environ", ENVIRONMENT="staging"):
...     manager = FlextExceptionConfigManager()
>>> manager.environment, manager.get_current_config()["log_level"]
('staging', 'INFO')
>>> manager.create_environment_config("production")["max_error_details"]
500
"""

from __future__ import annotations

import os
from typing import Any

from flext_exceptions import FlextExceptions, FlextResult

from .._internal import usage_warning

VARIABLE = "ENVIRONMENT"
FALLBACK = "test"


class FlextExceptionConfigManager:
    """Sets, as it is made, what the environment in the variable ``ENVIRONMENT`` stands for, for the whole process.

    Capitals do not matter. Where the variable is missing or empty, the environment is development. Under a name that
    is no environment the settings of "test" are set, and a FlextUsageWarning says so; ``environment`` keeps the name.
    """

    def __init__(self) -> None:
        self.environment = os.environ.get(VARIABLE, "").strip().lower() or "development"
        self._configure_for_environment()

    def _configure_for_environment(self) -> None:
        """Set what the environment stands for; override it to set something else."""
        known = FlextExceptions.create_environment_specific_config(self.environment)
        name = FALLBACK if known.failure else self.environment
        FlextExceptions.configure_error_handling({"environment": name}).unwrap()
        if known.error is not None:
            usage_warning.warn(f"the variable {VARIABLE}: {known.error}; the settings of {FALLBACK!r} are used")

    def get_current_config(self) -> dict[str, Any]:
        """Every setting in force, as ``FlextExceptions.get_error_handling_config`` gives it."""
        return _value_or_error(FlextExceptions.get_error_handling_config())

    def create_environment_config(self, target_env: str) -> dict[str, Any]:
        """The settings of an environment, fit for ``FlextExceptions.configure_error_handling``.

        Of an unknown one it is a dict with "error" alone.

        >>> manager = FlextExceptionConfigManager()
        >>> manager.create_environment_config("moon")
        {'error': "environment: 'moon' is not valid; valid is development, staging, production, test, local"}
        """
        return _value_or_error(FlextExceptions.create_environment_specific_config(target_env))


def _value_or_error(result: FlextResult[dict[str, Any]]) -> dict[str, Any]:
    return result.value if result.success else {"error": result.error}
