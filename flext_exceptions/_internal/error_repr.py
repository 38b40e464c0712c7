"""The repr of an error: the call that constructs it, without secrets."""

from __future__ import annotations

from _thread import get_ident

from .redaction import NAMED, Room, beside_secret, is_secret, shown
from .safe_text import REDACTED
from .state import state_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .protocols import TypedError

# Errors whose repr is in progress, by thread: a field may hold the error itself.
_shown: set[tuple[int, int]] = set()


def repr_of_error(error: TypedError) -> str:
    """The call that constructs such an error: its arguments, its own code, its named keywords."""
    state = state_of(error)
    name = type(error).__name__
    key = (get_ident(), id(error))
    if key in _shown:
        return f"{name}(...)"
    _shown.add(key)
    try:
        room = Room()
        parts = [shown(arg, room) for arg in error.args]
        if "code" in state:
            parts.append(f"code={shown(state['code'], room)}")
        fields = [(field, state[field]) for field in error._keywords if field in state]
        beside = beside_secret(fields)
        for field, value in fields:
            secret = is_secret(field) or (beside and field in NAMED)
            parts.append(f"{field}={repr(REDACTED) if secret else shown(value, room)}")
        return f"{name}({', '.join(parts)})"
    finally:
        _shown.discard(key)
