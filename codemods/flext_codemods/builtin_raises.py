"""Raises of builtin errors: which there are, and the reason for each that is left alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from flext_analysis.names import BUILTIN_ERRORS, Origin, dotted
from flext_analysis.scan import FunctionNode
from flext_analysis.sites import RaiseSite, classes_in, handlers_around, is_protocol
from flext_analysis.stars import star_exports
from flext_codemods.findings import NOT_MIGRATABLE, Edit, Finding
from flext_codemods.messages import may_say, pieces
from flext_codemods.paths import relative
from flext_codemods.recipe import Pairs
from flext_codemods.texts_shown import Shown
from flext_codemods.type_tables import is_type_of
from flext_exceptions.base import BaseError
from flext_exceptions.catalogue import ROWS, TARGETS

if TYPE_CHECKING:
    from flext_codemods.analyse import Module

__all__ = ["TYPED_NAMES", "builtin_raises", "judge", "judged", "message_parts", "renames"]

# What an error answers once it is typed, and a builtin does not: of any type, and the keywords of some.
TYPED_NAMES = frozenset(name for name in set(dir(BaseError)) - set(dir(Exception)) if name[0].islower())
TYPED_NAMES |= {keyword for row in ROWS for keyword in row.keywords}
MAKING = frozenset(["__init__", "__new__", "__post_init__"])  # what the call of a class runs
COMPILERS = frozenset("njit jit vectorize guvectorize cfunc stencil script script_method".split())
IGNORED = re.compile(r"#\s*flext:\s*ignore\b|#\s*noqa\b(?!\s*:)|#\s*noqa\s*:[^#\n]*\bFLX10[23]\b", re.IGNORECASE)


def origin_of(module: Module, site: RaiseSite) -> Origin:
    """Resolve the class that a site raises, star imports included."""
    origin = module.names.resolve(site.raised, site.block)
    if origin.kind != "star" or origin.path is None:
        return origin
    if star_exports(module.path, tuple(module.names.stars)).isdisjoint([origin.path.removeprefix("builtins."), "*"]):
        return Origin(origin.path, "builtin")
    return origin


def builtin_of(module: Module, site: RaiseSite) -> tuple[str, str]:
    """Return the builtin that a site raises, "" where it raises none, and why that is not certain ("" where it is)."""
    text = dotted(site.raised)
    if text is None:
        return computed_builtin(site)
    name = text.removeprefix("builtins.")
    if name not in BUILTIN_ERRORS:
        if not module.may_rename_builtins:
            return "", ""
        origin = module.names.resolve(site.raised, site.block)
        found = (origin.path or "").removeprefix("builtins.")
        if found in BUILTIN_ERRORS and origin.kind in ("alias", "import"):
            return found, f"{text} is another name for {found}"
        return "", ""
    origin = origin_of(module, site)
    if site.raised.end_lineno != site.raised.lineno:
        return name, "the name stands on several lines"
    if text.startswith("builtins."):
        return name, "" if origin.path == text and origin.kind == "import" else "builtins is not the module here"
    if origin.kind == "builtin":
        return name, ""
    if origin.kind == "star":
        return name, f"a star import may bind {name}"
    return name, f"{name} is bound in this module"


def computed_builtin(site: RaiseSite) -> tuple[str, str]:
    """Do what builtin_of does for a class that is computed: ``type(e)(...)``, ``(A if x else B)("m")``."""
    if is_type_of(site.raised):
        return "Exception", "the class is that of another error"
    inner = site.raised
    if isinstance(inner, ast.IfExp | ast.BoolOp | ast.NamedExpr):
        for node in ast.walk(inner):
            if isinstance(node, ast.Name) and node.id in BUILTIN_ERRORS:
                return node.id, "the class is computed"
    return "", ""


def builtin_raises(module: Module, recipe: str, *, called: bool) -> Iterator[Finding]:
    """Yield a finding for each raise of a builtin that is called, or for each that is not."""
    for site in module.raise_sites:
        found = judged(module, site) if (site.call is not None) is called else None
        if found is not None:
            yield found


def judged(module: Module, site: RaiseSite) -> Finding | None:
    """Return the finding for a raise of a builtin, None for any other; asked once for each site."""
    if site.node not in module.judged:
        module.judged[site.node] = judge(module, site, "raise-class" if site.call is None else "raises", site.node)
    return module.judged[site.node]


def judge(module: Module, site: RaiseSite, recipe: str, node: ast.stmt | ast.expr) -> Finding | None:
    """Return the finding for a builtin that is raised or handed over; ``node`` is what is to be rewritten."""
    builtin, doubt = builtin_of(module, site)
    if not builtin:
        return None
    builtin = BUILTIN_ERRORS[builtin].__name__  # IOError is OSError
    target = module.around.targets.get(builtin)
    path = target.path if target else ""
    reason, detail = ("name", doubt) if doubt else why_left(module, site, builtin)
    countable = doubt.startswith("a star import") and builtin in TARGETS if doubt else reason not in NOT_MIGRATABLE
    return module.finding(
        recipe,
        node,
        site.block,
        builtin=builtin,
        target=path,
        reason=reason,
        detail=detail,
        migratable=countable and node is site.node,
        uses=(path,) if path and not reason else (),
        also=tuple(docstring_edits(module, site, builtin, path)) if module.unsafe and not reason else (),
    )


def renames(old: object, new: object, finding: Finding) -> Pairs | None:
    """Permit the class to be another: the builtin's name before, the target's after. See Recipe.permits."""
    if isinstance(old, ast.Constant) and isinstance(new, ast.Constant) and finding.also:
        return [] if shows_instead(old.value, new.value, finding) else None
    if not isinstance(old, ast.Name | ast.Attribute) or not isinstance(new, ast.Name | ast.Attribute):
        return None
    return [] if dotted(old) != dotted(new) and dotted(new) in finding.names else None


def shows_instead(old: object, new: object, finding: Finding) -> bool:
    """Say whether one docstring shows the target where the other shows the builtin."""
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    shown = finding.also[0].text
    return shown in new and new.replace(shown, finding.builtin) == old.replace(
        f"builtins.{finding.builtin}", finding.builtin
    )


def docstring_edits(module: Module, site: RaiseSite, builtin: str, target: str) -> Iterator[Edit]:
    """Yield what changes the tracebacks that the docstrings around a raise show of it."""
    parts = message_parts(site, module)
    for doc in docstrings_around(site):
        start, end = module.source.span(doc)
        text = module.source.text
        first = text.find("Traceback (most recent call last)", start, end)
        for match in traceback_line(builtin).finditer(text, first, end) if first >= 0 else ():
            if not any(parts) or may_say(parts, as_raised(builtin, match[2] or "")):
                yield Edit(match.start(1), match.end(1), target)


def in_docstring_around(site: RaiseSite, shown: Shown, module: Module) -> bool:
    """Say whether a place stands in one of the docstrings around a raise."""
    if shown.path != str(module.path):
        return False
    return any(doc.lineno <= shown.line <= (doc.end_lineno or doc.lineno) for doc in docstrings_around(site))


def docstrings_around(site: RaiseSite) -> Iterator[ast.expr]:
    """Yield the docstrings of the functions and classes around a raise."""
    for outer in site.block.outwards():
        if isinstance(outer.owner, FunctionNode | ast.ClassDef) and ast.get_docstring(outer.owner, clean=False):
            doc = outer.owner.body[0]
            assert isinstance(doc, ast.Expr)
            yield doc.value


def traceback_line(builtin: str) -> re.Pattern[str]:
    """Return what finds the last line of a traceback of a builtin: its name, then the text after the colon."""
    return re.compile(rf"^[ \t]*((?:builtins\.)?{builtin}\b)(?::[ ]?([^\n]*))?", re.MULTILINE)


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


def reads_class(handler: ast.ExceptHandler) -> bool:
    """Say whether a handler looks at the class or the repr of what it caught, or asks it for what typed errors have.

    To build another error of its class is no look.
    """
    nodes = list(ast.walk(handler))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    caught = {handler.name or ""}
    for node in nodes:
        if isinstance(node, ast.Assign) and (is_call(node.value, "exception") or dotted(node.value) in caught):
            caught.update(target.id for target in node.targets if isinstance(target, ast.Name))
    for node in nodes:
        # sys.exc_info()[0], or its parts bound to names; passed on whole it is for a log
        if isinstance(node, ast.Subscript | ast.Assign) and is_call(node.value, "exc_info") and not is_traceback(node):
            return True
        if any(dotted(one) in caught or is_call(one, "exception") for one in looked_at(node, called)):
            return True
    return False


def is_traceback(node: ast.AST) -> bool:
    """Say whether an expression takes the traceback of sys.exc_info() alone: the last of its three parts."""
    index = node.slice if isinstance(node, ast.Subscript) else None
    return isinstance(index, ast.Constant) and index.value == 2


def is_call(node: ast.expr, name: str) -> bool:
    """Say whether an expression calls a function of ``sys``, however that is imported."""
    return isinstance(node, ast.Call) and dotted(node.func) in (name, f"sys.{name}")


def looked_at(node: ast.AST, called: set[int]) -> list[ast.expr]:
    """Return the expressions whose class or repr a node shows; ``called`` holds what is called to build another."""
    match node:
        case ast.Call(func=ast.Name(id="type" | "repr" | "ascii"), args=[value]) if id(node) not in called:
            return [value]
        case ast.Attribute(attr="__class__", value=value) if id(node) not in called:
            return [value]
        case ast.Call(func=ast.Name(id="getattr" | "hasattr"), args=[value, ast.Constant(value=asked), *_]):
            return [value] if asked in TYPED_NAMES else []
        case (
            ast.Attribute(attr="__repr__", value=value) | ast.FormattedValue(value=value, conversion=114 | 97)
        ):  # !r, !a
            return [value]
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=right) if "%r" in text:
            return right.elts if isinstance(right, ast.Tuple) else [right]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")) if "!r" in text:
            return [*node.args, *(keyword.value for keyword in node.keywords)]
    return []


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


def may_be_said(parts: list[str | None], text: str) -> bool:
    """Say whether a message may be a text; one that is all computed may be any."""
    return may_say(parts, text) or (bool(parts) and not any(parts) and bool(text))


def as_raised(builtin: str, text: str) -> str:
    """Return a text that is shown for an error as it was given to it: a KeyError shows the repr of its key."""
    return text.strip().strip("'\"") if builtin == "KeyError" else text


def message_parts(site: RaiseSite, module: Module) -> list[str | None]:
    """Return the parts of the message that a site raises with, looked up where a name stands for it."""
    if site.call is None or not site.call.args:
        return []
    message = site.call.args[0]
    match message:
        case ast.Name(id=name):
            return pieces(bound_to(name, site, module) or message)
        case ast.BinOp(left=ast.Name(id=name), op=ast.Mod(), right=right):
            return pieces(ast.BinOp(bound_to(name, site, module) or message.left, ast.Mod(), right))
    return pieces(message)


def bound_to(name: str, site: RaiseSite, module: Module) -> ast.expr | None:
    """Return what a name stands for at a raise: by the statement in front of it, or by its only assignment."""
    body: list[ast.stmt] = getattr(site.block.owner, site.block.part, [])
    before = body[body.index(site.node) - 1 : body.index(site.node)] if site.node in body else []
    only = [binding.node for binding in module.names.bindings(name, site.block)]
    for node in (*before, *(only if len(only) == 1 else ())):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                return value
    return None


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
