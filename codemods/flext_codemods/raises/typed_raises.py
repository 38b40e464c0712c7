"""Raises of typed errors that stand in for a builtin, and the finding for each when they are reverted."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flext_analysis.program.library import TYPES, library_path
from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.raise_sites import RaiseSite, raised_expression
from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import REVERT
from flext_codemods.project.skip import Skip
from flext_codemods.raises.builtin_raises import origin_of
from flext_codemods.raises.handed_over import handed_over
from flext_codemods.raises.skip_reasons import observed_skip
from flext_codemods.repository.targets import LIBRARY
from flext_exceptions.catalogue import TARGETS

__all__ = ["name_skip", "typed_raises"]

STAND_INS: Mapping[str, str] = {
    path: row.builtin.__name__ for path, row in TYPES.items() if TARGETS.get(row.builtin.__name__) == row
}


class TypedClass(NamedTuple):
    """A typed class in the source: its dotted name, and the builtin that it stands for, "" for none."""

    path: str
    builtin: str


def typed_class(module: Module, site: RaiseSite) -> TypedClass | None:
    """Return the class that a site raises if it is one of the library's or the project's targets, otherwise None."""
    origin = module.names.resolve(site.raised, site.block)
    if origin.kind != "import" or not origin.path:
        return None
    own = {target.path: name for name, target in module.repository.targets.items() if target.module != LIBRARY}
    if origin.path in own:
        return TypedClass(origin.path, own[origin.path])
    known = library_path(origin.path) if origin.path.startswith(f"{LIBRARY}.") else None
    return TypedClass(known, STAND_INS.get(known, "")) if known in TYPES else None


def typed_raises(module: Module) -> Iterator[Finding]:
    """Yield a finding for each typed error that is raised, or passed on to be raised elsewhere."""
    for site in module.raise_sites:
        yield from judged(module, site, site.node)
    for value, node, block in handed_over(module):
        raising = ast.copy_location(ast.Raise(value, None), node)
        yield from judged(module, RaiseSite(raising, block, *raised_expression(value)), value)


def judged(module: Module, site: RaiseSite, node: ast.stmt | ast.expr) -> Iterator[Finding]:
    """Yield the finding for a site that raises a typed error; ``node`` is what would be rewritten."""
    typed = typed_class(module, site)
    if typed is not None:
        yield module.finding(
            REVERT,
            node,
            site.block,
            builtin=typed.builtin,
            target=typed.path,
            skip=skip_of(module, site, typed),
            names=(typed.builtin,),
            drops=((dotted(site.raised) or "").partition(".")[0],),
        )


def skip_of(module: Module, site: RaiseSite, typed: TypedClass) -> Skip | None:
    """Return why a typed error is not reverted, None if it is."""
    name = typed.path.rpartition(".")[2]
    if not typed.builtin:
        return Skip("typed-only", f"{name} replaces no builtin")
    if site.call is not None and (len(site.call.args) > 1 or site.call.keywords):
        named = [keyword.arg or "**" for keyword in site.call.keywords]
        what = ", ".join(named) if named else f"{len(site.call.args)} positional arguments"
        return Skip("typed-only", f"{name} is given {what}")
    if site.call is not None and any(isinstance(one, ast.Starred) for one in site.call.args):
        return Skip("typed-only", f"{name} is given starred arguments")
    return name_skip(module, site, typed.builtin) or observed_skip(module, site, typed.builtin)


def name_skip(module: Module, site: RaiseSite, builtin: str) -> Skip | None:
    """Return why the name of a builtin cannot be used at a site, None if it can."""
    if origin_of(module, site._replace(raised=ast.Name(builtin))).kind == "builtin":
        return None
    return Skip("name", f"{builtin} is bound in this module, or may come from a star import")
