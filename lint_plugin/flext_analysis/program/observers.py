"""Code that reads of an error what a stand-in answers differently from its builtin: class, name, repr, attributes.

Source of the table: the codemods' specification, section 8. To add a kind, write its reader and give it a row in
READERS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import dotted_code, walk_code
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code
from flext_exceptions.base import BaseError
from flext_exceptions.catalogue import ROWS

__all__ = ["EXITS", "TYPED_ATTRIBUTES", "Observer", "exit_observers", "observers_in"]

# What an error answers once it is typed, and a builtin does not: of any type, and the keywords of some.
TYPED_ATTRIBUTES = frozenset(name for name in set(dir(BaseError)) - set(dir(Exception)) if name[0].islower())
TYPED_ATTRIBUTES |= {keyword for row in ROWS for keyword in row.keywords}
LOG_METHODS = frozenset("debug info warning warn error exception critical fatal log msg".split())
PRINTED = frozenset("traceback.print_exc traceback.print_exception traceback.print_last warnings.warn".split())
FORMATTED_TRACEBACKS = frozenset(
    "traceback.format_exc traceback.format_exception traceback.format_exception_only format_exc format_exception "
    "format_exception_only traceback.TracebackException traceback.TracebackException.from_exception".split()
)
NAMES_OF_CLASSES = frozenset("__name__ __qualname__ __module__".split())


class Observer(NamedTuple):
    """A place that reads something of a value, which may be an error.

    ``kind`` is "class", "table" (something is looked up by it), "name", "repr" or "attribute"; ``effect`` is "shows"
    where the result goes anywhere, and "logs" where it goes into a log only. ``subject`` is the value that is read,
    None for the error that is being handled. ``compared`` are the classes that its class is compared with: only errors
    of exactly these make a difference; None where it is not compared. ``texts`` are those that its name is compared
    with, likewise. ``asked`` is the attribute. ``text`` is what is read, as it is written (``...`` for a part of it);
    ``neutral`` says that it is one of the forms that can be asked of the builtin instead (see the codemods'
    specification, section 8, and ``builtin_type``).
    """

    kind: str
    effect: str
    subject: Code | None
    place: int
    definition: Definition
    compared: tuple[Code, ...] | None = None
    texts: tuple[str, ...] | None = None
    asked: str = ""
    text: str = ""
    neutral: bool = False

    @property
    def decides(self) -> bool:
        """Whether the program goes one way or another by what is read, as far as can be seen."""
        return self.kind == "table" or self.compared is not None or self.texts is not None


EXITS = frozenset(["__exit__", "__aexit__"])


def observers_in(definition: Definition) -> Iterator[Observer]:
    """Yield the observers in the code of a scope.

    >>> from flext_analysis.summaries.definitions import Module
    >>> from flext_analysis.summaries.summarize import summarize
    >>> text = b"def f(err):\\n    log.error(repr(err))\\n    return type(err).__name__\\n"
    >>> [(one.kind, one.effect) for one in observers_in(Module("m.py", "m", summarize(text)).definitions[1])]
    [('repr', 'logs'), ('name', 'shows')]
    """
    for code, statement, around in walk_code(definition.scope.code):
        reader = READERS.get(code[0])
        if reader is not None:
            for one in reader(code, around, definition):
                yield one._replace(effect="logs") if is_logged(around, statement) else one


def exit_observers(definition: Definition) -> Iterator[Observer]:
    """Yield what an ``__exit__`` reads of the class that it is given: its own first parameter after ``self``.

    ``kind is None`` and ``issubclass(kind, ...)`` are as true of a stand-in.
    """
    parameters = definition.scope.parameters
    if definition.scope.name not in EXITS or len(parameters) < 2 or parameters[1].kind == "rest":
        return
    name = parameters[1].name
    for code, statement, around in walk_code(definition.scope.code):
        if code[0] != op.NAME or code[1] != name or not around:
            continue
        for one in class_read(code, code, around, definition.scope.place, definition, name):
            against_none = one.compared is not None and all(is_none(other) for other in one.compared)
            if not against_none and not is_test_of_truth(around, statement):
                yield one._replace(effect="logs") if is_logged(around, statement) else one


def is_none(code: Code) -> bool:
    """Say whether an expression is None."""
    return bool(code[0] == op.CONSTANT and code[1] == "NoneType")


def is_test_of_truth(around: tuple[Code, ...], statement: Code) -> bool:
    """Say whether a value is only asked whether it is true, by ``not``, or by ``or`` in a condition."""
    if around[-1][0] == op.OPERATOR and around[-1][1] == "__bool__":
        return True
    return statement[0] == op.EVALUATE and all(one[0] == op.EITHER for one in around)


def is_logged(around: tuple[Code, ...], statement: Code) -> bool:
    """Say whether an expression is given to a log, to stderr or to a warning, and nowhere else."""
    if statement[0] != op.EVALUATE:
        return False
    return any(one[0] == op.CALL and is_log_call(one) for one in around)


def is_log_call(call: Code) -> bool:
    """Say whether a call writes into a log, by the names of what it calls."""
    name = dotted_code(call[1]) or last_of(call[1])
    head, _, method = name.rpartition(".")
    if name in PRINTED or name in ("sys.stderr.write", "stderr.write"):
        return True
    if name == "print":
        return any(keyword == "file" and dotted_code(value).endswith("stderr") for keyword, value in call[3])
    receiver = call[1][1] if call[1][0] == op.ATTRIBUTE else None
    if method not in LOG_METHODS or receiver is None:
        return False
    if receiver[0] == op.CALL:
        return dotted_code(receiver[1]).endswith("getLogger")
    return "log" in head.rpartition(".")[2].lower()


def last_of(code: Code) -> str:
    """Return the last part of an attribute of anything, with a dot in front of it."""
    return f".{code[2]}" if code[0] == op.ATTRIBUTE else ""


Found = Iterator[Observer]


def read_call(code: Code, around: tuple[Code, ...], definition: Definition) -> Found:
    """Read a call: ``type(e)``, ``repr(e)``, ``getattr(e, "code")``, ``vars(e)``, ``format_exc()``, ``"%r".format``."""
    function, given, place = code[1], code[2], code[4]
    name = dotted_code(function)
    if name in ("type", "builtins.type") and len(given) == 1 and not code[3]:
        text = f"{name}({written(given[0])})"
        yield from (one._replace(neutral=True) for one in class_read(given[0], code, around, place, definition, text))
    elif name in ("repr", "ascii", "builtins.repr") and given:
        text = f"{name}({written(given[0])})"
        neutral = name != "ascii" and len(given) == 1 and not code[3]
        yield Observer("repr", "shows", given[0], place, definition, text=text, neutral=neutral)
    elif name in ("getattr", "hasattr") and len(given) > 1:
        asked = given[1]
        text = asked[2] if asked[0] == op.CONSTANT and asked[1] == "str" else ""
        shown = f"{name}({written(given[0])}, {text!r})" if text else f"{name}({written(given[0])}, ...)"
        if text in NAMES_OF_CLASSES or text == "__class__":
            kind = "name" if text != "__class__" else "class"
            yield Observer(kind, "shows", given[0], place, definition, text=shown)
        elif asked[0] != op.CONSTANT or text in TYPED_ATTRIBUTES or text == "__dict__":
            yield Observer("attribute", "shows", given[0], place, definition, asked=text, text=shown)
    elif name in ("vars", "dir", "builtins.vars") and given:
        text = f"{name}({written(given[0])})"
        yield Observer("attribute", "shows", given[0], place, definition, asked="__dict__", text=text)
    elif name in FORMATTED_TRACEBACKS:
        subject = given[-1] if given and name[-10:] != "format_exc" else None
        yield Observer("repr", "shows", subject, place, definition, text=f"{name}()")
    elif name in ("str", "builtins.str", "format") and given and given[0][0] in (op.SEQUENCE, op.MAPPING):
        yield Observer("repr", "shows", given[0], place, definition, text=f"{name}() of a collection")
    elif function[0] == op.ATTRIBUTE and function[2] == "__repr__" and not given:
        text = f"{written(function[1])}.__repr__()"
        yield Observer("repr", "shows", function[1], place, definition, text=text)
    elif function[0] == op.ATTRIBUTE and function[2] == "format" and function[1][0] == op.CONSTANT:
        text = function[1][2] if isinstance(function[1][2], str) else ""
        if "!r" in text or "!a" in text:
            values = [*given, *(value for _, value in code[3])]
            named = ((one, f"{{!r}} of {written(one)}") for one in values)
            yield from (Observer("repr", "shows", one, place, definition, text=what) for one, what in named)
    elif name in ("json.dumps", "dumps", "json.dump"):
        for keyword, value in code[3]:
            if keyword == "default" and dotted_code(value) in ("repr", "vars") and given:
                text = f"{name}(default={dotted_code(value)})"
                yield Observer("repr", "shows", given[0], place, definition, text=text)


def written(code: Code) -> str:
    """Return the text of a name or a chain of attributes, "..." for anything else.

    >>> written([op.NAME, "err"]), written([op.CONSTANT, "int", 3])
    ('err', '...')
    """
    return dotted_code(code) or "..."


def read_attribute(code: Code, around: tuple[Code, ...], definition: Definition) -> Found:
    """Read an attribute: ``e.__class__``, ``e.__dict__``, and what typed errors alone have."""
    name = code[2]
    text = f"{written(code[1])}.{name}"
    if name == "__class__":
        if dotted_code(code[1]) not in ("self", "cls"):
            found = class_read(code[1], code, around, code[3], definition, text)
            yield from (one._replace(neutral=code[1][0] == op.NAME) for one in found)
    elif name == "__dict__" or name in TYPED_ATTRIBUTES:
        parent = around[-1] if around else None
        if parent is not None and parent[0] == op.CALL and parent[1] is code and name not in ("to_dict", "to_problem"):
            if name not in ("with_context", "same_as"):
                yield Observer("attribute", "shows", code[1], code[3], definition, asked=name, text=f"{text}()")
            return
        yield Observer("attribute", "shows", code[1], code[3], definition, asked=name, text=text)


def class_read(
    subject: Code, code: Code, around: tuple[Code, ...], place: int, definition: Definition, text: str
) -> Found:
    """Yield what reads the class of a value, by what is done with it; ``text`` is what gives the class."""
    parent = around[-1] if around else None
    if parent is None:
        yield Observer("class", "shows", subject, place, definition, text=text)
        return
    kind = parent[0]
    if kind == op.ATTRIBUTE and parent[2] in NAMES_OF_CLASSES:
        texts = compared_texts(parent, around[:-1])
        yield Observer("name", "shows", subject, place, definition, texts=texts, text=f"{text}.{parent[2]}")
    elif kind == op.ATTRIBUTE and parent[2] == "__mro__":
        yield Observer("class", "shows", subject, place, definition, text=text)
    elif kind == op.ATTRIBUTE or (kind == op.CALL and parent[1] is code):
        return  # to build another error of the class, or to call what both have
    elif kind == op.CALL and dotted_code(parent[1]) in ("issubclass", "builtins.issubclass"):
        return  # as true of a stand-in
    elif kind == op.COMPARED:
        compared = compared_classes(code, parent)
        yield Observer("class", "shows", subject, place, definition, compared=compared, text=text)
    elif kind == op.ITEM and parent[2] is code:
        yield Observer("table", "shows", subject, place, definition, compared=(parent[1],), text=text)
    elif (
        kind == op.CALL
        and parent[1][0] == op.ATTRIBUTE
        and parent[1][2] in ("get", "pop", "setdefault", "index", "count")
    ):
        yield Observer("table", "shows", subject, place, definition, compared=(parent[1][1],), text=text)
    else:
        yield Observer("class", "shows", subject, place, definition, text=text)


def compared_classes(code: Code, comparison: Code) -> tuple[Code, ...]:
    """Return what an operand of a comparison is compared with."""
    operands = comparison[2]
    at = next(number for number, one in enumerate(operands) if one is code)
    return tuple(operands[n] for n in (at - 1, at + 1) if 0 <= n < len(operands))


def compared_texts(code: Code, around: tuple[Code, ...]) -> tuple[str, ...] | None:
    """Return the texts that a name is compared with, None where it is used otherwise."""
    parent = around[-1] if around else None
    if parent is None or parent[0] != op.COMPARED:
        return None
    found: list[str] = []
    for one in compared_classes(code, parent):
        members = one[2] if one[0] == op.SEQUENCE else [one]
        for member in members:
            if member[0] != op.CONSTANT or member[1] != "str":
                return None
            found.append(member[2])
    return tuple(found)


def read_formatted(code: Code, around: tuple[Code, ...], definition: Definition) -> Found:
    """Read an f-string: ``{e!r}``, and a container of errors, which shows the repr of each."""
    for conversion, value in code[1]:
        if conversion in ("r", "a") or value[0] in (op.SEQUENCE, op.MAPPING):
            name = dotted_code(value)
            neutral = conversion == "r" and bool(name)
            text = f"{name}!{conversion}" if name else "..."
            yield Observer("repr", "shows", value, code[2], definition, text=text, neutral=neutral)


def read_operator(code: Code, around: tuple[Code, ...], definition: Definition) -> Found:
    """Read ``"%r" % e``."""
    if code[1] == "__mod__" and code[2][0] == op.CONSTANT and isinstance(code[2][2], str) and code[3] is not None:
        text = code[2][2]
        if "%r" in text or "%a" in text or ")r" in text:
            members = code[3][2] if code[3][0] == op.SEQUENCE else [code[3]]
            texts = ((one, f"%r of {written(one)}") for one in members)
            yield from (Observer("repr", "shows", one, code[4], definition, text=text) for one, text in texts)


def read_item(code: Code, around: tuple[Code, ...], definition: Definition) -> Found:
    """Read ``sys.exc_info()[0]``."""
    index = code[2]
    first = index[0] == op.CONSTANT and index[2] == 0
    if first and code[1][0] == op.CALL and dotted_code(code[1][1]) in ("sys.exc_info", "exc_info"):
        text = f"{dotted_code(code[1][1])}()[0]"
        yield from (one._replace(subject=None) for one in class_read(code, code, around, code[3], definition, text))


READERS: dict[int, Callable[[Code, tuple[Code, ...], Definition], Found]] = {
    op.CALL: read_call,
    op.ATTRIBUTE: read_attribute,
    op.FORMATTED: read_formatted,
    op.OPERATOR: read_operator,
    op.ITEM: read_item,
}
