"""What a text shows of the values that are put into it: ``"{!r}".format(e)``, ``"%r" % e`` and f-strings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import Formatter

from flext_analysis.observers.observer import Around, Found, shown, written
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import dotted_code
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["constant_text", "read_formatted", "read_operator", "text_format"]

FIRST_PART = re.compile(r"[.\[]")
PLACEHOLDER = re.compile(r"%(?:\((.*?)\))?[#0 +\-\d*.hlL]*([a-zA-Z%])")


def constant_text(code: Code, definition: Definition) -> str | None:
    """Return the text that an expression is, or that the only assignment to its name gives; None for anything else."""
    if code[0] == op.NAME:
        scope = next((one for one in definition.outwards() if code[1] in one.bindings), None)
        bound = scope.bindings[code[1]] if scope is not None else []
        code = bound[0].code if len(bound) == 1 and bound[0].code is not None else code
    return code[2] if code[0] == op.CONSTANT and code[1] == "str" and isinstance(code[2], str) else None


def text_format(template: str | None, given: Sequence[Code], code: Code, definition: Definition) -> Found:
    """Read ``"{!r}".format(e)``; ``template`` is the text, if it is known, ``given`` the values."""
    if template is None:
        return
    fields = shown_fields(template)
    by_place = all(one[0] != op.STARRED for one in given) and code[1][2] == "format"
    for number, one in enumerate(given):
        shows = str(number) in fields if by_place else bool(fields)
        value = one[1] if one[0] == op.STARRED else one
        if value[0] == op.MAPPING:  # of format_map
            yield from (shown(each, code[4], definition, "{!r} of ...", inside=not shows) for each in value[2])
        elif shows or one[0] != op.STARRED:  # the text of each member of a starred argument is its own
            yield shown(value, code[4], definition, f"{{!r}} of {written(value)}", inside=not shows)
    for keyword, value in code[3]:
        if keyword is None and is_of_locals(value):
            yield from (shown([op.NAME, name], code[4], definition, f"{{!r}} of {name}") for name in fields)
        else:
            shows = bool(fields) if keyword is None else keyword in fields
            yield shown(value, code[4], definition, f"{{!r}} of {written(value)}", inside=not shows)


def is_of_locals(code: Code) -> bool:
    """Return whether an expression is ``locals()`` or ``vars()``."""
    return bool(code[0] == op.CALL and dotted_code(code[1]) in ("locals", "vars") and not code[2])


def shown_fields(template: str) -> list[str]:
    """Return the names or numbers of the fields of a format text that show the repr or the class of their value.

    >>> shown_fields("{} {a!r} {!r} {b.__class__.__name__} {c:>4}")
    ['a', '1', 'b']
    """
    try:
        parts = list(Formatter().parse(template))
    except ValueError:  # str.format() would raise it, too
        return []
    found: list[str] = []
    number = 0
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        first = FIRST_PART.split(name)[0]
        if not first:
            first = str(number)
            number += 1
        if conversion in ("r", "a") or ".__class__" in name:
            found.append(first)
        number += (spec or "").count("{}")
        found += shown_fields(spec) if spec and "{" in spec else []
    return found


def read_formatted(code: Code, around: Around, definition: Definition) -> Found:
    """Read an f-string: ``{e!r}``, and a container of errors, which shows the repr of each."""
    for conversion, value in code[1]:
        name = dotted_code(value)
        one = shown(value, code[2], definition, f"{name}!{conversion}" if name else "...")
        yield one._replace(inside=conversion not in ("r", "a"), neutral=conversion == "r" and bool(name))


def read_operator(code: Code, around: Around, definition: Definition) -> Found:
    """Read ``"%r" % e``, ``"%s %r" % (a, b)`` and ``"%(e)r" % {"e": e}``."""
    right: Code | None = code[3]
    text = constant_text(code[2], definition) if code[1] == "__mod__" else None
    if text is None or right is None:
        return
    parts = [(one[1], one[2]) for one in PLACEHOLDER.finditer(text) if one[2] != "%"]
    by_repr = any(kind in "ra" for _, kind in parts)
    if right[0] == op.SEQUENCE and right[1] == "tuple":
        known = len(parts) == len(right[2]) and all(one[0] != op.STARRED for one in right[2]) and "*" not in text
        pairs = [(one, parts[n][1] in "ra" if known else by_repr) for n, one in enumerate(right[2])]
    elif right[0] == op.MAPPING and all(key is not None and key[0] == op.CONSTANT for key in right[1]):
        asked = {key for key, kind in parts if kind in "ra"}
        pairs = [(one, key[2] in asked) for key, one in zip(right[1], right[2], strict=True)]
    elif is_of_locals(right):
        pairs = [([op.NAME, key], True) for key, kind in parts if kind in "ra"]
    else:
        pairs = [(right, by_repr)]
    for one, shows in pairs:
        yield shown(one, code[4], definition, f"%r of {written(one)}", inside=not shows)
