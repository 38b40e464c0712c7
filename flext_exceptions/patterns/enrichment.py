"""What a piece of work knows, added to the typed errors that leave it.

>>> from flext_exceptions import FlextExceptions
>>> try:
...     with ExceptionEnricher("orders") as enricher:
...         enricher.add_context(user="ada")
...         enricher.add_context(step="payment", amount=30)
...         raise FlextExceptions.ConnectionError("no answer")
... except FlextExceptions.ConnectionError as error:
...     error.context
{'service': 'orders', 'context_stack': [{'user': 'ada'}, {'step': 'payment', 'amount': 30}]}
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Self, TypeVar

from flext_exceptions import FlextExceptions

from .._internal.safe_logging import put_over
from .._internal.safe_text import repr_of
from .._internal.usage_warning import warn_about

E = TypeVar("E", bound=FlextExceptions.BaseError)
Entries = list[dict[str, Any]]

# The active blocks, innermost first: (the enricher, what was added in the block, the blocks around). They are not
# stored on the enricher, so threads and tasks that share one do not see each other's entries.
_Block = tuple["ExceptionEnricher", Entries, Any]
_blocks: ContextVar[_Block | None] = ContextVar("flext_enrichment", default=None)


class ExceptionEnricher:
    """A context manager, sync and async, that adds to typed errors where they occurred and what was known.

    Many threads and tasks may enter it at once, and it is reentrant. Entries added within a block end with it; entries
    added outside any block apply to all blocks. Other errors pass unchanged.
    """

    def __init__(self, service_name: str) -> None:
        self.service_name = service_name
        self._lasting: Entries = []

    @property
    def context_stack(self) -> Entries:
        """The entries, oldest first: the list itself, of the innermost block, otherwise the permanent one."""
        block = _blocks.get()
        while block is not None and block[0] is not self:
            block = block[2]
        return self._lasting if block is None else block[1]

    def add_context(self, /, **context: Any) -> None:
        """Add an entry: to this enricher's innermost block, otherwise permanently."""
        self.context_stack.append(context)

    def enrich_exception(self, exception: E) -> E:
        """Set ``service`` and ``context_stack`` in the context of an error and return it.

        A service that is already named there moves to the list ``inner_services``. The entries go before those of
        enrichers within this one, and each is there once, however often the error passes.
        """
        put_over(exception, service=self.service_name)
        try:
            context = exception.context
            known = context.get("context_stack", [])
            if not isinstance(known, list):  # the program uses the key for something else
                known = [known]
            new = [entry for entry in self.context_stack if not any(entry is other for other in known)]
            context["context_stack"] = [*new, *known]
        except Exception as failure:
            warn_about(exception, f"the context of {self.service_name} was lost: {repr_of(failure)}")
        return exception

    def __enter__(self) -> Self:
        _blocks.set((self, self.context_stack.copy(), _blocks.get()))
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, FlextExceptions.BaseError):
            self.enrich_exception(error)
        block = _blocks.get()
        if block is not None:
            _blocks.set(block[2])

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        self.__exit__(kind, error, traceback)
