# options: --flext-base shop.mod.ShopError,shop.errors.Base --flext-targets ValueError=shop.mod.BadInput
"""FLX304: classes of the project that count as typed because the configuration says so."""

from shop.errors import Base, Other


class ShopError(Exception):  # silent: declared as typed
    """The base of all errors of the shop."""


class BadInput(ValueError):  # silent: declared as the target of ValueError
    """What is raised in the place of a ValueError."""


class Late(ShopError):  # silent: derived from a declared class
    """Too late."""


class Early(Base):  # silent: derived from a declared class of another module
    """Too early."""


class LateValue(Base, ValueError):  # silent: the declared class stands beside a builtin
    """Caught by both."""


class Unknown(Other):  # silent: a class that nobody declares, and nobody knows
    """Perhaps typed."""


class WrongSize(ValueError):  # FLX304: 0
    """The target of its builtin is a class of the project."""


class Outer:
    class ShopError(Exception):  # FLX304: 4
        """Another class of that name: the declared one stands at the top."""
