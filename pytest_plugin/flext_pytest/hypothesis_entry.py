"""What hypothesis calls when it is imported: the types of the catalogue become known to ``st.from_type``.

It is a module of its own, since importing ``flext_pytest.strategies`` is one way to import hypothesis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from flext_exceptions import FlextExceptions

__all__ = ["register"]


def register() -> None:
    """Register every type of the catalogue; the strategies are imported when one is asked for."""
    from hypothesis.strategies import register_type_strategy

    from flext_exceptions.catalogue import ROWS

    for row in ROWS:
        register_type_strategy(row.type, strategy)


def strategy(kind: type[FlextExceptions.BaseError]) -> SearchStrategy[FlextExceptions.BaseError]:
    """Return the strategy for a type."""
    from flext_pytest.strategies import errors

    return errors(kind)
