"""``Exception`` and ``RuntimeError`` to a more specific type, if the code around the raise shows what went wrong."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flext_analysis.semantics.classes import BASE, ROOT
from flext_analysis.syntax.bindings import BUILTIN_ERRORS, dotted
from flext_analysis.syntax.raise_sites import RaiseSite, classes_in, handler_of, handlers_around
from flext_analysis.syntax.statements import Block, expressions, run_here
from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import Recipe
from flext_codemods.project.paths import Location
from flext_codemods.project.skip import Skip
from flext_codemods.raises.builtin_raises import judged, renames
from flext_exceptions.catalogue import ROWS

if TYPE_CHECKING:
    import libcst as cst

TYPES = {row.name: row.type for row in ROWS}
GENERAL = {BASE: "Exception", f"{ROOT}.Error": "RuntimeError"}


class Evidence(NamedTuple):
    """What reveals a type: the caught class, and what else the ``try`` body must contain, "" for nothing.

    The class is a dotted name, or with a final dot everything below it.
    """

    caught: str
    needs: str
    target: str


# The first match applies. The names are from the documentation of each library; for databases see PEP 249.
EVIDENCE = (
    Evidence("requests.Timeout", "", "TimeoutError"),
    Evidence("requests.exceptions.Timeout", "", "TimeoutError"),
    Evidence("requests.exceptions.ConnectTimeout", "", "TimeoutError"),
    Evidence("requests.exceptions.ReadTimeout", "", "TimeoutError"),
    Evidence("requests.ConnectTimeout", "", "TimeoutError"),
    Evidence("requests.ReadTimeout", "", "TimeoutError"),
    Evidence("requests.", "", "ConnectionError"),
    Evidence("httpx.TimeoutException", "", "TimeoutError"),
    Evidence("httpx.", "", "ConnectionError"),
    Evidence("urllib.error.", "", "ConnectionError"),
    Evidence("socket.timeout", "", "TimeoutError"),
    Evidence("socket.", "", "ConnectionError"),
    Evidence("sqlite3.", "", "OperationError"),
    Evidence("psycopg.", "", "OperationError"),
    Evidence("psycopg2.", "", "OperationError"),
    Evidence("sqlalchemy.exc.", "", "OperationError"),
    Evidence("subprocess.", "", "OperationError"),
    Evidence("builtins.TimeoutError", "", "TimeoutError"),
    Evidence("asyncio.TimeoutError", "", "TimeoutError"),
    Evidence("builtins.ConnectionError", "", "ConnectionError"),
    Evidence("builtins.KeyError", "os.environ", "ConfigurationError"),
    Evidence("builtins.FileNotFoundError", "open", "NotFoundError"),
    Evidence("builtins.FileExistsError", "open", "AlreadyExistsError"),
    Evidence("builtins.PermissionError", "open", "PermissionError"),
    Evidence("builtins.OSError", "open", "OSError"),
)


def hint(raw: bytes, retarget_to: str) -> bool:
    """Return whether a file may raise a general error."""
    return b"raise " in raw and any(name in raw for name in (b"Exception", b"RuntimeError", b".Error", b".BaseError"))


def find(module: Module) -> Iterator[Finding]:
    """Yield a finding for each raise of a general error if the code around it reveals the type."""
    for site in module.raise_sites:
        builtin, migratable = general(module, site)
        target = shown_type(module, site) if builtin else ""
        if not target:
            continue
        path = f"{ROOT}.{target}"
        skip = caught_otherwise(module, site, builtin, TYPES[target])
        yield module.finding(
            "specialise",
            site.node,
            site.block,
            builtin=builtin,
            target=path,
            skip=skip,
            migratable=migratable and not skip,
            uses=() if skip else (path,),
        )


def general(module: Module, site: RaiseSite) -> tuple[str, bool]:
    """Return the builtin that a general raise is or stands for, "" for any other, and whether it is migratable."""
    facts = module.classes.of_own(site.raised, site.block)
    if facts is not None and facts.path in GENERAL:
        return GENERAL[facts.path], False
    found = judged(module, site) if {"raises", "raise-class"} & set(module.recipes) else None
    if found is None or found.left or found.builtin not in GENERAL.values():
        return "", False
    return found.builtin, found.migratable


def shown_type(module: Module, site: RaiseSite) -> str:
    """Return the name of the type that the code around a raise reveals, "" if none."""
    handler = handler_of(site.block)
    if handler is None:
        return "ConfigurationError" if reads_environment(site.block) else ""
    body = next(
        outer.parent.owner.body
        for outer in site.block.outwards()
        if outer.owner is handler and outer.parent is not None and isinstance(outer.parent.owner, ast.Try | ast.TryStar)
    )
    caught = [module.names.resolve(one, site.block).path or "" for one in classes_in(handler.type)]
    targets = {target_of(path, body) for path in caught}
    return targets.pop() if len(targets) == 1 else ""


def target_of(caught: str, body: list[ast.stmt]) -> str:
    """Return the type that a caught class reveals, given what ran in the ``try``; "" for none."""
    for each in EVIDENCE:
        fits = caught.startswith(each.caught) if each.caught.endswith(".") else caught == each.caught
        if fits and (not each.needs or uses(body, each.needs)):
            return each.target
    return ""


def uses(body: list[ast.stmt], name: str) -> bool:
    """Return whether statements, or those inside them that run with them, use a dotted name or call a function."""
    return any(
        dotted(node) == name for part in run_here(body) for node in expressions(part) if isinstance(node, ast.expr)
    )


def reads_environment(block: Block) -> bool:
    """Return whether the condition above a raise tests ``os.environ``, or a name that was just read from it."""
    owner = block.owner
    if not isinstance(owner, ast.If) or block.part != "body" or block.parent is None:
        return False
    if is_environment(owner.test):
        return True
    asked = {node.id for node in ast.walk(owner.test) if isinstance(node, ast.Name)}
    held = getattr(block.parent.owner, block.parent.part, [])
    position = held.index(owner) if owner in held else 0
    match held[position - 1] if position else None:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return asked == {name} and is_environment(value)
    return False


def is_environment(node: ast.expr) -> bool:
    """Return whether an expression reads an environment variable."""
    return any(
        dotted(inner) in ("os.environ", "os.getenv") for inner in ast.walk(node) if isinstance(inner, ast.Attribute)
    )


def caught_otherwise(module: Module, site: RaiseSite, builtin: str, target: type) -> Skip | None:
    """Return the handler that would treat the more specific type differently, None if none is known."""
    old = getattr(builtins, builtin)
    for handler in handlers_around(site.block):
        for caught in classes_in(handler.type):
            name = (module.names.resolve(caught, site.block).path or "").removeprefix("builtins.")
            cls = BUILTIN_ERRORS.get(name)
            if cls is None or issubclass(old, cls) != issubclass(target, cls):
                where = Location(str(module.path), handler.lineno)
                return Skip("caught", f"the surrounding handler treats it differently from {builtin}", where)
    if not issubclass(target, old) and builtin in module.repository.caught:
        where = module.repository.caught[builtin]
        return Skip("caught", f"a handler catches {builtin} and not {target.__name__}", where)
    return None


def rewrite(node: cst.CSTNode, finding: Finding) -> list[cst.CSTNode]:
    """Replace the general type by the more specific one."""
    import libcst as cst

    assert isinstance(node, cst.Raise) and node.exc is not None
    old = node.exc.func if isinstance(node.exc, cst.Call) else node.exc
    new = cst.parse_expression(finding.names[0]).with_changes(lpar=old.lpar, rpar=old.rpar)
    return [node.with_changes(exc=node.exc.with_changes(func=new) if isinstance(node.exc, cst.Call) else new)]


RECIPE = Recipe(
    name="specialise",
    safety="unsafe",
    summary="raise a more specific type than Exception or RuntimeError if the surrounding code shows one",
    before='except requests.Timeout: raise RuntimeError("m")',
    after='except requests.Timeout: raise FlextExceptions.TimeoutError("m")',
    hint=hint,
    find=find,
    rewrite=rewrite,
    permits=renames,
    replaces=("raises", "raise-class"),
)
