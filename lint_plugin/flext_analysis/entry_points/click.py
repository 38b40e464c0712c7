"""click: commands and groups by decorators, and commands that are added to a group."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.commands import command_application
from flext_analysis.entry_points.common.model import EntryPoint
from flext_analysis.entry_points.common.reading import Reader, argument
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["entry_points"]

FRAMEWORK = "click"
MAKERS = frozenset("click.command click.group click.decorators.command click.decorators.group".split())


def entry_points(reader: Reader) -> Iterator[EntryPoint]:
    """Yield the commands of click; a group is one too, since its function runs before each of its commands."""
    if "click" not in reader.imported:
        return
    application = command_application(FRAMEWORK)
    groups: dict[Definition, Definition | None] = {}  # each command with its group
    names: dict[Definition, str] = {}
    known = {definition for definition, _ in reader.decorated}
    changed = True
    while changed:  # the group of a group is known once its own group is
        changed = False
        for definition, decorator in reader.decorated:
            if definition in names or definition.scope.kind != "function":
                continue
            found = command_of(definition, decorator, groups, reader)
            if found is not None:
                names[definition], groups[definition] = found
                changed = True
    for site in reader.calls_of("add_command"):
        for outer in reader.functions(site.code[1][1], site.where):
            for inner in reader.functions(argument(site.code, 0, "cmd"), site.where):
                if inner in groups and outer in known:
                    groups[inner] = outer
    for definition in names:
        chain = chain_of(definition, groups)
        label = " ".join(names[one] for one in reversed(chain) if one in names)
        yield EntryPoint(FRAMEWORK, "command", label, tuple(chain), application)


def chain_of(definition: Definition, groups: dict[Definition, Definition | None]) -> list[Definition]:
    """Return a command, its group, the group of that, and so on."""
    chain = [definition]
    outer = groups.get(definition)
    while outer is not None and outer not in chain:
        chain.append(outer)
        outer = groups.get(outer)
    return chain


def command_of(
    definition: Definition, decorator: Code, groups: dict[Definition, Definition | None], reader: Reader
) -> tuple[str, Definition | None] | None:
    """Return the name of the command that a decorator makes of a function, and its group; None if it makes none."""
    call = decorator if decorator[0] == op.CALL else None
    callee = decorator[1] if decorator[0] == op.CALL else decorator
    where = definition.parent
    given = argument(call, 0, "name") if call is not None else None
    name = reader.text(given, where) or command_name(definition.scope.name)
    if not MAKERS.isdisjoint(reader.paths(callee, where)):
        return name, None
    if callee[0] == op.ATTRIBUTE and callee[2] in ("command", "group"):
        for owner in reader.functions(callee[1], where):
            if owner in groups:
                return name, owner
    return None


def command_name(function: str) -> str:
    """Return the name that click gives the command of a function.

    >>> command_name("list_orders_command")
    'list-orders'
    """
    name = function.lower().replace("_", "-")
    for ending in ("-command", "-cmd", "-group", "-grp"):
        name = name.removesuffix(ending)
    return name
