"""The repr of an error: the call that makes such an error, without its secrets."""

from __future__ import annotations

from _thread import get_ident

from .redaction import REDACTED, is_secret, shown
from .safe_text import repr_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .protocols import TypedError

# Errors whose repr is being made, by thread: a field may hold the error itself.
_shown: set[tuple[int, int]] = set()


def repr_of_error(error: TypedError) -> str:
    """The call that makes such an error: its arguments, its own code, its named keywords."""
    state = vars(error)
    name = type(error).__name__
    key = (get_ident(), id(error))
    if key in _shown:
        return f"{name}(...)"
    _shown.add(key)
    try:
        parts = [shown(arg) for arg in error.args]
        if "code" in state:
            parts.append(f"code={repr_of(state['code'])}")
        fields = [field for field in error._keywords if field in state]
        parts += [f"{field}={repr(REDACTED) if is_secret(field) else shown(state[field])}" for field in fields]
        return f"{name}({', '.join(parts)})"
    finally:
        _shown.discard(key)
