"""FLX307: one code for two classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.statements import Block
from flext_lint.project_codes import CodedClass
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


CODE = re.compile(r"code[ \t]*(?::[^=\n]*)?=(?!=)")


def declared_code(node: ast.ClassDef) -> ast.expr | None:
    """Return the expression that the body of a class assigns to its code, None if there is none to compare."""
    for inner in node.body:
        if isinstance(inner, ast.Assign | ast.AnnAssign):
            target = inner.targets[0] if isinstance(inner, ast.Assign) else inner.target
            if isinstance(target, ast.Name) and target.id in ("code", "error_code"):
                value = inner.value
                return value if isinstance(value, ast.Constant | ast.Attribute | ast.Name) else None
    return None


def check(node: ast.Module, block: Block, module: Module) -> Iterator[Finding]:
    """Yield each class whose code another error class in the project, under another name, already has."""
    if CODE.search(module.text) is None:
        return
    coded: list[tuple[ast.ClassDef, Block, ast.expr]] = []
    for scope, around in module.statements((ast.ClassDef,), ("code",)):
        value = declared_code(scope) if isinstance(scope, ast.ClassDef) else None
        if value is not None:
            coded.append((scope, around, value))  # type: ignore[arg-type]
    owners: dict[str, str] = {}
    for scope, around, value in sorted(coded, key=lambda one: one[0].lineno):
        inside = Block(scope, "body", around)
        facts = module.classes.of_node(scope, around)
        if facts.typed or facts.is_error:
            value = module.followed(value, inside)[0]
            if not isinstance(value, ast.Attribute) and not (isinstance(value, ast.Constant) and value.value):
                continue
            code = ast.unparse(value)
            owner = owners.setdefault(code, facts.path)
            if owner != facts.path:
                yield at(scope, name=scope.name, code=code, owner=owner.rpartition(".")[2])
            elif facts.typed and isinstance(value, ast.Constant) and not module.is_test:
                other = owner_elsewhere(str(value.value), module)
                if other is not None:
                    where = module.project.relative(other.file)
                    yield at(scope, name=scope.name, code=code, owner=f"{other.name} in {where}")


def owner_elsewhere(code: str, module: Module) -> CodedClass | None:
    """Return the typed class in a file before this one, in the order of paths, that has a code; None for none."""
    here = module.project.relative(module.filename)
    for one in module.project.codes.get(code, ()):
        path = module.project.relative(one.file)
        if path < here and not module.project.is_test(one.file) and not module.project.is_excluded(one.file):
            info = module.project.outside(one.path, module.path)
            if info is not None and info.typed:
                return one
    return None


RULE = Rule(
    code="FLX307",
    name="duplicate-code",
    on=True,
    message="{name} has the code {code} of {owner}; give it its own code",
    flags="The same code declared by two error classes of a file, or by typed classes in two files of the project.",
    silent="a class that is redefined under the same name; classes that are not errors; classes in tests.",
    why="Anyone who counts or documents codes cannot tell the two apart.",
    fix="Give each class a code of its own.",
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
    words=("code =", "code=", "code:", "code\t", "code  "),
    check=check,
    also=("code", "class "),
)
