"""A JSON array of findings."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flext_lint.check.violation import Violation
from flext_lint.rule import all_rules

__all__ = ["render"]


def render(violations: Sequence[Violation]) -> str:
    """Return an array of objects with path, line, column, code, message, name and recipe (null if there is none).

    >>> render([])
    '[]'
    """
    return json.dumps([item(one) for one in violations], indent=1, ensure_ascii=False)


def item(one: Violation) -> dict[str, object]:
    """Return the object for one finding."""
    rule = all_rules().get(one.code)
    named = {"name": rule.name, "recipe": rule.recipe or None} if rule is not None else {"name": None, "recipe": None}
    return {**one._asdict(), **named}
