"""What tests say of typed errors. The pytest plugin itself is ``flext_pytest.plugin``.

Names are imported when they are asked for: pytest imports this package at every start, and that is to cost nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flext_pytest.metrics import FlextMetrics as FlextMetrics
    from flext_pytest.raises import flext_raises as flext_raises

HOMES = {"FlextMetrics": "metrics", "flext_raises": "raises"}

__all__ = ["FlextMetrics", "flext_raises"]


def __getattr__(name: str) -> object:
    """Import a public name from where it stands."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"flext_pytest.{HOMES[name]}"), name)
