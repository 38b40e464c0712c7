"""Measure every figure of docs/figures.md again: ``make bench``, or ``python -m benchmarks runtime lint`` for some.

The page has a section for each benchmark. A section that is not measured stays as it is, with its date.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "figures.md"
ROOT = PAGE.parents[1]
# The benchmarks in the order of the page: title, what is measured, packages whose versions matter.
BENCHMARKS: dict[str, tuple[str, str, str]] = {
    "import_time": ("Import", "CPU time that `import flext_exceptions` adds to the start of an interpreter.", ""),
    "runtime": (
        "An error, raised and caught",
        "CPU time as a multiple of a plain `class E(Exception)`; median of several processes, and their spread.",
        "",
    ),
    "bounds": (
        "Large and deep errors",
        "CPU time of documents and reprs of errors, which is bounded however large the values are.",
        "",
    ),
    "patterns": ("Patterns", "What the decorators of `flext_exceptions.patterns` add to a call.", ""),
    "peers": (
        "The same job by other libraries",
        "Theirs does less where it is faster: no count, context, id or time.",
        "structlog google-api-core werkzeug",
    ),
    "soak": ("A million errors in eight threads", "What is lost, and how much memory grows.", ""),
    "plugin": ("The pytest plugin, not used", "CPU time that it adds.", "pytest"),
    "raise_coverage": ("Raise coverage", "CPU time that `--flext-raise-coverage` adds to real suites.", "pytest"),
    "raise_mutants": ("Raise mutants", "`--flext-raise-mutants` beside a tool that mutates everything.", "pytest"),
    "codemods": ("Migration", "`migrate` over released packages; seconds are CPU seconds.", "libcst pyupgrade ruff"),
    "lint_server": ("The language server", "Wall time from a key to its diagnostics.", "pygls"),
    "lint": ("The linter", "CPU time of the plugins of flake8, and of `flext-lint check`.", "flake8"),
}
HEAD = f"""# Figures

Made by `make bench`; nothing here is typed in by hand. `python -m benchmarks {" ".join(list(BENCHMARKS)[:2])}` measures
some sections again. Times are CPU times, not wall-clock times, unless a table says so. A target is shown beside its
figure; a figure that misses its target stays on this page.
"""


def versions(names: str) -> str:
    """Return the versions of Python and of the installed packages, and the machine."""
    found = [f"Python {platform.python_version()}", f"flext-exceptions {version('flext-exceptions')}"]
    for name in names.split():
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue  # it has an environment of its own, and the output names its version
    return f"{', '.join(found)}; {os.cpu_count()} cores, {platform.machine()}"


def section(name: str) -> tuple[str, int]:
    """Run a benchmark; return its section and its exit status, 1 if a figure missed its target."""
    title, what, names = BENCHMARKS[name]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(done.stdout, flush=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{name}: exit status {done.returncode}")
    output = done.stdout.strip()
    shown = output if "\n|---" in output else f"```text\n{output}\n```"
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    measured = f"Measured on {datetime.now(UTC):%Y-%m-%d} with {versions(names)}; this took {seconds:.0f} CPU s."
    return f"## {title}\n\n{what}\n{measured}\n\n{shown}\n", done.returncode


def sections_of(text: str) -> dict[str, str]:
    """Return the sections of a page by title."""
    parts = text.split("\n## ")[1:]
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in parts}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all, and write the page; name those in which a figure missed its target."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    missed = []
    for name in names or BENCHMARKS:
        text, status = section(name)
        missed += [BENCHMARKS[name][0]] if status else []
        known = sections_of(PAGE.read_text(encoding="utf-8") if PAGE.exists() else "")
        known[BENCHMARKS[name][0]] = text
        titles = [title for title, _, _ in BENCHMARKS.values() if title in known]
        PAGE.write_text("\n".join([HEAD, *(known[title] for title in titles)]), encoding="utf-8")
    print(
        f"wrote {PAGE.relative_to(ROOT)}; sections with a figure that missed its target: {', '.join(missed) or 'none'}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
