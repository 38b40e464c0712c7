"""Fetch a package, install it, and run its own suite."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tarfile
import venv
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from trials.packages import PYTEST, Package

__all__ = ["Place", "Suite", "differing", "prepare", "run", "suite"]

SUITE_SECONDS = 1800  # most take one minute on an idle machine


class Suite(NamedTuple):
    """Each test's outcome, and its message if it did not pass, by its identity."""

    outcomes: dict[str, str]
    messages: dict[str, str]


class Place(NamedTuple):
    """Where a package is tried: its sources, a copy of the originals, and an interpreter that sees the first."""

    folder: Path
    source: Path
    original: Path
    python: Path

    def restore(self) -> None:
        """Put the original sources back."""
        shutil.rmtree(self.source)
        shutil.copytree(self.original, self.source, symlinks=True)


def run(*command: str | Path, cwd: Path | None = None, allowed: tuple[int, ...] = (0,)) -> str:
    """Run a command and return its output; stop the program if it fails."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True)
    if done.returncode not in allowed:
        sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def prepare(name: str, package: Package, project: Path, folder: Path) -> Place:
    """Fetch a package, install it with the needs of its suite and this project, and keep a copy of its sources."""
    download: tuple[str | Path, ...] = (
        sys.executable,
        *"-m pip download --quiet --no-deps --no-binary".split(),
        name,
        "-d",
        folder,
    )
    run(*download, f"{name}=={package.version}")
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    source = next(path for path in folder.iterdir() if path.is_dir())
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    install: tuple[str | Path, ...] = (python, *"-m pip install --quiet --disable-pip-version-check".split(), PYTEST)
    run(*install, *package.needs, f"{project}[codemods]", "--editable", source)
    original = folder / "original"
    shutil.copytree(source, original, symlinks=True)
    return Place(folder, source, original, python)


def suite(place: Place, package: Package) -> Suite:
    """Run the package's own tests; stop the program if they do not finish."""
    report, log = place.folder / "suite.xml", place.folder / "suite.log"
    report.unlink(missing_ok=True)
    command = [place.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *package.arguments]
    environment = {**os.environ, "PYTHONHASHSEED": "0", **dict(package.environment)}
    environment["PATH"] = f"{place.python.parent}{os.pathsep}{environment['PATH']}"
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=place.source / package.folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            status: int | None = process.wait(SUITE_SECONDS)
        except subprocess.TimeoutExpired:
            status = None
            os.killpg(process.pid, signal.SIGKILL)  # with the servers that it may have started
    if status not in (0, 1):  # neither passed nor failed: modules that cannot be collected, a crash
        end = "ran into its time limit" if status is None else f"ended with {status}"
        sys.exit(f"{place.source.name}: the suite {end}\n{log.read_text(errors='replace')[-3000:]}")
    return read(report)


def read(report: Path) -> Suite:
    """Return what a suite reported; tests of one identity are taken together."""
    outcomes: dict[str, list[str]] = {}
    messages: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        identity = f"{case.get('classname')}::{case.get('name')}"
        bad = [child for child in case if child.tag in ("failure", "error", "skipped")]
        outcomes.setdefault(identity, []).append("+".join(sorted({child.tag for child in bad})) or "passed")
        messages[identity] = messages.get(identity, "") + "\n".join(child.text or "" for child in bad)
    return Suite({test: ", ".join(sorted(found)) for test, found in outcomes.items()}, messages)


def differing(before: Suite, after: Suite) -> set[str]:
    """Return the tests whose outcomes differ, or that only one of the two has."""
    both = before.outcomes.keys() | after.outcomes.keys()
    return {test for test in both if before.outcomes.get(test) != after.outcomes.get(test)}
