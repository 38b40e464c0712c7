"""The terminal's lines about a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from flext_pytest.plurals import number
from flext_pytest.report.counts import Row

__all__ = ["MEANING", "summary"]

WIDEST = 40  # width of the column of type names; a longer name shifts the rest of its line
SHOWN = 3  # tests that the terminal names for each type
MEANING = (
    "Asserted on: pytest.raises, RaisesGroup, flext_raises, assert_error or assertRaises accepted one of the type.",
    "Errors that a test catches with try and compares by hand are not seen, nor those of other processes.",
)


def summary(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of the terminal.

    >>> row = Row("KeyError", {"KEY_ERROR": 3}, {"test_a.py::test_a": 2}, {"session fixture shop": 1}, ())
    >>> print(*summary([row]), sep="\\n")
    error     made  in tests  asserted on in
    KeyError     3         1           never
        test_a.py::test_a (2)
        session fixture shop (1)
    1 type, 3 errors
    never asserted on: KeyError
    Asserted on: pytest.raises, RaisesGroup, flext_raises, assert_error or assertRaises accepted one of the type.
    Errors that a test catches with try and compares by hand are not seen, nor those of other processes.
    """
    if not rows:
        yield "no typed error was created"
        return
    width = min(WIDEST, max(len(row.error) for row in rows))
    digits = max(len("made"), *(len(str(row.made)) for row in rows))
    yield f"{'error':{width}}  {'made':>{digits}}  in tests  asserted on in"
    for row in rows:
        yield f"{row.error:{width}}  {row.made:{digits}}  {len(row.tests):8}  {len(row.asserted) or 'never':>14}"
        yield from (f"    {line}" for line in (*named(row.tests, SHOWN), *named(row.elsewhere, SHOWN)))
    yield f"{number(len(rows), 'type')}, {number(sum(row.made for row in rows), 'error')}"
    never = [row.error for row in rows if not row.asserted]
    if never:
        yield f"never asserted on: {', '.join(never)}"
    yield from MEANING


def named(places: dict[str, int], most: int) -> Iterator[str]:
    """Yield the first places with their counts, and how many more there are."""
    yield from (f"{place} ({count})" for place, count in islice(places.items(), most))
    if len(places) > most:
        yield f"... and {len(places) - most} more"
