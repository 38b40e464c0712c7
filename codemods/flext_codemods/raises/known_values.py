"""Which names always have the same value where a raise is reached: constants, and what is None there.

Such a name tells nothing beyond the place of the raise.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.raise_sites import RaiseSite
from flext_analysis.syntax.statements import Block
from flext_codemods.model.module import Module

__all__ = ["always_none", "is_fixed"]

DEFINED = ("import", "class", "function")  # kinds of bindings
LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)
NONE_TYPES = ("NoneType", "types.NoneType")


def is_fixed(module: Module, text: str, site: RaiseSite) -> bool:
    """Return whether a name or attribute is a constant: bound once, to a literal or by a definition or an import."""
    base, _, rest = text.partition(".")
    last = text.rpartition(".")[2]
    if last.startswith("__") and last.endswith("__"):
        return True  # __name__, type(self).__name__: what the language itself says of the place
    if base in ("self", "cls"):
        return "." not in rest and is_class_constant(module, rest, site.block)
    found = module.names.bindings(base, site.block)
    if not found:
        return not rest and hasattr(builtins, base)
    if len(found) > 1:
        return False
    binding = found[0]
    if rest:
        return binding.kind == "class" and is_class_constant(module, rest, Block(binding.node, "body", binding.block))
    return binding.kind in DEFINED or is_literal(value_of(binding.node, base))


def value_of(node: ast.AST, name: str) -> ast.expr | None:
    """Return the value that an assignment gives to a name alone, None where it is no such assignment."""
    match node:
        case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
            return value
        case ast.AnnAssign(target=ast.Name(id=bound), value=value) if bound == name:
            return value
    return None


def is_literal(node: ast.expr | None) -> bool:
    """Return whether an expression is a literal, a tuple of them included; a list may grow."""
    try:
        return node is not None and isinstance(
            ast.literal_eval(node), str | bytes | int | float | complex | tuple | None
        )
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False


def is_class_constant(module: Module, name: str, block: Block) -> bool:
    """Tell whether the class around a block binds a name to a literal and nothing in the module sets that attribute."""
    owner = next((outer.owner for outer in block.outwards() if isinstance(outer.owner, ast.ClassDef)), None)
    values = [value_of(node, name) for node in owner.body] if owner is not None else []
    if sum(value is not None for value in values) != 1 or not any(map(is_literal, values)):
        return False
    stores = (node for node in ast.walk(module.source.tree) if isinstance(node, ast.Attribute) and node.attr == name)
    return not any(isinstance(node.ctx, ast.Store) for node in stores)


def always_none(site: RaiseSite) -> set[str]:
    """Return the names and attributes that are None wherever a raise is reached, by the conditions on the way there."""
    found: set[str] = set()
    node: ast.AST = site.node
    for outer in site.block.outwards():
        owner, part = outer.owner, outer.part
        if isinstance(owner, ast.If | ast.While) and part in ("body", "orelse"):
            found |= none_if(owner.test, part == "body")
        if isinstance(owner, ast.match_case) and is_none_pattern(owner.pattern):
            subject = outer.parent.owner if outer.parent is not None else None
            found |= {dotted(subject.subject) or ""} if isinstance(subject, ast.Match) else set()
        for test in left_before(owner, part, node):
            found |= none_if(test, False)
        if isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            break
        node = owner
    return found - {""}


def left_before(owner: ast.AST, part: str, node: ast.AST) -> Iterator[ast.expr]:
    """Yield the conditions above a statement in its block under which it is not reached."""
    body = getattr(owner, part, None)
    for above in body if isinstance(body, list) and node in body else ():
        if above is node:
            return
        if isinstance(above, ast.If) and not above.orelse and isinstance(above.body[-1], LEAVES):
            yield above.test


def is_none_pattern(pattern: ast.pattern) -> bool:
    """Return whether a pattern matches None alone."""
    return isinstance(pattern, ast.MatchSingleton) and pattern.value is None


def none_if(test: ast.expr, truth: bool) -> set[str]:
    """Return the names that are None where a condition comes out true, or false.

    >>> def names(text, truth):
    ...     return sorted(none_if(ast.parse(text, mode="eval").body, truth))
    >>> names("a is None and b == None", True), names("a is not None or b", False), names("not (a is not None)", True)
    (['a', 'b'], ['a'], ['a'])
    """
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return none_if(operand, not truth)
        case ast.BoolOp(op=operator, values=values) if isinstance(operator, ast.And) is truth:
            return set[str]().union(*(none_if(value, truth) for value in values))
        case ast.Compare(left=left, ops=[ast.Is() | ast.Eq()], comparators=[right]) if truth:
            return compared_with_none(left, right)
        case ast.Compare(left=left, ops=[ast.IsNot() | ast.NotEq()], comparators=[right]) if not truth:
            return compared_with_none(left, right)
        case ast.Call(func=ast.Name(id="isinstance"), args=[checked, wanted]) if truth:
            return {dotted(checked) or ""} if is_none_type(wanted) else set()
    return set()


def is_none_type(node: ast.expr) -> bool:
    """Return whether an expression is the class of None."""
    match node:
        case ast.Call(func=ast.Name(id="type"), args=[ast.Constant(value=None)]):
            return True
    return dotted(node) in NONE_TYPES


def compared_with_none(left: ast.expr, right: ast.expr) -> set[str]:
    """Return the name that is compared with None, either way round."""
    for one, other in ((left, right), (right, left)):
        if isinstance(other, ast.Constant) and other.value is None:
            return {dotted(one.target if isinstance(one, ast.NamedExpr) else one) or ""}
    return set()
