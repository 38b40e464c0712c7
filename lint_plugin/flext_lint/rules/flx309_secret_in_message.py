"""FLX309: the value of a secret in the text of an error."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.interpolation import interpolated
from flext_analysis.syntax.statements import Block
from flext_exceptions._internal.redaction import is_surely_secret
from flext_lint.rule import LIBRARY, Finding, Rule, at
from flext_lint.typed_calls import TypedCall, message_of

if TYPE_CHECKING:
    from flext_lint.module import Module

SHOWING = frozenset(["str", "repr", "format", "ascii"])


def check(node: TypedCall, block: Block, module: Module) -> Iterator[Finding]:
    """Yield the values in a message whose names mark them as secrets."""
    message = message_of(node)
    if message is None:
        return
    for value in interpolated(module.followed(message, block)[0]):
        name = secret_in(value)
        if name:
            yield at(value, name=node.facts.name, secret=name)


def secret_in(value: ast.expr) -> str:
    """Return the name of the secret that an expression shows, "" for none.

    >>> [secret_in(ast.parse(text, mode="eval").body) for text in ("client.api_key", "len(token)", "token.user")]
    ['client.api_key', '', '']
    """
    while isinstance(value, ast.Call) and dotted(value.func) in SHOWING and value.args:
        value = value.args[0]
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
        key = value.slice.value
        return str(key) if is_surely_secret(key) else ""
    text = dotted(value) or ""
    return text if is_surely_secret(text.rpartition(".")[2]) else ""


RULE = Rule(
    code="FLX309",
    name="secret-in-message",
    on=True,
    message="the message of {name} contains {secret}, a secret that is not redacted there; leave it out",
    flags=(
        'A value in the message of a typed error whose name marks it as a secret that the library redacts: `f"... '
        '{password}"`, `"..." % client.api_key`, `"{}".format(config["token"])`.'
    ),
    silent='words such as "wrong password"; `len(password)`, `token.user`, `token_count`.',
    why="Context is redacted by its keys. The text of a message is not, so the secret appears in every log.",
    fix="Name the account instead, or the length of the secret.",
    bad="""
        raise FlextExceptions.AuthenticationError(f"{user} with {password} refused", auth_method="basic")
    """,
    good="""
        raise FlextExceptions.AuthenticationError(f"{user} refused", auth_method="basic", user=user)
    """,
    nodes=(ast.Call,),
    words=(LIBRARY,),
    check=check,
)
