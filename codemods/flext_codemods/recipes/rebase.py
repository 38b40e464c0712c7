"""``class Bad(ValueError)`` to ``class Bad(FlextExceptions.ValidationError)``, if nothing in it prevents that."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import BUILTIN_ERRORS, dotted
from flext_analysis.syntax.ignore_comments import ignoring
from flext_analysis.syntax.statements import Block, FunctionNode
from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import Recipe
from flext_codemods.project.skip import Skip
from flext_codemods.raises.builtin_raises import renames
from flext_codemods.repository.targets import Target

if TYPE_CHECKING:
    import libcst as cst

CLASS = re.compile(rb"\bclass\s+\w+\s*\([^)]*(?:Error|Exception)\b")
IGNORED = ignoring("FLX304")


def hint(raw: bytes, retarget_to: str) -> bool:
    """Return whether a file may derive a class from a builtin error."""
    return CLASS.search(raw) is not None


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each class derived from a builtin error that has a typed one."""
    for node, block in module.placed:
        if not isinstance(node, ast.ClassDef) or not node.bases:
            continue
        found = builtin_base(module, node, block)
        if found is None:
            continue
        base, builtin = found
        target = module.repository.targets[builtin]
        skip = skip_of(module, node, builtin, target)
        yield module.finding(
            "rebase",
            base,
            block,
            builtin=builtin,
            target=target.path,
            skip=skip,
            uses=() if skip else (target.path,),
        )


def builtin_base(module: Module, node: ast.ClassDef, block: Block) -> tuple[ast.expr, str] | None:
    """Return the first base of a class that is a builtin error with a target, and its name; None if there is none."""
    for base in node.bases:
        if (dotted(base) or "").removeprefix("builtins.") in BUILTIN_ERRORS:
            path = module.names.resolve(base, block).path or ""
            cls = BUILTIN_ERRORS.get(path.removeprefix("builtins."))
            if cls is not None and cls.__name__ in module.repository.targets:
                return base, cls.__name__
    return None


def skip_of(module: Module, node: ast.ClassDef, builtin: str, target: Target) -> Skip | None:
    """Return why a class keeps its base, None if it does not."""
    if len(node.bases) > 1 or node.keywords:
        return Skip("bases", f"{node.name} has further bases, or a metaclass")
    if node.decorator_list:
        return Skip("bases", f"{node.name} is decorated")
    if builtin == "NotImplementedError":
        return Skip("no-target", "NotImplementedError marks what a subclass has to implement")
    if target.refused:
        return Skip("target", target.refused)
    if module.name in target.cycle:
        return Skip("conflict", f"{target.module} imports {module.name}")
    if IGNORED.search(module.source.text.split("\n")[node.lineno - 1]):
        return Skip("suppressed", "a comment on the line excludes it")
    problem = init_problem(node, builtin)
    if problem:
        return Skip("constructor", problem)
    family = module.repository.families.get(node.name)
    if family is not None:
        return Skip("attribute", family.text, family.location)
    return receives(module, target)


def init_problem(node: ast.ClassDef, builtin: str) -> str:
    """Return why the ``__init__`` of a class would not initialise a typed base, "" if it would."""
    for inner in node.body:
        if isinstance(inner, FunctionNode) and inner.name == "__init__":
            calls = [each for each in ast.walk(inner) if isinstance(each, ast.Call) and last(each.func) == "__init__"]
            if issubclass(BUILTIN_ERRORS[builtin], OSError):
                return "an OSError with its own __init__"
            if not any(is_super(each) for each in calls):
                return "its __init__ does not call super().__init__"
            if any(keyword.arg is None for each in calls for keyword in each.keywords):
                return "its __init__ hands on keywords that may be anything"
    return ""


def last(node: ast.expr) -> str:
    """Return the attribute that is called, "" for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else ""


def is_super(call: ast.Call) -> bool:
    """Return whether a call is ``super().__init__(...)``."""
    inner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "super"


def receives(module: Module, target: Target) -> Skip | None:
    """Return the handler of a typed error that would newly catch the class, None if there is none."""
    named = module.repository.observations.typed
    for path in sorted(target.ancestors & named.keys()):
        return Skip("typed-handler", f"{path.rpartition('.')[2]} is named there and may receive it", named[path])
    return None


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Replace the builtin base by the target."""
    import libcst as cst

    assert isinstance(node, cst.Name | cst.Attribute)
    return [cst.parse_expression(finding.names[0]).with_changes(lpar=node.lpar, rpar=node.rpar)]


RECIPE = Recipe(
    name="rebase",
    safety="unsafe",
    summary="derive a project's own error from the typed error that the same handlers catch",
    before="class Bad(ValueError): ...",
    after="class Bad(FlextExceptions.ValidationError): ...",
    hint=hint,
    find=find,
    rewrite=rewrite,
    permits=renames,
)
