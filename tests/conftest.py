"""Settings for all tests of the project."""

import os

from hypothesis import HealthCheck, settings

# Nothing asserts a time: a busy machine is no fault of an example.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

# The workers of a run are measured (coverage's patch "subprocess"), the programs that tests start are not.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
