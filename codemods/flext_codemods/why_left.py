"""Why is a raise of a builtin left alone? The reasons, each a function that has something to say or nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from flext_analysis.bindings import BUILTIN_ERRORS, dotted
from flext_analysis.raise_sites import RaiseSite, classes_in, handlers_around, is_protocol
from flext_analysis.statements import FunctionNode
from flext_codemods.handler_reads import reads_class
from flext_codemods.paths import relative
from flext_codemods.raised_texts import as_raised, in_docstring_around, may_be_said, message_parts, traceback_line

if TYPE_CHECKING:
    from flext_codemods.analyse import Module

__all__ = ["why_left"]

MAKING = frozenset(["__init__", "__new__", "__post_init__"])  # what the call of a class runs
COMPILERS = frozenset("njit jit vectorize guvectorize cfunc stencil script script_method".split())
IGNORED = re.compile(r"#\s*flext:\s*ignore\b|#\s*noqa\b(?!\s*:)|#\s*noqa\s*:[^#\n]*\bFLX10[23]\b", re.IGNORECASE)


def why_left(module: Module, site: RaiseSite, builtin: str) -> tuple[str, str]:
    """Return the reason code and what it is about for a site that is left alone, ("", "") for one to be rewritten."""
    for check in CHECKS:
        detail = check(module, site, builtin)
        if detail:
            return check.__name__.replace("_", "-"), detail
    return "", ""


def no_target(module: Module, site: RaiseSite, builtin: str) -> str:
    """A builtin without a row in the catalogue, or one that is a signal rather than an error."""
    if builtin == "NotImplementedError":
        return "NotImplementedError marks what a subclass has to write"
    return "" if builtin in module.around.targets else f"no typed error is caught by the same handlers as {builtin}"


def arguments(module: Module, site: RaiseSite, builtin: str) -> str:
    """Anything but a call with at most one plain positional argument."""
    if site.call is None:
        return ""
    if site.call.keywords:
        return "keyword arguments"
    if any(isinstance(argument, ast.Starred) for argument in site.call.args):
        return "starred arguments"
    return f"{len(site.call.args)} positional arguments" if len(site.call.args) > 1 else ""


def protocol(module: Module, site: RaiseSite, builtin: str) -> str:
    """A raise that a protocol of the language asks for."""
    if not is_protocol(builtin, site.block):
        return ""
    function = site.block.function()
    return f"{builtin} in {function.name if function else 'a module'} is part of a protocol"


def compiled(module: Module, site: RaiseSite, builtin: str) -> str:
    """A function that numba, torch or the like compile."""
    for outer in site.block.outwards():
        if isinstance(outer.owner, FunctionNode):
            for decorator in outer.owner.decorator_list:
                name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator) or ""
                if name.rpartition(".")[2] in COMPILERS:
                    return f"the function is compiled by {name}"
    return ""


def suppressed(module: Module, site: RaiseSite, builtin: str) -> str:
    """A line that says so."""
    starts, text = module.source.starts, module.source.text
    last = site.node.end_lineno or site.node.lineno
    end = starts[last] if last < len(starts) else len(text)
    return "a comment on the line says so" if IGNORED.search(text, starts[site.node.lineno - 1], end) else ""


def target(module: Module, site: RaiseSite, builtin: str) -> str:
    """The project's own target is not catch-equivalent."""
    return module.around.targets[builtin].refused


def identity(module: Module, site: RaiseSite, builtin: str) -> str:
    """A handler of the same function, or one that calls it, reads the class of what it caught."""
    for handler in handlers_around(site.block):
        if may_catch(module, handler, site, builtin) and reads_class(handler):
            return f"the handler in line {handler.lineno} reads the class of the error"
    for name in called_as(site):
        for one in module.around.read_in.get(name, ()):
            if not one.caught or any(issubclass(BUILTIN_ERRORS[builtin], BUILTIN_ERRORS[each]) for each in one.caught):
                return f"the handler at {relative(one.path)}:{one.line} reads the class of what {name}() raises"
    return ""


