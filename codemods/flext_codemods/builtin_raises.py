"""Raises of builtin errors: which there are, and what is found at each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flext_analysis.bindings import BUILTIN_ERRORS, Origin, dotted
from flext_analysis.raise_sites import RaiseSite
from flext_analysis.star_imports import star_exports
from flext_codemods.findings import NOT_MIGRATABLE, Finding
from flext_codemods.raised_texts import docstring_edits
from flext_codemods.recipe import Pairs
from flext_codemods.type_tables import is_type_of
from flext_codemods.why_left import why_left
from flext_exceptions.catalogue import TARGETS

if TYPE_CHECKING:
    from flext_codemods.analyse import Module

__all__ = ["builtin_raises", "judge", "judged", "renames"]


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
