"""Keep only those parts of a migration that the project's own check cannot distinguish from the program before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

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

__all__ = ["Baseline", "Suspects", "Verified", "baseline", "verified"]

Site = tuple[int, int]  # line and column, by which a job accepts sites
Place = tuple[str, Site]  # the path of the file, and the site
MISSING = "not run"


class Baseline(NamedTuple):
    """The outcome of the check before anything is rewritten, and the tests that differ between two runs of it."""

    outcomes: Outcomes
    flaky: tuple[str, ...]

    def differences(self, now: Outcomes) -> dict[str, str]:
        """Return the tests with another outcome than before, each with a sentence, except those that are flaky."""
        names = [name for name in {**self.outcomes, **now} if name not in self.flaky]
        pairs = [(name, self.outcomes.get(name, MISSING), now.get(name, MISSING)) for name in names]
        return {name: f"{name}: {was} before, {is_now} now" for name, was, is_now in pairs if was != is_now}


class Verified(NamedTuple):
    """What is kept of a migration: the results of its files, and messages about it."""

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
        raise usage(f"--verify: two runs of {check.text} before writing had no common result")
    return Baseline(first, flaky)


class Suspects:
    """For each test that changed, the first position in a list of sites at which it changes.

    ``low`` sites leave it unchanged, ``high`` sites change it. A run with the first sites of the list is evidence for
    all tests at once. ``ends`` are the numbers of sites with which a file ends: a site is searched for file by file,
    then within its file.
    """

    def __init__(self, tests: Iterable[str], size: int, ends: Iterable[int]) -> None:
        self.low = dict.fromkeys(tests, 0)
        self.high = dict.fromkeys(self.low, size)
        self.ends = sorted(ends)

    def next_run(self) -> int:
        """Return with how many sites to run the check, 0 if every test's site is found."""
        for test, low in self.low.items():
            high = self.high[test]
            between = [end for end in self.ends if low < end < high] or range(low + 1, high)
            if between:
                return between[len(between) // 2]
        return 0

    def learn(self, number: int, changed: Collection[str]) -> None:
        """Add which tests change with the first sites."""
        for test, low in self.low.items():
            if low < number < self.high[test]:
                bounds = self.high if test in changed else self.low
                bounds[test] = number

    def left(self) -> Iterator[tuple[str, range]]:
        """Yield each test with the numbers of the sites one of which changes it."""
        return ((test, range(low, self.high[test])) for test, low in self.low.items())


class Trial:
    """The files of a migration, any part of whose sites can be checked."""

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
        self.blamed: dict[Place, str] = {}  # the sites to be reverted, with the difference that each makes

    def sites(self, path: str) -> list[Place]:
        """Return the sites of a file that are rewritten."""
        findings = (one for one in self.results[path].findings if not one.left and one.recipe != OBSERVERS)
        return sorted({(path, (finding.line, finding.column)) for finding in findings})

    def observers(self, path: str) -> bool:
        """Return whether a file has observers that are made neutral."""
        return any(one.recipe == OBSERVERS and not one.left for one in self.results[path].findings)

    def with_sites(self, chosen: Iterable[Place]) -> list[FileResult]:
        """Return the files with only some of the sites rewritten; files without any are unchanged.

        Observers are always made neutral: that alone changes nothing, and some sites depend on it.
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
        """Restore everything that was written, then write some files: the journal always has the bytes before the run.

        Raises:
            OSError: a file cannot be restored or written.
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
        """Return the changed files without sites: manifests."""
        return [result for path, result in self.results.items() if path not in self.jobs]

    def take_back(self) -> None:
        """Restore every file that the last run wrote."""
        for repository in self.repositories:
            left = take_back(repository)
            if left:
                raise usage(f"--verify: {'; '.join(left)}; everything else is unchanged")

    def differences(self, sites: Iterable[Place], *, spare: int) -> dict[str, str]:
        """Return the result of the check with only these sites rewritten; ``spare`` runs have to remain afterwards.

        Raises:
            RunsAreOver: there are not as many.
        """
        if self.check.left <= spare:
            raise RunsAreOver("the check may not be run again")
        self.check.left -= 1
        self.write(self.with_sites(sites))
        return self.before.differences(self.check.run())

    def narrow(self, found: Mapping[str, str]) -> list[Place]:
        """Revert sites until the check finds no difference any more; return what is kept.

        ``found`` is its result with all sites. The last run is the one with what is kept.

        Raises:
            FlextExceptions.ConfigurationError: the check still finds a difference when no runs are left.
        """
        kept = [place for path in self.results if path in self.jobs for place in self.sites(path)]
        while found and kept:
            ends = [n for n in range(1, len(kept)) if kept[n - 1][0] != kept[n][0]]
            suspects = Suspects(found, len(kept), ends)
            with suppress(RunsAreOver):
                while number := suspects.next_run():
                    suspects.learn(number, self.differences(kept[:number], spare=1))
            for test, numbers in suspects.left():
                for number in numbers:
                    self.blamed.setdefault(kept[number], found[test])
            kept = [place for place in kept if place not in self.blamed]
            try:
                found = self.differences(kept, spare=0)
            except RunsAreOver:
                break
        if found:
            told = next(iter(found.values()))
            raise usage(f"--verify: {told}, even after undoing all suspicious sites; everything is undone")
        return kept


def verified(
    results: tuple[FileResult, ...],
    jobs: Mapping[str, Job],
    arguments: Sequence[PathArgument],
    check: CheckCommand,
    before: Baseline,
) -> Verified:
    """Check what was written; revert what the check notices, and return what is kept.

    Raises:
        FlextExceptions.ConfigurationError: the check still finds a difference then; everything is restored.
        KeyboardInterrupt: Ctrl-C; everything is restored.
    """
    trial = Trial(results, jobs, arguments, check, before)
    try:
        check.left -= 1
        found = before.differences(check.run())
        kept = trial.narrow(found) if found else []
    except BaseException as error:
        trial.take_back()
        if isinstance(error, KeyboardInterrupt):
            error.add_note("everything is as it was before the run")
        raise
    made = {result.path: result for result in trial.with_sites(kept)} if trial.blamed else {}
    return Verified(tuple(put_back(result, trial.blamed, made) for result in results), advice(check, before))


def put_back(result: FileResult, blamed: Mapping[Place, str], made: Mapping[str, FileResult]) -> FileResult:
    """Return the result of a file with the reverted sites marked as left; ``made`` are the current files."""
    if not any(path == result.path for path, _ in blamed):
        return result
    now = made.get(result.path, result._replace(new=None, edits=()))

    def left(finding: Finding) -> Finding:
        why = blamed.get((result.path, (finding.line, finding.column)))
        return finding if finding.left or why is None else finding._replace(skip=Skip("verify", why))

    return now._replace(findings=tuple(map(left, result.findings)), cache_entry=None)


def advice(check: CheckCommand, before: Baseline) -> tuple[str, ...]:
    """Return the messages about the check."""
    same = len(before.outcomes) - len(before.flaky)
    lines = [f"verified by {count(check.runs, 'run')} of {check.text}: {count(same, 'outcome')} the same as before"]
    if before.flaky:
        lines.append(f"ignored, since two runs before differed in them: {', '.join(before.flaky)}")
    return tuple(lines)
