"""argparse: the functions that parse a command line, and the functions of its subcommands."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.commands import command_application
from flext_analysis.entry_points.common.answers import own_expressions
from flext_analysis.entry_points.common.model import EntryPoint
from flext_analysis.entry_points.common.reading import Reader, method_name
from flext_analysis.summaries.definitions import statements_of

__all__ = ["entry_points"]

FRAMEWORK = "argparse"
PARSING = ("parse_args", "parse_known_args", "parse_intermixed_args")
USAGE = ((2, "builtins.SystemExit"),)  # what the parser does with invalid arguments


def entry_points(reader: Reader) -> Iterator[EntryPoint]:
    """Yield the functions that parse the command line, and those of subcommands (``set_defaults(func=...)``)."""
    if "argparse" not in reader.imported:
        return
    application = command_application(FRAMEWORK)
    for definition in reader.definitions("function"):
        if any(definition.scope.body.mentions(name) for name in PARSING) and any(
            method_name(call) in PARSING
            for statement in statements_of(definition.scope.code)
            for call in own_expressions(statement)
        ):
            yield EntryPoint(FRAMEWORK, "command", definition.path, (definition,), application, USAGE)
    for site in reader.calls_of("set_defaults"):
        for _, value in site.code[3]:
            for function in reader.functions(value, site.where):
                if function.scope.kind != "class":
                    yield EntryPoint(FRAMEWORK, "command", function.path, (function,), application)
