"""Why a site or a whole file is left, as data."""

from __future__ import annotations

from typing import NamedTuple

from flext_codemods.project.paths import Location

__all__ = ["Skip"]


class Skip(NamedTuple):
    """Why something is left: the code of the reason, what it is about here, and where that stands.

    ``reason`` is a key of ``raises.skip_reasons.REASONS``; ``location`` is None where the text needs none;
    ``counts`` says of a whole file that its sites count in the share migrated although those of other files that are
    left for the reason do not: the program sees them when it runs. ``freed_by`` is the recipe, off by default, with
    which the site would be rewritten.
    """

    reason: str
    text: str
    location: Location | None = None
    counts: bool = False
    freed_by: str = ""

    @property
    def detail(self) -> str:
        """The text and the place, for people.

        >>> Skip("no-target", "nothing catches it").detail
        'nothing catches it'
        """
        return f"{self.text} ({self.location})" if self.location else self.text
