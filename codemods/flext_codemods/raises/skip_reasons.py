"""Why a site is skipped: every reason with its explanation, a remedy, and for a raise the check that finds it.

To add a reason for a raise, write its check and give it a row in REASONS.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import NamedTuple

from flext_analysis.syntax.bindings import dotted
from flext_analysis.syntax.ignore_comments import ignoring
from flext_analysis.syntax.raise_sites import RaiseSite, is_protocol
from flext_analysis.syntax.statements import FunctionNode
from flext_codemods.model.module import Module
from flext_codemods.model.recipe import OBSERVERS
from flext_codemods.project.paths import Location
from flext_codemods.project.skip import Skip
from flext_codemods.raises.raise_messages import (
    as_raised,
    in_docstring_around,
    may_be_said,
    message_parts,
    traceback_line,
)
from flext_codemods.repository.messages import may_be_line
from flext_codemods.repository.observations import Observation
from flext_codemods.repository.targets import LIBRARY

__all__ = ["NOT_MIGRATABLE", "OBSERVED", "REASONS", "Detail", "SkipReason", "observed_skip", "skip_of"]

COMPILERS = frozenset("njit jit vectorize guvectorize cfunc stencil script script_method".split())
IGNORED = ignoring("FLX10[23]")


class Detail(NamedTuple):
    """The subject of a reason at one site, and its location."""

    text: str
    location: Location | None = None


Check = Callable[[Module, RaiseSite, str], Detail | None]  # given the name of the builtin


class SkipReason(NamedTuple):
    """A reason to skip a site or a file.

    ``check`` finds it for the raise of a builtin; None if something else does: the file as a whole, the edit, or a
    recipe. ``counts`` means that a site skipped for it still counts in the migrated share (codemods specification,
    section 6); ``remedy`` is what a person can do about it, "" if only the explanation helps.
    """

    code: str
    explanation: str
    check: Check | None = None
    counts: bool = True
    remedy: str = ""


def skip_of(module: Module, site: RaiseSite, builtin: str) -> Skip | None:
    """Return why the raise of a builtin is skipped, None if it is to be rewritten."""
    skip: Skip | None = None
    for reason in CHECKED:
        assert reason.check is not None
        detail = reason.check(module, site, builtin) if skip is None or reason.code not in OBSERVED else None
        if detail is not None and skip is not None:
            return skip  # it would be skipped then as well
        if detail is not None:
            skip = Skip(reason.code, detail.text, detail.location)
            if reason.code not in OBSERVED or not only_neutral(observers_of(module, site), module, builtin):
                return skip
    return skip and skip._replace(freed_by=OBSERVERS)


def observed_skip(module: Module, site: RaiseSite, builtin: str) -> Skip | None:
    """Return why a site is skipped because of observers of its class, in either direction of the change."""
    for reason in CHECKED:
        detail = reason.check(module, site, builtin) if reason.check and reason.code in OBSERVED else None
        if detail is not None:
            return Skip(reason.code, detail.text, detail.location)
    return None


def observers_of(module: Module, site: RaiseSite) -> tuple[Observation, ...]:
    """Return the observers of a raise, as far as it is followed."""
    observations = module.repository.observations
    if site.node not in module.raises:
        return ()
    return observations.at(str(module.path), site.node.lineno, site.node.col_offset)


def only_neutral(found: tuple[Observation, ...], module: Module, builtin: str) -> bool:
    """Return whether observers may all read the builtin instead, which only a type of the library knows."""
    return bool(found) and all(one.neutral for one in found) and module.repository.targets[builtin].module == LIBRARY


def no_target(module: Module, site: RaiseSite, builtin: str) -> Detail | None:
    """Find a builtin without a row in the catalogue, or one that is a signal rather than an error."""
    if builtin == "NotImplementedError":
        return Detail("NotImplementedError marks what a subclass has to implement")
    return None if builtin in module.repository.targets else Detail(f"the handlers of {builtin} catch no typed error")


def arguments(module: Module, site: RaiseSite, builtin: str) -> Detail | None:
    """Find anything but a call with at most one plain positional argument."""
    if site.call is None:
        return None
    if site.call.keywords:
        return Detail("keyword arguments")
    if any(isinstance(argument, ast.Starred) for argument in site.call.args):
        return Detail("starred arguments")
    return Detail(f"{len(site.call.args)} positional arguments") if len(site.call.args) > 1 else None


def protocol(module: Module, site: RaiseSite, builtin: str) -> Detail | None:
    """Find a raise that a protocol of the language requires."""
    if not is_protocol(builtin, site.block):
        return None
    function = site.block.function()
    return Detail(f"{builtin} in {function.name if function else 'a module'} is part of a protocol")


def compiled(module: Module, site: RaiseSite, builtin: str) -> Detail | None:
    """Find a function that numba, torch or similar tools compile."""
    for outer in site.block.outwards():
        if isinstance(outer.owner, FunctionNode):
            for decorator in outer.owner.decorator_list:
                name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator) or ""
                if name.rpartition(".")[2] in COMPILERS:
                    return Detail(f"the function is compiled by {name}")
    return None


def suppressed(module: Module, site: RaiseSite, builtin: str) -> Detail | None:
    """Find a comment on the line, or a setting of the project, that says so."""
    starts, text = module.source.starts, module.source.text
    last = site.node.end_lineno or site.node.lineno
    end = starts[last] if last < len(starts) else len(text)
    if IGNORED.search(text, starts[site.node.lineno - 1], end):
        return Detail("a comment on the line excludes it")
    return Detail(f"allow in [tool.flext] names {builtin}") if builtin in module.allow else None


def target(module: Module, site: RaiseSite, builtin: str) -> Detail | None:
    """Find a project's own target that is not catch-equivalent."""
    refused = module.repository.targets[builtin].refused
    return Detail(refused) if refused else None


