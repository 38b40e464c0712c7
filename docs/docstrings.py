"""Read docstrings for the site: examples become blocks of code, and roles of Sphinx plain names."""

from __future__ import annotations

import re
from typing import Any

import griffe

ROLE = re.compile(r":(?:class|meth|func|mod|data|attr|exc):`~?([^`]+)`")


def readable(text: str) -> str:
    """Return a docstring with its examples fenced.

    >>> print(readable("Say :func:`what`.\\n\\n>>> 1 + 1\\n2\\n\\nThe end."))
    Say `what`.
    <BLANKLINE>
    ```pycon
    >>> 1 + 1
    2
    ```
    <BLANKLINE>
    The end.
    """
    paragraphs = ROLE.sub(r"`\1`", text).split("\n\n")
    return "\n\n".join(f"```pycon\n{each.strip()}\n```" if each.startswith(">>> ") else each for each in paragraphs)


class Docstrings(griffe.Extension):
    """What mkdocstrings asks for each object that it has read."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Make the docstring of one object readable."""
        if obj.docstring is not None:
            obj.docstring.value = readable(obj.docstring.value)
