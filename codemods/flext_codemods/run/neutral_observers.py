"""Which observers this run can make neutral: only those whose files it may rewrite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from flext_codemods.model.job import Job
from flext_codemods.model.recipe import OBSERVERS
from flext_codemods.project.files import read_bytes
from flext_codemods.repository.observations import Observation, Observations
from flext_codemods.rewrite.pipeline import rewrite

__all__ = ["with_neutral_observers"]


def with_neutral_observers(
    observations: Observations, paths: Iterable[Path], job_of: Callable[[Path], Job], *, chosen: bool
) -> Observations:
    """Return the observations in which only observers in files that a run over some paths rewrites may be made neutral.

    ``chosen`` means that the recipe runs: then each is tried, and those that can be are made neutral.
    """
    named = list(paths)
    refused: set[Observation] = set()
    for file, found in observations.candidates().items():
        path = Path(file)
        raw, problem = read_bytes(path)
        job = job_of(path)
        if problem or not any(path.is_relative_to(each) for each in named) or job.exclusions.skip(path, raw):
            refused |= found
        elif chosen:
            refused.update(cannot_be_neutral(path, raw, found, job))
    possible = observations.without(refused)
    return possible.neutralised() if chosen else possible


def cannot_be_neutral(path: Path, raw: bytes, found: Iterable[Observation], job: Job) -> Iterator[Observation]:
    """Yield the observers of a file that the recipe cannot rewrite, because of their form or their names.

    Raises elsewhere depend on it, so it is tried before any decision about them.
    """
    possible = [one for one in sorted(found) if is_rewritten(path, raw, (one,), job)]
    together = is_rewritten(path, raw, tuple(possible), job)
    yield from (one for one in found if one not in possible or not together)


def is_rewritten(path: Path, raw: bytes, some: tuple[Observation, ...], job: Job) -> bool:
    """Return whether a file can be rewritten with only some observers made neutral."""
    observations = Observations(neutral={str(path): some}, namespaces=job.repository.observations.namespaces)
    repository = job.repository._replace(observations=observations)
    result = rewrite(path, raw, job._replace(recipes=(OBSERVERS,), repository=repository, scanner=None))
    return result.new is not None and not any(finding.left for finding in result.findings)
