"""Handlers that do more or less than they say: of everything, raising what they caught by name, doing nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flext_analysis.semantics.classes import Classes
from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.raise_sites import classes_in, handler_of
from flext_analysis.syntax.statements import Block, ScopeNode, expressions, run_here

__all__ = ["is_bare_end", "is_bound_anew", "is_verbose_reraise", "useless_handlers"]

ENDINGS = frozenset(["os._exit", "_exit", "sys.exit", "exit", "quit", "os.abort", "self.fail", "pytest.fail"])
SIGNALS = frozenset(["builtins.KeyboardInterrupt", "builtins.SystemExit"])
# Words in the names of functions that receive the error which is being handled: sys.exc_info(), safe_reraise().
TAKING = frozenset(["exc", "excinfo", "excepthook", "reraise"])


def is_bare_end(handler: ast.ExceptHandler, block: Block, classes: Classes) -> bool:
    """Return whether a handler is ``except:`` and errors end there, including Ctrl-C; ``block`` is its block."""
    return handler.type is None and not goes_on(handler) and not is_expected(block, classes)


def goes_on(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler raises, ends the process, or passes on what it caught."""
    for node in run_here(handler.body):
        if isinstance(node, ast.Raise):
            return True
        if not isinstance(node, ScopeNode):
            calls = (inner.func for inner in expressions(node) if isinstance(inner, ast.Call))
            if any(hands_on(dotted(called) or "") for called in calls):
                return True
    return False


def hands_on(name: str) -> bool:
    """Return whether a function, by its name, ends the process or receives the error that is being handled.

    >>> [hands_on(name) for name in ("os._exit", "sys.exc_info", "self._error_exc", "safe_reraise", "log.exception")]
    [True, True, True, True, False]
    """
    last = name.rpartition(".")[2]
    if last.startswith(("format_", "print_")):
        return False  # traceback.format_exc() and similar functions only show it
    return name in ENDINGS or name == "sys.exception" or any(word in TAKING for word in last.split("_"))


def is_expected(block: Block, classes: Classes) -> bool:
    """Return whether an earlier clause handles Ctrl-C or sys.exit() separately, or re-raises."""
    around = block.parent.owner if block.parent is not None else None
    for clause in around.handlers[:-1] if isinstance(around, ast.Try) else ():
        if isinstance(clause.body[0], ast.Raise) and clause.body[0].exc is None:
            return True
        known = [classes.of(caught, block) for caught in classes_in(clause.type)]
        if any(facts is not None and facts.path in SIGNALS for facts in known):
            return True
    return False


def is_verbose_reraise(node: ast.Raise, block: Block) -> bool:
    """Return whether a raise is ``raise err`` in the handler that bound err, where a bare raise does the same."""
    if not isinstance(node.exc, ast.Name) or node.cause is not None:
        return False
    handler = handler_of(block)
    if handler is None or handler.name != node.exc.id or is_bound_anew(handler):
        return False
    return raises_the_same(block, handler)


def raises_the_same(block: Block, handler: ast.ExceptHandler) -> bool:
    """Return whether a bare raise at a location in a handler raises what the handler caught."""
    for outer in block.outwards():
        if outer.part == "finalbody":  # there it raises what the body of that try raised, if it did
            return False
        if outer.owner is handler and outer.parent is not None:
            # In except* one raises the errors where they were, the other a new group around them.
            return isinstance(outer.parent.owner, ast.Try)
    return False


def is_bound_anew(handler: ast.ExceptHandler) -> bool:
    """Return whether the body of a handler rebinds or deletes its name."""
    for body in handler.body:
        for node in ast.walk(body):
            if isinstance(node, ast.Name) and node.id == handler.name and not isinstance(node.ctx, ast.Load):
                return True
            # Handlers, patterns, imports, functions and classes store the name that they bind as text.
            if handler.name in (getattr(node, field, None) for field in ("name", "asname", "rest")):
                return True
    return False


def useless_handlers(node: ast.Try | ast.TryStar) -> Iterator[ast.ExceptHandler]:
    """Yield the last handlers of a ``try`` that only re-raise: earlier ones keep errors from later handlers."""
    for handler in reversed(node.handlers):
        if not only_reraises(handler, node):
            return
        yield handler


def only_reraises(handler: ast.ExceptHandler, node: ast.Try | ast.TryStar) -> bool:
    """Return whether the body of a handler is ``raise``, or ``raise err`` with what it caught."""
    match handler.body:
        case [ast.Raise(exc=None)]:
            return True
        case [ast.Raise(exc=ast.Name(id=name), cause=None)]:
            # In except* this creates a new group around the errors.
            return name == handler.name and isinstance(node, ast.Try)
    return False
