"""The settings for the environment that the program runs in, which the variable ``ENVIRONMENT`` names.

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
    """On construction, applies the settings of the environment that ``ENVIRONMENT`` names, for the whole process.

    Case is ignored. If the variable is missing or empty, the environment is development. An unknown name applies the
    settings of "test", with a FlextUsageWarning; ``environment`` keeps the name.
    """

    def __init__(self) -> None:
        self.environment = os.environ.get(VARIABLE, "").strip().lower() or "development"
        self._configure_for_environment()

    def _configure_for_environment(self) -> None:
        """Apply the settings of the environment; override it to apply others."""
        known = FlextExceptions.create_environment_specific_config(self.environment)
        name = FALLBACK if known.failure else self.environment
        FlextExceptions.configure_error_handling({"environment": name}).unwrap()
        if known.error is not None:
            usage_warning.warn(f"the variable {VARIABLE}: {known.error}; the settings of {FALLBACK!r} are used")

    def get_current_config(self) -> dict[str, Any]:
        """All current settings, as ``FlextExceptions.get_error_handling_config`` returns them."""
        return _value_or_error(FlextExceptions.get_error_handling_config())

    def create_environment_config(self, target_env: str) -> dict[str, Any]:
        """The settings of an environment, as ``FlextExceptions.configure_error_handling`` takes them.

        For an unknown one it is a dict with only "error".

        >>> manager = FlextExceptionConfigManager()
        >>> manager.create_environment_config("moon")
        {'error': "environment: 'moon' is not valid; valid is development, staging, production, test, local"}
        """
        return _value_or_error(FlextExceptions.create_environment_specific_config(target_env))


def _value_or_error(result: FlextResult[dict[str, Any]]) -> dict[str, Any]:
    return result.value if result.success else {"error": result.error}
