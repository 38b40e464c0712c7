"""FLX308: an error told by its class's name or identity, which a typed error that stands in for it changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flext_analysis.semantics.handlers import is_bound_anew
from flext_analysis.syntax.bindings import BUILTIN_ERRORS, dotted
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at
from flext_lint.rules.flx306_text_matching import names_given

if TYPE_CHECKING:
    from flext_lint.module import Module

NAMES = ("__name__", "__qualname__")


def check(node: ast.ExceptHandler, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the places in a handler that tell what it caught by its very class."""
    if node.name is None or not (module.holds(f"type({node.name})") or module.holds(f"{node.name}.__class__")):
        return
    found = list(reads(node, Block(node, "body", block), module))
    if found and not is_bound_anew(node):
        yield from (at(place, name=node.name, what=what) for place, what in found)


class Caught(NamedTuple):
    """What a handler caught: the error's name, and the names that are given its class, and the name of its class."""

    name: str
    classes: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


def caught_by(handler: ast.ExceptHandler) -> Caught:
    """Return what a handler caught, with the names that its body gives the class and the name of that."""
    bare = Caught(handler.name or "")
    classes = names_given(handler, lambda value: is_class(value, bare))
    known = bare._replace(classes=frozenset(classes))
    return known._replace(texts=frozenset(names_given(handler, lambda value: is_class_name(value, known))))


def reads(handler: ast.ExceptHandler, inside: Block, module: Module) -> Iterator[tuple[ast.expr, str]]:
    """Yield the expressions that compare or look up the class of what a handler caught, and how."""
    error = caught_by(handler)
    for body in handler.body:
        for node in ast.walk(body):
            match node:
                case ast.Compare(left=left, comparators=comparators):
                    sides = [left, *comparators]
                    others = [side for side in sides if not is_class(side, error) and not is_class_name(side, error)]
                    if len(others) == len(sides):
                        continue
                    if any(is_class(side, error) for side in sides):
                        if any(names_error(other, inside, module) for other in others):
                            yield node, "class"
                    elif any(is_error_text(other, inside, module) for other in others):
                        yield node, "class's name"
                case ast.Subscript(value=table, slice=key, ctx=ast.Load()) if is_class(key, error):
                    if is_table(table, inside, module):
                        yield node, "class"
                case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[key, *_]) if is_class(key, error):
                    if is_table(table, inside, module):
                        yield node, "class"
                case ast.Match(subject=subject) if is_class_name(subject, error):
                    yield subject, "class's name"


def is_class(node: ast.expr, error: Caught) -> bool:
    """Say whether an expression is the class of an error: ``type(err)``, ``err.__class__``, or a name given that."""
    match node:
        case ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=given)]):
            return given == error.name
        case ast.Attribute(value=ast.Name(id=given), attr="__class__"):
            return given == error.name
        case ast.Name(id=given):
            return given in error.classes
    return False


def is_class_name(node: ast.expr, error: Caught) -> bool:
    """Say whether an expression is the name of an error's class."""
    if isinstance(node, ast.Name):
        return node.id in error.texts
    return isinstance(node, ast.Attribute) and node.attr in NAMES and is_class(node.value, error)


def members(node: ast.expr) -> list[ast.expr]:
    """Return the members of a display, or the one expression."""
    return node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]


def is_error_text(node: ast.expr, block: Block, module: Module) -> bool:
    """Say whether an expression is the name of a builtin or typed error as text, or a collection with one."""
    value, _ = module.followed(node, block)
    texts = [one.value for one in members(value) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return any(text in BUILTIN_ERRORS or is_typed_name(text, block, module) for text in texts)


def is_typed_name(text: str, block: Block, module: Module) -> bool:
    """Say whether a text is the name by which a module knows a typed error."""
    if not text.isidentifier() or not module.classes.may_be_error_name(text):
        return False
    facts = module.classes.of_text(text, block)
    return facts is not None and facts.typed and facts.path.rpartition(".")[2] == text


def names_error(node: ast.expr, block: Block, module: Module) -> bool:
    """Say whether an expression is a builtin or typed error's class, or a collection that holds one."""
    value, place = module.followed(node, block)
    known = (module.classes.of(one, place) for one in members(value) if dotted(one))
    return any(facts is not None and (bool(facts.builtin) or facts.typed) and facts.is_error for facts in known)


def is_table(node: ast.expr, block: Block, module: Module) -> bool:
    """Say whether an expression is a dict keyed by builtin or typed errors."""
    value, place = module.followed(node, block)
    keys = value.keys if isinstance(value, ast.Dict) else []
    return any(key is not None and names_error(key, place, module) for key in keys)


RULE = Rule(
    code="FLX308",
    name="class-read",
    on=True,
    message="tells errors apart by the {what} of {name}; use isinstance, its code, or builtin_type",
    flags=(
        '`type(err).__name__ == "ValueError"`, `type(err) is ValueError`, and tables and collections of errors that '
        "are "
        "looked into by `type(err)`, in a handler."
    ),
    silent=(
        "`isinstance`; a class name that is shown, logged, counted or stored; a comparison with another error's "
        "class; names and classes that are not builtin or typed errors."
    ),
    why=(
        "A typed error is caught like its builtin, but is another class: the comparison is false once the raise is "
        "migrated, and for every subclass today."
    ),
    fix="Use `isinstance(err, ValueError)`, compare `err.code`, or look up `err.builtin_type`.",
    bad="""
        try:
            save(order)
        except Exception as err:
            if type(err).__name__ == "ValueError":
                refuse(order)
            raise
    """,
    good="""
        try:
            save(order)
        except Exception as err:
            if isinstance(err, ValueError):
                refuse(order)
            raise
    """,
    nodes=(ast.ExceptHandler,),
    words=("except",),
    check=check,
)
