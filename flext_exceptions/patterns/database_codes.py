"""What the codes of databases mean: the type of an error by SQLSTATE, by SQLite's code, and by MySQL's number.

A code that is not in any table is a ProcessingError.

>>> SQLSTATES["23505"].__name__, SQLITE_CODES[2067].__name__, MYSQL_NUMBERS[1062].__name__
('AlreadyExistsError', 'AlreadyExistsError', 'AlreadyExistsError')
"""

from __future__ import annotations

from flext_exceptions import FlextExceptions

Kind = type[FlextExceptions.BaseError]
Code = str | int

EXISTS = FlextExceptions.AlreadyExistsError
INVALID = FlextExceptions.ValidationError
MISSING = FlextExceptions.NotFoundError
NO_CONNECTION = FlextExceptions.ConnectionError
OTHER = FlextExceptions.ProcessingError
TOO_LATE = FlextExceptions.TimeoutError

# https://www.postgresql.org/docs/18/errcodes-appendix.html: a class of two characters, and codes that differ from it.
# Wrong passwords (28) and missing privileges (42501) are the program's, not its user's: a ProcessingError, since an
# answer 401 or 403 would make the user log in again.
SQLSTATES: dict[str, Kind] = {
    "08": NO_CONNECTION,
    "23": INVALID,  # integrity: foreign key, not null, check, exclusion
    "23505": EXISTS,
    "25P03": TOO_LATE,  # idle in transaction
    "25P04": TOO_LATE,  # transaction
    "40002": INVALID,  # integrity at the end of a transaction
    "44": INVALID,  # the check of a view
    "53300": NO_CONNECTION,  # too many
    "55P03": TOO_LATE,  # lock
    "57014": TOO_LATE,  # statement; also one that someone cancelled
    "57P01": NO_CONNECTION,  # ended by an administrator
    "57P02": NO_CONNECTION,  # crashed
    "57P03": NO_CONNECTION,  # not yet available
    "57P04": NO_CONNECTION,  # the database was dropped
    "57P05": TOO_LATE,  # idle session
    "HV00N": NO_CONNECTION,  # of a foreign data wrapper
    "P0002": MISSING,  # SELECT INTO STRICT
}

# https://sqlite.org/rescode.html: primary codes (the lowest eight bits), and extended ones that differ from them.
SQLITE_CODES: dict[int, Kind] = {
    5: TOO_LATE,  # BUSY
    6: TOO_LATE,  # LOCKED
    14: NO_CONNECTION,  # CANTOPEN
    15: TOO_LATE,  # PROTOCOL: the wait for a lock ran out
    19: INVALID,  # CONSTRAINT
    20: INVALID,  # MISMATCH, which sqlite3 counts among the IntegrityErrors
    1555: EXISTS,  # CONSTRAINT_PRIMARYKEY
    2067: EXISTS,  # CONSTRAINT_UNIQUE
    2579: EXISTS,  # CONSTRAINT_ROWID
}

