"""FLX307: one code for two classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.scan import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def declared_code(node: ast.ClassDef) -> ast.expr | None:
    """Return the expression that the body of a class gives as its code."""
    for name in ("code", "error_code"):
        for inner in node.body:
            targets = inner.targets if isinstance(inner, ast.Assign) else [getattr(inner, "target", None)]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                value: ast.expr | None = getattr(inner, "value", None)
                return value
    return None


def check(node: ast.Module, block: Block, module: Module) -> Iterator[Finding]:
    """Yield each class whose code an error class of another name in the same file has already."""
    classes = [
        (inner, place)
        for runs in module.runs.values()
        for nodes, place in runs
        for inner in nodes
        if isinstance(inner, ast.ClassDef)
    ]
    owners: dict[str, str] = {}
    for inner, place in sorted(classes, key=lambda pair: pair[0].lineno):
        value = declared_code(inner)
        if not isinstance(value, ast.Constant | ast.Attribute) or not getattr(value, "value", None):
            continue
        facts = module.classes.of_node(inner, place)
        if not (facts.typed or facts.is_error):
            continue
        code = ast.unparse(value)
        owner = owners.setdefault(code, facts.path)
        if owner != facts.path:
            yield at(inner, name=inner.name, code=code, owner=owner.rpartition(".")[2])


RULE = Rule(
    code="FLX307",
    name="duplicate-code",
    on=True,
    message="{name} has the code {code} of {owner}; give it one of its own",
    flags="One code declared by two error classes of a file.",
    silent="a class that is defined again under the same name; classes that are no errors.",
    why="Whoever counts or documents codes cannot tell the two apart.",
    mend="Give each class a code of its own.",
    bad="""
        class OrderClosed(FlextExceptions.ProcessingError):
            code = "SHOP_0120"


        class RefundTooLarge(FlextExceptions.ValidationError):
            code = "SHOP_0120"
    """,
    good="""
        class OrderClosed(FlextExceptions.ProcessingError):
            code = "SHOP_0120"


        class RefundTooLarge(FlextExceptions.ValidationError):
            code = "SHOP_0130"
    """,
    nodes=(ast.Module,),
    words=("code =", "code=", "code:"),
    check=check,
)
