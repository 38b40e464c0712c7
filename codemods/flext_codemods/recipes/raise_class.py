"""``raise ValueError`` to ``raise FlextExceptions.ValidationError``."""

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
    """Yield a finding for each raise of a builtin class that is not called."""
    return builtin_raises(module, "raise-class", called=False)


def rewrite(statement: cst.BaseSmallStatement, finding: Finding, target: str) -> list[cst.BaseSmallStatement]:
    """Put the target in the place of the builtin class."""
    import libcst as cst

    assert isinstance(statement, cst.Raise) and statement.exc is not None
    raised = cst.parse_expression(target).with_changes(lpar=statement.exc.lpar, rpar=statement.exc.rpar)
    return [statement.with_changes(exc=raised)]


RECIPE = Recipe(
    name="raise-class",
    safety="safe",
    summary="the same for a raise of the class without a call",
    before="raise ValueError",
    after="raise FlextExceptions.ValidationError",
    find=find,
    rewrite=rewrite,
)
