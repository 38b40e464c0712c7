"""Code with the patterns that type checkers must reject: each marked line, and no other. Never run."""

from __future__ import annotations

from flext_exceptions.patterns.database import DatabaseExceptionTranslator
from flext_exceptions.patterns.enrichment import ExceptionEnricher
from flext_exceptions.patterns.handlers import ApplicationExceptionHandler, flext_exception_handler
from flext_exceptions.patterns.http import HTTPClientWithFlextExceptions
from flext_exceptions.patterns.monitoring import ExceptionMonitor
from flext_exceptions.patterns.recovery import ExceptionRecoveryManager
from flext_exceptions.patterns.services import ServiceExceptionWrapper
from flext_exceptions.patterns.tracking import OptimizedFlextException

ApplicationExceptionHandler(alert="operator")  # wrong: an alert is called


@flext_exception_handler()
def guarded(number: int) -> str:
    """Answered with a dict."""
    return str(number)


guarded("3")  # wrong: the signature stays
guarded(3).upper()  # wrong: it may be an answer


@ServiceExceptionWrapper("orders").wrap_operation("place")
def place(sku: str) -> int:
    """Wrapped."""
    return len(sku)


place(3)  # wrong: the signature stays
place("A-1", correlation_id="req-1")  # wrong: what the function does not name is bound by FlextExceptions.correlation
text: str = place("A-1")  # wrong: so does what is returned


@DatabaseExceptionTranslator("sqlite").translated
def count_rows(table: str) -> int:
    """Translated."""
    return len(table)


count_rows(3)  # wrong: the signature stays
DatabaseExceptionTranslator("sqlite").translated("SELECT 1")  # wrong: a function is decorated
DatabaseExceptionTranslator().translate_and_execute(len, 3)  # wrong: the arguments are those of the function

ExceptionEnricher("orders").enrich_exception(KeyError("k"))  # wrong: only a typed error has a context
ExceptionMonitor({"Error": "3"})  # wrong: a threshold is a number
OptimizedFlextException().create_cached_exception(KeyError, "m")  # wrong: it makes typed errors


@ExceptionRecoveryManager().with_recovery(max_attempts=2)
def ask(sku: str) -> int:
    """Recovered."""
    return len(sku)


ask(3)  # wrong: the signature stays
ask("A-1").upper()  # wrong: so does what is returned
ExceptionRecoveryManager({"KeyError": 1})  # wrong: a row is a class
ExceptionRecoveryManager().with_recovery("3")  # wrong: a number of calls
HTTPClientWithFlextExceptions("https://shop.example").get(3)  # wrong: a path is a text
