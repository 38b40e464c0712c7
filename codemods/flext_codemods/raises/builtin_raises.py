"""Raises of builtin errors, and the finding for each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from flext_analysis.semantics.builtin_aliases import BUILTIN_ALIASES, ends_like_an_alias
from flext_analysis.semantics.star_imports import star_exports
from flext_analysis.syntax.bindings import BUILTIN_ERRORS, Origin, dotted
from flext_analysis.syntax.raise_sites import RaiseSite
from flext_codemods.model.finding import Finding
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import Pairs
from flext_codemods.project.skip import Skip
from flext_codemods.raises.raise_messages import docstring_edits
from flext_codemods.raises.skip_reasons import NOT_MIGRATABLE, skip_of
from flext_exceptions.catalogue import TARGETS

__all__ = ["builtin_raises", "judge", "judged", "may_raise_builtin", "origin_of", "renames"]

ANY = "|".join(sorted(BUILTIN_ERRORS)).encode()
NAMED = re.compile(rb"\braise\b[^\n]{0,200}?\b(?:%b)\b" % ANY)
ALIAS = re.compile(rb"=[ \t]*(?:builtins\.)?(?:%b)[ \t]*$" % ANY, re.MULTILINE)
# Plain text first: these run on every file. See flext_analysis.semantics.builtin_aliases for the names.
ALIAS_MODULES = (b"socket", b"os.error", b"select", b"mmap", b"resource", b"_thread", b"ThreadError", b"from os ")
STDLIB = re.compile(
    rb"\b(?:socket|os|select|mmap|resource)\.(?:error|timeout)\b|\bThreadError\b|\b_thread\.error\b"
    rb"|\bfrom\s+(?:socket|os|select|mmap|resource|_thread)\s+import\b[^\n]*\b(?:error|timeout)\b"
)
OPEN = re.compile(rb"raise(?:\s*[(\\]|\s+type\()")


def may_raise_builtin(raw: bytes, retarget_to: str) -> bool:
    """Return whether a file may raise a builtin error, judging by its bytes alone."""
    if b"raise" not in raw:
        return False
    if any(pattern.search(raw) for pattern in (NAMED, OPEN, ALIAS)):
        return True
    return any(module in raw for module in ALIAS_MODULES) and STDLIB.search(raw) is not None


def origin_of(module: Module, site: RaiseSite) -> Origin:
    """Resolve the class that a site raises, including star imports."""
    origin = module.names.resolve(site.raised, site.block)
    if origin.kind != "star" or origin.path is None:
        return origin
    if star_exports(module.path, tuple(module.names.stars)).isdisjoint([origin.path.removeprefix("builtins."), "*"]):
        return Origin(origin.path, "builtin")
    return origin


class Doubt(NamedTuple):
    """Why it is not certain that a site raises a builtin; ``counts`` means that it counts in the migrated share."""

    text: str
    counts: bool = False


def builtin_of(module: Module, site: RaiseSite) -> tuple[str, Doubt | None]:
    """Return the builtin that a site raises, "" if it raises none, and why that is not certain."""
    text = dotted(site.raised)
    if text is None:
        return computed_builtin(site)
    name = text.removeprefix("builtins.")
    if name not in BUILTIN_ERRORS:
        if not module.may_rename_builtins and not ends_like_an_alias(name):
            return "", None
        origin = module.names.resolve(site.raised, site.block)
        if origin.kind == "import" and origin.path and origin.path in BUILTIN_ALIASES:
            return BUILTIN_ALIASES[origin.path], None
        found = (origin.path or "").removeprefix("builtins.")
        if found in BUILTIN_ERRORS and origin.kind in ("alias", "import"):
            return found, Doubt(f"{text} is another name for {found}")
        return "", None
    origin = origin_of(module, site)
    if site.raised.end_lineno != site.raised.lineno:
        return name, Doubt("the name stands on several lines")
    if text.startswith("builtins."):
        certain = origin.path == text and origin.kind == "import"
        return name, None if certain else Doubt("builtins is not the module here")
    if origin.kind == "builtin":
        return name, None
    if origin.kind == "import" and origin.path and origin.path in BUILTIN_ALIASES:
        return BUILTIN_ALIASES[origin.path], None
    if origin.kind == "star":
        return name, Doubt(f"a star import may bind {name}", counts=True)
    return name, Doubt(f"{name} is bound in this module")


def is_type_of(node: ast.expr) -> bool:
    """Return whether an expression is ``type(x)`` or ``x.__class__``."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "type" and len(node.args) == 1
    return isinstance(node, ast.Attribute) and node.attr == "__class__"


def computed_builtin(site: RaiseSite) -> tuple[str, Doubt | None]:
    """Do the same as builtin_of for a computed class: ``type(e)(...)``, ``(A if x else B)("m")``."""
    if is_type_of(site.raised):
        return "Exception", Doubt("the class is that of another error")
    inner = site.raised
    if isinstance(inner, ast.IfExp | ast.BoolOp | ast.NamedExpr):
        for node in ast.walk(inner):
            if isinstance(node, ast.Name) and node.id in BUILTIN_ERRORS:
                return node.id, Doubt("the class is computed")
    return "", None


def builtin_raises(module: Module, recipe: str, *, called: bool) -> Iterator[Finding]:
    """Yield a finding for each raise of a builtin that is called, or for each that is not."""
    for site in module.raise_sites:
        found = judged(module, site) if (site.call is not None) is called else None
        if found is not None:
            yield found


def judged(module: Module, site: RaiseSite) -> Finding | None:
    """Return the finding for a raise of a builtin, None for any other; computed once per site."""
    if site.node not in module.judged:
        module.judged[site.node] = judge(module, site, "raise-class" if site.call is None else "raises", site.node)
    return module.judged[site.node]


def judge(module: Module, site: RaiseSite, recipe: str, node: ast.stmt | ast.expr) -> Finding | None:
    """Return the finding for a builtin that is raised or passed on; ``node`` is what would be rewritten."""
    builtin, doubt = builtin_of(module, site)
    if not builtin:
        return None
    builtin = BUILTIN_ERRORS[builtin].__name__  # IOError is OSError
    target = module.repository.targets.get(builtin)
    path = target.path if target else ""
    skip: Skip | None
    if doubt is not None:
        skip, countable = Skip("name", doubt.text), doubt.counts and builtin in TARGETS
    else:
        skip = skip_of(module, site, builtin)
        countable = skip is None or skip.reason not in NOT_MIGRATABLE
    return module.finding(
        recipe,
        node,
        site.block,
        builtin=builtin,
        target=path,
        skip=skip,
        migratable=countable and node is site.node,
        uses=(path,) if path and skip is None else (),
        also=tuple(docstring_edits(module, site, builtin, path)) if module.unsafe and skip is None else (),
    )


def renames(old: object, new: object, finding: Finding) -> Pairs | None:
    """Permit a different class: the builtin's name before, the target's after. See Recipe.permits."""
    if isinstance(old, ast.Constant) and isinstance(new, ast.Constant) and finding.also:
        return [] if shows_instead(old.value, new.value, finding) else None
    if not isinstance(old, ast.Name | ast.Attribute) or not isinstance(new, ast.Name | ast.Attribute):
        return None
    return [] if dotted(old) != dotted(new) and dotted(new) in finding.names else None


def shows_instead(old: object, new: object, finding: Finding) -> bool:
    """Return whether one docstring shows the target where the other shows the builtin."""
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    shown = finding.also[0].text
    return shown in new and new.replace(shown, finding.builtin) == old.replace(
        f"builtins.{finding.builtin}", finding.builtin
    )
