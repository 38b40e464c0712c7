"""FLX306: an error recognised by its text."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.classes import ClassFacts
from flext_analysis.semantics.handlers import is_bound_anew
from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

METHODS = frozenset("startswith endswith find index count".split())
PATTERNS = frozenset("search match fullmatch findall".split())
SHOWN = ("str(", ".args[", ".message")  # how the text of an error is read


def check(node: ast.ExceptHandler, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the comparisons of the caught error's text, in a handler of errors that have a code or could have one."""
    if node.name is None or node.type is None or not any(map(module.holds, SHOWN)):
        return
    error = node.name
    texts = names_given(node, lambda value: shows(value, error, set()))
    matches = [inner for inner in inside(node) if is_match(inner, node.name, texts)]
    if not matches or is_bound_anew(node):
        return
    if all(may_have_code(facts, module) for _, facts in module.caught(node.type, block)):
        others = told_by_class(node, block, module)
        for match in matches:
            if match in others:
                continue
            yield at(match if isinstance(match, ast.expr) else match.subject, name=node.name)


def told_by_class(handler: ast.ExceptHandler, block: Block, module: Module) -> set[ast.AST]:
    """Return what is read behind ``isinstance(err, requests.HTTPError) and``: an error of another library."""
    found: set[ast.AST] = set()
    for one in inside(handler):
        if isinstance(one, ast.BoolOp) and isinstance(one.op, ast.And):
            for number, value in enumerate(one.values):
                if (
                    isinstance(value, ast.Call)
                    and dotted(value.func) == "isinstance"
                    and [dotted(argument) for argument in value.args[:1]] == [handler.name]
                    and not all(may_have_code(facts, module) for _, facts in module.caught(value.args[-1], block))
                ):
                    found.update(each for later in one.values[number:] for each in ast.walk(later))
    return found


def names_given(handler: ast.ExceptHandler, test: Callable[[ast.expr], bool]) -> set[str]:
    """Return the names that are assigned values of one kind in a handler, and no others."""
    found: set[str] = set()
    others: set[str] = set()
    for body in handler.body:
        for node in ast.walk(body):
            if isinstance(node, ast.Assign):
                names = {target.id for target in node.targets if isinstance(target, ast.Name)}
                (found if test(node.value) else others).update(names)
    return found - others


def may_have_code(facts: ClassFacts | None, module: Module) -> bool:
    """Return whether errors of a class have a code, or would have one if they were typed."""
    if facts is None:
        return False
    return (
        facts.typed
        or facts.is_namespace
        or facts.node is not None
        or facts.definition is not None
        or bool(module.project.target(facts.builtin))
    )


def inside(handler: ast.ExceptHandler) -> Iterator[ast.expr | ast.Match]:
    """Yield every expression in the body of a handler, and its match statements."""
    for body in handler.body:
        yield from (node for node in ast.walk(body) if isinstance(node, ast.expr | ast.Match))


def is_match(node: ast.expr | ast.Match, name: str, texts: set[str]) -> bool:
    """Return whether code searches an error's text, or compares its first argument, with a literal."""
    match node:
        case ast.Match(subject=subject):
            return shows(subject, name, texts)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]):
            return (is_text(left) and shows(right, name, texts)) or (are_texts(right) and shows(left, name, texts))
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            pairs = ((left, right), (right, left))
            return any(is_text(one) and shows(other, name, texts) for one, other in pairs)
        case ast.Call(func=ast.Attribute(value=value, attr=attr), args=[first, *rest]):
            if attr in METHODS:
                return is_text(first) and shows(value, name, texts)
            return attr in PATTERNS and any(shows(one, name, texts) for one in (first, *rest))
    return False


def is_text(node: ast.expr) -> bool:
    """Return whether an expression is a literal text."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def are_texts(node: ast.expr) -> bool:
    """Return whether an expression is a collection of literal texts."""
    return isinstance(node, ast.Tuple | ast.List | ast.Set) and bool(node.elts) and all(map(is_text, node.elts))


def shows(node: ast.expr, name: str, texts: set[str]) -> bool:
    """Return whether an expression is the text of an error: ``str(err)``, ``err.args[0]``, ``err.message.lower()``."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        node = node.func.value
    if isinstance(node, ast.Name):
        return node.id in texts
    if dotted(node) == f"{name}.message":
        return True
    if isinstance(node, ast.Subscript) and dotted(node.value) == f"{name}.args":
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str":
        return len(node.args) == 1 and dotted(node.args[0]) == name
    return False


RULE = Rule(
    code="FLX306",
    name="text-matching",
    on=False,
    message="distinguishes errors by the text of {name}; compare {name}.code, or catch a type of its own",
    flags=(
        '`"..." in str(err)`, `err.args[0] == "..."`, `err.message`, `re.search(..., str(err))`, `match str(err)` '
        "and so on, also through a variable, in a handler of typed errors, of classes of the project or of builtins "
        "that have a typed error."
    ),
    silent=(
        "handlers of other libraries' errors, which have no code, and comparisons after an `isinstance` check for "
        "one; a name that the handler rebinds."
    ),
    why="The handler breaks when someone changes the wording of the message.",
    fix="Give the error its own code or type where it is raised, and check that.",
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
