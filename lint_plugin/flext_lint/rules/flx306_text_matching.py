"""FLX306: an error told by its text."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.bindings import dotted
from flext_analysis.classes import ClassFacts
from flext_analysis.handlers import is_bound_anew
from flext_analysis.raise_sites import classes_in
from flext_analysis.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

METHODS = frozenset("startswith endswith find index count".split())


def check(node: ast.ExceptHandler, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the comparisons of the caught error's text, in a handler of errors that have a code or could have one."""
    if node.name is None or node.type is None or not (module.holds("str(") or module.holds(".args[")):
        return
    matches = [inner for inner in inside(node) if is_match(inner, node.name)]
    if not matches or is_bound_anew(node):
        return
    if all(may_have_code(module.classes.of(one, block), module) for one in classes_in(node.type)):
        for match in matches:
            yield at(match, name=node.name)


def may_have_code(facts: ClassFacts | None, module: Module) -> bool:
    """Say whether errors of a class have a code, or would have one if they were typed."""
    if facts is None:
        return False
    return facts.typed or facts.is_namespace or facts.node is not None or bool(module.project.target(facts.builtin))


def inside(handler: ast.ExceptHandler) -> Iterator[ast.expr]:
    """Yield every expression in the body of a handler."""
    for body in handler.body:
        yield from (node for node in ast.walk(body) if isinstance(node, ast.expr))


def is_match(node: ast.expr, name: str) -> bool:
    """Say whether an expression looks for a text in an error's text, or compares its first argument with one."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = node.left, node.comparators[0]
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            return is_text(left) and shows(right, name)
        if isinstance(node.ops[0], ast.Eq | ast.NotEq):
            return (is_text(left) and shows(right, name)) or (is_text(right) and shows(left, name))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
        return bool(node.args) and is_text(node.args[0]) and shows(node.func.value, name)
    return False


def is_text(node: ast.expr) -> bool:
    """Say whether an expression is a literal text."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def shows(node: ast.expr, name: str) -> bool:
    """Say whether an expression is the text of an error: ``str(err)``, ``err.args[0]``, ``str(err).lower()``."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        node = node.func.value
    if isinstance(node, ast.Subscript) and dotted(node.value) == f"{name}.args":
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str":
        return len(node.args) == 1 and dotted(node.args[0]) == name
    return False


RULE = Rule(
    code="FLX306",
    name="text-matching",
    on=False,
    message="tells errors apart by the text of {name}; compare {name}.code, or catch a type of its own",
    flags=(
        '`"..." in str(err)`, `err.args[0] == "..."` and the like, in a handler of typed errors, of classes of '
        "the file or of builtins that have a typed error."
    ),
    silent="handlers of other libraries' errors, which have no code; a name that the handler binds anew.",
    why="The handler breaks when somebody mends the wording of the message.",
    mend="Give the error a code or a type of its own where it is raised, and look at that.",
    bad="""
        try:
            save()
        except ValueError as err:
            if "already" in str(err):
                update()
    """,
    good="""
        try:
            save()
        except FlextExceptions.AlreadyExistsError:
            update()
    """,
    nodes=(ast.ExceptHandler,),
    words=("except",),
    check=check,
)
