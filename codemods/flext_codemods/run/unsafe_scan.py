"""What unsafe recipes need to know about the whole repository. Only read when such a recipe runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from flext_analysis.syntax.source import Source, Unreadable, read_source
from flext_codemods.model.job import Job
from flext_codemods.model.module import Module
from flext_codemods.project.files import read_bytes
from flext_codemods.project.paths import Location
from flext_codemods.raises.builtin_raises import judged
from flext_codemods.raises.raise_messages import message_parts
from flext_codemods.repository.caught_builtins import asked_names, caught_builtins
from flext_codemods.repository.class_families import ErrorClass, classes_in, family_problems
from flext_codemods.repository.messages import RaiseMessage

__all__ = ["scan_for_unsafe"]

ASKING = frozenset(["specialise", "rebase", "tests"])  # the recipes that need it
WORTH = re.compile(rb"\b(?:except|class|raise|suppress)\b")


def scan_for_unsafe(recipes: Collection[str], files: Iterable[Path], job_of: Callable[[Path], Job]) -> dict[str, Any]:
    """Return the fields of a Repository that unsafe recipes need, none if no such recipe runs."""
    if ASKING.isdisjoint(recipes):
        return {}
    caught: dict[str, Location] = {}
    classes: list[ErrorClass] = []
    asked: dict[str, Location] = {}
    messages: dict[str, list[RaiseMessage]] = {}
    for path in files:
        raw, problem = read_bytes(path)
        if problem or path.suffix != ".py" or not WORTH.search(raw):
            continue
        try:
            source = read_source(raw)
        except Unreadable:
            continue  # reported when its own turn comes
        for name, line in caught_builtins(source.tree):
            caught.setdefault(name, Location(str(path), line))
        classes += classes_in(source.tree, str(path))
        for name, line in asked_names(source.tree):
            asked.setdefault(name, Location(str(path), line))
        if "tests" in recipes:
            for builtin, one in messages_in(path, raw, source, job_of(path)):
                messages.setdefault(builtin, []).append(one)
    return {
        "caught": caught,
        "families": family_problems(classes, asked) if "rebase" in recipes else {},
        "messages": {key: tuple(each) for key, each in messages.items()},
    }


def messages_in(path: Path, raw: bytes, source: Source, job: Job) -> Iterator[tuple[str, RaiseMessage]]:
    """Yield the messages of a module's raises: the builtin that each is caught as, with the parts of its message."""
    whole = job.exclusions.skip(path, raw)
    if whole and whole.reason == "test-file":
        return
    module = Module(path, source, job)
    for site in module.raise_sites:
        facts = module.classes.of_own(site.raised, site.block)
        if facts is not None and facts.row is not None:
            builtin, typed = facts.row.builtin.__name__, True
        else:
            found = judged(module, site)
            if found is None:
                continue
            builtin = found.builtin
            typed = not found.left and not whole and "raises" in job.recipes
        yield builtin, RaiseMessage(tuple(message_parts(site, module)), typed, Location(str(path), site.node.lineno))
