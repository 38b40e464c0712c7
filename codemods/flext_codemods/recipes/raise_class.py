"""``raise ValueError`` to ``raise FlextExceptions.ValidationError``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import Recipe
from flext_codemods.raises.builtin_raises import builtin_raises, may_raise_builtin, renames

if TYPE_CHECKING:
    import libcst as cst


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each raise of a builtin class that is not called."""
    return builtin_raises(module, "raise-class", called=False)


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Replace the builtin class by the target."""
    import libcst as cst

    assert isinstance(node, cst.Raise) and node.exc is not None
    raised = cst.parse_expression(finding.names[0]).with_changes(lpar=node.exc.lpar, rpar=node.exc.rpar)
    return [node.with_changes(exc=raised)]


RECIPE = Recipe(
    name="raise-class",
    safety="safe",
    summary="raise the typed error where a builtin class is raised without a call",
    before="raise ValueError",
    after="raise FlextExceptions.ValidationError",
    hint=may_raise_builtin,
    find=find,
    rewrite=rewrite,
    permits=renames,
)
