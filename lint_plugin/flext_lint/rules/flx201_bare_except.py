"""FLX201: a handler of everything that raises nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.names import dotted
from flext_analysis.scan import Block, ScopeNode, expressions, run_here
from flext_analysis.sites import classes_in
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


ENDINGS = frozenset(["os._exit", "_exit", "sys.exit", "exit", "quit", "os.abort", "self.fail", "pytest.fail"])
SIGNALS = frozenset(["builtins.KeyboardInterrupt", "builtins.SystemExit"])
# Words in the names of functions that take the error which is being handled: sys.exc_info(), safe_reraise().
TAKING = frozenset(["exc", "excinfo", "excepthook", "reraise"])


def check(node: ast.ExceptHandler, block: Block, module: Module) -> Iterator[Finding]:
    """Yield ``except:`` where the error ends."""
    if node.type is None and not goes_on(node) and not is_expected(block, module):
        yield at(node)


def goes_on(handler: ast.ExceptHandler) -> bool:
    """Say whether a handler raises, ends the process, or hands on what it caught."""
    for node in run_here(handler.body):
        if isinstance(node, ast.Raise):
            return True
        if not isinstance(node, ScopeNode):
            calls = (inner.func for inner in expressions(node) if isinstance(inner, ast.Call))
            if any(hands_on(dotted(called) or "") for called in calls):
                return True
    return False


def hands_on(name: str) -> bool:
    """Say whether a function ends the process or takes the error that is being handled, by its name.

    >>> [hands_on(name) for name in ("os._exit", "sys.exc_info", "self._error_exc", "safe_reraise", "log.exception")]
    [True, True, True, True, False]
    """
    last = name.rpartition(".")[2]
    return name in ENDINGS or any(word in TAKING for word in last.split("_"))


def is_expected(block: Block, module: Module) -> bool:
    """Say whether a clause in front takes Ctrl-C or sys.exit() apart, or raises again: its author knows of them."""
    around = block.parent.owner if block.parent is not None else None
    for clause in around.handlers[:-1] if isinstance(around, ast.Try) else ():
        if isinstance(clause.body[0], ast.Raise) and clause.body[0].exc is None:
            return True
        known = [module.classes.of(caught, block) for caught in classes_in(clause.type)]
        if any(facts is not None and facts.path in SIGNALS for facts in known):
            return True
    return False


RULE = Rule(
    code="FLX201",
    name="bare-except",
    on=True,
    message="except: also stops Ctrl-C and sys.exit(); name what it handles, or except Exception",
    flags="`except:` with no `raise` anywhere in its body.",
    silent=(
        "a body that raises somewhere (a raise in a function defined there does not count), that ends the process "
        "(`sys.exit()`, `os._exit()`) or the test (`self.fail()`), or that hands on what it caught (`sys.exc_info()`, "
        "`with safe_reraise():`, `self._error_exc()`); a clause in front that raises again, or takes KeyboardInterrupt "
        "or SystemExit apart."
    ),
    why="KeyboardInterrupt, SystemExit and GeneratorExit end there as well: the program cannot be stopped.",
    mend="Name the errors that are meant; where it is all of them, `except Exception`.",
    bad="""
        try:
            load()
        except:
            log()
    """,
    good="""
        try:
            load()
        except OSError:
            log()
    """,
    nodes=(ast.ExceptHandler,),
    words=("except",),
    check=check,
)
