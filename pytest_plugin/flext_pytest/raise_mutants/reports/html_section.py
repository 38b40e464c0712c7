"""The section of the report page on raise mutants."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from flext_pytest.plurals import number
from flext_pytest.raise_mutants.model import NOT_TRIED, SURVIVED, Result, Site
from flext_pytest.raise_mutants.reports.terminal import by_site
from flext_pytest.raise_mutants.results import Results, Row

__all__ = ["section"]

LISTED = 200  # tests that are listed for a site
HEAD = ("file", "sites", "mutants", "killed", "survived")


def section(results: Results) -> str:
    """Return the figures as a table, and the survivors with the tests that reach them."""
    if not results.all:
        return '<h2>Raise mutants</h2>\n<p class="soft">No raise site was reached by a test that passes.</p>'
    share = f"{results.percent}% killed" if results.percent is not None else "none tried"
    late = len(results.with_status(NOT_TRIED))
    said = [share, f"{results.seconds:.1f} seconds", *([f"{number(late, 'mutant')} not tried"] if late else [])]
    survivors = by_site(results.with_status(SURVIVED))
    return "\n".join(
        [
            "<h2>Raise mutants</h2>",
            f'<p class="soft">{escape(", ".join(said))}</p>',
            "<table>",
            f"<thead><tr>{''.join(f'<th scope=col>{name}</th>' for name in HEAD)}</tr></thead>",
            f"<tbody>\n{''.join(map(table_row, results.rows()))}</tbody>",
            "</table>",
            *(["<h3>Survivors, the most revealing first</h3>"] if survivors else []),
            *(survivor(results, site, found) for site, found in survivors.items()),
        ]
    )


def table_row(row: Row) -> str:
    """Return a row of the table."""
    name, *figures = row
    cells = "".join(f"<td>{figure:,}</td>" for figure in figures)
    return f"<tr><th scope=row><code>{escape(str(name))}</code></th>{cells}</tr>\n"


def survivor(results: Results, site: Site, found: list[Result]) -> str:
    """Return the page's text about the survivors of a site."""
    place = f"{results.shown(site.file)}:{site.line}"
    what = " in ".join(filter(None, (f"raise {site.error}".rstrip(), site.function)))
    kinds = ", ".join(each.kind for each in found)
    tests = found[0].tests
    return (
        '<details class="never">\n'
        f"<summary><h2><code>{escape(place)}</code></h2>"
        f'<span class="soft">{escape(what)}</span><span class="end">{kinds}</span></summary>\n'
        f'<div class="inside">\n<h3>Reached by</h3>\n<ul>\n{"".join(items(tests))}</ul>\n</div>\n</details>'
    )


def items(tests: tuple[str, ...]) -> Iterator[str]:
    """Yield the items of a list of tests."""
    yield from (f"<li><code>{escape(test)}</code></li>\n" for test in tests[:LISTED])
    if len(tests) > LISTED:
        yield f"<li>{number(len(tests) - LISTED, 'more test')}</li>\n"
