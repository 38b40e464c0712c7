"""How an audit is reported: one module per format."""

from __future__ import annotations

from collections.abc import Callable

from flext_codemods.audit.formats.github import as_github
from flext_codemods.audit.formats.json import as_json
from flext_codemods.audit.formats.markdown import as_markdown
from flext_codemods.audit.formats.sarif import as_sarif
from flext_codemods.audit.formats.text import as_text
from flext_codemods.audit.report import AuditReport

__all__ = ["FORMATS"]

FORMATS: dict[str, Callable[[AuditReport], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "markdown": as_markdown,
    "github": as_github,
}
