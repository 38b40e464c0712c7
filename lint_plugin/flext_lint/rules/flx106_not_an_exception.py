"""FLX106: an object that cannot be raised."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.classes import ClassFacts
from flext_analysis.semantics.raised_types import is_class_name
from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.raise_sites import raised_expression, raised_values
from flext_analysis.syntax.statements import Block, FunctionNode
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

KINDS: dict[type[ast.expr], str] = {
    ast.JoinedStr: "a format string",
    ast.Tuple: "a tuple",
    ast.List: "a list",
    ast.Dict: "a dict",
    ast.Set: "a set",
    ast.Lambda: "a function",
    ast.ListComp: "a list",
    ast.DictComp: "a dict",
    ast.SetComp: "a set",
    ast.GeneratorExp: "a generator",
    ast.Compare: "a truth value",
}
# What builtins return that do not return an exception, and the functions of logging, which return None.
GIVES = {
    **dict.fromkeys(("str", "repr", "format", "ascii", "chr", "bin", "hex", "oct", "input"), "a text"),
    **dict.fromkeys(("int", "float", "complex", "len", "ord", "hash", "id", "abs", "round"), "a number"),
    **dict.fromkeys(("bytes", "bytearray"), "bytes"),
    **dict.fromkeys(("bool", "isinstance", "issubclass", "callable", "hasattr", "any", "all"), "a truth value"),
    **{name: f"a {name}" for name in ("dict", "list", "tuple", "set", "frozenset", "range")},
    "sorted": "a list",
    "print": "what print() returns, None",
}
LOGGING = frozenset("debug info warning error exception critical log warn".split())


def kind_of(value: ast.expr, block: Block, module: Module) -> str:
    """Return the kind of an expression that is certainly not an exception, "" for any other."""
    if isinstance(value, ast.Constant):
        return "None" if value.value is None else f"a literal {type(value.value).__name__}"
    if type(value) in KINDS:
        return KINDS[type(value)]
    match leftmost(value):
        case ast.JoinedStr() | ast.Constant(value=str()):
            return "a format string"
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format")):
            return "a format string"
    named, _ = raised_expression(value)
    text = dotted(named) or ""
    if text.endswith("NotImplemented") and module.names.resolve(named, block).path == "builtins.NotImplemented":
        return "NotImplemented"
    if isinstance(named, ast.Name) and is_module(named.id, block, module):
        return "a module"
    return called_kind(text, named, block, module) if isinstance(value, ast.Call) else class_kind(named, block, module)


def called_kind(text: str, named: ast.expr, block: Block, module: Module) -> str:
    """Return the kind of a call's result that is not an exception: of a builtin, ``logging``, a plain class."""
    first, _, rest = text.partition(".")
    if first in GIVES or rest in GIVES or rest.rpartition(".")[2] in LOGGING:
        path = module.names.resolve(named, block).path or ""
        owner, _, name = path.rpartition(".")
        if owner == "builtins" and name in GIVES:
            return GIVES[name]
        if (owner == "logging" and name in LOGGING) or path == "warnings.warn":
            return f"what {text}() returns, None"
    return class_kind(named, block, module)


def class_kind(named: ast.expr, block: Block, module: Module) -> str:
    """Return "an object of ..." for a class of the file that is not an exception, "" for anything else."""
    text = dotted(named) or ""
    first = text.partition(".")[0]
    if first not in module.classes.defined and first not in module.leading.others:
        return ""
    facts = module.classes.of(named, block)
    if facts is None or not facts.whole or facts.is_error or facts.is_namespace:
        return ""
    return f"an object of {facts.name}" if is_plain(facts) else ""


def is_plain(facts: ClassFacts) -> bool:
    """Return whether calling a class of the project returns an instance: it has no ``__new__`` and no decorator."""
    if facts.definition is not None:
        return not facts.definition.scope.decorators and "__new__" not in facts.definition.bindings
    if facts.node is None:
        return False
    makes = any(isinstance(inner, FunctionNode) and inner.name == "__new__" for inner in facts.node.body)
    return not makes and not facts.node.decorator_list


def is_module(name: str, block: Block, module: Module) -> bool:
    """Return whether a name is a module's; for most names the text alone rules that out."""
    if is_class_name(name) or not (module.holds(f"import {name}") or module.holds(f"as {name}")):
        return False
    bindings = module.names.bindings(name, block)
    return bool(bindings) and all(isinstance(one.node, ast.Import) for one in bindings)


def leftmost(value: ast.expr) -> ast.expr:
    """Return the start of a chain of ``+`` and ``%``: ``"a"`` for ``"a" + b + "c"``, any other value itself."""
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod | ast.Add):
        value = value.left
    return value


def check(node: ast.Raise, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a raise of something that is not an exception."""
    for value in raised_values(node.exc) if node.exc is not None else ():
        kind = kind_of(value, block, module)
        if kind:
            instead = "NotImplementedError" if kind == "NotImplemented" else "an error with this as its message"
            yield at(node, kind=kind, instead=instead)


RULE = Rule(
    code="FLX106",
    name="not-an-exception",
    on=True,
    message="raises {kind}, which is not an exception; raise {instead}",
    flags=(
        "A raise of a literal, a tuple, `None`, a format string, a module or `NotImplemented`; of the result of a "
        "builtin such as `str()`, `print()` or a `logging` function; of a class of the file that is not an "
        "exception."
    ),
    silent="names and calls that may be an exception.",
    why="Python raises `TypeError: exceptions must derive from BaseException` instead.",
    fix="Raise an error with the text as its message; for `NotImplemented` raise `NotImplementedError`.",
    bad="""
        raise "the cart is empty"
    """,
    good="""
        raise FlextExceptions.ProcessingError("the cart is empty", operation="check out")
    """,
    nodes=(ast.Raise,),
    words=("raise",),
    check=check,
)
