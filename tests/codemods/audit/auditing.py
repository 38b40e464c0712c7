"""Audit the small applications, and compare their contracts with their answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flext_analysis.settings import Settings
from flext_codemods.audit.contracts.contract import Contract
from flext_codemods.audit.making import Audit, make_audit
from flext_codemods.audit.sources import list_sources

APPLICATIONS = Path(__file__).parent / "applications"


def audit_of(folder: Path, **settings: object) -> Audit:
    """Audit the files in a folder."""
    return make_audit(list_sources([str(folder)], False), None, Settings(**settings), closely=True)  # type: ignore[arg-type]


@cache
def contracts(name: str) -> dict[str, Contract]:
    """Return the contracts of an application by the name of the entry point."""
    return {one.name: one for one in audit_of(APPLICATIONS / name).report.contracts}


def statuses(contract: Contract) -> set[int]:
    """Return the error statuses that a contract names."""
    return {one.status for one in contract.errors if one.status is not None}


def write(folder: Path, **files: str) -> Path:
    """Write modules into a folder, ``__`` in a name for a slash, and return it."""
    for name, text in files.items():
        file = folder / (name.replace("____init__", "/@").replace("__", "/").replace("@", "__init__") + ".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder
