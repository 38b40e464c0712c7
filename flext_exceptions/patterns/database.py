"""The boundary of a database: what its driver raises comes out typed, told by code, and without the values of rows.

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
Database operation failed: SQLITE_CONSTRAINT_UNIQUE (2067), table users, column email
{'database_type': 'sqlite', 'function': 'add_user', 'original_exception': 'IntegrityError', \
'sqlite_errorcode': 2067, 'table': 'users', 'column': 'email', 'resource_type': 'users'}
>>> shop.close()

No driver is imported: its errors are known by what they say of themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from inspect import iscoroutine
from typing import Any, ParamSpec, TypeVar, cast

from flext_exceptions import FlextExceptions

from .._internal.callables import is_async
from .._internal.safe_logging import attribute
from .._internal.safe_text import name_of, text_of

P = ParamSpec("P")
R = TypeVar("R")
Kind = type[FlextExceptions.BaseError]

# What stands in none of these tables is a ProcessingError.
_EXISTS = FlextExceptions.AlreadyExistsError
_INVALID = FlextExceptions.ValidationError
_MISSING = FlextExceptions.NotFoundError
_NO_CONNECTION = FlextExceptions.ConnectionError
_OTHER = FlextExceptions.ProcessingError
_TOO_LATE = FlextExceptions.TimeoutError

# https://www.postgresql.org/docs/18/errcodes-appendix.html: a class of two characters, and codes that differ from it.
# Wrong passwords (28) and missing privileges (42501) are those of the program, not of who asks it: a ProcessingError,
# since an answer 401 or 403 would send its user to log in again.
_SQLSTATES: dict[str, Kind] = {
    "08": _NO_CONNECTION,
    "23": _INVALID,  # integrity: foreign key, not null, check, exclusion
    "23505": _EXISTS,
    "25P03": _TOO_LATE,  # idle in transaction
    "25P04": _TOO_LATE,  # transaction
    "40002": _INVALID,  # integrity at the end of a transaction
    "44": _INVALID,  # the check of a view
    "53300": _NO_CONNECTION,  # too many
    "55P03": _TOO_LATE,  # lock
    "57014": _TOO_LATE,  # statement; also one that somebody cancelled
    "57P01": _NO_CONNECTION,  # ended by an administrator
    "57P02": _NO_CONNECTION,  # crashed
    "57P03": _NO_CONNECTION,  # not yet there
    "57P04": _NO_CONNECTION,  # the database was dropped
    "57P05": _TOO_LATE,  # idle session
    "HV00N": _NO_CONNECTION,  # of a foreign data wrapper
    "P0002": _MISSING,  # SELECT INTO STRICT
}
# The transaction may succeed when it is run again: serialization failure, deadlock.
_RETRYABLE = frozenset(("40001", "40P01"))

# https://sqlite.org/rescode.html: primary codes (the lowest eight bits), and extended ones that differ from them.
_SQLITE_CODES: dict[int, Kind] = {
    5: _TOO_LATE,  # BUSY
    6: _TOO_LATE,  # LOCKED
    14: _NO_CONNECTION,  # CANTOPEN
    15: _TOO_LATE,  # PROTOCOL: the wait for a lock was given up
    19: _INVALID,  # CONSTRAINT
    20: _INVALID,  # MISMATCH, which sqlite3 counts among the IntegrityErrors
    1555: _EXISTS,  # CONSTRAINT_PRIMARYKEY
    2067: _EXISTS,  # CONSTRAINT_UNIQUE
    2579: _EXISTS,  # CONSTRAINT_ROWID
}

# Errors without a code that a class has for itself, by the name of the class or of one of its bases.
_CLASSES: dict[str, Kind] = {
    "ConnectionError": _NO_CONNECTION,
    "ConnectionTimeout": _TOO_LATE,  # psycopg
    "DisconnectionError": _NO_CONNECTION,  # SQLAlchemy
    "NoResultFound": _MISSING,  # SQLAlchemy
    "PoolClosed": _NO_CONNECTION,  # psycopg_pool
    "PoolTimeout": _TOO_LATE,  # psycopg_pool
    "TimeoutError": _TOO_LATE,  # of SQLAlchemy's pool, and the builtin one
    "TooManyRequests": _NO_CONNECTION,  # psycopg_pool
    "UniqueViolation": _EXISTS,  # psycopg, where the error was made by hand
}

# The rest of the errors that are a database's (PEP 249 names them so), by the first of these phrases in their text.
# PostgreSQL's drivers have no code of what went wrong before the connection stood.
_DATABASE = frozenset(("DatabaseError", "InterfaceError"))
_PHRASES: dict[str, Kind] = {
    "authentication failed": _OTHER,
    "no password supplied": _OTHER,
    "pg_hba.conf": _OTHER,
    "not permitted to log in": _OTHER,
    "does not exist": _OTHER,  # the role, the database
    "timeout": _TOO_LATE,
    "timed out": _TOO_LATE,
    "is locked": _TOO_LATE,
    "too many connections": _NO_CONNECTION,
    "too many clients": _NO_CONNECTION,
    "connection refused": _NO_CONNECTION,
    "connection failed": _NO_CONNECTION,
    "connection to server": _NO_CONNECTION,
    "connection already closed": _NO_CONNECTION,
    "connection is closed": _NO_CONNECTION,
    "connection is lost": _NO_CONNECTION,
    "connection has been closed": _NO_CONNECTION,
    "closed the connection": _NO_CONNECTION,
    "closed database": _NO_CONNECTION,
    "could not connect": _NO_CONNECTION,
    "could not receive data from server": _NO_CONNECTION,
    "could not send data to server": _NO_CONNECTION,
    "could not translate host name": _NO_CONNECTION,
    "failed to resolve host": _NO_CONNECTION,
    "no connection to the server": _NO_CONNECTION,
    "unable to open database file": _NO_CONNECTION,
    "unique constraint": _EXISTS,
    "duplicate": _EXISTS,
    "foreign key": _INVALID,
    "constraint failed": _INVALID,
    "violates": _INVALID,
}
# A phrase that is a name in quotes, or that of a parameter, says nothing.
_PHRASE = {phrase: re.compile(rf"(?<![\w:\"']){re.escape(phrase)}", re.IGNORECASE) for phrase in _PHRASES}

# What of the facts is a keyword of the type.
_KEYWORDS: dict[Kind, tuple[str, str]] = {
    _EXISTS: ("resource_type", "table"),
    _INVALID: ("field", "column"),
    _NO_CONNECTION: ("service", "database_type"),
    _OTHER: ("operation", "function"),
}

# SQLite says what is concerned in its text only: "UNIQUE constraint failed: users.email, users.shop".
_SQLITE_COLUMNS = re.compile(r"(?:UNIQUE|NOT NULL) constraint failed: ((\w+)\.\w+(?:, \2\.\w+)*)")
_SQLITE_CONSTRAINT = re.compile(r"(?:CHECK constraint failed: |UNIQUE constraint failed: index ')(\w+)'?")


class DatabaseExceptionTranslator:
    """Translates the errors of one database; one may serve many threads and tasks.

    ``database_type`` is a name to tell databases apart, such as "postgresql" or "sqlite": it is in the context of every
    error. What kind of driver it is shows in its errors.
    """

    def __init__(self, database_type: str = "postgresql") -> None:
        self.database_type = database_type

    def translate_and_execute(self, func: Callable[P, R], *args: P.args, **keywords: P.kwargs) -> R:
        """Call a function, whose errors come out as those of :meth:`translated` do, and return what it does.

        What an async function, or one that makes a coroutine, returns is to be awaited.

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

    def translated(self, func: Callable[P, R]) -> Callable[P, R]:
        """Decorate a function, sync or async, whose errors are to come out typed.

        ======================================================== ==================
        A violated unique or primary key                         AlreadyExistsError
        A violated foreign key, not null, check, exclusion       ValidationError
        No connection, a lost or closed one, too many of them    ConnectionError
        A timeout: of statement, lock, transaction, pool         TimeoutError
        No row where one is required                             NotFoundError
        Anything else                                            ProcessingError
        ======================================================== ==================

        It is decided by SQLSTATE or SQLite's error code, of what SQLAlchemy wraps too; without a code by the class, and
        last by the text. A ProcessingError for a serialization failure (40001) or a deadlock (40P01) is ``retryable``.

        The context has ``database_type``, ``function``, ``original_exception``; where the driver says so ``sqlstate``
        or ``sqlite_errorcode``, ``table``, ``column`` and ``constraint``. Neither it nor the message has a
        value or a statement. The text of the driver, which quotes them, stands in the cause alone, and so wherever
        causes are shown; ``create_engine(hide_parameters=True)`` keeps those of SQLAlchemy out of there too.

        Typed errors pass as they are, as do Ctrl-C and the cancelling of a task. Of a generator only the call is seen.
        """
        awaited = cast(Callable[..., Any], func)
        name = _name(func)

        @wraps(func)
        def translated(*args: Any, **keywords: Any) -> Any:
            try:
                return func(*args, **keywords)
            except FlextExceptions:
                raise
            except Exception as error:
                raise self._typed(error, name) from error

        @wraps(func)
        async def translated_async(*args: Any, **keywords: Any) -> Any:
            try:
                return await awaited(*args, **keywords)
            except FlextExceptions:
                raise
            except Exception as error:
                raise self._typed(error, name) from error

        return cast(Callable[P, R], translated_async if is_async(func) else translated)

    def _typed(self, error: Exception, function: str) -> FlextExceptions.BaseError:
        """What an error becomes."""
        wrapped = attribute(error, "orig")  # SQLAlchemy
        origin = cast(BaseException, wrapped) if issubclass(type(wrapped), BaseException) else error
        code = _code(origin)
        kind, reason = _judged(origin, code, lost=attribute(error, "connection_invalidated") is True)
        original = name_of(type(origin))
        facts: dict[str, Any] = {
            "database_type": self.database_type,
            "function": function,
            "original_exception": original,
        }
        if code is not None:
            facts["sqlstate" if isinstance(code, str) else "sqlite_errorcode"] = code
        concerned = _concerned(origin)
        facts |= concerned
        keyword, fact = _KEYWORDS.get(kind, ("", ""))
        named = {keyword: facts[fact]} if fact in facts else {}
        shown = _text(origin, "sqlite_errorname") or original
        parts = [f"{shown} ({reason})" if reason else shown, *(f"{key} {value}" for key, value in concerned.items())]
        retryable = True if code in _RETRYABLE else None
        return kind(f"Database operation failed: {', '.join(parts)}", context=facts, retryable=retryable, **named)


