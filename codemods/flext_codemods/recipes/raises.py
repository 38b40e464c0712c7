"""``raise ValueError("m")`` to ``raise FlextExceptions.ValidationError("m")``."""

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
    """Yield a finding for each raise of a builtin that is called."""
    return builtin_raises(module, "raises", called=True)


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Replace the called builtin by the target."""
    import libcst as cst

    assert isinstance(node, cst.Raise) and isinstance(node.exc, cst.Call)
    call = node.exc
    function = cst.parse_expression(finding.names[0]).with_changes(lpar=call.func.lpar, rpar=call.func.rpar)
    return [node.with_changes(exc=call.with_changes(func=function))]


RECIPE = Recipe(
    name="raises",
    safety="safe",
    summary="raise the typed error that the same handlers catch",
    before='raise ValueError("m")',
    after='raise FlextExceptions.ValidationError("m")',
    hint=may_raise_builtin,
    find=find,
    rewrite=rewrite,
    permits=renames,
)
