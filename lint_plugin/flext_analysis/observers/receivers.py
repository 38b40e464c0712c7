"""What receives errors from anywhere: observers of errors that are passed on, and named typed classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flext_analysis.escapes.values import Value
from flext_analysis.observers.differences import BUILTIN, Ancestors, Site
from flext_analysis.observers.error_flow import ErrorFlow
from flext_analysis.observers.handed_out import is_called
from flext_analysis.observers.handled_code import handled_statements
from flext_analysis.observers.observed import RECEIVING, Finder, Observed, called_last, describe, registered_by
from flext_analysis.observers.scan import observers_in
from flext_analysis.program.run_modules import imported_by_name
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import calls_in, dotted_code, walk_code
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["error_readers", "general_observers", "handed_over", "implicit_errors", "takers", "typed_places"]

HANDING = frozenset(["throw", "athrow", "set_exception"])
# What returns or raises the error that was set on a future.
TAKING = frozenset(
    "result exception add_done_callback gather as_completed wait_for shield run_until_complete throw athrow".split()
)
# Methods that the language calls where no call is visible: by a table, a condition, an assignment.
IMPLICIT = frozenset(
    "__bool__ __len__ __hash__ __eq__ __missing__ __del__ __index__ __instancecheck__ __subclasscheck__ "
    "__subclasshook__ __set_name__ __init_subclass__ __class_getitem__ __prepare__ __copy__ __deepcopy__ __reduce__ "
    "__getstate__ __setstate__ __fspath__ __length_hint__ __reversed__ __dir__ __getattribute__".split()
)


# Functions that keep what they are given, and call it at any time.
ANYTIME = frozenset("signal register_error settrace setprofile addaudithook finalize".split())


class Reader(NamedTuple):
    """An observer that reads errors, the builtins whose stand-in it distinguishes, and what handlers caught of them.

    ``caught`` is None where it may read any error.
    """

    seen: Observed
    builtins: tuple[str, ...]
    caught: list[Value] | None


def error_readers(definitions: Iterable[Definition], finder: Finder) -> list[Reader]:
    """Return the observers that read what a handler caught, or what may be any error."""
    found = []
    neutral = not finder.raises_stand_ins()
    for definition in definitions:
        for one in observers_in(definition):
            if finder.counts(one) and finder.reads_errors(one):
                told = one.text if neutral and one.neutral and finder.may_be_neutral(one, finder.read_by(one)) else ""
                path, function = definition.module.path, definition.scope.qualname
                seen = Observed(one.kind, path, one.place, describe(one), function, told)
                names = tuple(name for name in finder.ancestors if finder.makes_a_difference(f"{BUILTIN}{name}", one))
                found.append(Reader(seen, names, finder.caught_for(one)))
    return found


def general_observers(
    readers: Iterable[Reader], finder: Finder, among: frozenset[Definition] | None = None
) -> dict[str, list[Observed]]:
    """Return for each builtin who would notice its stand-in from anywhere: readers of what a handler caught.

    ``among`` are the functions whose handlers count; all without it. A handler of a class that does not catch the
    builtin never counts.
    """
    found: dict[str, list[Observed]] = {}
    for reader in readers:
        for name in reader.builtins:
            if finder.may_read(f"{BUILTIN}{name}", reader.caught, among):
                found.setdefault(name, []).append(reader.seen)
    return found


def takers(definitions: Iterable[Definition]) -> frozenset[Definition]:
    """Return the functions in which an error may occur that was thrown or set elsewhere, directly or through calls.

    It occurs where a result is taken or awaited, and at a ``yield``. Callers are found by name.
    """
    words: dict[Definition, set[str]] = {}
    found: set[Definition] = set()
    for definition in definitions:
        mentioned = words[definition] = set()
        for code, _, _ in walk_code(definition.scope.code):
            if code[0] in (op.AWAIT, op.YIELD, op.YIELD_FROM):
                found.add(definition)
            elif code[0] == op.ATTRIBUTE:
                mentioned.add(code[2])
            elif code[0] == op.NAME:
                mentioned.add(code[1])
    names = set(TAKING)
    while True:
        new = {one for one, mentioned in words.items() if one not in found and not mentioned.isdisjoint(names)}
        found |= new
        more = {one.scope.name for one in found} - names
        if not new and not more:
            return frozenset(found)
        names |= more


def implicit_errors(definitions: Iterable[Definition], reach: ErrorFlow) -> Iterator[tuple[str, Site]]:
    """Yield the errors of what runs where no call is visible.

    These are methods that the language calls, functions that something outside keeps for later (what the call of a
    class body is given: ``field(default_factory=make)``), and modules that only a computed name imports.
    """
    by_name = imported_by_name(reach.project)
    for definition in definitions:
        around = definition.parent
        of_class = definition.scope.name in IMPLICIT and around is not None and around.scope.kind == "class"
        if of_class or (definition is definition.module.top and definition.module in by_name):
            yield from reach.leaving(definition)
        for call, code in kept_for_later(definition):
            outside = [one[1] for one in reach.values(definition, call[1]) if one[0] == "external"]
            for value in reach.values(definition, code) if any(map(keeps_functions, outside)) else ():
                if value[0] in ("function", "bound"):
                    yield from reach.leaving(value[1])


def keeps_functions(path: str) -> bool:
    """Return whether something outside may call later what it was given: builtins and functools do not."""
    return path.partition(".")[0] not in ("builtins", "functools", "abc", "typing")


def kept_for_later(definition: Definition) -> Iterator[tuple[Code, Code]]:
    """Yield the calls in a scope that may keep a function, each with what may be one."""
    for code, _, around in walk_code(definition.scope.code):
        if code[0] in (op.NAME, op.ATTRIBUTE, op.LAMBDA) and not is_called(code, around):
            calls = [one for one in around if one[0] == op.CALL]
            if calls and (definition.scope.kind == "class" or called_last(calls[-1]) in ANYTIME):
                yield calls[-1], code


def handed_over(definitions: Iterable[Definition], reach: ErrorFlow) -> Iterator[tuple[str, Site]]:
    """Yield the errors that are thrown or set somewhere else."""
    for definition in definitions:
        for code in calls_in(definition):
            if code[1][0] == op.ATTRIBUTE and code[1][2] in HANDING:
                for one in code[2]:
                    yield from reach.errors(reach.values(definition, one))


def typed_places(
    definitions: Iterable[Definition], reach: ErrorFlow, ancestors: Ancestors
) -> dict[str, tuple[str, int]]:
    """Return the typed classes through which code receives errors, by dotted name, with path and position."""
    found: dict[str, tuple[str, int]] = {}
    finder = Finder(reach, ancestors)
    for definition in definitions:
        named: list[tuple[Code, int]] = []
        for statement, _ in handled_statements(definition.scope.code):
            if statement[0] == op.TRY:
                named += [(handler[0], handler[3]) for handler in statement[2] if handler[0] is not None]
            elif statement[0] == op.MATCH:
                named += [(code, statement[4]) for code in statement[2]]
        for code in calls_in(definition):
            if dotted_code(code[1]).rpartition(".")[2] in RECEIVING:
                named += [(one, code[4]) for one in (*code[2], *(value for _, value in code[3]))]
        named += [(one, definition.scope.place) for one in registered_by(definition)]
        for code, place in named:
            for info in finder.flat(code, definition):
                if info is not None and finder.is_typed(info):
                    found.setdefault(info.path, (definition.module.path, place))
    return found
