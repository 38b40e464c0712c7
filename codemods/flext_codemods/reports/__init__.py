"""The report of a run: one file per format, and the formats by their names on the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flext_codemods.reports.github import as_github
from flext_codemods.reports.json import as_json
from flext_codemods.reports.report import Report
from flext_codemods.reports.sarif import as_sarif
from flext_codemods.reports.text import as_text

__all__ = ["FORMATS"]

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
}
