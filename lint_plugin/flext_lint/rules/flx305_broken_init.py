"""FLX305: a typed class whose ``__init__`` bypasses the library, or passes the context twice."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted, parameters
from flext_analysis.syntax.statements import Block, FunctionNode
from flext_lint.rule import LIBRARY, Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


MAKERS = frozenset(
    "dataclass dataclasses.dataclass define attr.s attr.attrs attr.define attrs.define attrs.frozen".split()
)


def check(node: ast.ClassDef, block: Block, module: Module) -> Iterator[Finding]:
    """Yield an ``__init__`` that does not call its base's, or may pass context to it twice."""
    if node.name not in module.classes.below_library or not module.classes.of_node(node, block).typed:
        return
    init = method(node, "__init__")
    if init is None:
        yield from inherited_or_made(node, block, module)
        return
    if init.decorator_list:
        return
    inside = Block(init, "body", Block(node, "body", block))
    if not reaches(init, node, block, module):
        yield at(init, name=node.name, what="never calls super().__init__()")
    for inner in ast.walk(init):
        if isinstance(inner, ast.Call) and is_init(inner.func, inside, module) and passes_twice(inner, init):
            yield at(inner, name=node.name, what=f"passes context twice where **{kwarg_of(init)} holds one as well")


def method(node: ast.ClassDef, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """Return the method of a class under a name, the last one, None for none."""
    found = [inner for inner in node.body if isinstance(inner, FunctionNode) and inner.name == name]
    return found[-1] if found else None


def reaches(function: ast.FunctionDef | ast.AsyncFunctionDef, node: ast.ClassDef, block: Block, module: Module) -> bool:
    """Return whether a method calls the ``__init__`` of a base, itself or through a method of its class."""
    waiting, seen = [function], {function.name}
    while waiting:
        one = waiting.pop()
        inside = Block(one, "body", Block(node, "body", block))
        for inner in ast.walk(one):
            if is_init(inner, inside, module):
                return True
            if isinstance(inner, ast.Attribute) and dotted(inner.value) in ("self", "cls") and inner.attr not in seen:
                seen.add(inner.attr)
                other = method(node, inner.attr)
                waiting += [other] if other is not None else []
    return False


def inherited_or_made(node: ast.ClassDef, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a class with an ``__init__`` from a decorator or an earlier mixin that never calls the library's."""
    maker = next((name for one in node.decorator_list if (name := makes_init(one))), "")
    if maker:
        post = method(node, "__post_init__") or method(node, "__attrs_post_init__")
        if post is None or not reaches(post, node, block, module):
            yield at(node, name=node.name, what=f"is written by @{maker}, which never calls super().__init__()")
        return
    for base in node.bases:
        facts = module.classes.of(base, block)
        if facts is None or facts.typed or facts.node is None or facts.block is None or facts.node not in module.runs:
            return
        init = method(facts.node, "__init__")
        if init is not None:
            if not reaches(init, facts.node, facts.block, module):
                what = f"is the one of {facts.name}, which never calls super().__init__()"
                yield at(node, name=node.name, what=what)
            return
        if facts.node.bases:
            return


def makes_init(decorator: ast.expr) -> str:
    """Return the name of a decorator that writes an ``__init__`` (dataclass, attrs), "" for any other."""
    call = decorator if isinstance(decorator, ast.Call) else None
    text = dotted(call.func if call is not None else decorator) or ""
    if text not in MAKERS:
        return ""
    off = call is not None and any(
        one.arg == "init" and isinstance(one.value, ast.Constant) and one.value.value is False for one in call.keywords
    )
    return "" if off else text


def is_init(node: ast.AST, block: Block, module: Module) -> bool:
    """Return whether an expression is ``super().__init__`` or ``Base.__init__``, except a builtin's."""
    if not isinstance(node, ast.Attribute) or node.attr != "__init__":
        return False
    owner = module.classes.of(node.value, block)
    return owner is None or not owner.builtin


def kwarg_of(init: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return the name of the parameter that takes all other keywords, "" if there is none."""
    return init.args.kwarg.arg if init.args.kwarg is not None else ""


def passes_twice(call: ast.Call, init: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a call passes context by name beside a ``**kw`` that may still hold the caller's."""
    rest = kwarg_of(init)
    given = {keyword.arg or f"**{dotted(keyword.value)}" for keyword in call.keywords}
    if not rest or not {"context", f"**{rest}"} <= given or "context" in parameters(init):
        return False
    return not any(
        (isinstance(node, ast.Constant) and node.value == "context")
        or (isinstance(node, ast.Name) and node.id == rest and isinstance(node.ctx, ast.Store))
        for node in ast.walk(init)
    )


RULE = Rule(
    code="FLX305",
    name="broken-init",
    on=True,
    message="__init__ of {name} {what}",
    flags=(
        "A typed class whose `__init__` never calls that of its base, or passes it `context=` together with a `**kw` "
        "that may contain the caller's; one whose `__init__` comes from `@dataclass`, attrs, or a mixin listed "
        "first."
    ),
    silent=(
        "an `__init__` that takes `context` as a parameter, or changes its keywords before it passes them on; one "
        "that calls the base's through a method of the class, or in `__post_init__`."
    ),
    why=(
        "Without the base's `__init__` the error has no timestamp and no context, and is not counted. If context is "
        "passed twice, the call raises a TypeError instead of the error."
    ),
    fix="Call `super().__init__(message, **kw)`, and merge the caller's context before you pass it on.",
    bad="""
        class OutOfStock(FlextExceptions.ValidationError):
            def __init__(self, sku):
                self.sku = sku
    """,
    good="""
        class OutOfStock(FlextExceptions.ValidationError):
            def __init__(self, sku, **kw):
                super().__init__(f"{sku} is sold out", sku=sku, **kw)
    """,
    nodes=(ast.ClassDef,),
    words=(LIBRARY,),
    check=check,
)
