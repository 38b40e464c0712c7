"""Find the observers of a program's raise sites, for tests."""

from __future__ import annotations

from flext_analysis.program.error_flow import ErrorFlow
from flext_analysis.program.observed import observed_sites
from flext_analysis.program.project import Project
from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import TARGETS


def is_typed(cls: type) -> bool:
    """Say whether a class is the library's."""
    return issubclass(cls, FlextExceptions)


LIBRARY = "from flext_exceptions import FlextExceptions as F\n"
ANCESTORS = {
    name: frozenset(
        f"flext_exceptions.{cls.__qualname__}" for cls in row.type.__mro__ if issubclass(cls, FlextExceptions)
    )
    for name, row in TARGETS.items()
}
# A function that raises ValueError; each program below reads, or does not read, the class of what its call raises.
RAISES = "def load(n):\n    if n < 0:\n        raise ValueError(n)\n    return n\n"


def observers(project: Project) -> set[str]:
    """Return the kinds of the observers of the raises of a project."""
    definitions = [definition for module in project.modules for definition in module.definitions]
    found = observed_sites(definitions, ErrorFlow(project), ANCESTORS)
    return {one.kind for each in found.values() for one in each}
