"""Run a program before and after ``migrate``, in this process: what differs, and which sites were left needlessly."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import sys
import types
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from flext_analysis.settings import Settings
from flext_analysis.summaries.summarize import summarize
from flext_codemods.model.file_result import FileResult
from flext_codemods.model.finding import Finding
from flext_codemods.model.job import Job
from flext_codemods.options import chosen_recipes
from flext_codemods.project.exclusions import Exclusions
from flext_codemods.project.roots import Project
from flext_codemods.recipes import all_recipes
from flext_codemods.repository.file_scan import Scanner
from flext_codemods.repository.observations import NOTHING_OBSERVED
from flext_codemods.repository.observed_sites import Accept, observe
from flext_codemods.repository.targets import library_targets
from flext_codemods.rewrite.pipeline import rewrite
from flext_codemods.run.cache import Cache
from flext_codemods.run.neutral_observers import with_neutral_observers
from flext_codemods.run.scan import scan
from flext_codemods.workers.executors import Workers
from trials.generated_programs.programs import MAIN, PACKAGE, Program

__all__ = ["Left", "Verdict", "check", "migrated", "printed"]

REAL_RUN = asyncio.run
RECIPES = chosen_recipes(None, None, False, "flext_exceptions")
WITH_OBSERVERS = chosen_recipes("+observers", None, False, "flext_exceptions")
HINTS = [all_recipes()[name].hint for name in WITH_OBSERVERS]
TARGETS = library_targets()


class Left(NamedTuple):
    """A site that was left: the module, the finding, and whether the program prints the same with it migrated."""

    module: str
    finding: Finding
    needless: bool


class Verdict(NamedTuple):
    """The result of a program: its output before and after, the number of migrated sites, and those left."""

    before: str
    after: str
    migrated: int
    left: tuple[Left, ...]
    files: Mapping[str, str]
    failures: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the program prints the same."""
        return self.before == self.after and not self.failures


class Texts(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports modules from their texts."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a module of the program."""
        if name not in self.texts:
            return None
        return importlib.util.spec_from_loader(name, self, is_package=name == PACKAGE)

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a module of the program."""
        exec(compile(self.texts[module.__name__], f"<{module.__name__}>", "exec"), module.__dict__)


def run_anywhere(main: Coroutine[Any, Any, Any]) -> Any:
    """Do the same as asyncio.run, even if a loop is running: there in a thread of its own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return REAL_RUN(main)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(REAL_RUN, main).result()


def printed(texts: Mapping[str, str]) -> str:
    """Return what a program prints, and how it ends if it fails."""
    finder = Texts(texts)
    out = io.StringIO()
    sys.meta_path.insert(0, finder)
    try:
        setattr(asyncio, "run", run_anywhere)  # noqa: B010  (a type checker knows another signature)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            try:
                importlib.import_module(MAIN)
            except Exception as error:
                out.write(f"ends with {error}\n")
    finally:
        asyncio.run = REAL_RUN
        sys.meta_path.remove(finder)
        for name in texts:
            sys.modules.pop(name, None)
    return out.getvalue()


def path_of(folder: Path, module: str) -> Path:
    """Return the path of a module."""
    path = folder.joinpath(*module.split("."))
    return path / "__init__.py" if module == PACKAGE else path.with_suffix(".py")


def job_for(texts: Mapping[str, str], folder: Path, observers: bool, neutral: bool) -> Job:
    """Return the job for a program in a folder, read as ``migrate`` reads a repository.

    ``neutral`` adds the recipe ``observers``.
    """
    paths = sorted(path_of(folder, name) for name in texts)
    found = scan(paths, Scanner(folder, HINTS, "flext_exceptions"), Cache(folder, [], reads=False, writes=False), ONE)
    observations = NOTHING_OBSERVED
    if observers:
        summaries = [(path_of(folder, name), summarize(text.encode())) for name, text in texts.items()]
        observations = observe(summaries, [TARGETS], Accept({}))
    exclusions = Exclusions(Project(folder, folder, Settings(), folder))
    recipes = WITH_OBSERVERS if neutral else RECIPES
    job = Job(recipes, exclusions, found.repository._replace(targets=TARGETS, observations=observations))
    if not neutral:
        return job
    observations = with_neutral_observers(observations, [folder], lambda _: job, chosen=True)
    return job._replace(repository=job.repository._replace(observations=observations))


ONE = Workers("1")


def migrated(
    texts: Mapping[str, str], folder: Path, *, observers: bool = True, neutral: bool = False
) -> tuple[Job, dict[str, FileResult]]:
    """Return each module of a program after ``migrate``, and the job; the program is written to a folder."""
    for name, text in texts.items():
        path = path_of(folder, name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    try:
        job = job_for(texts, folder, observers, neutral)
        return job, {name: rewrite(path_of(folder, name), text.encode(), job) for name, text in texts.items()}
    finally:
        for name in texts:
            path_of(folder, name).unlink()


def check(program: Program, folder: Path, *, observers: bool = True, neutral: bool = False) -> Verdict:
    """Run a program before and after ``migrate``, and with each left site migrated."""
    texts = program.modules
    before = printed(texts)
    job, results = migrated(texts, folder, observers=observers, neutral=neutral)
    new = {name: text_after(results[name], text) for name, text in texts.items()}
    failures = tuple(result.failure for result in results.values() if result.failure)
    after = printed(new) if new != texts else before
    done = sum(not finding.left for result in results.values() for finding in result.findings)
    left = tuple(left_sites(texts, folder, job, results, before))
    return Verdict(before, after, done, left, new, failures)


def text_after(result: FileResult, text: str) -> str:
    """Return the text of a module after a run."""
    return text if result.new is None else result.new.decode()


def left_sites(
    texts: Mapping[str, str], folder: Path, job: Job, results: Mapping[str, FileResult], before: str
) -> Iterator[Left]:
    """Yield the sites that count and were left, each tried on its own."""
    for name, result in results.items():
        for finding in result.findings:
            if not (finding.left and finding.migratable):
                continue
            alone = job._replace(
                repository=job.repository._replace(observations=NOTHING_OBSERVED),
                accepted=frozenset([(finding.line, finding.column)]),
            )
            forced = rewrite(path_of(folder, name), texts[name].encode(), alone)
            if forced.new is None:
                continue
            new = {**texts, name: forced.new.decode()}
            yield Left(name, finding, printed(new) == before)
