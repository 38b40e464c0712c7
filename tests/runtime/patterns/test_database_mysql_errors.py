"""Errors of MySQL's drivers, by number and by text, without a server."""

from __future__ import annotations

from typing import Any

import pytest

from flext_exceptions import FlextExceptions
from tests.runtime.patterns.database_calls import (
    EXISTS,
    INVALID,
    LATE,
    LOST,
    OTHER,
    SECRET,
    DatabaseError,
    fail,
    translate,
    translated,
)


class MySQLError(DatabaseError):
    """As drivers of MySQL have it: a number, and a text in the language of the server."""

    __module__ = "pymysql.err"


MYSQL = {
    1062: EXISTS, 1022: EXISTS, 1586: EXISTS, 1451: INVALID, 1452: INVALID, 1048: INVALID, 3819: INVALID, 4025: INVALID,
    1040: LOST, 2002: LOST, 2003: LOST, 2006: LOST, 2013: LOST, 1205: LATE, 1969: LATE, 3024: LATE, 3572: LATE,
    1213: OTHER, 1045: OTHER, 1049: OTHER, 1064: OTHER, 1146: OTHER, 9999: OTHER,
}  # fmt: skip


@pytest.mark.parametrize("number", MYSQL)
def test_a_number_of_mysql_decides_and_not_the_text(number: int) -> None:
    """Whichever driver it is: the number is the first argument, or is called errno."""
    connector = type("IntegrityError", (DatabaseError,), {"__module__": "mysql.connector.errors"})("m")
    connector.errno, connector.sqlstate = number, "23000"  # type: ignore[attr-defined]
    client = type("IntegrityError", (DatabaseError,), {"__module__": "MySQLdb"})(number, "x")
    for error in (MySQLError(number, f"Doppelter Eintrag '{SECRET}' timeout"), connector, client):
        made = translated(error)
        assert type(made) is MYSQL[number] and made.context["mysql_errno"] == number
        assert made.retryable is (number == 1213 or MYSQL[number] in (LOST, LATE))
        assert SECRET not in repr(made) + repr(made.context) + str(made.to_problem())
        foreign = number in (1451, 1452)
        assert getattr(made, "field", None) == ("foreign_key" if foreign else None)


MYSQL_TEXTS = [
    (1062, "Duplicate entry 'O''Brien' for key 'users.email'", {"table": "users", "constraint": "email"}, False),
    (1062, "Duplicate entry 'a' for key 'b' for key 'email'", {"constraint": "email"}, False),
    (1048, "Column 'email' cannot be null", {"column": "email"}, True),
    (1364, "Field 'email' doesn't have a default value", {"column": "email"}, True),
    (
        1452,
        "Cannot add or update a child row: a foreign key constraint fails (`shop`.`users`, CONSTRAINT `known_shop` "
        "FOREIGN KEY (`shop`) REFERENCES `shops` (`id`))",
        {"table": "users", "constraint": "known_shop", "column": "shop"},
        False,
    ),
    (3819, "Check constraint 'adult' is violated.", {"constraint": "adult"}, True),
    (4025, "CONSTRAINT `adult` failed for `shop`.`users`", {"constraint": "adult", "table": "users"}, True),
]


@pytest.mark.parametrize(("number", "text", "facts", "told"), MYSQL_TEXTS, ids=[text for _, text, _, _ in MYSQL_TEXTS])
def test_what_mysql_names_is_told_without_the_values_that_it_quotes(
    number: int, text: str, facts: dict[str, str], told: bool
) -> None:
    """Its whole text only where that quotes none."""
    made = translated(MySQLError(number, text))
    assert facts.items() <= made.context.items()
    assert (made.context["database_error"] == text) is told


def test_a_wait_of_mysql_that_ran_out_is_a_timeout() -> None:
    """Its number is that of a lost connection; what is behind it tells."""
    for name in ("__cause__", "__context__", "original_exception"):
        error = MySQLError(2013, "Lost connection to MySQL server during query (timed out)")
        setattr(error, name, TimeoutError("timed out"))
        assert type(judged(error)) is LATE


def judged(error: Exception) -> Any:
    """What an error becomes, with what is behind it."""
    with pytest.raises(FlextExceptions) as caught:
        translate(fail)(error)
    return caught.value
