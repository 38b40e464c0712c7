"""What is the same for every file of a run."""

from __future__ import annotations

from typing import NamedTuple

from flext_codemods.project.exclusions import Exclusions
from flext_codemods.repository.file_scan import Scanner
from flext_codemods.repository.repository import Repository

__all__ = ["Job"]


class Job(NamedTuple):
    """What is the same for every file of a run. It is sent to worker processes.

    ``recipes`` are the names of those that run; ``unsafe`` means that changes which the program may notice are allowed;
    ``allow`` are the builtins that the project wants to raise. ``accepted`` are the sites, by line and column, that the
    user accepted, in addition to those of the recipe ``observers``, which depend on others: None for all; ``scanner``
    is what the next run looks for in a file, None if nothing is cached for it.
    """

    recipes: tuple[str, ...]
    exclusions: Exclusions
    repository: Repository
    retarget_to: str = "flext_exceptions"
    unsafe: bool = False
    allow: tuple[str, ...] = ()
    accepted: frozenset[tuple[int, int]] | None = None
    scanner: Scanner | None = None
