"""FLX302: a code of the library written out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.statements import Block, expressions
from flext_exceptions import FlextExceptions
from flext_lint.rule import LIBRARY, Finding, Rule, at
from flext_lint.typed_calls import TypedCall

if TYPE_CHECKING:
    from flext_lint.module import Module

NAMES = ("code", "error_code")
EXPECTING = ("flext_raises", "assert_error", "assert_error_dict")
CODES: dict[str, str] = {code: name for name, code in vars(FlextExceptions.ErrorCodes).items() if name.isupper()}


def meant_by(text: str) -> str:
    """Return the code that a text is, or that lost a character, or two of whose letters were swapped; "" for none.

    One more character, or another digit, makes it a code of the project's own.

    >>> [meant_by(text) for text in ("FLEXT_301", "NOTFOUND", "TYPE_ERORR", "FLEXT_9001", "not_found")]
    ['FLEXT_3001', 'NOT_FOUND', 'TYPE_ERROR', '', '']
    """
    if text in CODES:
        return text
    for code in CODES:
        if len(text) == len(code) - 1 and any(code[:at] + code[at + 1 :] == text for at in range(len(code))):
            return code
        if text.replace("-", "_") == code:
            return code
        if len(text) == len(code):
            swapped = [at for at, (one, other) in enumerate(zip(text, code, strict=True)) if one != other]
            beside = len(swapped) == 2 and swapped[1] == swapped[0] + 1 and text[swapped[0]].isalpha()
            if beside and sorted(text[at] for at in swapped) == sorted(code[at] for at in swapped):
                return code
    return ""


def given(node: TypedCall | ast.ClassDef | ast.Module, block: Block, module: Module) -> Iterator[ast.expr]:
    """Yield the codes that a call passes, that the body of a typed class declares, or that code is compared with."""
    if isinstance(node, TypedCall):
        yield from (keyword.value for keyword in node.keywords if keyword.arg in NAMES)
        return
    if isinstance(node, ast.Module):
        yield from expected(module)
        yield from compared(module)
        return
    assigned: list[ast.expr] = []
    for inner in node.body:
        targets = inner.targets if isinstance(inner, ast.Assign) else [getattr(inner, "target", None)]
        value = getattr(inner, "value", None)
        if value is not None and any(isinstance(one, ast.Name) and one.id in NAMES for one in targets):
            assigned.append(value)
    if assigned and module.classes.of_node(node, block).typed:
        yield from assigned


def expected(module: Module) -> Iterator[ast.expr]:
    """Yield the codes that tests expect: ``flext_raises(Error, code=...)``, ``assert_error(error, code=...)``."""
    for helper in EXPECTING:
        for statement, _ in module.occurrences(helper, attributes=True) if module.holds(f"{helper}(") else ():
            for inner in expressions(statement):
                if isinstance(inner, ast.Call) and (dotted(inner.func) or "").rpartition(".")[2] == helper:
                    yield from (keyword.value for keyword in inner.keywords if keyword.arg in NAMES)


def compared(module: Module) -> Iterator[ast.expr]:
    """Yield the expressions that the code of an error is compared with."""
    for name in NAMES:
        for statement, block in module.occurrences(name, attributes=True) if module.holds(f".{name}") else ():
            for inner in expressions(statement):
                if not isinstance(inner, ast.Compare):
                    continue
                sides = [inner.left, *inner.comparators]
                of = [side.value for side in sides if isinstance(side, ast.Attribute) and side.attr in NAMES]
                if any(is_error(owner, block, module) for owner in of):
                    yield from (member for side in sides for member in getattr(side, "elts", [side]))


def is_error(node: ast.expr, block: Block, module: Module) -> bool:
    """Return whether an expression is a typed error: what a handler of such errors, or a test, caught."""
    if dotted(node) is None:
        return False
    first, _, rest = (dotted(node) or "").partition(".")
    if rest == "value":
        return module.is_test
    for outer in block.outwards():
        if isinstance(outer.owner, ast.ExceptHandler) and outer.owner.name == first and not rest:
            known = [facts for _, facts in module.caught(outer.owner.type, outer)]
            return any(facts is not None and (facts.typed or facts.is_namespace) for facts in known)
    return False


def check(node: TypedCall | ast.ClassDef | ast.Module, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a code given as text that is one of the library's, or nearly one."""
    for value in given(node, block, module):
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            meant = meant_by(value.value)
            if meant:
                yield at(value, code=value.value, name=CODES[meant])


RULE = Rule(
    code="FLX302",
    name="literal-code",
    on=True,
    message="code {code!r} as text; use FlextExceptions.ErrorCodes.{name}",
    flags=(
        "A code given as text that is a value of `ErrorCodes`, or one with a character missing or two letters "
        "swapped: passed to an error, declared by a class, compared with `err.code`, or expected by a test."
    ),
    silent="codes of your own, even with another digit or an extra character.",
    why="A mistyped code is a different code, which no alert looks for.",
    fix="Use the name in `FlextExceptions.ErrorCodes`.",
    bad="""
        raise FlextExceptions.Error("too large", code="FLEXT_301")
    """,
    good="""
        raise FlextExceptions.Error("too large", code=FlextExceptions.ErrorCodes.VALIDATION_ERROR)
    """,
    nodes=(ast.Call, ast.ClassDef, ast.Module),
    words=(LIBRARY,),
    check=check,
)