def _name(func: object) -> str:
    """The name of a function; not the repr of what has none: that of a partial shows what it was given."""
    return getattr(func, "__name__", None) or name_of(type(func))


def _text(holder: object, name: str) -> str | None:
    """An attribute that is a text, and not an empty one."""
    value = attribute(cast(BaseException, holder), name)
    return value or None if type(value) is str else None


def _code(error: BaseException) -> str | int | None:
    """The SQLSTATE (psycopg calls it sqlstate, psycopg2 pgcode), or SQLite's extended error code."""
    for name in ("sqlstate", "pgcode"):
        state = _text(error, name)
        if state is not None and re.fullmatch("[0-9A-Z]{5}", state):
            return state
    number = attribute(error, "sqlite_errorcode")
    return number if type(number) is int else None


def _judged(error: BaseException, code: str | int | None, *, lost: bool) -> tuple[Kind, object]:
    """The type for an error, and what tells so: its code, or a phrase."""
    if isinstance(code, str):
        kind = _SQLSTATES.get(code) or _SQLSTATES.get(code[:2])
    elif code is not None:
        kind = _SQLITE_CODES.get(code) or _SQLITE_CODES.get(code & 0xFF)
    else:
        kind, code = _judged_without_code(error)
    return (_NO_CONNECTION, code or "connection lost") if lost and kind is None else (kind or _OTHER, code)


def _judged_without_code(error: BaseException) -> tuple[Kind | None, str | None]:
    names = [name_of(cls) for cls in type(error).__mro__]
    for name in names:
        if name in _CLASSES:
            return _CLASSES[name], None
    if not _DATABASE.isdisjoint(names):
        text = text_of(error)
        for phrase, pattern in _PHRASE.items():
            if pattern.search(text):
                return _PHRASES[phrase], phrase
    return (_INVALID if "IntegrityError" in names else None), None


def _concerned(error: BaseException) -> dict[str, str]:
    """The table, column and constraint that a driver names."""
    diagnostics = attribute(error, "diag")
    named = {key: _text(diagnostics, f"{key}_name") for key in ("table", "column", "constraint")}
    if attribute(error, "sqlite_errorcode") is not None:
        text = text_of(error)
        if columns := _SQLITE_COLUMNS.fullmatch(text):
            named |= {"table": columns[2], "column": columns[1].replace(f"{columns[2]}.", "")}
        elif constraint := _SQLITE_CONSTRAINT.fullmatch(text):
            named["constraint"] = constraint[1]
    return {key: value for key, value in named.items() if value is not None}
