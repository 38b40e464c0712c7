"""FLX303: a secret passed to an error."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.statements import Block
from flext_exceptions._internal.redaction import is_surely_secret
from flext_lint.rule import LIBRARY, Finding, Rule, at
from flext_lint.typed_calls import TypedCall

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: TypedCall, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the keywords and the keys of dicts, at any depth, that name a secret."""
    keywords = (*node.keywords, *node.added)
    for keyword in keywords:
        if is_surely_secret(keyword.arg) and not is_flag(keyword.value):
            yield at(keyword.node, key=keyword.arg, name=node.facts.name)
    values = [*node.args, *(keyword.value for keyword in keywords)]
    # A context that was named first is followed to its definition.
    mappings = [one.value for one in keywords if one.arg in (None, "context") and isinstance(one.value, ast.Name)]
    values += [module.followed(one, block)[0] for one in mappings]
    for value in values:
        for inner in ast.walk(value):
            if isinstance(inner, ast.Dict):
                for key, held in zip(inner.keys, inner.values, strict=True):
                    if isinstance(key, ast.Constant) and is_surely_secret(key.value) and not is_flag(held):
                        yield at(key, key=key.value, name=node.facts.name)
            elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "dict":
                for item in inner.keywords:
                    if is_surely_secret(item.arg) and not is_flag(item.value):
                        yield at(item, key=item.arg, name=node.facts.name)


def is_flag(node: ast.expr) -> bool:
    """Return whether an expression is None, True or False, which is not a secret whatever its name."""
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))


RULE = Rule(
    code="FLX303",
    name="secret-in-context",
    on=True,
    message="{name} gets {key!r}, a secret that stays with the error; leave it out",
    flags=(
        "A keyword or a dict key in a typed error whose value the library redacts: `password`, `apiKey`, "
        "`db-password`, `access_token`; also in a dict that was assigned to a name first."
    ),
    silent='words in messages: "Invalid JWT token" is fine; keys such as `token_count`; None, True and False.',
    why=(
        "Context goes into logs, queues and problem documents. The library redacts what it shows, but pickles, "
        "debuggers and your own code see the value."
    ),
    fix="Leave the value out; name the account instead, or the length of the value.",
    bad="""
        raise FlextExceptions.AuthenticationError("refused", auth_method="basic", password=password)
    """,
    good="""
        raise FlextExceptions.AuthenticationError("refused", auth_method="basic", user=user)
    """,
    nodes=(ast.Call,),
    words=(LIBRARY,),
    check=check,
)