# https://dev.mysql.com/doc/mysql-errors/8.4/en/ and https://mariadb.com/kb/en/mariadb-error-code-reference/
MYSQL_NUMBERS: dict[int, Kind] = {
    **dict.fromkeys(
        (
            1022,  # ER_DUP_KEY
            1062,  # ER_DUP_ENTRY
            1169,  # ER_DUP_UNIQUE
            1586,  # ER_DUP_ENTRY_WITH_KEY_NAME
            1761,  # ER_FOREIGN_DUPLICATE_KEY_WITH_CHILD_INFO
            1762,  # ER_FOREIGN_DUPLICATE_KEY_WITHOUT_CHILD_INFO
            1859,  # ER_DUP_UNKNOWN_IN_INDEX
        ),
        EXISTS,
    ),
    **dict.fromkeys(
        (
            1048,  # ER_BAD_NULL_ERROR
            1216,  # ER_NO_REFERENCED_ROW
            1217,  # ER_ROW_IS_REFERENCED
            1263,  # ER_WARN_NULL_TO_NOTNULL
            1364,  # ER_NO_DEFAULT_FOR_FIELD
            1369,  # ER_VIEW_CHECK_FAILED
            1451,  # ER_ROW_IS_REFERENCED_2
            1452,  # ER_NO_REFERENCED_ROW_2
            3819,  # ER_CHECK_CONSTRAINT_VIOLATED
            4025,  # ER_CONSTRAINT_FAILED, of MariaDB
        ),
        INVALID,
    ),
    **dict.fromkeys(
        (
            1040,  # ER_CON_COUNT_ERROR: too many
            1042,  # ER_BAD_HOST_ERROR
            1043,  # ER_HANDSHAKE_ERROR
            1053,  # ER_SERVER_SHUTDOWN
            1129,  # ER_HOST_IS_BLOCKED
            1152,  # ER_ABORTING_CONNECTION
            1158,  # ER_NET_READ_ERROR
            1160,  # ER_NET_ERROR_ON_WRITE
            1184,  # ER_NEW_ABORTING_CONNECTION
            1203,  # ER_TOO_MANY_USER_CONNECTIONS
            1226,  # ER_USER_LIMIT_REACHED
            1927,  # ER_CONNECTION_KILLED, of MariaDB
            2001,  # CR_SOCKET_CREATE_ERROR
            2002,  # CR_CONNECTION_ERROR, by a socket
            2003,  # CR_CONN_HOST_ERROR
            2004,  # CR_IPSOCK_ERROR
            2005,  # CR_UNKNOWN_HOST
            2006,  # CR_SERVER_GONE_ERROR
            2012,  # CR_SERVER_HANDSHAKE_ERR
            2013,  # CR_SERVER_LOST
            2055,  # CR_SERVER_LOST_EXTENDED
            4031,  # ER_CLIENT_INTERACTION_TIMEOUT: closed after being idle
        ),
        NO_CONNECTION,
    ),
    **dict.fromkeys(
        (
            1159,  # ER_NET_READ_INTERRUPTED
            1161,  # ER_NET_WRITE_INTERRUPTED
            1205,  # ER_LOCK_WAIT_TIMEOUT
            1969,  # ER_STATEMENT_TIMEOUT, of MariaDB
            3024,  # ER_QUERY_TIMEOUT
            3572,  # ER_LOCK_NOWAIT
        ),
        TOO_LATE,
    ),
}

FOREIGN_KEYS: frozenset[Code] = frozenset(
    ("23001", "23503", 787, 1216, 1217, 1451, 1452)  # RESTRICT, foreign key; SQLITE_CONSTRAINT_FOREIGNKEY; MySQL
)
"""Codes of a violated foreign key."""

RETRYABLE: frozenset[Code] = frozenset(("40001", "40P01", 1213))
"""Codes of a transaction that may succeed when it is run again: serialization failure, deadlock."""

CLASSES: dict[str, Kind] = {
    "ConnectionError": NO_CONNECTION,
    "ConnectionTimeout": TOO_LATE,  # psycopg
    "DisconnectionError": NO_CONNECTION,  # SQLAlchemy
    "NoResultFound": MISSING,  # SQLAlchemy
    "PoolClosed": NO_CONNECTION,  # psycopg_pool
    "PoolTimeout": TOO_LATE,  # psycopg_pool
    "TimeoutError": TOO_LATE,  # of SQLAlchemy's pool, and the builtin one
    "TooManyRequests": NO_CONNECTION,  # psycopg_pool
    "UniqueViolation": EXISTS,  # psycopg, for an error constructed by hand
}
"""Errors without a code that have a class of their own, by the name of the class or of one of its bases."""

PHRASES: dict[str, Kind] = {
    "authentication failed": OTHER,
    "no password supplied": OTHER,
    "pg_hba.conf": OTHER,
    "not permitted to log in": OTHER,
    "does not exist": OTHER,  # the role, the database
    "timeout": TOO_LATE,
    "timed out": TOO_LATE,
    "is locked": TOO_LATE,
    "too many connections": NO_CONNECTION,
    "too many clients": NO_CONNECTION,
    "connection refused": NO_CONNECTION,
    "connection failed": NO_CONNECTION,
    "connection to server": NO_CONNECTION,
    "connection already closed": NO_CONNECTION,
    "connection is closed": NO_CONNECTION,
    "connection is lost": NO_CONNECTION,
    "connection has been closed": NO_CONNECTION,
    "closed the connection": NO_CONNECTION,
    "closed database": NO_CONNECTION,
    "pool is closed": NO_CONNECTION,
    "pool is closing": NO_CONNECTION,
    "could not connect": NO_CONNECTION,
    "could not receive data from server": NO_CONNECTION,
    "could not send data to server": NO_CONNECTION,
    "could not translate host name": NO_CONNECTION,
    "failed to resolve host": NO_CONNECTION,
    "no connection to the server": NO_CONNECTION,
    "unable to open database file": NO_CONNECTION,
    "unique constraint": EXISTS,
    "duplicate": EXISTS,
    "foreign key": INVALID,
    "constraint failed": INVALID,
    "violates": INVALID,
}
"""Errors with nothing but a text, by the first of these phrases in it.

PostgreSQL's drivers have no code for a failure before the connection was established.
"""
