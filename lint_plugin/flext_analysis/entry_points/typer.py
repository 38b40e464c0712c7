"""typer: commands and callbacks of applications, and functions that ``typer.run`` runs."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.commands import command_application
from flext_analysis.entry_points.common.model import EntryPoint
from flext_analysis.entry_points.common.reading import Made, Reader, argument, keyword, method_name
from flext_analysis.summaries.definitions import Definition

__all__ = ["entry_points"]

FRAMEWORK = "typer"
APPS = frozenset(["typer.Typer", "typer.main.Typer"])


def entry_points(reader: Reader) -> Iterator[EntryPoint]:
    """Yield the commands of typer; what an application's callback raises, each of its commands may raise."""
    if "typer" not in reader.imported:
        return
    application = command_application(FRAMEWORK)
    nested: dict[tuple[str, int], tuple[str, Made]] = {}
    for site in reader.calls_of("add_typer"):
        for outer in reader.made(site.code[1][1], site.where):
            for inner in reader.made(argument(site.code, 0, "typer_instance"), site.where):
                nested[inner.key] = reader.text(keyword(site.code, "name"), site.where) or "", outer
    callbacks: dict[tuple[str, int], list[Definition]] = {}
    for definition, decorator in reader.decorated:
        if method_name(decorator) == "callback":
            for made in reader.made(decorator[1][1], definition.parent):
                callbacks.setdefault(made.key, []).append(definition)
    for definition, decorator in reader.decorated:
        if method_name(decorator) != "command":
            continue
        name = reader.text(argument(decorator, 0, "name"), definition.parent) or definition.scope.name.replace("_", "-")
        for made in reader.made(decorator[1][1], definition.parent):
            if reader.is_a(made, APPS):
                words, before = around(made, nested, callbacks)
                yield EntryPoint(FRAMEWORK, "command", " ".join([*words, name]), (definition, *before), application)
    for site in reader.calls:
        if reader.path(site.code[1], site.where) in ("typer.run", "typer.main.run"):
            for definition in reader.functions(argument(site.code, 0, "function"), site.where):
                yield EntryPoint(
                    FRAMEWORK, "command", definition.scope.name.replace("_", "-"), (definition,), application
                )


def around(
    made: Made, nested: dict[tuple[str, int], tuple[str, Made]], callbacks: dict[tuple[str, int], list[Definition]]
) -> tuple[list[str], list[Definition]]:
    """Return the words in front of a command, and the callbacks that run before it."""
    words: list[str] = []
    before: list[Definition] = []
    seen: set[tuple[str, int]] = set()
    while made.key not in seen:
        seen.add(made.key)
        before += callbacks.get(made.key, [])
        if made.key not in nested:
            break
        name, made = nested[made.key]
        words.insert(0, name)
    return words, before
