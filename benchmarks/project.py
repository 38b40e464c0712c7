"""How long it takes to read a whole program: ``python -m benchmarks.project PATH...``.

The Python files below the paths are read, summarised and joined in one process: cold, again with one file changed and
the others from the cache, and cold with two and four copies of them. Each run is a process of its own. The targets are
those of the design: 40,000 lines per CPU second cold, 0.5 CPU seconds warm, linear growth.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Cost, run

CODE = """
import gc, sys
from pathlib import Path
from flext_analysis.program.hierarchy import Hierarchy
from flext_analysis.program.project import Project
from flext_analysis.summaries.summary_cache import SummaryCache
gc.disable()
state, copies, changed, *roots = sys.argv[1:]
files = [(Path(root), file) for root in roots for file in map(Path, sorted(map(str, Path(root).rglob("*.py"))))]
with SummaryCache(Path(state) if state else None) as cache:
    def read(number, root, file):
        path = f"copy{number}/{file.relative_to(root.parent)}"
        raw = file.read_bytes() + (f"# copy {number}\\n".encode() if number else b"")
        if changed and file is files[0][1]:
            raw += b"changed = 1\\n"
        return path, path[:-3].replace("/", ".").removesuffix(".__init__"), cache.get(raw)
    project = Project.whole(read(number, root, file) for number in range(int(copies)) for root, file in files)
    Hierarchy(project)
"""


def cost(state: str, copies: int, changed: str, paths: list[str]) -> Cost:
    """Return the cost of building the project, including the start of the interpreter."""
    return run(sys.executable, "-c", CODE, state, str(copies), changed, *paths)


def lines_in(paths: list[str]) -> int:
    """Return the number of lines of the files below some paths."""
    return sum(file.read_bytes().count(b"\n") for path in paths for file in Path(path).rglob("*.py"))


def main(paths: list[str]) -> int:
    """Print the table; return 1 if a target was missed."""
    lines = lines_in(paths)
    print(f"\nThe project of {lines:,} lines (Python {sys.version.split()[0]})\n")
    print("| | CPU s | lines a CPU s | MB |\n|---|---:|---:|---:|")
    found: dict[str, Cost] = {}
    with tempfile.TemporaryDirectory() as state:
        for name, folder, copies, changed in (
            ("cold, 1x", "", 1, ""),
            ("cold, 2x", "", 2, ""),
            ("cold, 4x", "", 4, ""),
            ("cold, cache written", state, 1, ""),
            ("warm, one file changed", state, 1, "yes"),
        ):
            one = found[name] = cost(folder, copies, changed, paths)
            print(f"| {name} | {one.cpu:.2f} | {lines * copies / one.cpu:,.0f} | {one.memory:.0f} |", flush=True)
    return int(lines / found["cold, 1x"].cpu < 40_000 or found["warm, one file changed"].cpu > 0.5)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
