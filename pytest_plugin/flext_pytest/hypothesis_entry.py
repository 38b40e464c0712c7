"""The hook that hypothesis calls on import: it registers the types of the catalogue for ``st.from_type``.

It is a separate module, since importing ``flext_pytest.strategies`` also imports hypothesis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from flext_exceptions import FlextExceptions

__all__ = ["register"]


def register() -> None:
    """Register every type of the catalogue; the strategies are imported on first use."""
    from hypothesis.strategies import register_type_strategy

    from flext_exceptions.catalogue import ROWS

    for row in ROWS:
        register_type_strategy(row.type, strategy)


def strategy(kind: type[FlextExceptions.BaseError]) -> SearchStrategy[FlextExceptions.BaseError]:
    """Return the strategy for a type."""
    from flext_pytest.strategies import errors

    return errors(kind)