def observed_by(*kinds: str) -> Check:
    """Return the check that finds an observer of some kinds: code that would notice that the class changed."""

    def check(module: Module, site: RaiseSite, builtin: str) -> Detail | None:
        observations = module.repository.observations
        found = observers_of(module, site)
        if only_neutral(found, module, builtin) and all(map(observations.makes_neutral, found)):
            return None
        if site.node not in module.raises:  # it is passed on, and may go anywhere
            found = (observations.handed_over[builtin],) if builtin in observations.handed_over else found
            named = module.repository.targets[builtin].ancestors & observations.typed.keys()
            if named and "typed" in kinds:
                path = min(named)
                return Detail(f"{path.rpartition('.')[2]} is named there and may receive it", observations.typed[path])
        one = next((each for each in found if each.kind in kinds), None)
        return Detail(f"an observer {one.what}", one.location) if one is not None else None

    return check


def rebound(module: Module, site: RaiseSite, builtin: str) -> Detail | None:
    """Find code that rebinds the name of the builtin at run time."""
    table = module.repository.observations.rebound
    location = table.get("", {}).get(builtin) or table.get(str(module.path), {}).get(builtin)
    return Detail(f"{builtin} is rebound at run time", location) if location is not None else None


def doctest(module: Module, site: RaiseSite, builtin: str) -> Detail | None:
    """Find a docstring that shows the traceback: of the function or class around it, or one with the message."""
    for outer in site.block.outwards() if not module.unsafe else ():
        if isinstance(outer.owner, FunctionNode | ast.ClassDef):
            text = ast.get_docstring(outer.owner, clean=False) or ""
            if "Traceback" in text and traceback_line(builtin).search(text):
                return Detail(f"the docstring of {outer.owner.name} shows a traceback of {builtin}")
    parts = message_parts(site, module)
    for shown in module.repository.shown:
        if shown.kind == "doctest" and shown.builtin == builtin:
            if module.unsafe and in_docstring_around(site, shown, module):
                continue  # rewritten with it
            silent = not parts and not shown.text
            if silent or (parts and shown.text and may_be_line(parts, as_raised(builtin, shown.text))):
                return Detail("a doctest shows it", shown.location)
    return None


def shown_in_a_test(module: Module, site: RaiseSite, builtin: str) -> Detail | None:
    """Find a test that shows the builtin's name with the message that is raised here."""
    parts = message_parts(site, module)
    for shown in module.repository.shown:
        if shown.kind == "test" and shown.builtin == builtin and may_be_said(parts, as_raised(builtin, shown.text)):
            return Detail(f"a test shows {builtin}: {shown.text}", shown.location)
    return None


def conflict(module: Module, site: RaiseSite, builtin: str) -> Detail | None:
    """Find a module that the target's own module needs, which therefore cannot import it."""
    goal = module.repository.targets[builtin]
    return Detail(f"{goal.module} imports {module.name}") if module.name in goal.cycle else None


