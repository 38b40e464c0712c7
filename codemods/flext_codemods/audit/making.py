"""Makes the report of an audit: reads the program and runs each part."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as ConfigError
from pathlib import Path
from typing import NamedTuple

from flext_analysis.entry_points import find_entry_points
from flext_analysis.entry_points.common.model import EntryPoint
from flext_analysis.settings import Settings
from flext_codemods.audit.contracts.contract import Contract, contract_of
from flext_codemods.audit.contracts.error_facts import FactReader
from flext_codemods.audit.documentation.check import check_documentation
from flext_codemods.audit.escapes import escapes_of
from flext_codemods.audit.inventory import inventory_of
from flext_codemods.audit.program import Program, read_program
from flext_codemods.audit.report import AuditReport, NextStep, numbers_of
from flext_codemods.audit.sources import Sources
from flext_codemods.audit.witness import Ways
from flext_codemods.project.files import read_bytes

__all__ = ["Audit", "make_audit", "next_step"]


class Audit(NamedTuple):
    """A report with its program, for further questions."""

    report: AuditReport
    program: Program
    ways: Ways
    facts: FactReader


def make_audit(
    sources: Sources, state: Path | None, settings: Settings, everything: bool = False, closely: bool = False
) -> Audit:
    """Audit some sources. ``everything`` checks docstrings for builtin errors and private functions, too.

    ``closely`` finds stale entries of docstrings that need a second analysis; see check_documentation.
    """
    begun = time.monotonic()
    program = read_program(sources, state, settings.raises)
    facts = FactReader(program.reader, settings.base)
    ways = Ways(program.analysis)
    scripts = console_scripts(sources.project.root)
    found = find_entry_points(program.project, program.hierarchy, settings.entry_points, scripts)
    audited = {module.path for module in program.modules}
    here = [one for one in found if audited.intersection(one.modules())]
    contracts = contracts_of(here, program, ways, facts)
    inventory = inventory_of(program, facts, ways, test_text(sources))
    docs = tuple(check_documentation(program, facts, ways, everything, closely))
    report = AuditReport(
        tuple(escapes_of(program, ways)),
        inventory,
        contracts,
        docs,
        numbers_of(inventory, contracts, docs),
        tuple(program.problems),
        len(program.modules),
        program.lines,
        time.monotonic() - begun,
    )
    return Audit(report, program, ways, facts)


def contracts_of(entries: list[EntryPoint], program: Program, ways: Ways, facts: FactReader) -> tuple[Contract, ...]:
    """Return what each entry point may answer with; if the code has marked places, these raise."""
    marked = Ways(program.analysis.with_marks()) if entries and program.analysis.engine.marks else ways
    return tuple(contract_of(entries, marked, facts))


def test_text(sources: Sources) -> str:
    """Return the text of the test code around some sources, which is searched for codes and classes."""
    return "\n".join(read_bytes(path)[0].decode("utf-8", "replace") for path in sources.tests)


def console_scripts(project: Path) -> dict[str, str]:
    """Return the console scripts that a project installs, by name: from pyproject.toml and setup.cfg."""
    found: dict[str, str] = {}
    table = toml_table(project / "pyproject.toml")
    for keys in (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts")):
        inner: object = table
        for key in keys:
            inner = inner.get(key, {}) if isinstance(inner, dict) else {}
        if isinstance(inner, dict):
            found.update((str(name), value) for name, value in inner.items() if isinstance(value, str))
    config = ConfigParser(interpolation=None)
    try:
        config.read_string(read_bytes(project / "setup.cfg")[0].decode())
    except (ConfigError, ValueError):
        return found
    lines = config.get("options.entry_points", "console_scripts", fallback="")
    for line in lines.splitlines():
        name, equals, target = line.partition("=")
        if equals:
            found[name.strip()] = target.strip()
    return found


def toml_table(file: Path) -> Mapping[str, object]:
    """Return the content of a TOML file; nothing if it is not valid, which the settings report."""
    try:
        return tomllib.loads(read_bytes(file)[0].decode())
    except (ValueError, RecursionError):
        return {}


def next_step(paths: tuple[str, ...]) -> NextStep | None:
    """Return what ``migrate`` would do at some paths, None if it fails; it runs as a separate process."""
    command = [sys.executable, "-m", "flext_codemods", "migrate", "--check", "--format", "json", *(paths or (".",))]
    done = subprocess.run(command, capture_output=True, check=False)
    try:
        summary = json.loads(done.stdout)["summary"]
        left = sorted(summary["left"].items(), key=lambda one: (-one[1], one[0]))
        return NextStep(int(summary["migrated"]), int(summary["migratable"]), tuple(left))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
