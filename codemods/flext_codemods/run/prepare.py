"""What a run reads from a repository before it rewrites files: settings, targets, and facts about other files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from flext_analysis.summaries.summarize import summarize
from flext_analysis.summaries.summary import FileSummary
from flext_analysis.summaries.summary_cache import SummaryCache
from flext_codemods.model.job import Job
from flext_codemods.model.recipe import OBSERVERS, REVERT
from flext_codemods.options import Options
from flext_codemods.project.exclusions import Exclusions
from flext_codemods.project.files import DOCUMENTS, list_files, read_bytes
from flext_codemods.project.paths import relative
from flext_codemods.project.roots import Project, Projects
from flext_codemods.recipes import all_recipes
from flext_codemods.repository.file_scan import Scanner
from flext_codemods.repository.observations import NOTHING_OBSERVED, Observations
from flext_codemods.repository.targets import Target, project_targets
from flext_codemods.run.cache import Cache
from flext_codemods.run.neutral_observers import with_neutral_observers
from flext_codemods.run.revert_scan import scan_for_revert
from flext_codemods.run.scan import Scan, scan
from flext_codemods.run.unsafe_scan import scan_for_unsafe
from flext_codemods.workers.executors import Workers

__all__ = ["Prepared", "prepare", "targets_of"]


class Prepared(NamedTuple):
    """What a run knows about a repository: the job of each of its projects, the results of the scan, and the cache."""

    projects: Projects
    jobs: Mapping[Path, Job]
    scan: Scan
    cache: Cache

    @property
    def observations(self) -> Observations:
        """The observers of the repository."""
        return next(iter(self.jobs.values())).repository.observations if self.jobs else NOTHING_OBSERVED

    def job_of(self, path: Path) -> Job:
        """Return the job for a file: that of the project that it is part of."""
        return self.jobs[self.projects.of(path).root]

    def by_job(self, paths: Iterable[Path]) -> Iterator[tuple[Job, list[Path]]]:
        """Yield each job with the files that it applies to."""
        grouped: dict[Path, list[Path]] = {}
        for path in paths:
            grouped.setdefault(self.projects.of(path).root, []).append(path)
        return ((self.jobs[root], group) for root, group in grouped.items())


def prepare(repository: Path, paths: Iterable[Path], options: Options, workers: Workers) -> Prepared:
    """Read what a run over some paths in a repository needs to know about it.

    Raises:
        FlextExceptions.ConfigurationError: the settings of a project are wrong.
    """
    paths = list(paths)
    listed = list_files(repository)
    python = [path for path in listed if path.suffix not in DOCUMENTS]
    projects = Projects(repository)
    own: dict[Path, list[Path]] = {}
    for path in python:
        own.setdefault(projects.of(path).root, []).append(path)
    for path in paths:
        own.setdefault(projects.at(path if path.is_dir() else path.parent).root, [])
    targets = {root: targets_of(projects.at(root), files, python) for root, files in own.items()}
    accept = {root: projects.at(root).settings.accept for root in own}
    depends_on: list[object] = [options.recipes, options.retarget_to]
    depends_on += [{str(root): each for root, each in table.items()} for table in (targets, accept)]
    cache = Cache(
        repository,
        depends_on,
        reads=options.cache,
        writes=options.cache and options.writes,
    )
    hints = [all_recipes()[name].hint for name in options.recipes]
    scanner = Scanner(repository, hints, options.retarget_to)
    found = scan(listed, scanner, cache, workers)
    observations = cache.observations(
        found.digests, partial(observe_files, targets=targets, accept=accept, reverting=REVERT in options.recipes)
    )
    jobs = {
        root: Job(
            options.recipes,
            Exclusions(projects.at(root), files, tests=options.tests, include=options.include),
            found.repository._replace(targets=targets[root], observations=observations),
            options.retarget_to,
            options.unsafe,
            projects.at(root).settings.allow,
            scanner=scanner if cache.writes else None,
        )
        for root, files in own.items()
    }
    prepared = Prepared(projects, jobs, found, cache)
    chosen = OBSERVERS in options.recipes
    observations = with_neutral_observers(observations, paths, prepared.job_of, chosen=chosen)
    more: dict[str, Any] = {"observations": observations}
    more |= scan_for_unsafe(options.recipes, python, prepared.job_of)
    if REVERT in options.recipes:
        more |= scan_for_revert(paths, python, prepared.job_of)
    return prepared._replace(
        jobs={root: job._replace(repository=job.repository._replace(**more)) for root, job in jobs.items()}
    )


def observe_files(
    cache: SummaryCache,
    digests: Mapping[Path, str],
    targets: Mapping[Path, Mapping[str, Target]],
    accept: Mapping[Path, Iterable[str]],
    reverting: bool,
) -> Observations:
    """Return the observers of some files, given by path and digest."""
    # Most of our code, which a run over unchanged files does without.
    from flext_codemods.repository.observed_sites import Accept, observe

    summaries = [(path, summary_of(path, digest, cache)) for path, digest in digests.items()]
    return observe(summaries, targets.values(), Accept(accept), reverting=reverting)


def summary_of(path: Path, digest: str, cache: SummaryCache) -> FileSummary:
    """Return the summary of a file, from the cache if it is known."""
    known = cache.known(digest)
    if known is None:
        known = summarize(read_bytes(path)[0])
        cache.learn(digest, known)
    return known


def targets_of(project: Project, own: list[Path], python: list[Path]) -> dict[str, Target]:
    """Return the target of each builtin for a project; its classes are looked for in its own files first."""

    def setting(builtin: str) -> str:
        return f"{relative(str(project.settings_file))}: [tool.flext] targets.{builtin}"

    return project_targets(project.settings.targets, own, python, setting)
