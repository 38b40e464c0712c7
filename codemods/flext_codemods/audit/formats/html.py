"""The report as one page that needs no network: it contains its data and code, and escapes everything from code."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from flext_analysis.escapes import OPEN
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import line_of
from flext_codemods.audit.boundaries import is_boundary, module_shown
from flext_codemods.audit.inventory import PackageRow
from flext_codemods.audit.making import Audit
from flext_codemods.audit.program import function_name
from flext_codemods.audit.report import MEANINGS, Point, count
from flext_codemods.audit.trees import UNKNOWN
from flext_codemods.project.git import git

__all__ = ["as_html"]

WIDTH = HEIGHT = 100.0  # of the tree map, in percent
SHAPE = 4  # how many times wider than high it is shown
REMOTE = re.compile(r"^(?:https?://(?:[^/@]*@)?|(?:ssh://)?git@)(github\.com|gitlab\.com)[:/](.+?)(?:\.git)?/?$")


class Box(NamedTuple):
    """A package in the tree map: its position, in percent of the map, and how much of it is typed."""

    x: float
    y: float
    width: float
    height: float
    package: str
    raises: int
    percent: float


def as_html(audit: Audit, page: Path, repository: Path) -> str:
    """Return the page; ``page`` is its file, from which links to files lead."""
    environment = Environment(
        loader=PackageLoader("flext_codemods.audit.formats", "."),
        autoescape=select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    report = audit.report
    total = report.inventory.total
    return environment.get_template("page.html.jinja").render(
        report=report,
        total=total,
        percent=total.percent or 0.0,
        numbers=[(MEANINGS[name], value) for name, value in report.numbers._asdict().items()],
        boxes=tree_map([one for one in report.inventory.packages if one.countable]),
        trend=plot(report.trend),
        lines=count(report.lines, "line"),
        files=count(report.files, "file"),
        data=embedded(page_data(audit, page, repository)),
    )


def embedded(data: object) -> Markup:
    """Return data as JSON that is safe in a script element: nothing in it ends that or begins a comment.

    >>> embedded("</script><!--")
    Markup('"\\\\u003c/script\\\\u003e\\\\u003c!--"')
    """
    text = json.dumps(data, separators=(",", ":"))
    for one in "<>&\u2028\u2029":
        text = text.replace(one, f"\\u{ord(one):04x}")
    return Markup(text)


def page_data(audit: Audit, page: Path, repository: Path) -> dict[str, Any]:
    """Return the data of the page's tables and trees."""
    report = audit.report
    tables = {
        "contract": [
            [
                one.name,
                "anything" if error.path == "*" else error.path or "(answer)",
                "" if error.status is None else error.status,
                "handled" if error.handled else "unhandled",
                error.code,
                "yes" if error.retryable else "no",
                error.by,
                link_of(error.raised[0] if error.raised else ""),
            ]
            for one in report.contracts
            for error in one.errors
        ],
        "raises": [
            [[one.path, one.line], one.function.partition("::")[2], one.kind, ", ".join(one.classes)]
            for one in report.inventory.sites
        ],
        "handlers": [
            [[one.path, one.line], one.function.partition("::")[2], ", ".join(one.catches) or "everything", one.does]
            for one in report.inventory.handlers
        ],
        "classes": [
            [one.name, ", ".join(one.bases), one.code, one.raised, one.caught, [one.path, one.line]]
            for one in report.inventory.classes
        ],
        "codes": [
            [one.code, ", ".join(one.classes), one.raised, "yes" if one.tested else "no"]
            for one in report.inventory.codes
        ],
        "docs": [[[one.path, one.line], one.function.partition("::")[2], one.kind, one.name] for one in report.docs],
    }
    left = report.next_step.left if report.next_step is not None else ()
    tables["left"] = [[reason, number] for reason, number in left]
    return {"tables": tables, "functions": graph(audit), "unknown": UNKNOWN, "link": link_template(page, repository)}


def link_of(place: str) -> list[Any]:
    """Return a place as file and line; the line of a module of the library is 0."""
    path, _, line = place.rpartition(":")
    return [path, int(line)] if line.isdecimal() else [place, 0]


def place_of(path: str, place: int) -> tuple[str, int]:
    """Return a position as file and line; of the library as its module and 0."""
    return (module_shown(path), 0) if is_boundary(path) else (path, line_of(place))


