"""Which texts a raise may produce, read from its source only."""

from __future__ import annotations

import ast

import pytest

from flext_codemods.repository.messages import may_say, pieces


def parts(expression: str) -> list[str | None]:
    """Return the parts of a message written as an expression."""
    return pieces(ast.parse(expression, mode="eval").body)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'no'", ["no"]),
        ("f'bad {x!r}: {y}.'", ["bad ", None, ": ", None, "."]),
        ("'bad %s of %(n)5.2f %%' % x", ["bad ", None, " of ", None, " ", None, ""]),
        ("'bad {} of {name!r:>5} {{'.format(x)", ["bad ", None, " of ", None, " ", None, ""]),
        ("'a' + x + 'b'", ["a", None, "b"]),
        ("message", [None]),
        ("42", ["42"]),
    ],
)
def test_the_fixed_and_the_computed_parts_of_a_message(expression: str, expected: list[str | None]) -> None:
    """Whatever way it is put together."""
    assert parts(expression) == expected


def test_a_chain_too_long_for_recursion_is_computed() -> None:
    """It has no message, and does not crash the tool."""
    assert pieces(ast.parse(" + ".join(["'a'"] * 900), mode="eval").body) == [None]


@pytest.mark.parametrize(
    ("expression", "shown", "expected"),
    [
        ("'bad port'", "bad port", True),
        ("'bad port'", "bad", True),
        ("'bad port'", "bad port 80", True),
        ("'bad port'", "no port", False),
        ("f'bad {x}'", "bad port", True),
        ("f'bad {x}'", "worse port", False),
        ("f'{x} is not a port'", "80 is not a port", True),
        ("f'{x} is not a port'", "80 is not a host", False),
        ("f'{x}: {y}'", "80: no", False),
        ("x", "anything", False),
        ("'bad port'", "", False),
    ],
)
def test_whether_a_message_may_be_a_text(expression: str, shown: str, expected: bool) -> None:
    """Fixed parts decide; parts that are all computed, or too short to tell, are no evidence."""
    assert may_say(parts(expression), shown) is expected
