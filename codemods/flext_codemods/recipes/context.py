"""``f"bad {x}"`` gains ``context={"x": x}``, and a raise under ``if not name:`` gains ``field="name", value=name``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.interpolation import interpolated, names_in
from flext_analysis.syntax.raise_sites import RaiseSite
from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import Pairs, Recipe
from flext_codemods.project.skip import Skip
from flext_codemods.raises.builtin_raises import judged
from flext_codemods.raises.known_values import always_none, is_fixed
from flext_codemods.repository.targets import LIBRARY
from flext_exceptions._internal.redaction import is_secret
from flext_exceptions.catalogue import ROWS, TARGETS, Row

if TYPE_CHECKING:
    import libcst as cst

ADDED = ("field", "value", "context")
TYPES = {row.name: row for row in ROWS}


def hint(raw: bytes, retarget_to: str) -> bool:
    """Return whether a file may raise a typed error, or a builtin that becomes one."""
    return b"raise " in raw and (b"Error" in raw or b"Exception" in raw)


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each typed raise with values that only its message, or the condition above it, contains."""
    for site in module.raise_sites:
        if (
            site.call is None
            or len(site.call.args) != 1
            or any(word.arg in (None, *ADDED) for word in site.call.keywords)
        ):
            continue
        found = typed(module, site)
        if found is None:
            continue
        row, facts = found
        field = checked_name(site) if {"field", "value"} <= set(row.keywords) else ""
        absent = always_none(site)
        values = [text for text in told(site) if text not in (field, *absent) and not is_fixed(module, text, site)]
        if not field and not values:
            continue
        open_values = [text for key, text in keyed(values).items() if not is_secret(key)]
        shown_field = field if field and not is_secret(key_of(field)) else ""
        secret = "" if open_values or shown_field else f"{field or values[0]} is named like a secret"
        yield module.finding(
            "context",
            site.node,
            site.block,
            skip=Skip("secret", secret) if secret else None,
            adds=keywords(shown_field, open_values, with_value=shown_field not in absent),
            **facts,
        )


def typed(module: Module, site: RaiseSite) -> tuple[Row, dict[str, object]] | None:
    """Return the catalogue's row of what a site raises after the run, and the text for the finding; None for others.

    A builtin counts if the run makes it typed.
    """
    known = module.classes.of_own(site.raised, site.block)
    if known is not None and known.row is not None:
        return known.row, {}
    found = judged(module, site) if "raises" in module.recipes else None
    if found is None or found.left or not found.target.startswith(f"{LIBRARY}."):
        return None
    return TARGETS[found.builtin], {"builtin": found.builtin, "uses": found.uses}


def told(site: RaiseSite) -> list[str]:
    """Return the text of each name or attribute in the message, except constants, that no keyword holds."""
    assert site.call is not None
    caught = {outer.owner.name for outer in site.block.outwards() if isinstance(outer.owner, ast.ExceptHandler)}
    held = set[str]().union(*(names_in(word.value) for word in site.call.keywords))
    texts: dict[str, None] = {}
    for value in interpolated(site.call.args[0]):
        text = dotted(value)
        constant = text is None or key_of(text).isupper() or text in ("self", "cls")
        if text is not None and not constant and names_in(value).isdisjoint(caught | held):
            texts[text] = None
    return list(texts)


def checked_name(site: RaiseSite) -> str:
    """Return the name or attribute that the condition directly above a raise tests, "" if it is not just one."""
    owner = site.block.owner
    if not isinstance(owner, ast.If) or site.block.part != "body" or owner.body[0] is not site.node:
        return ""
    subjects = {subject(part) for part in parts_of(owner.test)}
    return subjects.pop() if len(subjects) == 1 else ""


def parts_of(test: ast.expr) -> list[ast.expr]:
    """Return the parts of a condition that ``and`` and ``or`` join."""
    return [part for value in test.values for part in parts_of(value)] if isinstance(test, ast.BoolOp) else [test]