def graph(audit: Audit) -> list[list[Any]]:
    """Return each function that something may leave: name, file, line, and the steps of each class.

    A step is the line, and the number of the function that is called there with the number of its class, or -1.
    """
    ways = audit.ways
    numbers: dict[Any, int] = {}
    rows: list[list[Any]] = []
    waiting: list[tuple[Any, str]] = []

    def number(node: Any, label: str) -> int:
        if node not in numbers:
            numbers[node] = len(rows)
            definition: Definition = node[0].definition
            rows.append([function_name(definition), *place_of(definition.module.path, definition.scope.place)])
            rows[-1] += [label, [], 0]
            waiting.append((node, label))
        return numbers[node]

    for definition in audit.program.definitions("function", "lambda"):
        for path in sorted(ways.leaving(definition)):
            label = UNKNOWN if path == OPEN else path
            for node in ways.nodes(definition, path):
                rows[number(node, label)][5] = 1
    while waiting:
        node, label = waiting.pop()
        for step in ways.steps(node):
            target = -1 if step.target is None else number(step.target, label)
            path, line = place_of(step.path, step.place)
            elsewhere = [path] if step.path != node[0].definition.module.path else []
            rows[numbers[node]][4].append([line, target, *elsewhere])
    return rows


def tree_map(packages: list[PackageRow]) -> list[Box]:
    """Return the position of each package, its area proportional to its number of raises: halved repeatedly."""
    found: list[Box] = []
    waiting = [(sorted(packages, key=lambda one: -one.countable), 0.0, 0.0, WIDTH, HEIGHT)]
    while waiting:
        part, x, y, width, height = waiting.pop()
        if len(part) == 1:
            one = part[0]
            found.append(Box(x, y, width, height, one.package, one.countable, one.percent or 0.0))
        elif part:
            whole = sum(one.countable for one in part)
            held, cut = part[0].countable, 1
            while cut < len(part) - 1 and held + part[cut].countable <= whole / 2:
                held += part[cut].countable
                cut += 1
            share = held / whole
            if width * SHAPE >= height:
                waiting.append((part[:cut], x, y, width * share, height))
                waiting.append((part[cut:], x + width * share, y, width * (1 - share), height))
            else:
                waiting.append((part[:cut], x, y, width, height * share))
                waiting.append((part[cut:], x, y + height * share, width, height * (1 - share)))
    return sorted(found)


def plot(points: tuple[Point, ...]) -> dict[str, Any] | None:
    """Return the lines of the trend: the share of typed raises, and the number of untyped ones."""
    if len(points) < 2:
        return None
    most = max(1, *(one.numbers.untyped for one in points))
    step = 600 / (len(points) - 1)
    shares = " ".join(f"{40 + n * step:.1f},{150 - 1.3 * (one.percent or 0):.1f}" for n, one in enumerate(points))
    untyped = " ".join(
        f"{40 + n * step:.1f},{150 - 130 * one.numbers.untyped / most:.1f}" for n, one in enumerate(points)
    )
    marks = [(40 + n * step, one) for n, one in enumerate(points)]
    return {"shares": shares, "untyped": untyped, "most": most, "marks": marks}


def link_template(page: Path, repository: Path) -> dict[str, str]:
    """Return the prefix of links to lines: the host of the repository if that is known, otherwise its folder."""
    here = Path.cwd()
    top = git(here, "rev-parse", "--show-toplevel")
    remote = (git(repository, "remote", "get-url", "origin") or b"").decode("utf-8", "replace").strip()
    commit = (git(repository, "rev-parse", "HEAD") or b"").decode().strip()
    match = REMOTE.match(remote)
    if match and top and commit:
        root, here = Path(os.fsdecode(top.rstrip(b"\n"))).resolve(), here.resolve()
        inside = here.relative_to(root).as_posix() if here.is_relative_to(root) else ""
        prefix = "" if inside in ("", ".") else f"{quote(inside)}/"
        middle = "blob" if match[1] == "github.com" else "-/blob"
        return {"base": f"https://{match[1]}/{quote(match[2])}/{middle}/{commit}/{prefix}"}
    base = os.path.relpath(here, page.resolve().parent).replace(os.sep, "/")
    return {"base": "" if base == "." else f"{quote(base)}/"}
