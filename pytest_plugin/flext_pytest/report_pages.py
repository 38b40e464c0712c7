"""What a run says of the typed errors that were made: the table of the terminal, the JSON document, the HTML page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from string import Template
from typing import Any

from flext_pytest.tally import Row

__all__ = ["KINDS", "document", "page", "summary"]

TEMPLATE = Path(__file__).with_name("report.html")
WIDEST = 40  # characters for which the names of types have room; a longer one shifts the rest of its line
SHOWN = 3  # tests that the terminal names of each type
LISTED = 200  # tests that the page names of each type; browsers get slow beyond, and nobody reads on
MEANING = (
    "Asserted on: pytest.raises, RaisesGroup, flext_raises, assert_error or assertRaises accepted one of the type.",
    "What a test catches with try and except and compares by hand is not seen, nor what other processes make.",
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
    What a test catches with try and except and compares by hand is not seen, nor what other processes make.
    """
    if not rows:
        yield "no typed error was made"
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


def number(count: int, noun: str) -> str:
    """Return a count with its noun.

    >>> number(1, "type"), number(2000, "type")
    ('1 type', '2,000 types')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def document(rows: Iterable[Row], lost: Sequence[str]) -> dict[str, Any]:
    """Return what the JSON file holds.

    ``version`` is 1; ``made`` is the number of errors; ``types`` holds each type in alphabetical order: ``error`` is
    its public or dotted name, ``made`` a number, ``codes``, ``tests`` (by node id) and ``elsewhere`` (in words) numbers
    of errors by name, ``asserted_on_in`` the places where a check accepted one; ``never_asserted_on`` are the types
    with none; ``lost`` says in a line each what could not be counted.
    """
    rows = list(rows)
    return {
        "version": 1,
        "made": sum(row.made for row in rows),
        "types": [
            {
                "error": row.error,
                "made": row.made,
                "codes": row.codes,
                "tests": row.tests,
                "elsewhere": row.elsewhere,
                "asserted_on_in": list(row.asserted),
            }
            for row in rows
        ],
        "never_asserted_on": [row.error for row in rows if not row.asserted],
        "lost": list(lost),
    }


def in_json(rows: Iterable[Row], lost: Sequence[str]) -> str:
    """Return the text of the JSON file."""
    return json.dumps(document(rows, lost), indent=2) + "\n"


def page(rows: Sequence[Row], lost: Sequence[str]) -> str:
    """Return the HTML page; it needs no other file and no network."""
    now = datetime.now(UTC)
    never = [row.error for row in rows if not row.asserted]
    tests = {test for row in rows for test in row.tests}
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        made=f"{sum(row.made for row in rows):,}",
        types=f"{len(rows):,}",
        tests=f"{len(tests):,}",
        never=f"{len(never):,}",
        lost="".join(f'<p class="lost">{escape(line)}</p>' for line in lost),
        rows="\n".join(map(row_of_page, rows)) or '<p class="soft">No typed error was made.</p>',
        meaning=escape(" ".join(MEANING)),
        version=escape(version("flext-exceptions")),
        time=now.isoformat(timespec="seconds"),
        day=f"{now:%d %B %Y, %H:%M} UTC",
    )


def row_of_page(row: Row) -> str:
    """Return what the page says of a type."""
    asserted = f"asserted on in {number(len(row.asserted), 'place')}" if row.asserted else "never asserted on"
    lists = {
        "Codes": row.codes,
        "Made by tests": row.tests,
        "Made elsewhere": row.elsewhere,
        "Asserted on in": dict.fromkeys(row.asserted, 0),
    }
    return (
        f'<details class="{"asserted" if row.asserted else "never"}">\n'
        f"<summary><h2><code>{escape(row.error)}</code></h2>"
        f'<span class="soft">{number(row.made, "error")} in {number(len(row.tests), "test")}</span>'
        f'<span class="end">{asserted}</span></summary>\n'
        f'<div class="inside">\n{"".join(list_of_page(title, held) for title, held in lists.items() if held)}</div>\n'
        "</details>"
    )


def list_of_page(title: str, counts: dict[str, int]) -> str:
    """Return a list of names with their counts, where they have one."""
    items = "".join(
        f"<li><code>{escape(name)}</code>{f' <span>{count:,}</span>' if count else ''}</li>\n"
        for name, count in islice(counts.items(), LISTED)
    )
    left = len(counts) - LISTED
    more = f'<p class="soft">{left:,} more are left out here; --flext-report=json:PATH names all.</p>\n'
    return f"<h3>{title}</h3>\n<ul>\n{items}</ul>\n{more if left > 0 else ''}"


KINDS: dict[str, Callable[[Sequence[Row], Sequence[str]], str]] = {"json": in_json, "html": page}
