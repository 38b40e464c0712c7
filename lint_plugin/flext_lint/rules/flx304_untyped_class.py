"""FLX304: an error class of the project that is not typed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.classes import ClassFacts
from flext_analysis.syntax.bindings import BUILTIN_ERRORS, dotted
from flext_analysis.syntax.raise_sites import handler_of
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module

FACTS = frozenset(
    "code error_code title category http_status grpc_status severity retryable retry_after __init__ __new__".split()
)


def check(node: ast.ClassDef, block: Block, module: Module) -> Iterator[Finding]:
    """Yield a class derived from a builtin error, or from a namespace although it is meant to be an error."""
    if not node.bases or module.is_test or not may_be_error(node, block, module) or is_stand_in(node, block, module):
        return
    bases = [module.classes.of(base, block) for base in node.bases]
    known = [base for base in bases if base is not None and (base.whole or base.typed or base.is_error)]
    if len(known) < len(bases) or any(base.typed for base in known) or module.classes.of_node(node, block).typed:
        return
    if any((base.node or base.definition) and base.is_error and not base.is_namespace for base in known):
        return  # that one is reported
    namespace = next((base for base in known if base.is_namespace), None)
    if namespace is not None:
        if is_meant_as_error(node, known):
            yield at(node, name=node.name, base=f"the namespace {namespace.name}", target="FlextExceptions.BaseError")
        return
    if any("builtins.Warning" in base.ancestors for base in known):
        return
    for base in known:
        target = module.project.target(base.builtin)
        if target:
            yield at(node, name=node.name, base=base.builtin, target=target)
            return


def is_stand_in(node: ast.ClassDef, block: Block, module: Module) -> bool:
    """Return whether a class substitutes another: after a failed import, or in a description of a foreign module."""
    for outer in block.outwards():
        bases = outer.owner.bases if isinstance(outer.owner, ast.ClassDef) else []
        if any((dotted(base) or "").rpartition(".")[2] == "Protocol" for base in bases):
            return True
    if handler_of(block) is not None:
        return True
    others = module.names.bindings(node.name, block) if isinstance(block.owner, ast.If | ast.Try) else []
    return any(one.kind == "import" for one in others)


def may_be_error(node: ast.ClassDef, block: Block, module: Module) -> bool:
    """Return whether the bases of a class need a closer look: most are no errors by their text alone."""
    classes = module.classes
    firsts = ((dotted(base) or "").partition(".")[0] for base in node.bases)
    return any(
        one in BUILTIN_ERRORS
        or one in classes.below_library
        or (one not in classes.defined and classes.may_be_other(one, block))
        for one in firsts
    )


def is_meant_as_error(node: ast.ClassDef, bases: list[ClassFacts]) -> bool:
    """Return whether a class below a namespace is an error, by what it declares, its other bases or its name."""
    for inner in node.body:
        targets = inner.targets if isinstance(inner, ast.Assign) else [getattr(inner, "target", None)]
        names = {getattr(inner, "name", None), *(target.id for target in targets if isinstance(target, ast.Name))}
        if not FACTS.isdisjoint(names) or (isinstance(inner, ast.AnnAssign) and is_field(inner)):
            return True
    empty = not any(isinstance(inner, ast.ClassDef | ast.Assign) for inner in node.body)
    return any(base.builtin for base in bases) or (empty and node.name.endswith(("Error", "Exception")))


def is_field(node: ast.AnnAssign) -> bool:
    """Return whether an annotated name is a field, and not a constant or alias of a namespace."""
    text = ast.unparse(node.annotation)
    private = isinstance(node.target, ast.Name) and node.target.id.startswith("_")
    return not private and "ClassVar" not in text and "TypeAlias" not in text


RULE = Rule(
    code="FLX304",
    name="untyped-class",
    on=True,
    message="{name} derives from {base}; derive it from {target}",
    flags=(
        "A class derived from Exception or a builtin error instead of a typed error, and a namespace used as the "
        "base of an error."
    ),
    silent=(
        "an unknown base; a Warning; BaseException alone, and builtins without a typed error (`SystemExit`, "
        "`UnicodeError`); classes named in `base`; a class whose base is another class of the project, which is "
        "reported instead; a substitute for a failed import, as after `except ImportError:`, or a class in a "
        "`Protocol`; test code."
    ),
    why=(
        "Its errors have no code, no context and no correlation id. A namespace catches nothing: `except` needs an "
        "error class."
    ),
    fix="Derive it from the typed error that the same handlers catch.",
    bad='''
        class CouponExpired(ValueError):
            """The coupon was good once."""
    ''',
    good='''
        class CouponExpired(FlextExceptions.ValidationError):
            """The coupon was good once."""

            code = "SHOP_0042"
    ''',
    nodes=(ast.ClassDef,),
    words=("Error", "Exception"),
    check=check,
    also=("class ",),
    recipe="rebase",
    unsafe=True,
)
