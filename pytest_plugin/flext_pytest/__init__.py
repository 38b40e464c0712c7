"""Assertions of tests about typed errors. The pytest plugin itself is ``flext_pytest.plugin``.

Names are imported on first use: pytest imports this package at every start, which should cost nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flext_pytest.assertions.assert_error import assert_error as assert_error
    from flext_pytest.assertions.assert_error_dict import assert_error_dict as assert_error_dict
    from flext_pytest.assertions.no_raises import flext_no_raises as flext_no_raises
    from flext_pytest.assertions.raises import flext_raises as flext_raises
    from flext_pytest.assertions.same_correlation import assert_same_correlation as assert_same_correlation
    from flext_pytest.metrics import FlextMetrics as FlextMetrics

HOMES = {
    "FlextMetrics": "metrics",
    "assert_error": "assertions.assert_error",
    "assert_error_dict": "assertions.assert_error_dict",
    "assert_same_correlation": "assertions.same_correlation",
    "flext_no_raises": "assertions.no_raises",
    "flext_raises": "assertions.raises",
}

__all__ = [
    "FlextMetrics",
    "assert_error",
    "assert_error_dict",
    "assert_same_correlation",
    "flext_no_raises",
    "flext_raises",
]


def __getattr__(name: str) -> object:
    """Import a public name from its module."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"flext_pytest.{HOMES[name]}"), name)
