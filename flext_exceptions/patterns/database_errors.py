"""What an error of a database driver reveals about itself, read without importing any driver.

>>> import sqlite3
>>> error = sqlite3.IntegrityError("UNIQUE constraint failed: users.email")
>>> error.sqlite_errorcode, error.sqlite_errorname = 2067, "SQLITE_CONSTRAINT_UNIQUE"
>>> verdict = judge(error, lost=False)
>>> verdict.kind.__name__, verdict.code, verdict.concerned
('AlreadyExistsError', 2067, {'table': 'users', 'column': 'email'})
"""

from __future__ import annotations

import re
from typing import NamedTuple, cast

from .._internal.raised_within import raised_within
from .._internal.safe_logging import attribute
from .._internal.safe_text import name_of, text_of
from .database_codes import (
    CLASSES,
    FOREIGN_KEYS,
    INVALID,
    MYSQL_NUMBERS,
    NO_CONNECTION,
    OTHER,
    PHRASES,
    SQLITE_CODES,
    SQLSTATES,
    TOO_LATE,
    Code,
    Kind,
)

_DATABASE = frozenset(("DatabaseError", "InterfaceError"))  # PEP 249
_DRIVERS = frozenset(("sqlite3", "psycopg", "psycopg2", "psycopg_pool", "sqlalchemy", "asyncpg", "aiosqlite"))
_MYSQL = frozenset(("pymysql", "MySQLdb", "aiomysql", "asyncmy", "mysql", "mariadb"))
# A phrase that is a quoted name, or the name of a parameter, is not informative.
_PHRASE = {phrase: re.compile(rf"(?<![\w:\"']){re.escape(phrase)}", re.IGNORECASE) for phrase in PHRASES}

# Some name the table, column or constraint in their text only.
_SQLITE_COLUMNS = re.compile(r"(?:UNIQUE|NOT NULL) constraint failed: ((\w+)\.\w+(?:, \2\.\w+)*)")
_SQLITE_CONSTRAINT = re.compile(r"(?:CHECK constraint failed: |UNIQUE constraint failed: index ')(\w+)'?")
_MYSQL_TEXTS = (
    re.compile(r"Duplicate entry .* for key '(?:(?P<table>\w+)\.)?(?P<constraint>\w+)'", re.DOTALL),
    re.compile(r"(?:Column|Field) '(?P<column>\w+)' (?:cannot be null|doesn't have a default value)"),
    re.compile(
        r"Cannot (?:add or update a child|delete or update a parent) row: a foreign key constraint fails "
        r"\(`\w+`\.`(?P<table>\w+)`, CONSTRAINT `(?P<constraint>\w+)` FOREIGN KEY \(`(?P<column>\w+)`\) .*\)"
    ),
    re.compile(r"Check constraint '(?P<constraint>\w+)' is violated\."),
    re.compile(r"CONSTRAINT `(?P<constraint>\w+)` failed for `\w+`\.`(?P<table>\w+)`"),
)
# Texts in which every word is the database's, except for names from the schema: they quote no value.
_WITHOUT_VALUES = re.compile(
    r"(?:UNIQUE|NOT NULL) constraint failed: \w+\.\w+(?:, \w+\.\w+)*"
    r"|FOREIGN KEY constraint failed|CHECK constraint failed: \w+"
    r'|duplicate key value violates unique constraint "\w+"'
    r'|conflicting key value violates exclusion constraint "\w+"'
    r'|null value in column "\w+" of relation "\w+" violates not-null constraint'
    r'|new row for relation "\w+" violates check constraint "\w+"'
    r'|(?:insert or update|update or delete) on table "\w+" violates foreign key constraint "\w+"(?: on table "\w+")?'
    r"|(?:Column|Field) '\w+' (?:cannot be null|doesn't have a default value)|Check constraint '\w+' is violated\."
    r"|CONSTRAINT `\w+` failed for `\w+`\.`\w+`"
)


class Verdict(NamedTuple):
    """What an error is: its type, the code that shows it, and what is known about it without any value of a row."""

    kind: Kind
    code: Code | None
    code_name: str
    foreign_key: bool
    of_a_database: bool
    operational: bool
    concerned: dict[str, str]
    shown: str


