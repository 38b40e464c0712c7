"""Where code reads from an error what a stand-in answers differently from its builtin, and how the result is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from flext_analysis.observers.effects import effect_of, is_bound_by, is_log_call
from flext_analysis.observers.observer import Found, Observer, written
from flext_analysis.observers.readers import AS_TEXT, CURRENT, READERS, class_read, is_first
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import dotted_code, walk_code
from flext_analysis.summaries.definitions import Definition, statements_of
from flext_analysis.summaries.summary import Code, Parameter

__all__ = ["EXITS", "exit_observers", "observers_in"]

EXITS = frozenset(["__exit__", "__aexit__"])
KEEPERS = frozenset(["fill_unfilled", "from_exc_info"])  # of pytest.ExceptionInfo
NOBODY: frozenset[object] = frozenset()
Follow = Callable[[Definition, Code], "list[tuple[Definition, int]] | None"]


@cache
def observers_in(definition: Definition) -> tuple[Observer, ...]:
    """Return the observers in the code of a scope.

    >>> from flext_analysis.summaries.definitions import Module
    >>> from flext_analysis.summaries.summarize import summarize
    >>> text = b"def f(err):\\n    log.error(repr(err))\\n    return type(err).__name__\\n"
    >>> [(one.kind, one.effect) for one in observers_in(Module("m.py", "m", summarize(text)).definitions[1])]
    [('repr', 'logs'), ('name', 'returns')]
    """
    return tuple(read_in(definition))


def read_in(definition: Definition) -> Found:
    """Yield the observers in the code of a scope; see observers_in."""
    kinds, triples = names_of_current(definition)
    aliases = names_of_classes(definition)
    harmless = {place for statement in statements_of(definition.scope.code) for place in messages_or_texts(statement)}
    for code, statement, around in walk_code(definition.scope.code):
        if code[0] == op.ATTRIBUTE and code[3] in harmless:
            text = f"{written(code[1])}.message"
            yield Observer("attribute", "shows", code[1], code[3], definition, asked=AS_TEXT, text=text)
            continue
        reader = READERS.get(code[0])
        found = reader(code, around, definition) if reader is not None else ()
        if code[0] == op.NAME and code[1] in aliases and not is_bound_by(statement, code):
            found = read_by_alias(aliases[code[1]], code, around, definition)
        elif (code[0] == op.NAME and code[1] in kinds) or is_first_of(code, triples):
            found = read_of_class(code, statement, around, definition)
        elif aliases and not around and any(code is one for one in aliases.values()):
            continue  # a use of the class is read with its name
        for one in found:
            yield one._replace(effect=effect_of((*around, code), statement, definition))


def messages_or_texts(statement: Code) -> list[int]:
    """Return where ``str(e.message)`` is tried, and replaced by ``str(e)`` if there is no such attribute."""
    if statement[0] != op.TRY or len(statement[1]) != 1 or len(statement[2]) != 1:
        return []
    caught, _, inside, _ = statement[2][0]
    tried = statement[1][0]
    if caught is None or dotted_code(caught) != "AttributeError" or len(inside) != 1:
        return []
    pairs = [(one[1], one[2]) for one in (tried, inside[0]) if one[0] == op.ASSIGN]
    if len(pairs) != 2 or [one[:2] for one in pairs[0][0]] != [one[:2] for one in pairs[1][0]]:
        return []
    read, instead = (text_of(value) for _, value in pairs)
    if read is None or instead is None or read[0] != op.ATTRIBUTE or read[2] != "message":
        return []
    return [read[3]] if instead[0] == op.NAME and read[1][:2] == instead[:2] else []


def text_of(code: Code) -> Code | None:
    """Return the argument of ``str()``, None for anything else."""
    if code[0] != op.CALL or dotted_code(code[1]) != "str" or len(code[2]) != 1 or code[3]:
        return None
    found: Code = code[2][0]
    return found


def read_by_alias(asked: Code, code: Code, around: tuple[Code, ...], definition: Definition) -> Found:
    """Yield what is read of a class through a name; ``asked`` is the expression of the class."""
    subject = asked[2][0] if asked[0] == op.CALL else asked[1]
    text = f"{dotted_code(asked[1])}({written(subject)})" if asked[0] == op.CALL else f"{written(subject)}.__class__"
    for one in class_read(subject, code, around, asked[-1], definition, text):
        yield one._replace(neutral=asked[0] == op.CALL or subject[0] == op.NAME)


def is_first_of(code: Code, names: frozenset[str]) -> bool:
    """Return whether an expression is the first member of a variable with one of some names."""
    return bool(code[0] == op.ITEM and code[1][0] == op.NAME and code[1][1] in names and is_first(code[2]))


def names_of_classes(definition: Definition) -> dict[str, Code]:
    """Return the names of a function that hold only the class of a value, with the expression of the class."""
    if definition.scope.kind != "function":
        return {}
    found = {
        statement[1][0][1]: statement[2]
        for statement in statements_of(definition.scope.code)
        if statement[0] == op.ASSIGN and len(statement[1]) == 1 and statement[1][0][0] == op.NAME
        if asks_for_class(statement[2])
    }
    if not found:
        return found
    inner = {
        code[1]
        for one in definition.module.definitions
        if one is not definition and definition in one.outwards()
        for code, _, _ in walk_code(one.scope.code)
        if code[0] == op.NAME
    }
    return {
        name: code
        for name, code in found.items()
        if name not in inner and name not in definition.scope.outer and len(definition.bindings.get(name, ())) == 1
    }


def asks_for_class(code: Code) -> bool:
    """Return whether an expression is ``type(e)`` or ``e.__class__``."""
    if code[0] == op.CALL:
        return dotted_code(code[1]) in ("type", "builtins.type") and len(code[2]) == 1 and not code[3]
    return bool(code[0] == op.ATTRIBUTE and code[2] == "__class__")


def names_of_current(definition: Definition) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names in a scope that hold the class of the error being handled, and those that hold exc_info()."""
    kinds: set[str] = set()
    triples: set[str] = set()
    for statement in statements_of(definition.scope.code):
        if statement[0] == op.ASSIGN and statement[2][0] == op.CALL and dotted_code(statement[2][1]) in CURRENT:
            for target in statement[1]:
                if target[0] == op.NAME:
                    triples.add(target[1])
                elif target[0] == op.SEQUENCE and target[2] and target[2][0][0] == op.NAME:
                    kinds.add(target[2][0][1])
    return frozenset(kinds), frozenset(triples)


