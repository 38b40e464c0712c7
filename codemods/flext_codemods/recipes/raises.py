"""``raise ValueError("m")`` to ``raise FlextExceptions.ValidationError("m")``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_codemods.builtin_raises import builtin_raises
from flext_codemods.recipe import Recipe

if TYPE_CHECKING:
    import libcst as cst

    from flext_codemods.analyse import Module
    from flext_codemods.findings import Finding


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each raise of a builtin that is called."""
    return builtin_raises(module, "raises", called=True)


def rewrite(statement: cst.BaseSmallStatement, finding: Finding, target: str) -> list[cst.BaseSmallStatement]:
    """Put the target in the place of the called builtin."""
    import libcst as cst

    assert isinstance(statement, cst.Raise) and isinstance(statement.exc, cst.Call)
    call = statement.exc
    function = cst.parse_expression(target).with_changes(lpar=call.func.lpar, rpar=call.func.rpar)
    return [statement.with_changes(exc=call.with_changes(func=function))]


RECIPE = Recipe(
    name="raises",
    safety="safe",
    summary="raise the typed error that the same handlers catch",
    before='raise ValueError("m")',
    after='raise FlextExceptions.ValidationError("m")',
    find=find,
    rewrite=rewrite,
)