def called_as(site: RaiseSite) -> list[str]:
    """Return the names by which the function around a raise is called: its own, its class's where that makes one."""
    function = site.block.function()
    if function is None:
        return []
    around = [outer.owner.name for outer in site.block.outwards() if isinstance(outer.owner, ast.ClassDef)]
    return [function.name, *(around[:1] if function.name in MAKING else ())]


def may_catch(module: Module, handler: ast.ExceptHandler, site: RaiseSite, builtin: str) -> bool:
    """Say whether a clause may catch a builtin: unless it names other builtins only."""
    if handler.type is None:
        return True
    for caught in classes_in(handler.type):
        name = (module.names.resolve(caught, site.block).path or "").removeprefix("builtins.")
        if name not in BUILTIN_ERRORS or issubclass(BUILTIN_ERRORS[builtin], BUILTIN_ERRORS[name]):
            return True
    return False


def type_table(module: Module, site: RaiseSite, builtin: str) -> str:
    """A table keyed by the builtin is read by type somewhere in the repository."""
    where = module.around.tables.get(builtin)
    return f"the table at {where} is keyed by {builtin} and read by type()" if where else ""


def typed_handler(module: Module, site: RaiseSite, builtin: str) -> str:
    """A handler somewhere in the repository would newly receive the error."""
    ancestors = module.around.targets[builtin].ancestors
    for handled in module.around.handled:
        if not handled.names & ancestors:
            continue
        before = any(issubclass(BUILTIN_ERRORS[builtin], BUILTIN_ERRORS[name]) for name in handled.caught_before)
        inside = not handled.lines or (handled.path == str(module.path) and site.node.lineno in range(*handled.lines))
        if inside and not before:
            names = ", ".join(sorted(name.rpartition(".")[2] for name in handled.names))
            return f"the handler of {names} at {relative(handled.path)}:{handled.line} may receive it"
    return ""


def doctest(module: Module, site: RaiseSite, builtin: str) -> str:
    """A docstring shows the traceback: its own function's or class's, or one whose text is the message raised here."""
    for outer in site.block.outwards() if not module.unsafe else ():
        if isinstance(outer.owner, FunctionNode | ast.ClassDef):
            text = ast.get_docstring(outer.owner, clean=False) or ""
            if "Traceback" in text and traceback_line(builtin).search(text):
                return f"the docstring of {outer.owner.name} shows a traceback of {builtin}"
    parts = message_parts(site, module)
    for shown in module.around.shown:
        if shown.kind == "doctest" and shown.builtin == builtin:
            if module.unsafe and in_docstring_around(site, shown, module):
                continue  # rewritten with it
            silent = not parts and not shown.text
            if silent or may_be_said(parts, as_raised(builtin, shown.text)):
                return f"the doctest at {relative(shown.path)}:{shown.line} shows it"
    return ""


def shown(module: Module, site: RaiseSite, builtin: str) -> str:
    """A test or a document's doctest shows the builtin's name with the message that is raised here."""
    parts = message_parts(site, module)
    for place in module.around.shown:
        if place.kind == "test" and place.builtin == builtin and may_be_said(parts, as_raised(builtin, place.text)):
            return f"the test at {relative(place.path)}:{place.line} shows {builtin}: {place.text}"
    return ""


def conflict(module: Module, site: RaiseSite, builtin: str) -> str:
    """The module is one that the target's own module needs: it cannot import it."""
    goal = module.around.targets[builtin]
    return f"{goal.module} imports {module.name}" if module.name in goal.cycle else ""


# In this order; the first that has something to say is the reason. Each is named for its reason code.
CHECKS: tuple[Callable[[Module, RaiseSite, str], str], ...] = (
    no_target,
    arguments,
    protocol,
    compiled,
    suppressed,
    target,
    conflict,
    identity,
    type_table,
    typed_handler,
    doctest,
    shown,
)