def subject(test: ast.expr) -> str:
    """Return the text of what a condition tests, "" if that is not a name or an attribute."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Name(id="isinstance"), args=[checked, _])):
            return dotted(checked) or ""
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return dotted(operand) or ""
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]):
            return dotted(left) or ""
        case ast.Compare(left=left, comparators=[ast.Constant() | ast.UnaryOp(operand=ast.Constant())]):
            return dotted(left) or ""
    return ""


def key_of(text: str) -> str:
    """Return the key for a name or attribute: its last part."""
    return text.rpartition(".")[2]


def keyed(values: list[str]) -> dict[str, str]:
    """Return the values by their keys; two with the same last part get their whole names as keys.

    >>> keyed(["order.id", "cart.id", "x"])
    {'order_id': 'order.id', 'cart_id': 'cart.id', 'x': 'x'}
    """
    keys = [key_of(text) for text in values]
    whole = [text.removeprefix("self.").replace(".", "_") for text in values]
    return {key if keys.count(key) == 1 else long: text for key, long, text in zip(keys, whole, values, strict=True)}


def keywords(field: str, values: list[str], *, with_value: bool = True) -> str:
    """Return the keywords to add, as source text.

    >>> keywords("sku", ["order.id"])
    'field="sku", value=sku, context={"id": order.id}'
    """
    added = [f'field="{key_of(field)}"' + (f", value={field}" if with_value else "")] if field else []
    held = ", ".join(f'"{key}": {text}' for key, text in keyed(values).items())
    return ", ".join([*added, *([f"context={{{held}}}"] if values else [])])


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Add the keywords after the existing arguments, each on its own line if those are."""
    import libcst as cst

    assert isinstance(node, cst.Raise) and isinstance(node.exc, cst.Call)
    added = cst.parse_expression(f"f({finding.adds})")
    assert isinstance(added, cst.Call)
    *first, last = node.exc.args
    plain = cst.SimpleWhitespace("")
    between = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    behind = between
    space = last.comma.whitespace_after if isinstance(last.comma, cst.Comma) else last.whitespace_after_arg
    lead = node.exc.whitespace_before_args
    if isinstance(space, cst.ParenthesizedWhitespace) and (isinstance(last.comma, cst.Comma) or has_comment(space)):
        # A comment stays with what it describes; the new arguments are laid out as the old ones are.
        inner = space
        if isinstance(lead, cst.ParenthesizedWhitespace):
            inner = space.with_changes(indent=lead.indent, last_line=lead.last_line)
        behind = cst.Comma(whitespace_after=inner)
        between = cst.Comma(whitespace_after=without_comment(inner))
        space = without_comment(space)
    new = [each.with_changes(comma=between) for each in added.args]
    if isinstance(last.comma, cst.Comma):  # the new last argument ends as the old one did
        behind = behind.with_changes(whitespace_before=last.comma.whitespace_before)
        end = last.comma.with_changes(whitespace_after=space)
        args = [*first, last.with_changes(comma=behind), *new[:-1], new[-1].with_changes(comma=end)]
    else:
        closing = added.args[-1].with_changes(whitespace_after_arg=space)
        args = [*first, last.with_changes(comma=behind, whitespace_after_arg=plain), *new[:-1], closing]
    return [node.with_changes(exc=node.exc.with_changes(args=args))]


def has_comment(space: cst.ParenthesizedWhitespace) -> bool:
    """Return whether there is a comment in the space after an argument."""
    return space.first_line.comment is not None or any(line.comment is not None for line in space.empty_lines)


def without_comment(space: cst.ParenthesizedWhitespace) -> cst.ParenthesizedWhitespace:
    """Return the space after an argument without its comments."""
    import libcst as cst

    line = space.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace(""))
    return space.with_changes(first_line=line, empty_lines=[])


def permits(old: object, new: object, finding: Finding) -> Pairs | None:
    """Permit more keywords after the existing ones. See Recipe.permits."""
    if not isinstance(old, ast.Call) or not isinstance(new, ast.Call) or len(new.keywords) <= len(old.keywords):
        return None
    kept, added = new.keywords[: len(old.keywords)], new.keywords[len(old.keywords) :]
    wanted = ast.parse(f"f({finding.adds})", mode="eval").body
    assert isinstance(wanted, ast.Call)
    return [(old.func, new.func), (old.args, new.args), (old.keywords, kept), (wanted.keywords, added)]


RECIPE = Recipe(
    name="context",
    safety="unsafe",
    summary="pass the values of a message, and the variable that a condition tests, to the error as data",
    before='if not sku: raise FlextExceptions.ValidationError(f"bad {sku}")',
    after='if not sku: raise FlextExceptions.ValidationError(f"bad {sku}", field="sku", value=sku)',
    hint=hint,
    find=find,
    rewrite=rewrite,
    permits=permits,
)
