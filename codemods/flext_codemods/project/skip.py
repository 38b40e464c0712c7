"""The reason why a site or a whole file is skipped, as data."""

from __future__ import annotations

from typing import NamedTuple

from flext_codemods.project.paths import Location

__all__ = ["Skip"]


class Skip(NamedTuple):
    """Why something is skipped: the code of the reason, its subject here, and the location of that.

    ``reason`` is a key of ``raises.skip_reasons.REASONS``; ``location`` is None if the text needs none; ``counts``
    means for a whole file that its sites count in the migrated share although those of other files that are skipped for
    the reason do not: the program sees them when it runs. ``freed_by`` is the recipe, off by default, with which the
    site would be rewritten.
    """

    reason: str
    text: str
    location: Location | None = None
    counts: bool = False
    freed_by: str = ""

    @property
    def detail(self) -> str:
        """The text and the location, for people.

        >>> Skip("no-target", "nothing catches it").detail
        'nothing catches it'
        """
        return f"{self.text} ({self.location})" if self.location else self.text
