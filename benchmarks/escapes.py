"""Compare the escape analysis with what really escaped, turning off each of its parts in turn.

    python benchmarks/escapes.py TRUTH SOURCES [--wide]

TRUTH is a folder of truth files, one for each package: ``{"package": ..., "triples": [[function, class, origin],
...]}``. SOURCES has a folder with the same name for each of them, which contains the package. Prints a table in
Markdown: recall (the share of the true pairs that the answer contains), the lowest recall of a package, seen (the share
of the answer's pairs that were seen, for functions with a true pair; pooled, and the mean of the packages).
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from flext_analysis.escapes import NARROW, OPEN, WIDE, Limits, analyse_escapes, members
from flext_analysis.escapes.annotations import Annotations
from flext_analysis.escapes.engine import Engine
from flext_analysis.escapes.evaluation.attributes import Attributes
from flext_analysis.escapes.evaluation.calls import Calls
from flext_analysis.escapes.evaluation.functions import Functions
from flext_analysis.escapes.evaluation.iteration import Iteration
from flext_analysis.escapes.propagation import resolution
from flext_analysis.escapes.propagation.errors import ErrorTable
from flext_analysis.escapes.values import EMPTY, UNKNOWN
from flext_analysis.program.project import Project
from flext_analysis.summaries.summarize import summarize

Pairs = dict[str, set[str]]  # the classes by function

OFF: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "return values": (Calls, "returned", lambda *_: {UNKNOWN}),
    "arguments": (Calls, "pass_arguments", lambda *_: None),
    "overrides": (Engine, "overriders", lambda *_: []),
    "attributes": (Attributes, "store", lambda *_: None),
    "containers": (Iteration, "held", lambda *_: EMPTY),
    "annotations": (Annotations, "annotated", lambda *_: EMPTY),
    "decorators": (Functions, "decorate", lambda _self, _code, value, _definition: value),
    "arguments of each call": (resolution, "given_for", lambda *_: None),
    "handlers": (ErrorTable, "passed", lambda _self, mask, _clause: mask),
    "dropping stubs": (members, "is_stub", lambda *_: False),
}
LIMITS = {"methods found by name": NARROW._replace(candidates=0), "unknown callbacks": NARROW._replace(callbacks=0)}


def read_project(folder: Path, package: str) -> Project:
    """Return the project of a package."""
    files = sorted((folder / package).rglob("*.py"))
    paths = [file.relative_to(folder).as_posix() for file in files]
    names = [path[:-3].replace("/", ".").removesuffix(".__init__") for path in paths]
    return Project.whole(
        (path, name, summarize(file.read_bytes())) for path, name, file in zip(paths, names, files, strict=True)
    )


def answer(project: Project, limits: Limits) -> Pairs:
    """Return for each function the classes that its package raises and that may leave it."""
    found: Pairs = {}
    for function, errors in analyse_escapes(project, limits).by_function().items():
        own = {name for name, raised in errors.items() if raised and name != OPEN}
        found.setdefault(f"{function.module.path}::{function.scope.qualname}", set()).update(own)
    return found


def score(truths: dict[str, Any], sources: Path, limits: Limits) -> str:
    """Return the figures of all packages as cells of a table."""
    hit = true = held = 0
    recalls, shares = [], []
    for name, truth in truths.items():
        pairs = {(function, error) for function, error, _ in truth["triples"]}
        everything = pairs | {tuple(one) for kind in truth.get("apart", {}).values() for one in kind}
        found = answer(read_project(sources / name, truth["package"]), limits)
        given = {(function, error) for function, _ in pairs for error in found.get(function, ())}
        hit, true, held = hit + len(pairs & given), true + len(pairs), held + len(given)
        recalls.append((len(pairs & given), len(pairs)))
        shares.append((len(everything & given), len(given)))
    seen = sum(one for one, _ in shares) / max(held, 1)
    mean = sum(one / max(other, 1) for one, other in shares) / len(shares)
    lowest = min(one / other for one, other in recalls)
    return f"{hit / true:.1%} | {lowest:.1%} | {seen:.1%} | {mean:.1%}"


@contextmanager
def without(ingredient: str) -> Iterator[None]:
    """Turn off a part of the analysis."""
    place, name, other = OFF[ingredient]
    with mock.patch.object(place, name, other):
        yield


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth", type=Path)
    parser.add_argument("sources", type=Path)
    parser.add_argument("--wide", action="store_true", help="the wide mode alone, nothing turned off")
    chosen = parser.parse_args()
    truths = {file.stem: json.loads(file.read_text()) for file in sorted(chosen.truth.glob("*.json"))}
    print("| without | recall | lowest | seen | mean of packages |\n|---|---|---|---|---|")
    start = time.process_time()
    print(f"| nothing | {score(truths, chosen.sources, WIDE if chosen.wide else NARROW)} |", flush=True)
    seconds = time.process_time() - start
    if not chosen.wide:
        for name in OFF:
            with without(name):
                print(f"| {name} | {score(truths, chosen.sources, NARROW)} |", flush=True)
        for name, limits in LIMITS.items():
            print(f"| {name} | {score(truths, chosen.sources, limits)} |", flush=True)
    print(f"\n{seconds:.1f} CPU seconds with nothing turned off.")


if __name__ == "__main__":
    main()