def exit_observers(definition: Definition, follow: Follow, first: int = 1, seen: frozenset[object] = NOBODY) -> Found:
    """Yield what an ``__exit__`` reads of the class that it receives, itself or through functions that it calls.

    ``first`` is the number of the parameter that is the class. ``follow`` returns the functions that an expression in a
    scope may be, each with the number of its parameters that are already bound, None if there may be others. Passing
    the class to another ``__exit__`` reads nothing of it.
    """
    parameters = definition.scope.parameters[first:]
    if not parameters:
        return
    name, rest = parameters[0].name, parameters[0].kind == "rest"
    unpacked = unpacked_from(name, definition) if rest else frozenset()
    for code, statement, around in walk_code(definition.scope.code):
        if rest:
            is_class = code[0] == op.ITEM and code[1][0] == op.NAME and code[1][1] == name and is_first(code[2])
            is_class = is_class or (code[0] == op.NAME and code[1] in unpacked)
        else:
            is_class = code[0] == op.NAME and code[1] == name
        if not is_class or not around:
            continue
        if is_handed_on(code, statement, around, parameters, definition):
            continue
        given = handed_to(code, around[-1], definition, follow)
        if given is None:
            for one in read_of_class(code, statement, around, definition):
                yield one._replace(effect=effect_of(around, statement, definition))
        for function, number in given or ():
            if (function, number) not in seen:
                yield from exit_observers(function, follow, number, seen | {(function, number)})


