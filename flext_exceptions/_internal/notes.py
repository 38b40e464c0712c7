"""The note that ``traceback_details`` adds to an error."""

from __future__ import annotations

from _weakref import ref

from .. import settings
from .safe_text import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .protocols import TypedError


class Details:
    """A note that shows code, correlation id and context of its error as they are when it is printed."""

    def __init__(self, error: TypedError) -> None:
        self._error = ref(error)  # a strong reference would keep every error alive until the next collection

    def __str__(self) -> str:
        error = self._error()
        if error is None:
            return "(the error is gone)"
        text = f"code: {text_of(error.code)}\ncorrelation_id: {text_of(error.correlation_id)}"
        if error.context:
            from .redaction import shown

            context, limit = shown(error.context), settings.current.max_error_details
            text += f"\ncontext: {context if len(context) <= limit else context[:limit] + '...'}"
        return text

    __repr__ = __str__

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)
