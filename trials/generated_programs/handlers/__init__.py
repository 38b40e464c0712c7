"""How errors reach an observer: each defines ``$g``, which calls ``$f`` and returns ``$look`` for the error.

``$look`` is an expression of ``$e``, a variable's name, as is ``$r``; ``$caught`` names the classes of the handler,
``$B`` the builtin, ``$T`` its stand-in. The handlers of TYPED name a typed class, and observe nothing.
"""

from __future__ import annotations

from trials.generated_programs.handlers import caught, inside_others, passed, stored
from trials.generated_programs.handlers.typed import TYPED

__all__ = ["HANDLERS", "TYPED"]

HANDLERS = caught.HANDLERS | passed.HANDLERS | stored.HANDLERS | inside_others.HANDLERS