def judge(error: BaseException, *, lost: bool) -> Verdict:
    """Classify an error; ``lost`` means that SQLAlchemy considers the connection lost."""
    names = [name_of(cls) for cls in type(error).__mro__]
    roots = {cls.__module__.partition(".")[0] for cls in type(error).__mro__}
    code_name, code = _code(error, roots)
    reason: Code | None = code
    if code is None:
        kind, reason = _judged_without_code(error, names)
    elif code_name == "mysql_errno":
        kind = MYSQL_NUMBERS.get(cast(int, code))
        kind = TOO_LATE if kind is NO_CONNECTION and _timed_out(error) else kind
    elif code_name == "sqlstate":
        kind = SQLSTATES.get(str(code)) or SQLSTATES.get(str(code)[:2])
    else:
        kind = SQLITE_CODES.get(cast(int, code)) or SQLITE_CODES.get(cast(int, code) & 0xFF)
    if kind is None and lost:
        kind, reason = NO_CONNECTION, reason or "connection lost"
    concerned = _concerned(error, code_name)
    return Verdict(
        kind or OTHER,
        code,
        code_name,
        code in FOREIGN_KEYS or reason == "foreign key",
        code is not None or not _DATABASE.isdisjoint(names) or not (_DRIVERS | _MYSQL).isdisjoint(roots),
        "OperationalError" in names,
        concerned,
        _shown(error, reason, concerned),
    )


def _code(error: BaseException, roots: set[str]) -> tuple[str, Code | None]:
    """The name and the value of a code: MySQL's number, SQLSTATE (pgcode in psycopg2), SQLite's extended one."""
    if not roots.isdisjoint(_MYSQL):
        for number in (attribute(error, "errno"), *_args(error)[:1]):
            if type(number) is int and number > 0:
                return "mysql_errno", number
    for name in ("sqlstate", "pgcode"):
        state = _text(error, name)
        if state is not None and re.fullmatch("[0-9A-Z]{5}", state):
            return "sqlstate", state
    number = attribute(error, "sqlite_errorcode")
    return "sqlite_errorcode", number if type(number) is int else None


def _judged_without_code(error: BaseException, names: list[str]) -> tuple[Kind | None, str | None]:
    for name in names:
        if name in CLASSES:
            return CLASSES[name], None
    if issubclass(type(error), OSError) and raised_within(error, _DRIVERS | _MYSQL):  # no such socket, no such host
        return NO_CONNECTION, None
    if not _DATABASE.isdisjoint(names):
        text = text_of(error)
        if text.startswith("(0, "):  # PyMySQL and aiomysql, for a connection that the program closed
            return NO_CONNECTION, None
        for phrase, pattern in _PHRASE.items():
            if pattern.search(text):
                return PHRASES[phrase], phrase
    return (INVALID if "IntegrityError" in names else None), None


def _timed_out(error: BaseException) -> bool:
    """Whether an error was caused by a timeout: MySQL's drivers then give the number of a lost connection."""
    behind = (attribute(error, name) for name in ("original_exception", "__cause__", "__context__"))
    return any(issubclass(type(other), TimeoutError) for other in behind)


def _concerned(error: BaseException, code_name: str) -> dict[str, str]:
    """The table, column and constraint that a driver names: psycopg in ``diag``, asyncpg in the error itself."""
    diagnostics = attribute(error, "diag")
    if diagnostics is None:
        diagnostics = error
    if type(error).__module__.startswith("sqlalchemy."):  # its adapter of asyncpg, whose error is the cause
        diagnostics = attribute(error, "__cause__")
    named = {key: _text(diagnostics, f"{key}_name") for key in ("table", "column", "constraint")}
    args = _args(error)
    if code_name == "mysql_errno" and len(args) > 1:
        text = text_of(args[1])
        found = next((match for pattern in _MYSQL_TEXTS if (match := pattern.fullmatch(text))), None)
        named |= found.groupdict() if found is not None else {}
    elif attribute(error, "sqlite_errorcode") is not None:
        text = text_of(error)
        if columns := _SQLITE_COLUMNS.fullmatch(text):
            named |= {"table": columns[2], "column": columns[1].replace(f"{columns[2]}.", "")}
        elif constraint := _SQLITE_CONSTRAINT.fullmatch(text):
            named["constraint"] = constraint[1]
    return {key: value for key, value in named.items() if value is not None}


def _shown(error: BaseException, reason: Code | None, concerned: dict[str, str]) -> str:
    """The part of a text that may be shown: all if it quotes no value, otherwise the error's name and the object."""
    args = _args(error)
    said = text_of(args[1] if len(args) > 1 else error).partition("\n")[0].strip()
    if _WITHOUT_VALUES.fullmatch(said):
        return said
    name = _text(error, "sqlite_errorname") or name_of(type(error))
    parts = [f"{name} ({reason})" if reason else name, *(f"{key} {value}" for key, value in concerned.items())]
    return ", ".join(parts)


def _args(error: BaseException) -> tuple[object, ...]:
    args = attribute(error, "args")
    return args if type(args) is tuple else ()


def _text(holder: object, name: str) -> str | None:
    """An attribute that is a non-empty text."""
    value = attribute(cast(BaseException, holder), name)
    return value or None if type(value) is str else None
