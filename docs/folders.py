"""The page of the folders, and its drawings: their arrows are the imports in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "flext_exceptions": ROOT / "flext_exceptions",
    "flext_analysis": ROOT / "lint_plugin/flext_analysis",
    "flext_lint": ROOT / "lint_plugin/flext_lint",
    "flext_codemods": ROOT / "codemods/flext_codemods",
    "flext_pytest": ROOT / "pytest_plugin/flext_pytest",
}
Graph = dict[str, set[str]]


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted names that a file imports, relative ones made whole."""
    package = ".".join([path.relative_to(base(path).parent).parent.as_posix().replace("/", ".")])
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def base(path: Path) -> Path:
    """Return the folder of the package that a file belongs to."""
    return next(folder for folder in PACKAGES.values() if path.is_relative_to(folder))


def places(name: str) -> tuple[str, str]:
    """Return package and folder of a dotted name; the folder is empty for modules at the top of a package."""
    package, _, rest = name.partition(".")
    folder = rest.partition(".")[0]
    return package, folder if package in PACKAGES and (PACKAGES[package] / folder).is_dir() and folder else ""


@cache
def arrows() -> frozenset[tuple[tuple[str, str], tuple[str, str]]]:
    """Return which folder imports which, over all packages."""
    found = set()
    for package, folder in PACKAGES.items():
        for path in folder.rglob("*.py"):
            inner = path.relative_to(folder).parts
            here = (package, inner[0] if len(inner) > 1 else "")
            there = {places(name) for name in imported(path) if name.partition(".")[0] in PACKAGES}
            found |= {(here, other) for other in there if other != here}
    return frozenset(found)


def between_packages() -> Graph:
    """Return which package imports which."""
    graph: Graph = {name: set() for name in PACKAGES}
    for (one, _), (other, _) in arrows():
        if one != other:
            graph[one].add(other)
    return graph


def within(package: str) -> Graph:
    """Return which folder of a package imports which; modules at its top are left out."""
    folders = sorted(path.name for path in PACKAGES[package].iterdir() if (path / "__init__.py").exists())
    graph: Graph = {name: set() for name in folders}
    for (one, here), (other, there) in arrows():
        if one == other == package and here and there:
            graph[here].add(there)
    return graph


def heights(graph: Graph) -> dict[str, int]:
    """Return the layer of each node: above all that it imports."""
    found: dict[str, int] = {}

    def height(node: str, path: tuple[str, ...]) -> int:
        if node not in found:
            found[node] = max((height(each, (*path, node)) + 1 for each in graph[node] if each not in path), default=0)
        return found[node]

    for node in sorted(graph):
        height(node, (node,))
    return found


def reachable(graph: Graph, node: str) -> set[str]:
    """Return the nodes that arrows lead to from a node."""
    seen: set[str] = set()
    waiting = [*graph[node]]
    while waiting:
        other = waiting.pop()
        if other not in seen:
            seen.add(other)
            waiting += graph[other]
    return seen


def reduced(graph: Graph) -> Graph:
    """Return the graph without arrows that a longer way stands for."""
    return {
        node: {to for to in others if not any(to in reachable(graph, other) for other in others - {to})}
        for node, others in graph.items()
    }


def drawing(graph: Graph) -> str:
    """Return a graph as SVG: a box a node, importers above what they import."""
    layer = heights(graph)
    rows: dict[int, list[str]] = {}
    for node in sorted(graph):
        rows.setdefault(layer[node], []).append(node)
    top, widest = max(rows), max(map(len, rows.values()))
    width, step = 160 * widest + 20, 76
    spot = {
        node: (int((place + 0.5) * width / len(row)), (top - level) * step + 30)
        for level, row in rows.items()
        for place, node in enumerate(row)
    }
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top * step + 60}" width="{width}" '
        'font-size="14" font-family="ui-monospace, monospace" text-anchor="middle">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#888"/></marker></defs>',
    ]
    for node, others in sorted(reduced(graph).items()):
        for other in sorted(others):
            (x1, y1), (x2, y2) = spot[node], spot[other]
            down = 17 if y2 > y1 else -17
            lines.append(
                f'<line x1="{x1}" y1="{y1 + down}" x2="{x2}" y2="{y2 - down}" stroke="#888" marker-end="url(#tip)"/>'
            )
    for node, (x, y) in sorted(spot.items()):
        lines.append(
            f'<rect x="{x - 72}" y="{y - 17}" width="144" height="34" rx="6" fill="#e8eaf6" stroke="#3f51b5"/>'
        )
        lines.append(f'<text x="{x}" y="{y + 5}" fill="#1a237e">{escape(node)}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def first_line(path: Path) -> str:
    """Return the first sentence of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_bytes())) or ""
    text = re.sub(r"\(?PYTEST_DONT_REWRITE\)?", "", text.partition("\n\n")[0])
    return " ".join(text.replace("``", "`").split()).replace("|", "\\|")


HEAD = """# Folders and their arrows

`python docs/make.py` makes this page from the code. An arrow means "imports"; it is left out if a longer path already
connects its ends. No module imports itself, even indirectly, and a test checks this. [Architecture](architecture.md)
follows three journeys through the files.

One distribution contains five packages. The library imports none of the others. The tools share one reader of code
and do not import one another, with one exception: `flext-lint check --fix` calls the codemods through one function,
which it imports late.

![The five packages](img/packages.svg)
"""


def page() -> str:
    """Return the page: the words, then a drawing and a table a package."""
    lines = [HEAD]
    for package, folder in PACKAGES.items():
        lines += [f"## `{package}`", "", first_line(folder / "__init__.py"), ""]
        lines += [f"![Folders of {package}](img/{package}.svg)", "", "| folder | what it does |", "|---|---|"]
        for name in within(package):
            lines.append(f"| `{name}/` | {first_line(folder / name / '__init__.py')} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


PAGES: dict[str, Callable[[], str]] = {"folders.md": page, "img/packages.svg": lambda: drawing(between_packages())}
PAGES |= {f"img/{name}.svg": partial(lambda name: drawing(within(name)), name) for name in PACKAGES}
