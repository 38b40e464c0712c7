"""FLX208: a clause or a ``from`` whose expression is not an exception."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.classes import ROOT
from flext_analysis.semantics.raised_types import is_class_name
from flext_analysis.syntax.bindings import BUILTIN_ERRORS, dotted, last_name
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

DISPLAYS: dict[type[ast.expr], str] = {
    ast.JoinedStr: "a text",
    ast.List: "a list",
    ast.Set: "a set",
    ast.Dict: "a dict",
    ast.ListComp: "a list",
    ast.SetComp: "a set",
    ast.DictComp: "a dict",
    ast.GeneratorExp: "a generator",
    ast.Lambda: "a function",
    ast.Compare: "a truth value",
}
GROUPS = frozenset(["builtins.ExceptionGroup", "builtins.BaseExceptionGroup"])
PLAIN = frozenset(name for name, value in vars(builtins).items() if isinstance(value, type)) - set(BUILTIN_ERRORS)


def check(node: ast.ExceptHandler | ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the parts of a clause that catch nothing, and a cause that is not an exception."""
    if isinstance(node, ast.Raise):
        what = kind_of(node.cause, block, module) if node.cause is not None else ""
        if what and not (isinstance(node.cause, ast.Constant) and node.cause.value is None):
            yield at(node, what=f"from names {what}, which is not an exception; name the error that was the cause")
        return
    around = block.parent.owner if block.parent is not None else None
    for one in node.type.elts if isinstance(node.type, ast.Tuple) else [node.type] if node.type is not None else []:
        what = caught_by(one, block, module)
        if not what and isinstance(around, ast.TryStar) and (dotted(one) or "").endswith("ExceptionGroup"):
            facts = module.classes.of(one, block)
            if facts is not None and facts.path in GROUPS:
                what = f"except* cannot catch {facts.name}: Python raises a TypeError instead; name the errors in it"
        if what:
            yield at(one, what=what)


def caught_by(node: ast.expr, block: Block, module: Module) -> str:
    """Return what is wrong with a class that a clause names, "" if it may be right."""
    match node:
        case ast.BoolOp(op=ast.Or()):
            return f"catches {shown(node.values[0])} only: `or` returns its first operand; write a tuple"
        case ast.BoolOp():
            return f"catches {shown(node.values[-1])} only: `and` returns its last operand; write a tuple"
        case ast.BinOp(op=ast.BitOr()):
            return "a union is not an exception: Python raises a TypeError when something is raised; write a tuple"
    facts = module.classes.of_own(node, block)
    if facts is not None and facts.is_namespace and facts.path != ROOT and facts.whole:
        return f"{facts.name} is a namespace, which catches nothing; name its errors, or FlextExceptions.BaseError"
    what = kind_of(node, block, module)
    return f"{what} is not an exception: Python raises a TypeError when something is raised" if what else ""


def shown(node: ast.expr) -> str:
    """Return an expression as written."""
    return " ".join(ast.unparse(node).split())


def kind_of(node: ast.expr, block: Block, module: Module) -> str:
    """Return the kind of an expression that is certainly not an exception, "" for any other."""
    if isinstance(node, ast.Constant):
        return "None" if node.value is None else f"{'a text' if isinstance(node.value, str) else repr(node.value)}"
    if type(node) in DISPLAYS:
        return DISPLAYS[type(node)]
    if isinstance(node, ast.Call):
        return kind_of(node.func, block, module) if is_class_name(last_name(node.func) or "") else ""
    text = dotted(node)
    if text is None or text in BUILTIN_ERRORS:
        return ""
    if text in PLAIN:
        return f"{text}" if module.names.resolve(node, block).kind == "builtin" else ""
    elsewhere = text.partition(".")[0] in module.leading.others
    facts = module.classes.of(node, block) if elsewhere else module.classes.of_own(node, block)
    if facts is None or not facts.whole or facts.is_error or facts.is_namespace:
        return ""
    if facts.node is not None:
        return facts.name if not facts.node.decorator_list else ""
    return facts.name if facts.definition is not None and not facts.definition.scope.decorators else ""


RULE = Rule(
    code="FLX208",
    name="not-catchable",
    on=True,
    message="{what}",
    flags=(
        "A clause that names something that is not an exception: `except A or B`, `except A | B`, a text, a list, "
        "such a class of the project, a namespace of the library; `except* ExceptionGroup`; `raise X from` such an "
        "object."
    ),
    silent=(
        "names, attributes, calls and items that may be exceptions; `FlextExceptions` itself, which catches every "
        "typed "
        "error; `from None`."
    ),
    why=(
        "`A or B` is A, so B is never caught. An object that is not an exception causes a TypeError, but only when "
        "something is raised, and instead of that error. A namespace groups errors and is not their base."
    ),
    fix="Write a tuple of the classes that you mean.",
    bad="""
        try:
            pay(order)
        except ValueError or KeyError:
            refuse(order)
    """,
    good="""
        try:
            pay(order)
        except (ValueError, KeyError):
            refuse(order)
    """,
    nodes=(ast.ExceptHandler, ast.Raise),
    words=("except", " from "),
    check=check,
)
