"""The project's own check, run before and after a migration: the outcome of each test, or its exit status."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from flext_codemods.project.usage import usage

__all__ = ["CheckCommand", "Outcomes", "complaint", "is_pytest"]

Outcomes = Mapping[str, str]  # by the name of each test; for a check other than pytest only its exit status
STATUS = "exit status"
KINDS = ("failure", "error", "skipped")  # elements of a test case in JUnit XML that mean it did not pass


class CheckCommand:
    """A command that checks the project, with how often it may be run."""

    def __init__(self, text: str, runs: int) -> None:
        try:
            self.words = shlex.split(text)
        except ValueError as error:
            raise usage(f"--verify: {text!r} cannot be split into words: {error}") from error
        if not self.words:
            raise usage("--verify: name a command, as in --verify 'pytest -q'")
        self.text = text
        self.left = runs
        self.runs = 0

    def run(self) -> Outcomes:
        """Run the command once, in the current folder, and return the outcome.

        Raises:
            FlextExceptions.ConfigurationError: it cannot be started, or is a pytest that reports nothing.
        """
        self.runs += 1
        with tempfile.TemporaryDirectory(prefix="flext-verify-") as folder:
            report = Path(folder) / "junit.xml"
            more = [f"--junitxml={report}"] if is_pytest(self.words) else []
            done = self.started(more)
            if not more:
                return {STATUS: str(done.returncode)}
            if not report.is_file():
                raise usage(
                    f"--verify: {self.text} ended with status {done.returncode} and no report: {complaint(done)}"
                )
            return junit_outcomes(report.read_bytes())

    def started(self, more: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
        """Run the command with more arguments; what it prints is kept.

        Raises:
            FlextExceptions.ConfigurationError: it cannot be started.
        """
        try:
            return subprocess.run(
                [*self.words, *more],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment(),
                check=False,
            )
        except OSError as error:
            raise usage(f"--verify: {self.words[0]}: cannot be run: {error.strerror or error}") from error


def is_pytest(words: list[str]) -> bool:
    """Return whether a command runs pytest itself.

    >>> is_pytest(["pytest", "-q"]), is_pytest(["python", "-m", "pytest"]), is_pytest(["uv", "run", "pytest"])
    (True, True, True)
    >>> is_pytest(["make", "test"])
    False
    """
    names = [Path(word).name for word in words]
    return names[0] in ("pytest", "py.test") or not {("-m", "pytest"), ("run", "pytest")}.isdisjoint(pairwise(names))


def complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return the line of a command's output that says what is wrong: the last one with an error, or the last one.

    >>> done = subprocess.CompletedProcess([], 4, b"usage: pytest\\npytest: error: unrecognized\\n  rootdir: /shop\\n")
    >>> complaint(done)
    'pytest: error: unrecognized'
    """
    lines = done.stdout.decode(errors="replace").strip().splitlines()
    return next((line for line in reversed(lines) if "error:" in line.lower()), lines[-1] if lines else "").strip()


def environment() -> dict[str, str]:
    """Return the environment for the check: ours, without what we set for our own processes.

    No bytecode is written: two states of a file may have the same size and second, which Python compares.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH" or sys.flags.safe_path}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"}


def junit_outcomes(raw: bytes) -> dict[str, str]:
    """Return the outcome of each test in a JUnit XML report; tests of one name are numbered.

    Raises:
        FlextExceptions.ConfigurationError: it is not XML.
    """
    try:
        root = ElementTree.fromstring(raw)
    except ElementTree.ParseError as error:
        raise usage(f"--verify: the JUnit report cannot be read: {error}") from error
    seen: Counter[str] = Counter()
    found: dict[str, str] = {}
    for case in root.iter("testcase"):
        name = "::".join(filter(None, [case.get("classname"), case.get("name")]))
        seen[name] += 1
        kinds = [kind for kind in KINDS if case.find(kind) is not None]
        found[name if seen[name] == 1 else f"{name} ({seen[name]})"] = kinds[0] if kinds else "passed"
    return found
