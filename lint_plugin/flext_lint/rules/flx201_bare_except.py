"""FLX201: a handler of everything that does not raise."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.semantics.handlers import is_bare_end
from flext_analysis.syntax.statements import Block
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.ExceptHandler, block: Block, module: Module) -> Iterator[Finding]:
    """Yield ``except:`` if the error ends there."""
    if node.type is None and is_bare_end(node, block, module.classes):
        yield at(node)


RULE = Rule(
    code="FLX201",
    name="bare-except",
    on=True,
    message="except: also stops Ctrl-C and sys.exit(); name what it handles, or except Exception",
    flags="`except:` without a `raise` in its body.",
    silent=(
        "a body that raises (a raise in a nested function does not count), that ends the process (`sys.exit()`, "
        "`os._exit()`) or the test (`self.fail()`), or that passes on what it caught (`sys.exc_info()`, `with "
        "safe_reraise():`, `self._error_exc()`); an earlier clause that re-raises, or that handles KeyboardInterrupt "
        "or SystemExit separately."
    ),
    why="It also catches KeyboardInterrupt, SystemExit and GeneratorExit, so the program cannot be stopped.",
    fix="Name the errors; if you mean all of them, use `except Exception`.",
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
    recipe="handlers",
    unsafe=True,
)
