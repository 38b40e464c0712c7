"""The audit and other tools on the same packages: how much of what really escaped each of them finds.

    python -m benchmarks.audit_peers TRUTH SOURCES PEERS [--fetch]

TRUTH is a folder of truth files, one for each package: ``{"package": ..., "version": ..., "triples": [[function, class,
origin], ...], "apart": {kind: [[function, class], ...]}}``. SOURCES has a folder with the same name
for each of them, which contains the package; ``--fetch`` fills it from the package index. PEERS is a Python that has
bubble-analysis and raiseattention. ruff is that of this Python.

All tools are compared with the truth in the same, most lenient way: classes by their last name, nested functions by
both names. Prints a table in Markdown: recall (the share of the true pairs of function and class that the tool names),
the lowest recall of a package, seen (for functions with a true pair, the share of the tool's pairs that were seen to
happen; the mean of the packages, and pooled), and CPU seconds, including the start of Python.
"""

from __future__ import annotations

import argparse
import ast
import json
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

Pairs = dict[str, set[str]]  # the last names of classes, by function
PEER = Path(__file__).with_name("peer_answers.py")
DISTRIBUTIONS = {"dns": "dnspython"}


class Score(NamedTuple):
    """The number of true pairs, of those found, of pairs named for functions with a true pair, and of those seen."""

    true: int
    found: int
    named: int
    seen: int


def plain(function: str) -> str:
    """Return the name of a function in the form that all tools can express.

    >>> plain("shop/cart.py::retry.<locals>.wrapper")
    'shop/cart.py::retry.wrapper'
    """
    return function.replace(".<locals>", "")


def pairs(rows: Any) -> Pairs:
    """Return pairs of function and class, grouped by function."""
    found: Pairs = defaultdict(set)
    for function, name, *_ in rows:
        found[plain(function)].add(name.rpartition(".")[2])
    return found


def score(truth: dict[str, Any], answer: Pairs) -> Score:
    """Compare an answer with the truth of a package."""
    true = pairs(truth["triples"])
    left = pairs([*truth["triples"], *(row for kind in truth["apart"].values() for row in kind)])
    return Score(
        sum(map(len, true.values())),
        sum(len(names & answer.get(function, set())) for function, names in true.items()),
        sum(len(answer.get(function, ())) for function in true),
        sum(len(answer.get(function, set()) & left[function]) for function in true),
    )


def output(command: list[str], folder: Path, allowed: tuple[int, ...] = (0,)) -> str:
    """Run a command in a folder and return its output."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in allowed:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def audited(folder: Path, package: str, _peers: Path) -> Pairs:
    """Return the answer of the audit."""
    command = [sys.executable, "-m", "flext_codemods", "audit", "--no-cache", "--format", "json", package]
    functions = json.loads(output(command, folder))["functions"]
    return pairs((name, one["class"]) for name, found in functions.items() for one in found)


def of_peer(tool: str) -> Callable[[Path, str, Path], Pairs]:
    """Return a function that gives the answer of another tool."""

    def answer(folder: Path, _package: str, peers: Path) -> Pairs:
        found = json.loads(output([str(peers), str(PEER), tool, str(folder)], folder))
        return pairs((name, one) for name, classes in found.items() for one in classes)

    return answer


def by_ruff(folder: Path, package: str, _peers: Path) -> Pairs:
    """Return what ruff's DOC501 reports: errors raised in a body that its docstring lacks."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--preview", "--select", "DOC501"]
    rows = json.loads(output([*command, "--output-format", "json", package], folder, (0, 1)))
    functions = {row["filename"]: functions_of(Path(row["filename"]), folder) for row in rows}
    found = []
    for row in rows:
        line = row["location"]["row"]
        inner = [one for one in functions[row["filename"]] if one[1] <= line <= one[2]]
        if inner:
            found.append((max(inner, key=lambda one: one[1])[0], row["message"].split("`")[1]))
    return pairs(found)


def functions_of(file: Path, folder: Path) -> list[tuple[str, int, int]]:
    """Return the functions of a file with their first and last lines."""
    found: list[tuple[str, int, int]] = []

    def walk(node: ast.AST, around: str) -> None:
        for child in ast.iter_child_nodes(node):
            name = around
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{around}.{child.name}".lstrip(".")
                if not isinstance(child, ast.ClassDef):
                    path = file.resolve().relative_to(folder.resolve()).as_posix()
                    found.append((f"{path}::{name}", child.lineno, child.end_lineno or child.lineno))
            walk(child, name)

    walk(ast.parse(file.read_bytes()), "")
    return found


TOOLS: dict[str, Callable[[Path, str, Path], Pairs]] = {
    "audit": audited,
    "bubble-analysis": of_peer("bubble"),
    "bubble-analysis, strict": of_peer("bubble-strict"),
    "RaiseAttention, local": of_peer("raiseattention"),
    "ruff DOC501": by_ruff,
}


def fetch(truth: dict[str, Any], folder: Path) -> None:
    """Fetch the source release of a package into a folder."""
    package = truth["package"]
    name = f"{DISTRIBUTIONS.get(package, package)}=={truth['version']}"
    options = ["--quiet", "--no-deps", "--no-binary", ":all:"]
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([sys.executable, "-m", "pip", "download", *options, "--dest", place, name], check=True)
        with tarfile.open(next(Path(place).glob("*.tar.gz"))) as archive:
            archive.extractall(place, filter="data")
        (root,) = (one for one in Path(place).iterdir() if one.is_dir())
        shutil.copytree((root / "src" if (root / "src" / package).is_dir() else root) / package, folder / package)


def main(arguments: list[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth", type=Path)
    parser.add_argument("sources", type=Path)
    parser.add_argument("peers", type=Path)
    parser.add_argument("--fetch", action="store_true")
    given = parser.parse_args(arguments)
    truths = {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(given.truth.glob("*.json"))}
    for name, truth in truths.items():
        if given.fetch and not (given.sources / name / truth["package"]).is_dir():
            fetch(truth, given.sources / name)
    print("| tool | recall | lowest | seen, mean | seen, pooled | CPU seconds |\n|---|---|---|---|---|---|")
    for tool, answer in TOOLS.items():
        scores = []
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for name, truth in truths.items():
            scores.append(score(truth, answer((given.sources / name).resolve(), truth["package"], given.peers)))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        total = Score(*map(sum, zip(*scores, strict=True)))
        lowest = min(one.found / one.true for one in scores)
        mean = sum(one.seen / max(1, one.named) for one in scores) / len(scores)
        figures = (total.found / total.true, lowest, mean, total.seen / max(1, total.named))
        print(f"| {tool} | {' | '.join(f'{100 * one:.1f} %' for one in figures)} | {seconds:,.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