INCLUDE = "--include GLOB, or include in [tool.flext], includes it"

# A raise is skipped for the first of the reasons whose check finds something.
TABLE = (
    SkipReason("no-target", "no typed error is caught by the same handlers", no_target, counts=False),
    SkipReason(
        "arguments",
        "several positional, keyword or starred arguments, which mean something to the builtin",
        arguments,
        counts=False,
    ),
    SkipReason("protocol", "the raise is part of a protocol of the language", protocol, counts=False),
    SkipReason(
        "compiled", "the code is compiled by another tool, or is not plain Python source", compiled, counts=False
    ),
    SkipReason(
        "suppressed",
        "a comment or a setting says so: # flext: ignore, # flext: ignore-file, a matching # noqa, allow, exclude",
        suppressed,
        remedy="remove the comment or the setting",
    ),
    SkipReason("target", "the project's own target is not caught by the same handlers as the builtin", target),
    SkipReason(
        "conflict",
        "the import cannot be added or reused at this place",
        conflict,
        remedy="rename the other object, or import the target yourself",
    ),
    SkipReason("rebound", "the name of the builtin is rebound at run time", rebound),
    SkipReason(
        "identity",
        "code that the error may reach reads its class, class name, repr, or attributes that only typed errors have",
        observed_by("class", "name", "repr", "attribute", "stored"),
        remedy="compare with isinstance() there, or accept it: # flext: accept on the line, or accept in [tool.flext]",
    ),
    SkipReason(
        "type-table",
        "a table is indexed by the class of the error",
        observed_by("table"),
        remedy="look the error up by isinstance(), then run again",
    ),
    SkipReason(
        "typed-handler",
        "code that names a typed error would start to receive it",
        observed_by("typed"),
        remedy="put a handler of the builtin before it, or narrow it, then run again",
    ),
    SkipReason(
        "doctest",
        "a doctest shows the builtin's traceback",
        doctest,
        remedy="--unsafe rewrites the docstring with it",
    ),
    SkipReason("shown", "a test shows 'Builtin: text' with this message", shown_in_a_test),
    # Found before any check, or by a recipe.
    SkipReason(
        "name",
        "the name may not be the builtin",
        remedy="import builtins and name it there, or drop the star import",
    ),
    SkipReason(
        "typed-only",
        "a builtin cannot hold the keywords of the typed error, or the type replaces no builtin",
        counts=False,
        remedy="decide what to raise instead, and edit it by hand",
    ),
    SkipReason("bases", "further bases, a metaclass or a decorator affect the class"),
    SkipReason("constructor", "the class is not constructed the way a typed error is"),
    SkipReason("attribute", "the project uses an attribute of typed errors, such as code, with its own meaning"),
    SkipReason("unproven", "nothing shows that the typed error is what is raised"),
    SkipReason("secret", "the value's name marks it as a secret, which must not be in a context"),
    SkipReason("caught", "a handler would start or stop catching the more specific type"),
    SkipReason("layout", "lines cannot be removed without losing a comment or shifting a string"),
    SkipReason("declined", "you answered no"),
    SkipReason("verify", "the --verify command gave a different result"),
    # The file as a whole.
    SkipReason(
        "source",
        "the source of the file is used elsewhere: run by exec, written out, or read by inspect.getsource or its path",
        remedy=INCLUDE,
    ),
    SkipReason(
        "test-file",
        "a raise in test code imitates someone else's error",
        counts=False,
        remedy="--tests includes test code",
    ),
    SkipReason(
        "build-time",
        "the file runs while the project is built, where flext-exceptions is not installed",
        counts=False,
        remedy=INCLUDE,
    ),
    SkipReason("standalone", "a script outside any package, or vendored, generated or migration code", remedy=INCLUDE),
    SkipReason("unreadable", "the file cannot be parsed, decoded or reproduced byte for byte", counts=False),
)
REASONS: Mapping[str, SkipReason] = {reason.code: reason for reason in TABLE}
OBSERVED = frozenset(["identity", "type-table", "typed-handler"])
CHECKED = tuple(reason for reason in TABLE if reason.check is not None)
NOT_MIGRATABLE = frozenset(reason.code for reason in TABLE if not reason.counts)
