"""What unsafe recipes have to know of the whole repository: who catches what, the families of errors, what raises say.

Only looked at when such a recipe runs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from flext_analysis.bindings import BUILTIN_ERRORS, dotted
from flext_analysis.raise_sites import classes_in
from flext_analysis.source import Source, Unreadable, read_source
from flext_analysis.statements import FunctionNode, statements
from flext_codemods.builtin_raises import judged
from flext_codemods.facts import read_bytes
from flext_codemods.handler_reads import TYPED_NAMES
from flext_codemods.messages import Said
from flext_codemods.paths import relative
from flext_codemods.raised_texts import message_parts
from flext_codemods.run import Job
from flext_codemods.surroundings import Surroundings

__all__ = ["look_wider"]

WIDER = frozenset(["specialise", "rebase", "tests"])
WORTH = re.compile(rb"\b(?:except|class|raise|suppress)\b")
CATCHING = frozenset(["suppress", "raises", "assertRaises", "assertRaisesRegex"])
ASKING = frozenset(["getattr", "hasattr"])


class Seen(NamedTuple):
    """A class by its statement: its name, its bases by their last names, what may clash with a typed base, where."""

    name: str
    bases: tuple[str, ...]
    special: str
    place: str


def look_wider(job: Job, files: Iterable[Path]) -> Surroundings:
    """Return the surroundings of a job with what its unsafe recipes need to know beside."""
    if WIDER.isdisjoint(job.recipes):
        return job.around
    caught: dict[str, str] = {}
    seen: list[Seen] = []
    asked: dict[str, str] = {}
    said: dict[str, list[Said]] = {}
    for path in files:
        raw, problem = read_bytes(path)
        if problem or path.suffix != ".py" or not WORTH.search(raw):
            continue
        try:
            source = read_source(raw)
        except Unreadable:
            continue  # said when its own turn comes
        where = relative(path)
        for name, line in caught_names(source.tree):
            caught.setdefault(name, f"{where}:{line}")
        seen += classes_of(source.tree, where)
        for name, line in asked_names(source.tree):
            asked.setdefault(name, f"{where}:{line}")
        if "tests" in job.recipes:
            for builtin, one in said_in(path, raw, source, job):
                said.setdefault(builtin, []).append(one)
    family = in_the_way(seen, asked) if "rebase" in job.recipes else {}
    return job.around._replace(caught=caught, family=family, said={key: tuple(each) for key, each in said.items()})


def last(node: ast.expr) -> str:
    """Return the last name of a dotted name, "" for any other expression."""
    return (dotted(node) or "").rpartition(".")[2]


def caught_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the builtin errors that clauses and ``suppress`` name, by their last names, with the line."""
    for node in ast.walk(tree):
        caught: list[ast.expr] = []
        if isinstance(node, ast.ExceptHandler):
            caught = classes_in(node.type)
        elif isinstance(node, ast.Call) and last(node.func) in (
            "suppress",
            "raises",
            "assertRaises",
            "assertRaisesRegex",
        ):
            caught = [one for given in node.args for one in classes_in(given)]
        for one in caught:
            if last(one) in BUILTIN_ERRORS:
                yield BUILTIN_ERRORS[last(one)].__name__, one.lineno


def classes_of(tree: ast.Module, where: str) -> Iterator[Seen]:
    """Yield the classes of a module that have bases."""
    for node, _ in statements(tree):
        if isinstance(node, ast.ClassDef) and node.bases:
            yield Seen(node.name, tuple(last(base) for base in node.bases), special_in(node), f"{where}:{node.lineno}")


def special_in(node: ast.ClassDef) -> str:
    """Return what a class has that a typed base would give another meaning, "" where there is no such thing."""
    for inner in node.body:
        names = [inner.name] if isinstance(inner, FunctionNode | ast.ClassDef) else []
        targets = inner.targets if isinstance(inner, ast.Assign) else [getattr(inner, "target", None)]
        names += [target.id for target in targets if isinstance(target, ast.Name)]
        if not CLASS_FACTS.isdisjoint(names):
            return f"declares {min(CLASS_FACTS.intersection(names))}"
        if isinstance(inner, ast.AnnAssign) and inner.value is None:
            return f"annotates {names[0] if names else 'a field'}, which becomes a keyword with a default"
    for part in ast.walk(node):
        match part:
            case ast.Attribute(attr="error_code", ctx=ast.Store()):
                return "sets error_code, which is another name for code"
            case ast.Attribute(attr="__dict__") | ast.Call(func=ast.Name(id="vars")):
                return "reads the dict of its instances"
            case ast.Call(func=ast.Name(id="getattr" | "hasattr"), args=[ast.Name(), ast.Constant(value=word), *_]):
                if word in TYPED_NAMES:
                    return f"asks whether there is a {word}"
    return DECORATED if node.decorator_list else ""


DECORATED = "is decorated"  # of the class itself, its own recipe says so


def asked_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield what handlers ask an error for by name, of what a typed error answers and a builtin does not."""
    for handler in ast.walk(tree):
        if isinstance(handler, ast.ExceptHandler) and handler.name:
            for node in ast.walk(handler):
                match node:
                    case ast.Call(
                        func=ast.Name(id=function), args=[ast.Name(id=name), ast.Constant(value=str(word)), *_]
                    ):
                        if function in ASKING and name == handler.name and word in TYPED_NAMES:
                            yield word, node.lineno


def in_the_way(seen: list[Seen], asked: Mapping[str, str]) -> dict[str, str]:
    """Return for the name of each class why its family cannot be rebased, for those where something is in the way."""
    below: dict[str, list[Seen]] = {}
    for each in seen:
        for base in each.bases:
            below.setdefault(base, []).append(each)
    first_asked = next((f"the handler at {place} asks an error for {word}" for word, place in asked.items()), "")
    found: dict[str, str] = {}
    for each in seen:
        family, waiting = [each], list(below.get(each.name, ()))
        while waiting:
            one = waiting.pop()
            if one not in family:
                family.append(one)
                waiting += below.get(one.name, ())
        for one in family:
            if one.special and (one is not each or one.special != DECORATED):
                found.setdefault(each.name, f"{one.name} at {one.place} {one.special}")
        if first_asked:
            found.setdefault(each.name, first_asked)
    return found


# Facts of a typed class that another meaning in the project would change or clash with; see flext_exceptions.base.
CLASS_FACTS = frozenset(
    "code error_code __slots__ __getattr__ __getattribute__ __setattr__ __getstate__ __setstate__ __new__ "
    "__init_subclass__".split()
)


def said_in(path: Path, raw: bytes, source: Source, job: Job) -> Iterator[tuple[str, Said]]:
    """Yield what the raises of a module say: the builtin that each is caught as, with the parts of its message."""
    reason, _ = job.placement.reason(path, raw)
    if reason == "test-file":
        return
    module = job.module(path, source)
    for site in module.raise_sites:
        facts = module.classes.of_own(site.raised, site.block)
        if facts is not None and facts.row is not None:
            builtin, typed = facts.row.builtin.__name__, True
        else:
            found = judged(module, site)
            if found is None:
                continue
            builtin = found.builtin
            typed = not found.left and not reason and "raises" in job.recipes
        yield builtin, Said(tuple(message_parts(site, module)), typed, f"{relative(path)}:{site.node.lineno}")
