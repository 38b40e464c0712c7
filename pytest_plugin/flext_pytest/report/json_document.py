"""The JSON document of a report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from flext_pytest.report.counts import Row

__all__ = ["document", "in_json"]


def document(rows: Iterable[Row], lost: Sequence[str]) -> dict[str, Any]:
    """Return the content of the JSON file.

    ``version`` is 1; ``made`` is the number of errors; ``types`` holds each type in alphabetical order: ``error`` is
    its public or dotted name, ``made`` a number, ``codes``, ``tests`` (by node id) and ``elsewhere`` (in words) numbers
    of errors by name, ``asserted_on_in`` the places where a check accepted one; ``never_asserted_on`` are the types
    without any; ``lost`` describes what could not be counted, one line each.
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
