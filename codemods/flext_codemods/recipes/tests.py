"""``pytest.raises(ValueError, match="m")`` to ``flext_raises(...)``, if the code raises the typed error."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import BUILTIN_ERRORS
from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import Recipe
from flext_codemods.project.skip import Skip
from flext_codemods.raises.builtin_raises import renames
from flext_codemods.repository.messages import TELLING, RaiseMessage
from flext_codemods.repository.targets import LIBRARY

if TYPE_CHECKING:
    import libcst as cst

RAISES = re.compile(rb"\braises\s*\(")
META = re.compile(r"\\[AbBdDsSwWZ]|[.^$*+?{}\[\]|()]+")


def hint(raw: bytes, retarget_to: str) -> bool:
    """Return whether a file may expect an error with pytest."""
    return b"pytest" in raw and RAISES.search(raw) is not None


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each ``with pytest.raises(...)`` of a builtin that has a typed error in the library."""
    for node, block in module.placed:
        for item in node.items if isinstance(node, ast.With | ast.AsyncWith) else ():
            call = item.context_expr
            if not isinstance(call, ast.Call) or len(call.args) != 1 or not {k.arg for k in call.keywords} <= {"match"}:
                continue
            if module.names.resolve(call.func, block).path != "pytest.raises":
                continue
            path = module.names.resolve(call.args[0], block).path or ""
            cls = BUILTIN_ERRORS.get(path.removeprefix("builtins."))
            target = module.repository.targets.get(cls.__name__) if cls is not None else None
            if cls is None or target is None or target.module != LIBRARY:
                continue
            problem = unproven(call, module.repository.messages.get(cls.__name__, ()))
            yield module.finding(
                "tests",
                call,
                block,
                builtin=cls.__name__,
                target=target.path,
                skip=problem,
                uses=() if problem else ("flext_pytest.flext_raises", target.path),
            )


def unproven(call: ast.Call, messages: tuple[RaiseMessage, ...]) -> Skip | None:
    """Return why it is not certain that the typed error is raised, None if every raise that may be meant is typed."""
    match [keyword.value for keyword in call.keywords]:
        case [ast.Constant(value=str(pattern))]:
            meant = [one for one in messages if may_match(one.parts, pattern)]
            if not meant:
                return Skip("unproven", "no raise in the project is known to produce a matching message")
            builtin = next((one for one in meant if not one.typed), None)
            return (
                Skip("unproven", "a raise that may satisfy it stays a builtin", builtin.location) if builtin else None
            )
    return Skip("unproven", "no text identifies the raise")


def may_match(parts: tuple[str | None, ...], pattern: str) -> bool:
    """Return whether a message of these parts may match a regular expression.

    >>> may_match(("bad port ", None), "bad port"), may_match(("bad port ", None), r"no \\w+"), may_match((None,), "x")
    (True, False, False)
    """
    if all(part is not None for part in parts):
        try:
            return bool(parts) and re.search(pattern, "".join(part or "" for part in parts)) is not None
        except re.error:
            return False
    literal = [re.sub(r"\\(.)", r"\1", piece) for piece in META.split(pattern)]
    fixed = [part.strip() for part in parts if part]
    return any(
        len(min(piece, part, key=len)) >= TELLING and (piece in part or part in piece)
        for piece in literal
        for part in fixed
    )


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Insert ``flext_raises`` and the typed error."""
    import libcst as cst

    assert isinstance(node, cst.Call)
    function = cst.parse_expression(finding.names[0]).with_changes(lpar=node.func.lpar, rpar=node.func.rpar)
    first = node.args[0]
    expected = cst.parse_expression(finding.names[1]).with_changes(lpar=first.value.lpar, rpar=first.value.rpar)
    return [node.with_changes(func=function, args=[first.with_changes(value=expected), *node.args[1:]])]


RECIPE = Recipe(
    name="tests",
    safety="unsafe",
    summary="expect the typed error in tests, if the code is known to raise it",
    before='with pytest.raises(ValueError, match="m"): ...',
    after='with flext_raises(FlextExceptions.ValidationError, match="m"): ...',
    hint=hint,
    find=find,
    rewrite=rewrite,
    permits=renames,
    in_tests=True,
)
