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

from flext_exceptions import FlextExceptions

VARIABLE = "ENVIRONMENT"


class FlextExceptionConfigManager:
    """Sets, as it is made, what the environment in the variable ``ENVIRONMENT`` stands for, for the whole process.

    Capitals do not matter; where the variable is not there, or empty, it is development. A name that is no environment
    raises ConfigurationError, and then nothing is changed. :meth:`create_environment_config` says what each sets.
    """

    def __init__(self) -> None:
        self.environment = os.environ.get(VARIABLE, "").strip().lower() or "development"
        try:
            config = self.create_environment_config(self.environment)
        except FlextExceptions.ConfigurationError as error:
            raise FlextExceptions.ConfigurationError(
                f"the variable {VARIABLE}: {error}", config_key=VARIABLE
            ) from error
        FlextExceptions.configure_error_handling(config).unwrap()

    def get_current_config(self) -> dict[str, Any]:
        """Every setting in force, as ``FlextExceptions.get_error_handling_config`` gives it."""
        return FlextExceptions.get_error_handling_config()

    def create_environment_config(self, env: str) -> dict[str, Any]:
        """The settings of an environment, fit for ``FlextExceptions.configure_error_handling``.

        Raises ConfigurationError for an environment that there is not.
        """
        return FlextExceptions.create_environment_specific_config(env)
