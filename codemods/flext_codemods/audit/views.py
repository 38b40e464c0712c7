"""Reports of one part of an audit: a function, the boundary, the contract, the documentation."""

from __future__ import annotations

import json
from typing import Any

from flext_analysis.summaries.definitions import Definition
from flext_codemods.audit.escapes import untyped_at_boundary
from flext_codemods.audit.formats import FORMATS
from flext_codemods.audit.formats.json import contract_rows
from flext_codemods.audit.formats.markdown import contract_markdown, escaped
from flext_codemods.audit.formats.text import as_boundary, as_contract, as_tree
from flext_codemods.audit.making import Audit
from flext_codemods.audit.report import AuditReport, count
from flext_codemods.audit.trees import Branch, error_trees
from flext_codemods.project.usage import usage

__all__ = ["boundary_view", "contract_view", "docs_view", "function_view"]


def function_view(name: str, made: Audit, output: str) -> str:
    """Return what may leave the functions with a name, as text or JSON.

    Raises:
        FlextExceptions.ConfigurationError: there is no such function.
    """
    found = [one for one in made.program.definitions("function", "lambda") if is_named(one, name)]
    if not found:
        raise usage(f"--function: there is no function {name!r}; name one as package.module.Class.method")
    trees = {one: error_trees(one, made.ways) for one in found}
    if output == "json":
        return json.dumps({one.path: [branch_data(each) for each in tree] for one, tree in trees.items()})
    nothing = [Branch("nothing is known to leave it", "", 0)]
    return "\n".join(as_tree(one.path, tree or nothing) for one, tree in trees.items())


def is_named(definition: Definition, name: str) -> bool:
    """Return whether a function has a name: its dotted name or the end of that, or its name in reports."""
    path = definition.path
    return path == name or path.endswith(f".{name}") or f"{definition.module.path}::{definition.scope.qualname}" == name


def branch_data(branch: Branch) -> dict[str, Any]:
    """Return a tree as data."""
    return {**branch._asdict(), "inner": [branch_data(one) for one in branch.inner]}


def boundary_view(made: Audit, output: str) -> str:
    """Return what leaves public functions untyped."""
    rows = list(untyped_at_boundary(made.report.functions, made.facts))
    if output == "json":
        names = ("function", "class", "line", "raised")
        return json.dumps([dict(zip(names, row, strict=True)) for row in rows])
    return as_boundary(rows)


def contract_view(report: AuditReport, output: str) -> str:
    """Return the contract in a format, or what changed in it if that was requested."""
    if output == "text":
        return as_contract(report)
    if output == "markdown":
        changes = [f"- {escaped(one.sentence())}" for one in report.changes]
        return "\n".join([contract_markdown(report.contracts), *(["", *changes] if changes else [])])
    if output == "json":
        rows = [{**one._asdict(), "sentence": one.sentence()} for one in report.changes]
        return json.dumps({"version": 1, "contract": contract_rows(report.contracts), "changes": rows})
    return FORMATS[output](report)


def docs_view(report: AuditReport, output: str, fixed: bool) -> str:
    """Return what docstrings lack and name without reason."""
    if output == "json":
        return json.dumps({"version": 1, "fixed": fixed, "documentation": [one._asdict() for one in report.docs]})
    if output != "text":
        return FORMATS[output](report)
    lines = [
        f"{one.path}:{one.line}: {one.kind}: {one.name} in {one.function.partition('::')[2]}" for one in report.docs
    ]
    return "\n".join([*lines, f"{count(len(report.docs), 'difference')} {'written' if fixed else 'found'}"])
