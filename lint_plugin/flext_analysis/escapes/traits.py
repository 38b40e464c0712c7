"""Facts about functions and classes that their code alone shows."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition, statements_of

__all__ = ["Layout", "closes_over", "fields_of", "is_class_name", "is_stub", "layout_of"]


class Layout(NamedTuple):
    """The parameters of a function, by what a call can give for them; without the first, where that is the receiver.

    ``named`` are those that a keyword may name; ``keyword`` those that nothing else may.
    """

    positional: tuple[str, ...]
    keyword: tuple[str, ...]
    named: frozenset[str]
    rest: str | None
    more: str | None


@cache
def layout_of(definition: Definition, bound: bool) -> Layout:
    """Return the layout of a function; ``bound`` says that it is called as a method."""
    parameters = list(definition.scope.parameters)
    named = frozenset(one.name for one in parameters if one.kind != "only")
    if bound and parameters and parameters[0].kind in ("only", "plain"):
        del parameters[0]
    by_kind = {kind: tuple(one.name for one in parameters if one.kind == kind) for kind in ("keyword", "rest", "more")}
    return Layout(
        tuple(one.name for one in parameters if one.kind in ("only", "plain")),
        by_kind["keyword"],
        named,
        next(iter(by_kind["rest"]), None),
        next(iter(by_kind["more"]), None),
    )


@cache
def closes_over(definition: Definition) -> bool:
    """Return whether a function returns one of the functions inside it, which may use its arguments."""
    if definition.scope.kind not in ("function", "lambda") or not definition.scope.parameters:
        return False
    module = definition.module
    number = definition.number
    inner = [one.scope for one in module.definitions[number + 1 :] if one.parent is definition]
    if not inner or any(one.kind == "class" for one in inner):
        return False
    names = {one.name for one in inner if one.kind == "function"}
    for one in statements_of(definition.scope.code):
        if one[0] == op.RETURN and one[1] is not None and gives(one[1], names):
            return True
    return False


@cache
def is_stub(definition: Definition) -> bool:
    """Return whether a method has no real body: a docstring, ``pass``, ``...``, ``raise NotImplementedError``."""
    for one in definition.scope.code:
        if one[0] == op.RAISE and one[1] is not None:
            raised = one[1][1] if one[1][0] == op.CALL else one[1]
            if raised[0] == op.NAME and raised[1] == "NotImplementedError":
                continue
        value = one[1] if len(one) > 1 else None
        if one[0] == op.RETURN and (value is None or value[:2] == [op.NAME, "NotImplemented"]):
            continue
        if one[0] == op.EVALUATE and value is not None and value[0] == op.CONSTANT:
            continue
        return False
    return True


def gives(code: Any, names: set[str]) -> bool:
    """Return whether an expression contains a lambda or one of some names."""
    return any(one[0] == op.LAMBDA or (one[0] == op.NAME and one[1] in names) for one in parts(code))


def parts(code: Any) -> Iterator[Any]:
    """Yield an expression and those inside it."""
    waiting = [code]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            if one and isinstance(one[0], int):
                yield one
            waiting += [each for each in one if isinstance(each, list)]


def fields_of(definition: Definition) -> list[str]:
    """Return the annotated names of a class, in order: the fields of a dataclass."""
    found = []
    for one in definition.scope.code:
        if one[0] == op.ANNOTATE and one[1][0] == op.NAME:
            found.append(one[1][1])
    return found


def is_class_name(path: str) -> bool:
    """Return whether the dotted name of something outside is that of a class, as far as its form tells.

    >>> [is_class_name(path) for path in ("builtins.list", "typing.Optional", "os.environ", "app.TABLE")]
    [True, True, False, False]
    """
    module, _, name = path.rpartition(".")
    if module == "builtins":
        return isinstance(getattr(builtins, name, None), type)
    return name[:1].isupper() and not name.isupper()