def is_handed_on(
    code: Code, statement: Code, around: tuple[Code, ...], parameters: Sequence[Parameter], definition: Definition
) -> bool:
    """Return whether the class is passed, with the error and its traceback, to what stores all three for a test or log.

    That is an argument of a method of ``pytest.ExceptionInfo``, or ``exc_info`` of a logger, directly or by a name.
    """
    triple = around[-1]
    if triple[0] != op.SEQUENCE or triple[2][:1] != [code] or len(triple[2]) != len(parameters):
        return False
    if any(one[0] != op.NAME or one[1] != each.name for one, each in zip(triple[2], parameters, strict=True)):
        return False
    outer = [one for one in around[:-1] if not (one[0] == op.CALL and dotted_code(one[1]).endswith("cast"))]
    if outer or statement[0] != op.ASSIGN or len(statement[1]) != 1 or statement[1][0][0] != op.NAME:
        return bool(outer) and keeps_all_three(triple, outer[-1])
    name = statement[1][0][1]
    uses = [
        (one, each_around)
        for other in definition.module.definitions
        if other is definition or definition in other.outwards()
        for one, each_statement, each_around in walk_code(other.scope.code)
        if one[0] == op.NAME and one[1] == name and not is_bound_by(each_statement, one)
    ]
    return all(each_around and keeps_all_three(one, each_around[-1]) for one, each_around in uses)


def keeps_all_three(code: Code, call: Code) -> bool:
    """Return whether a call stores an error, its class and its traceback for a test or a log."""
    if call[0] != op.CALL or call[1][0] != op.ATTRIBUTE:
        return False
    if any(keyword == "exc_info" and value is code for keyword, value in call[3]):
        return is_log_call(call)
    return call[1][2] in KEEPERS and any(one is code for one in call[2])


def handed_to(code: Code, call: Code, definition: Definition, follow: Follow) -> list[tuple[Definition, int]] | None:
    """Return which parameters of which functions an argument becomes, None if that is not known."""
    if call[0] != op.CALL or call[1] is code:
        return None
    at = next((number for number, one in enumerate(call[2]) if one is code), None)
    if at is None or any(one[0] == op.STARRED for one in call[2][:at]):
        return None
    if call[1][0] == op.ATTRIBUTE and call[1][2] in EXITS:
        return []
    functions = follow(definition, call[1])
    found = [(one, bound + at) for one, bound in functions or ()]
    known = all(
        number < len(one.scope.parameters) and one.scope.parameters[number].kind in ("only", "plain")
        for one, number in found
    )
    return found if found and known else None


def unpacked_from(name: str, definition: Definition) -> frozenset[str]:
    """Return the names to which a scope binds the first member of a variable, by ``a, b, c = name``."""
    return frozenset(
        target[2][0][1]
        for statement in statements_of(definition.scope.code)
        if statement[0] == op.ASSIGN and statement[2][0] == op.NAME and statement[2][1] == name
        for target in statement[1]
        if target[0] == op.SEQUENCE and target[2] and target[2][0][0] == op.NAME
    )


def read_of_class(code: Code, statement: Code, around: tuple[Code, ...], definition: Definition) -> Found:
    """Yield what is read of the class of the current error, which an expression is.

    ``kind is None`` and ``issubclass(kind, ...)`` are equally true for a stand-in.
    """
    if not around and statement[0] == op.EVALUATE:
        return
    if not around and statement[0] == op.ASSIGN and any(one is code for one in statement[1]):
        return
    if around and around[-1][0] == op.SEQUENCE and statement[0] == op.ASSIGN and around[-1] in statement[1]:
        return
    place = code[-1] if isinstance(code[-1], int) else place_in(around, definition)
    text = code[1] if code[0] == op.NAME else f"{written(code[1])}[0]"
    for one in class_read(code, code, around, place, definition, text):
        against_none = one.compared is not None and all(is_none(other) for other in one.compared)
        if not against_none and not (around and is_test_of_truth(around, statement)):
            yield one._replace(subject=None)


def place_in(around: tuple[Code, ...], definition: Definition) -> int:
    """Return the position of the innermost expression around another that has one, otherwise that of the scope."""
    places = [one[-1] for one in reversed(around) if isinstance(one[-1], int)]
    return int(places[0]) if places else definition.scope.place


def is_none(code: Code) -> bool:
    """Return whether an expression is None."""
    return bool(code[0] == op.CONSTANT and code[1] == "NoneType")


def is_test_of_truth(around: tuple[Code, ...], statement: Code) -> bool:
    """Return whether a value is only tested for truth, by ``not``, or by ``or`` in a condition."""
    if around[-1][0] == op.OPERATOR and around[-1][1] == "__bool__":
        return True
    return statement[0] == op.EVALUATE and all(one[0] == op.EITHER for one in around)
