"""The boundary of a database: errors of its driver become typed ones, classified by code, without the values of rows.

>>> import sqlite3
>>> from flext_exceptions import FlextExceptions
>>> shop = sqlite3.connect(":memory:")
>>> _ = shop.execute("CREATE TABLE users (email TEXT UNIQUE)")
>>> @DatabaseExceptionTranslator("sqlite").translated
... def add_user(email: str) -> None:
...     shop.execute("INSERT INTO users VALUES (?)", (email,))
>>> add_user("ada@example.org")
>>> try:
...     add_user("ada@example.org")
... except FlextExceptions.AlreadyExistsError as error:
...     print(error)
...     print(error.context)
Record with this key already exists
{'database_error': 'UNIQUE constraint failed: users.email', 'resource_type': 'database_record', \
'database_type': 'sqlite', 'function': 'add_user', 'original_exception': 'IntegrityError', \
'sqlite_errorcode': 2067, 'table': 'users', 'column': 'email'}
>>> shop.close()

No driver is imported: errors are recognised by their own attributes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import iscoroutine
from typing import Any, ParamSpec, TypeVar, cast, overload

from flext_exceptions import FlextExceptions

from .._internal.callables import is_async
from .._internal.safe_logging import add_context, attribute
from .._internal.safe_text import name_of, text_of
from .database_codes import EXISTS, INVALID, MISSING, NO_CONNECTION, RETRYABLE, TOO_LATE, Kind
from .database_errors import Verdict, judge

P = ParamSpec("P")
R = TypeVar("R")


class DriverText(str):
    """The driver's error, with what is known about it beyond its text."""

    verdict: Verdict | None = None


