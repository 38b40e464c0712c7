"""What command lines share: the answer to an error is the exit status of the process."""

from __future__ import annotations

from flext_analysis.entry_points.common.model import Answer, Application, ErrorHandler

__all__ = ["EXITS", "command_application"]

# Errors that end a process on purpose: the exit status of each, none if the error has it.
# Sources: the built-in exceptions of Python; click.exceptions.
EXITS: dict[str, tuple[int, ...]] = {
    "builtins.SystemExit": (),
    "builtins.KeyboardInterrupt": (130,),
}
CLICK: dict[str, tuple[int, ...]] = {
    "click.exceptions.ClickException": (1,),
    "click.exceptions.UsageError": (2,),
    "click.exceptions.BadParameter": (2,),
    "click.exceptions.MissingParameter": (2,),
    "click.exceptions.NoSuchOption": (2,),
    "click.exceptions.BadOptionUsage": (2,),
    "click.exceptions.BadArgumentUsage": (2,),
    "click.exceptions.FileError": (1,),
    "click.exceptions.Abort": (1,),
    "click.exceptions.Exit": (),
}
PARSER = ("argparse.ArgumentTypeError", "argparse.ArgumentError")  # what the parser turns into a usage message


def command_application(framework: str) -> Application:
    """Return what surrounds commands: exits, and click's errors if click runs them; anything else is a traceback."""
    handlers = [ErrorHandler((path,), "the interpreter", statuses, not statuses) for path, statuses in EXITS.items()]
    if framework in ("click", "typer"):
        for path, statuses in CLICK.items():
            name = path.rpartition(".")[2]
            names = (path, f"click.{name}", f"typer.{name}")
            handlers.append(ErrorHandler(names, "click, with its message", statuses, not statuses))
    handlers.append(ErrorHandler(PARSER, "argparse, with its usage message", (2,)))
    return Application(framework, tuple(handlers), (), Answer((1,), "a traceback", handled=False))
