"""Which names say that a variable holds an error."""

from __future__ import annotations

__all__ = ["names_an_error"]

ERROR_WORDS = frozenset(
    "e ex exc err error exception exceptions errors failure problem cause exc_value exc_val".split()
)


def names_an_error(name: str) -> bool:
    """Return whether a dotted name is one that holds an error, by the words in its last part.

    >>> names_an_error("self.last_error"), names_an_error("exc_val"), names_an_error("self.result")
    (True, True, False)
    """
    last = name.rpartition(".")[2].lower()
    return not ERROR_WORDS.isdisjoint([name.lower(), last, *last.split("_")])
