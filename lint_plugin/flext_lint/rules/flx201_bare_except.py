"""FLX201: a handler of everything that raises nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.scan import Block, run_here
from flext_lint.rule import Finding, Rule, at

if TYPE_CHECKING:
    from flext_lint.module import Module


def check(node: ast.ExceptHandler, block: Block, module: Module) -> Iterator[Finding]:
    """Yield ``except:`` without a raise in its body."""
    if node.type is None and not any(isinstance(inner, ast.Raise) for inner in run_here(node.body)):
        yield at(node)


RULE = Rule(
    code="FLX201",
    name="bare-except",
    on=True,
    message="except: also stops Ctrl-C and sys.exit(); name what it handles, or except Exception",
    flags="`except:` with no `raise` anywhere in its body.",
    silent="a body that raises somewhere; a raise in a function defined there does not count.",
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
