"""What the text of a module rules out, so that its names need not be read: most modules rebind no builtin."""

from __future__ import annotations

import re

from flext_exceptions import __all__ as LIBRARY_NAMES

__all__ = ["defined_words", "imported_words", "is_surely_unbound"]

# What may precede a name that a statement binds. Two adjacent names are code only with a keyword in between.
BINDING_KEYWORDS = frozenset("class def import as for global nonlocal del lambda case type".split())
WORD_BEFORE = re.compile(r"(\w+)[ \t\f]+$")
BOUND_AFTER = re.compile(r"[ \t\f]*(?:=(?!=)|[:,)\]};\\#\r\n]|in\b|[-+*/|&^%@<>]+=|$)")
WALRUS = re.compile(r"\s*:=")
FAR = 40  # characters searched in front of a name


MODULES = ("flext_", "builtins")
STAR = re.compile(r"from[ \t]+(?:flext_exceptions|flext_core)[ \t]+import[ \t]+\*")
WORD = re.compile(r"\w+")
NOTE = re.compile(r"#[^\n]*")
# Separate patterns: one that begins with fixed letters is found several times as fast.
DEFINED = [re.compile(rf"{word}(?=(?:\s|\\\n)+(\w+))") for word in ("def", "class")]


def defined_words(text: str) -> frozenset[str]:
    """Return the names that classes and functions of a module have, and what follows these words elsewhere.

    >>> sorted(defined_words("class A:\\n    async def f(self): 0\\n# some class of ours"))
    ['A', 'f', 'of']
    """
    return frozenset(name for pattern in DEFINED for name in pattern.findall(text))


def imported_words(text: str) -> frozenset[str]:
    """Return the names that a module's imports from the library and from builtins bind, and some more.

    >>> text = "from flext_exceptions import (\\n    FlextExceptions as FE,\\n)\\nimport os"
    >>> "FE" in imported_words(text), "os" in imported_words(text)
    (True, False)
    """
    found: set[str] = set()
    if "import *" in text and STAR.search(text):
        found.update(LIBRARY_NAMES)
    for module in MODULES:
        at = text.find(module)
        while at >= 0:
            end = end_of_statement(text, at)
            statement = text[text.rfind("\n", 0, at) + 1 : end]
            if "import" in statement:
                found.update(WORD.findall(statement))
            at = text.find(module, end)
    return frozenset(found)


def end_of_statement(text: str, at: int) -> int:
    """Return where the line of an import ends, including continuations after a backslash or in brackets."""
    end = text.find("\n", at)
    while end > 0 and text[end - 2 : end].rstrip("\r").endswith("\\"):
        end = text.find("\n", end + 1)
    while end > 0 and "(" in text[at:end] and ")" not in NOTE.sub("", text[at:end]):
        end = text.find("\n", end + 1)
    return end if end > 0 else len(text)


def is_surely_unbound(name: str, text: str) -> bool:
    """Return whether no statement of a module can bind a name: it never occurs in the text as one that is bound.

    False in doubt, such as for a name in a docstring or a list. A star import may still bind it.

    >>> is_surely_unbound("ValueError", "try:\\n    raise ValueError('x')\\nexcept (KeyError, ValueError):\\n    pass")
    True
    >>> [is_surely_unbound("E", text) for text in ("E = 1", "import E", "def f(a, E): 0", "for E in x: 0", "x = E")]
    [False, False, False, False, True]
    """
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        usual = text[at - 6 : at] == "raise " and at > 5
        if not usual and not is_part_of_a_word(text, at, end) and may_be_bound_at(text, at, end):
            return False
        at = text.find(name, end)
    return True


def is_part_of_a_word(text: str, at: int, end: int) -> bool:
    """Return whether a longer name is here, or an attribute of that name."""
    before, after = text[at - 1 : at], text[end : end + 1]
    return before == "." or before == "_" or after == "_" or before.isalnum() or after.isalnum()


def may_be_bound_at(text: str, at: int, end: int) -> bool:
    """Return whether the name from ``at`` to ``end`` may be one that a statement binds."""
    if WALRUS.match(text, end):
        return True
    before = WORD_BEFORE.search(text, max(0, at - FAR), at)
    if before is not None:
        return before[1] in BINDING_KEYWORDS
    if text[max(0, at - FAR) : at].rstrip().endswith("\\"):
        return True  # a continuation line: the keyword may be on the one before
    if not BOUND_AFTER.match(text, end):
        return False
    line = text[text.rfind("\n", 0, at) + 1 : at].strip()
    if line.startswith("case "):
        return True
    if line.startswith("except") and ":" not in line:
        return False  # in a clause it is read
    if line.endswith("="):  # as the value of an assignment too, unless another target follows
        return "=" in text[end : (text.find("\n", end) + 1 or len(text))]
    return True
