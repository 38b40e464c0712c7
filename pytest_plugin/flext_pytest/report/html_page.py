"""The HTML page of a report; it needs no other file and no network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from string import Template

from flext_pytest.plurals import number
from flext_pytest.report.counts import Row
from flext_pytest.report.terminal import MEANING

__all__ = ["page"]

TEMPLATE = Path(__file__).with_name("report.html")
LISTED = 200  # tests that the page names for each type; more slow browsers down, and nobody reads them


def page(rows: Sequence[Row], lost: Sequence[str], sections: Sequence[str] = ()) -> str:
    """Return the HTML page, with the sections of other reports; it needs no other file and no network."""
    now = datetime.now(UTC)
    never = [row.error for row in rows if not row.asserted]
    tests = {test for row in rows for test in row.tests}
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        made=f"{sum(row.made for row in rows):,}",
        types=f"{len(rows):,}",
        tests=f"{len(tests):,}",
        never=f"{len(never):,}",
        lost="".join(f'<p class="lost">{escape(line)}</p>' for line in lost),
        rows="\n".join(map(row_of_page, rows)) or '<p class="soft">No typed error was created.</p>',
        sections="\n".join(sections),
        meaning=escape(" ".join(MEANING)),
        version=escape(version("flext-exceptions")),
        time=now.isoformat(timespec="seconds"),
        day=f"{now:%d %B %Y, %H:%M} UTC",
    )


def row_of_page(row: Row) -> str:
    """Return the page's text about a type."""
    asserted = f"asserted on in {number(len(row.asserted), 'place')}" if row.asserted else "never asserted on"
    lists = {
        "Codes": row.codes,
        "Created by tests": row.tests,
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
    """Return a list of names, with their counts if they have any."""
    items = "".join(
        f"<li><code>{escape(name)}</code>{f' <span>{count:,}</span>' if count else ''}</li>\n"
        for name, count in islice(counts.items(), LISTED)
    )
    left = len(counts) - LISTED
    more = f'<p class="soft">{left:,} more are left out here; --flext-report=json:PATH names all.</p>\n'
    return f"<h3>{title}</h3>\n<ul>\n{items}</ul>\n{more if left > 0 else ''}"
