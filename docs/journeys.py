"""Follow three journeys through the code as it runs: ``python docs/journeys.py`` writes ``docs/architecture.md``.

A journey is run once to load everything, and once more with each call from one of our files into another written down.
A generator counts where it starts, not where it goes on.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stdout, suppress
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR, getdoc
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
FOLDERS = ("flext_exceptions", "lint_plugin", "codemods", "pytest_plugin")
RESUMED = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR
INSIDE = frozenset(["<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>", "<lambda>"])
INTRO = """\
# Architecture

The four tools share a reader of whole programs, `flext_analysis`, and a table of facts about exceptions, the catalogue
of `flext_exceptions`. [Folders](folders.md) describes what each folder does and imports. This page follows three
journeys through the code, each with its files in the order in which control first reaches them. It is made by
`python docs/journeys.py`, which runs the code.

If a file is entered again, the last column names the functions that are called, by which file, and how often. If that
column is empty, the journey passes the file once.
"""


class Step(NamedTuple):
    """A call from one of our files into another: who calls, who is called, and the function."""

    caller: str
    file: str
    function: str


class Journey(NamedTuple):
    """What is followed: its title, what is done, and the code that does it in a folder with these files."""

    title: str
    text: str
    files: dict[str, str]
    run: Callable[[], object]


def our_file(code: CodeType, known: dict[CodeType, str]) -> str:
    """Return the path of our file with this code, from the root; "" for anybody else's."""
    found = known.get(code)
    if found is None:
        path = Path(code.co_filename)
        ours = path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in FOLDERS
        found = known[code] = path.relative_to(ROOT).as_posix() if ours else ""
    return found


def calls_between_files(run: Callable[[], object]) -> list[Step]:
    """Return the calls from one of our files into another while something runs."""
    known: dict[CodeType, str] = {}
    started: set[FrameType] = set()
    steps: list[Step] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        file = our_file(frame.f_code, known) if event == "call" else ""
        if not file or frame in started:
            return
        if frame.f_code.co_flags & RESUMED:
            started.add(frame)
        caller = frame.f_back
        while caller is not None and not our_file(caller.f_code, known):
            caller = caller.f_back
        before = our_file(caller.f_code, known) if caller is not None else ""
        if before != file and frame.f_code.co_name not in INSIDE:
            steps.append(Step(before, file, frame.f_code.co_name))

    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
    return steps


def followed(journey: Journey) -> list[Step]:
    """Run a journey twice, each time in a new folder, and return the calls of the second."""
    steps: list[Step] = []
    for run in (journey.run, lambda: steps.extend(calls_between_files(journey.run))):
        with tempfile.TemporaryDirectory() as folder, chdir(folder), redirect_stdout(io.TextIOWrapper(io.BytesIO())):
            for name, text in journey.files.items():
                Path(name).write_text(text, encoding="utf-8")
            run()
    return steps


def migrate() -> None:
    """Migrate the folder, which is no repository."""
    from flext_codemods.cli import main

    main(["migrate", "--allow-no-vcs", "--jobs", "1", "--no-cache", "."])


def lint() -> None:
    """Check the folder as ``flake8`` does."""
    from flake8.main.cli import main

    main(["-j1", "--select=FLX", "--isolated", "shop.py"])


def compare() -> None:
    """Hold an error to other facts than it has, and see the assertion fail."""
    from flext_exceptions import FlextExceptions
    from flext_pytest import flext_raises

    expected = flext_raises(FlextExceptions.ValidationError, code="OUT_OF_STOCK", context={"field": "sku"})
    with suppress(AssertionError), expected:
        raise FlextExceptions.ValidationError("sold out", field="size")


ONE_RAISE = 'def order(sku):\n    raise ValueError("sold out")\n'
SECOND_RAISE = '\n\ndef cancel(sku):\n    raise ValueError("too late")\n'
JOURNEYS = (
    Journey(
        "A raise through `migrate`",
        "`python -m flext_codemods migrate` on a folder with one file that has one `raise ValueError`.",
        {"shop.py": ONE_RAISE},
        migrate,
    ),
    Journey(
        "A raise through flake8 to FLX103",
        "`flake8 --select=FLX` on the same file: the plugin finds the raise of a builtin.",
        {"shop.py": ONE_RAISE},
        lint,
    ),
    Journey(
        "`flext_raises` to its message",
        "A test expects another code and another field than the error has.",
        {},
        compare,
    ),
)


def summary_of(file: str) -> str:
    """Return the first sentence of a file's docstring."""
    name = file.removeprefix("lint_plugin/").removeprefix("codemods/").removeprefix("pytest_plugin/")
    module = sys.modules[name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")]
    first = (getdoc(module) or "").split("\n\n")[0].replace("PYTEST_DONT_REWRITE", "")
    return " ".join(first.split()).replace("``", "`").replace("|", "\\|")


def rows(steps: list[Step]) -> Iterator[str]:
    """Yield a row of the table for each file, in the order in which control first reaches it."""
    files = dict.fromkeys(step.file for step in steps)
    for number, file in enumerate(files, 1):
        first, *again = [step for step in steps if step.file == file]
        asked = Counter((step.function, Path(step.caller).name or "code of others") for step in again)
        why = ", ".join(
            f"`{name}` by {caller}" + (f" {n} times" if n > 1 else "") for (name, caller), n in asked.items()
        )
        yield f"| {number} | `{file}` | {summary_of(file)} | `{first.function}` | {why} |"


def page() -> str:
    """Return the page."""
    lines = [INTRO]
    for journey in JOURNEYS:
        steps = followed(journey)
        files = {step.file for step in steps}
        lines += [f"## {journey.title}", "", journey.text]
        lines += [f"It passes {len(files)} files, with {len(steps)} calls from one file into another."]
        if journey.run is migrate:
            two = followed(journey._replace(files={"shop.py": ONE_RAISE + SECOND_RAISE}))
            lines += [f"A second raise in the file adds {len(two) - len(steps)} calls: the rest is done once per run."]
        lines += ["", "| | file | what it is | first for | again for |", "|---:|---|---|---|---|", *rows(steps), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"
    (ROOT / "docs" / "architecture.md").write_text(page(), encoding="utf-8")
