"""A pytest plugin for comparing two runs of a suite test by test: the time of day does not belong into a test's name.

marshmallow 4.4.0 parametrizes two tests with ``datetime.now().strftime(...)``: their names differ from one run to the
next, whatever happened between, so that each would count as a test that is gone and another one that is new.
"""

from __future__ import annotations

import re

CLOCK = re.compile(r"\b\d{1,2}:\d\d:\d\d\b")


def pytest_make_parametrize_id(config: object, val: object, argname: str) -> str | None:
    """Name a parameter that holds a time of day by its form; leave every other name to pytest."""
    if isinstance(val, str) and CLOCK.search(val):
        return re.sub(r"\d", "0", val)
    return None
