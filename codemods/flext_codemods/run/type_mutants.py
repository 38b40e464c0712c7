"""Which rewritten raises the project's tests could not distinguish from a raise of another type."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_codemods.model.file_result import FileResult
from flext_codemods.project.paths import relative
from flext_codemods.project.text import count
from flext_codemods.run.check_command import CheckCommand, complaint, is_pytest

__all__ = ["TypeMutants", "type_mutants"]

OPTION = "--flext-raise-mutants"
SECONDS = 300  # for all mutants together; the number of those not tried by then is reported
NAMED = 3  # sites that a line names


class TypeMutants(NamedTuple):
    """The results of the mutants of each raise with another type, before anything was rewritten.

    ``statuses`` holds, by file, the first and the last line of each raise with the status of its mutant. ``problem``
    says why none was tried, "" if they were.
    """

    statuses: Mapping[Path, list[tuple[int, int, str]]]
    problem: str = ""

    def advice(self, results: Iterable[FileResult]) -> Iterator[str]:
        """Yield a line about the rewritten sites whose type no test checks; none if no site is rewritten."""
        found = {(each.path, one.line) for each in results for one in each.findings if one.migratable and not one.left}
        sites = sorted(found)
        if not sites:
            return
        if self.problem:
            yield f"could not determine how many rewritten sites have untested types: {self.problem}"
            return
        statuses = [self.status(Path(path), line) for path, line in sites]
        survived = [site for site, status in zip(sites, statuses, strict=True) if status == "survived"]
        untold = len(sites) - len(survived) - statuses.count("killed")
        line = (
            f"{len(survived)} of {count(len(sites), 'rewritten site')} had a surviving type mutant: "
            f"the tests would not notice another type there{named(survived)}"
        )
        why = "no test reaches a raise there, or no mutant of it was tried"
        yield f"{line}; unknown for {untold:,}: {why}" if untold else line

    def status(self, path: Path, line: int) -> str:
        """Return the status of the mutant at a line, "" if there is none."""
        return next((said for first, last, said in self.statuses.get(path.resolve(), ()) if first <= line <= last), "")


def named(sites: list[tuple[str, int]]) -> str:
    """Return the first of some sites for the end of a sentence, and how many more there are."""
    shown = ", ".join(f"{relative(path)}:{line}" for path, line in sites[:NAMED])
    more = f" and {len(sites) - NAMED:,} more" if len(sites) > NAMED else ""
    return f" ({shown}{more})" if sites else ""


def type_mutants(check: CheckCommand) -> TypeMutants | None:
    """Have the pytest plugin try another type at each raise that the tests reach; None if the check is not pytest.

    Raises:
        FlextExceptions.ConfigurationError: the check cannot be started.
    """
    if not is_pytest(check.words):
        return None
    with tempfile.TemporaryDirectory(prefix="flext-verify-") as folder:
        file = Path(folder) / "mutants.json"
        chosen = [f"{OPTION}=all", f"{OPTION}=type", f"{OPTION}=json:{file}", f"{OPTION}-seconds={SECONDS}"]
        done = check.started(chosen)
        if not file.is_file():
            why = f"{check.text} {OPTION} ended with status {done.returncode}: {complaint(done)}"
            return TypeMutants({}, f"{why}; this needs flext-exceptions[pytest] where the tests run")
        document = json.loads(file.read_bytes())
    statuses: dict[Path, list[tuple[int, int, str]]] = {}
    for each in document["results"]:
        site = each["line"], each["end_line"], each["status"]
        statuses.setdefault(Path(document["root"], each["file"]).resolve(), []).append(site)
    return TypeMutants(statuses)
