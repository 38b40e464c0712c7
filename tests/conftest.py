"""What every test of the project has."""

import os

# The workers of a run are measured (coverage's patch "subprocess"), the programs that tests start are not.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
