"""Keep of a migration only what the project's own check cannot tell from the program before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from flext_codemods.model.file_result import FileResult
from flext_codemods.model.finding import Finding
from flext_codemods.model.job import Job
from flext_codemods.model.recipe import OBSERVERS
from flext_codemods.project.files import ChangedFile
from flext_codemods.project.roots import PathArgument
from flext_codemods.project.skip import Skip
from flext_codemods.project.text import count
from flext_codemods.project.usage import usage
from flext_codemods.rewrite.pipeline import rewrite
from flext_codemods.run.check_command import CheckCommand, Outcomes
from flext_codemods.storage.apply import write_results
from flext_codemods.storage.recovery import take_back
from flext_exceptions import FlextExceptions

__all__ = ["Baseline", "Verified", "baseline", "guilty", "verified"]

T = TypeVar("T")
Site = tuple[int, int]  # line and column, by which a job accepts sites
MISSING = "not run"


class Baseline(NamedTuple):
    """What the check says before anything is rewritten, and the tests that differ between two runs of it."""

    outcomes: Outcomes
    flaky: tuple[str, ...]

    def differences(self, now: Outcomes) -> list[str]:
        """Return the tests with another outcome than before, in sentences; those that are flaky do not count."""
        names = [name for name in {**self.outcomes, **now} if name not in self.flaky]
        pairs = [(name, self.outcomes.get(name, MISSING), now.get(name, MISSING)) for name in names]
        return [f"{name}: {was} before, {is_now} now" for name, was, is_now in pairs if was != is_now]


class Verified(NamedTuple):
    """What is kept of a migration: the results of its files, and what is to be said of it."""

    results: tuple[FileResult, ...]
    advice: tuple[str, ...]


class RunsAreOver(FlextExceptions.OperationError):
    """The check may not be run again: a signal within this module."""


def baseline(check: CheckCommand) -> Baseline:
    """Run the check twice.

    Raises:
        FlextExceptions.ConfigurationError: it cannot be run, or its two runs have nothing in common.
    """
    first, second = check.run(), check.run()
    flaky = tuple(sorted(name for name in {**first, **second} if first.get(name) != second.get(name)))
    if len(flaky) == len({**first, **second}):
        raise usage(f"--verify: two runs of {check.text} before anything was written have nothing in common")
    return Baseline(first, flaky)


def guilty(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return items that fail by themselves, of some that fail together; of several that fail only together one.

    >>> guilty([1, 2, 3, 4, 5], lambda some: 2 in some or 5 in some)
    [2, 5]
    """
    if len(items) == 1:
        return list(items)
    left, right = items[: len(items) // 2], items[len(items) // 2 :]
    if not fails(left):
        return guilty(right, fails)
    found = guilty(left, fails)
    return found + (guilty(right, fails) if fails(right) else [])


class Trial:
    """The files of a migration, any part of whose sites can be put to the check."""

    def __init__(
        self,
        results: Iterable[FileResult],
        jobs: Mapping[str, Job],
        arguments: Sequence[PathArgument],
        check: CheckCommand,
        before: Baseline,
    ) -> None:
        self.results = {result.path: result for result in results if result.new is not None}
        self.jobs = jobs
        self.arguments = arguments
        self.repositories = sorted({argument.repository.resolve() for argument in arguments})
        self.check = check
        self.before = before
        self.why: dict[tuple[str, Site], str] = {}

    def sites(self, path: str) -> list[tuple[str, Site]]:
        """Return the sites of a file that are rewritten."""
        findings = (one for one in self.results[path].findings if not one.left and one.recipe != OBSERVERS)
        return sorted({(path, (finding.line, finding.column)) for finding in findings})

    def observers(self, path: str) -> bool:
        """Say whether a file has observers that are made neutral."""
        return any(one.recipe == OBSERVERS and not one.left for one in self.results[path].findings)

    def with_sites(self, chosen: Iterable[tuple[str, Site]]) -> list[FileResult]:
        """Return the files with some of the sites rewritten alone; those that have none are as they were.

        Observers are always made neutral: by itself that changes nothing, and some sites rest on it.
        """
        by_path: dict[str, set[Site]] = {path: set() for path in self.results if self.observers(path)}
        for path, site in chosen:
            by_path.setdefault(path, set()).add(site)
        found = []
        for path, sites in by_path.items():
            result = self.results[path]
            if sites != {site for _, site in self.sites(path)}:
                result = rewrite(Path(path), result.old, self.jobs[path]._replace(accepted=frozenset(sites)))
            found += [result] if result.new is not None else []
        return found

    def write(self, results: Iterable[FileResult]) -> None:
        """Put back all that is written, then write some files: the journal always knows the bytes before the run.

        Raises:
            OSError: a file cannot be put back or written.
        """
        self.take_back()
        changes = [ChangedFile(each.path, each.old, each.new) for each in results if each.new is not None]
        others = [ChangedFile(each.path, each.old, each.new) for each in self.others() if each.new is not None]
        failures, problems = write_results(self.arguments, [*changes, *others])
        for path, why in failures.items():
            raise usage(f"--verify: {path}: cannot be written: {why}")
        for problem in problems:
            raise usage(f"--verify: {problem}")

    def others(self) -> list[FileResult]:
        """Return the changed files that no site is in: manifests."""
        return [result for path, result in self.results.items() if path not in self.jobs]

    def take_back(self) -> None:
        """Put back every file that the last run wrote."""
        for repository in self.repositories:
            left = take_back(repository)
            if left:
                raise usage(f"--verify: {'; '.join(left)}; everything else is as it was")

    def differences(self, results: Iterable[FileResult], *, last: bool = False) -> list[str]:
        """Return what the check finds where only these files are rewritten; one run is spared for the last."""
        if self.check.left < (1 if last else 2):
            raise RunsAreOver("the check may not be run again")
        self.check.left -= 1
        self.write(results)
        return self.before.differences(self.check.run())

    def fails(self, sites: Sequence[tuple[str, Site]]) -> bool:
        """Say whether the check finds a difference where only these sites are rewritten."""
        found = self.differences(self.with_sites(sites))
        if found and len(sites) == 1:
            self.why[sites[0]] = found[0]
        return bool(found)

    def file_fails(self, paths: Sequence[str]) -> bool:
        """Do what fails does, for all sites of some files."""
        return self.fails([site for path in paths for site in self.sites(path)])

    def narrow(self) -> list[tuple[str, Site]]:
        """Return the sites to put back, by files first, then by sites; all suspects when the runs are over."""
        files = [path for path in self.results if path in self.jobs and self.sites(path)]
        suspects = [site for path in files for site in self.sites(path)]
        blamed: list[tuple[str, Site]] = []
        try:
            bad_files = guilty(files, self.file_fails) if files else []
            suspects = [site for path in bad_files for site in self.sites(path)]
            for path in bad_files:
                blamed += guilty(self.sites(path), self.fails)
                suspects = [site for site in suspects if site[0] != path]
            everything = [site for path in files for site in self.sites(path)]
            while files and self.fails(kept := [site for site in everything if site not in blamed]):
                blamed += guilty(kept, self.fails)  # several that fail only together
        except RunsAreOver:
            blamed += suspects
        return blamed


def verified(
    results: tuple[FileResult, ...],
    jobs: Mapping[str, Job],
    arguments: Sequence[PathArgument],
    check: CheckCommand,
    before: Baseline,
) -> Verified:
    """Check what was written; put back what the check can tell apart, and return what is kept.

    Raises:
        FlextExceptions.ConfigurationError: the check still finds a difference then; everything is as it was.
        KeyboardInterrupt: Ctrl-C; everything is as it was.
    """
    trial = Trial(results, jobs, arguments, check, before)
    try:
        check.left -= 1
        found = before.differences(check.run())
        blamed: list[tuple[str, Site]] = []
        kept: list[FileResult] = []
        if found:
            blamed = trial.narrow()
            for site in blamed:
                trial.why.setdefault(site, found[0])
            kept = trial.with_sites(
                site for path in trial.results if path in jobs for site in trial.sites(path) if site not in blamed
            )
            found = trial.differences(kept, last=True)
        if found:
            raise usage(f"--verify: {found[0]}, even with the sites put back that may be guilty; everything is undone")
    except BaseException as error:
        trial.take_back()
        if isinstance(error, KeyboardInterrupt):
            error.add_note("everything is as it was before the run")
        raise
    left = tuple(put_back(result, blamed, trial, kept) for result in results)
    return Verified(left, advice(check, before))


def put_back(result: FileResult, blamed: list[tuple[str, Site]], trial: Trial, kept: list[FileResult]) -> FileResult:
    """Return the result of a file with the sites left that were put back."""
    mine = {site for path, site in blamed if path == result.path}
    if not mine:
        return result
    now = next((each for each in kept if each.path == result.path), result._replace(new=None, edits=()))

    def left(finding: Finding) -> Finding:
        site = finding.line, finding.column
        if finding.left or site not in mine:
            return finding
        return finding._replace(skip=Skip("verify", trial.why[result.path, site]))

    return now._replace(findings=tuple(map(left, result.findings)), cache_entry=None)


def advice(check: CheckCommand, before: Baseline) -> tuple[str, ...]:
    """Return what is to be said of the check."""
    same = len(before.outcomes) - len(before.flaky)
    lines = [f"verified by {count(check.runs, 'run')} of {check.text}: {count(same, 'outcome')} the same as before"]
    if before.flaky:
        lines.append(f"set aside, as two runs before differed in them: {', '.join(before.flaky)}")
    return tuple(lines)
