"""FLX308: an error recognised by its class's name or identity, which a typed replacement changes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flext_analysis.semantics.class_facts import ClassFacts
from flext_analysis.semantics.handlers import is_bound_anew
from flext_analysis.syntax.bindings import BUILTIN_ERRORS, dotted
from flext_analysis.syntax.statements import Block, expressions
from flext_lint.rule import Finding, Rule, at
from flext_lint.rules.flx306_text_matching import names_given

if TYPE_CHECKING:
    from flext_lint.module import Module

NAMES = ("__name__", "__qualname__")
# Where a class, or its name, is compared: ``type(err).__name__ ==``, ``err.__class__ is not``.
WORDS = ("type(", "__class__")
COMPARED = re.compile(r"(?:type\([\w.]+\)|__class__)(?:\.__(?:qual)?name__)?\s*(?:[=!]=|is\b|(?:not\s+)?in\b)")


def check(node: ast.ExceptHandler | ast.Module, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the places that recognise an error by its exact class, either a caught one or one compared with it."""
    if isinstance(node, ast.Module):
        yield from elsewhere(module) if not module.is_test else ()
        return
    if node.name is None or not (module.holds(f"type({node.name})") or module.holds(f"{node.name}.__class__")):
        return
    found = list(reads(node, Block(node, "body", block), module))
    if found and not is_bound_anew(node):
        yield from (at(place, name=node.name, what=what) for place, what in found)


def elsewhere(module: Module) -> Iterator[Finding]:
    """Yield the comparisons of an object's class, or its name, with a builtin error's: it can only be an error.

    Comparisons of a method's own instance are ignored: ``type(self) is Base`` asks whether it is a subclass's.
    """
    text = module.text
    places = sorted(at for word in WORDS for at in module.places(word) if COMPARED.match(text, at))
    for statement, block in module.statements_with(places):
        for one in expressions(statement):
            match one:
                case ast.Compare(left=left, comparators=[other]):
                    named = isinstance(left, ast.Attribute) and left.attr in NAMES
                    subject = subject_of(left.value if isinstance(left, ast.Attribute) and named else left)
                    if subject in ("", "self", "cls"):
                        continue
                    if is_builtin_text(other, block, module) if named else names_builtin(other, block, module):
                        yield at(one, name=subject, what="class's name" if named else "class")


def subject_of(node: ast.expr) -> str:
    """Return the dotted name of the object whose class an expression reads, "" for any other expression."""
    match node:
        case ast.Call(func=ast.Name(id="type"), args=[given]):
            return dotted(given) or ""
        case ast.Attribute(value=value, attr="__class__"):
            return dotted(value) or ""
    return ""


class Caught(NamedTuple):
    """What a handler caught: the error's name, and the names that hold its class, and the name of its class."""

    name: str
    classes: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


def caught_by(handler: ast.ExceptHandler) -> Caught:
    """Return what a handler caught, with the names to which its body assigns the class and the name of that."""
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
    """Return whether an expression is the class of an error: ``type(err)``, ``err.__class__``, or a name for it."""
    match node:
        case ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=given)]):
            return given == error.name
        case ast.Attribute(value=ast.Name(id=given), attr="__class__"):
            return given == error.name
        case ast.Name(id=given):
            return given in error.classes
    return False


def is_class_name(node: ast.expr, error: Caught) -> bool:
    """Return whether an expression is the name of an error's class."""
    if isinstance(node, ast.Name):
        return node.id in error.texts
    return isinstance(node, ast.Attribute) and node.attr in NAMES and is_class(node.value, error)


def members(node: ast.expr) -> list[ast.expr]:
    """Return the members of a display, or the single expression."""
    return node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]


def texts_in(node: ast.expr, block: Block, module: Module) -> list[str]:
    """Return the texts that an expression is, or contains."""
    value, _ = module.followed(node, block)
    return [one.value for one in members(value) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def is_builtin_text(node: ast.expr, block: Block, module: Module) -> bool:
    """Return whether an expression is the name of a builtin with a typed error, as text, or a collection with one."""
    return any(module.project.target(text) for text in texts_in(node, block, module))


def is_error_text(node: ast.expr, block: Block, module: Module) -> bool:
    """Return whether an expression is the name of a builtin or typed error as text, or a collection with one."""
    texts = texts_in(node, block, module)
    return any(text in BUILTIN_ERRORS or is_typed_name(text, block, module) for text in texts)


def is_typed_name(text: str, block: Block, module: Module) -> bool:
    """Return whether a text is the name by which a module knows a typed error."""
    if not text.isidentifier() or not module.classes.may_be_error_name(text):
        return False
    facts = module.classes.of_text(text, block)
    return facts is not None and facts.typed and facts.path.rpartition(".")[2] == text


def errors_in(node: ast.expr, block: Block, module: Module) -> list[ClassFacts]:
    """Return the errors whose classes an expression is, or contains."""
    value, place = module.followed(node, block)
    known = (module.classes.of(one, place) for one in members(value) if dotted(one))
    return [facts for facts in known if facts is not None and facts.is_error]


def names_builtin(node: ast.expr, block: Block, module: Module) -> bool:
    """Return whether an expression is the class of a builtin with a typed error, or a collection with one."""
    return any(module.project.target(facts.builtin) for facts in errors_in(node, block, module))


def names_error(node: ast.expr, block: Block, module: Module) -> bool:
    """Return whether an expression is a builtin or typed error's class, or a collection with one."""
    return any(facts.builtin or facts.typed for facts in errors_in(node, block, module))


def is_table(node: ast.expr, block: Block, module: Module) -> bool:
    """Return whether an expression is a dict keyed by builtin or typed errors."""
    value, place = module.followed(node, block)
    keys = value.keys if isinstance(value, ast.Dict) else []
    return any(key is not None and names_error(key, place, module) for key in keys)


RULE = Rule(
    code="FLX308",
    name="class-read",
    on=True,
    message="distinguishes errors by the {what} of {name}; use isinstance, its code, or builtin_type",
    flags=(
        '`type(err).__name__ == "ValueError"`, `type(err) is ValueError`, and tables and collections of errors '
        "that are indexed by `type(err)`, in a handler; elsewhere a comparison with a builtin error's class or name."
    ),
    silent=(
        "`isinstance`; a class name that is shown, logged, counted or stored; a comparison with another error's "
        "class; names and classes that are not builtin or typed errors; outside handlers, test code and what a method "
        "compares with `self`."
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
    nodes=(ast.ExceptHandler, ast.Module),
    words=WORDS,
    check=check,
)