class DatabaseExceptionTranslator:
    """Translates the errors of one database; one may serve many threads and tasks.

    ``database_type`` is a name to tell databases apart, such as "postgresql" or "sqlite": it is in the context of every
    error. The kind of driver is recognised from its errors.

    A subclass may override ``_handle_integrity_error``, ``_handle_operational_error`` and ``_handle_database_error``:
    each receives the driver's error, and returns the error to raise.
    """

    def __init__(self, database_type: str = "postgresql") -> None:
        self.database_type = database_type

    def translate_and_execute(self, func: Callable[P, R], *args: P.args, **keywords: P.kwargs) -> R:
        """Call a function, translating its errors as :meth:`translated` does, and return its result.

        The result of an async function, or of one that returns a coroutine, is to be awaited.

        >>> DatabaseExceptionTranslator("sqlite").translate_and_execute(int, "7", base=8)
        7
        """
        result = self.translated(func)(*args, **keywords)
        if iscoroutine(result) and not is_async(func):

            async def awaited() -> Any:
                return await result

            awaited.__name__ = _name(func)
            return cast(R, self.translated(awaited)())
        return result

    @overload
    def translated(self, func: Callable[P, R]) -> Callable[P, R]: ...
    @overload
    def translated(self) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
    def translated(self, func: Callable[..., Any] | None = None) -> Callable[..., Any]:
        """Decorate a function, sync or async, so that its errors become typed; parentheses are optional.

        ======================================================== ==================
        A violated unique or primary key                         AlreadyExistsError
        A violated foreign key, not null, check, exclusion       ValidationError
        No connection, a lost or closed one, too many of them    ConnectionError
        A timeout: of statement, lock, transaction, pool         TimeoutError
        No row where one is required                             NotFoundError
        Anything else                                            ProcessingError
        ======================================================== ==================

        SQLSTATE, SQLite's error code or MySQL's error number decides, also for errors that SQLAlchemy wraps; without a
        code the class, and last the text. A ProcessingError for a serialization failure or a deadlock is ``retryable``.

        The context has ``database_error``, ``database_type``, ``function``, ``original_exception``; if the driver
        provides them ``sqlstate``, ``sqlite_errorcode`` or ``mysql_errno``, ``table``, ``column`` and ``constraint``.
        No value and no statement is included: ``database_error`` is the driver's text if that quotes none, otherwise a
        description. The whole text is only in the cause, and therefore wherever causes are shown;
        ``create_engine(hide_parameters=True)`` keeps SQLAlchemy's parameters out of there too.

        Typed errors pass unchanged, as do Ctrl-C and the cancellation of a task. For a generator only the call is
        covered.
        """
        if func is None:
            return self.translated
        function = func  # it may be async
        name = _name(func)

        @wraps(function)
        def translated(*args: Any, **keywords: Any) -> Any:
            try:
                return function(*args, **keywords)
            except FlextExceptions:
                raise
            except Exception as error:
                raise self._typed(error, name) from error

        @wraps(function)
        async def translated_async(*args: Any, **keywords: Any) -> Any:
            try:
                return await function(*args, **keywords)
            except FlextExceptions:
                raise
            except Exception as error:
                raise self._typed(error, name) from error

        return translated_async if is_async(function) else translated

    def _typed(self, error: Exception, function: str) -> FlextExceptions.BaseError:
        """The error to raise in place of the driver's."""
        wrapped = attribute(error, "orig")  # SQLAlchemy
        origin = cast(BaseException, wrapped) if issubclass(type(wrapped), BaseException) else error
        verdict = judge(origin, lost=attribute(error, "connection_invalidated") is True)
        text = DriverText(text_of(origin))
        text.verdict = verdict
        made: FlextExceptions.BaseError
        if verdict.kind in (EXISTS, INVALID):
            made = self._handle_integrity_error(text)
        elif verdict.kind in (NO_CONNECTION, TOO_LATE) or verdict.operational:
            made = self._handle_operational_error(text)
        elif verdict.kind is MISSING:
            made = _made(MISSING, "Record not found", verdict.shown, resource_type="database_record")
        elif verdict.of_a_database:
            made = self._handle_database_error(text)
        else:
            made = FlextExceptions.ProcessingError(
                f"Database operation failed: {text}", operation="database_operation", original_error=str(text)
            )
        facts = {
            "database_type": self.database_type,
            "function": function,
            "original_exception": name_of(type(origin)),
            **({} if verdict.code is None else {verdict.code_name: verdict.code}),
            **verdict.concerned,
        }
        add_context(made, **facts)
        if verdict.code in RETRYABLE:
            made.retryable = True
        return made

    def _handle_integrity_error(self, error_msg: str) -> FlextExceptions.BaseError:
        """The error for a violated constraint."""
        verdict = getattr(error_msg, "verdict", None)
        text = error_msg.lower()
        shown = error_msg if verdict is None else verdict.shown
        if ("unique" in text) if verdict is None else (verdict.kind is EXISTS):
            return _made(EXISTS, "Record with this key already exists", shown, resource_type="database_record")
        if ("foreign key" in text) if verdict is None else verdict.foreign_key:
            return _made(
                INVALID,
                "Referenced record does not exist",
                shown,
                field="foreign_key",
                validation_details={"constraint_type": "foreign_key"},
            )
        column = None if verdict is None else verdict.concerned.get("column")
        named = {} if column is None else {"field": column}
        details = {"constraint_type": "integrity"}
        return _made(INVALID, "Data integrity constraint violation", shown, validation_details=details, **named)

    def _handle_operational_error(self, error_msg: str) -> FlextExceptions.BaseError:
        """The error for failures that no statement caused: connections, timeouts, locks."""
        verdict = getattr(error_msg, "verdict", None)
        text = error_msg.lower()
        shown = error_msg if verdict is None else verdict.shown
        if ("connection" in text) if verdict is None else (verdict.kind is NO_CONNECTION):
            return _made(NO_CONNECTION, "Database connection failed", shown, service="database")
        if ("timeout" in text) if verdict is None else (verdict.kind is TOO_LATE):
            return _made(TOO_LATE, "Database operation timed out", shown)
        return _made(
            FlextExceptions.ProcessingError, "Database operational error", shown, operation="database_operation"
        )

    def _handle_database_error(self, error_msg: str) -> FlextExceptions.BaseError:
        """The error for anything else that a driver raises."""
        verdict = getattr(error_msg, "verdict", None)
        shown = error_msg if verdict is None else verdict.shown
        return _made(FlextExceptions.ProcessingError, "Database error occurred", shown, operation="database_operation")


def _made(kind: Kind, text: str, shown: str, **keywords: Any) -> FlextExceptions.BaseError:
    return kind(text, context={"database_error": str(shown)}, **keywords)


def _name(func: object) -> str:
    """The name of a function; not the repr of one without a name: a partial's shows its arguments."""
    return getattr(func, "__name__", None) or name_of(type(func))
