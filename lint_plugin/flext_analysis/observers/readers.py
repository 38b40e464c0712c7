"""What one expression reads from an error that a stand-in answers differently from its builtin.

Source of the table: the codemods' specification, section 8. To add a kind, write its reader and give it a row in
READERS.
"""

from __future__ import annotations

from collections.abc import Callable

from flext_analysis.observers.format_texts import constant_text, read_formatted, read_operator, text_format
from flext_analysis.observers.observer import Around, Found, Observer, shown, unstarred, written
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import dotted_code
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code
from flext_exceptions.base import BaseError
from flext_exceptions.catalogue import ROWS

__all__ = [
    "AS_TEXT",
    "CURRENT",
    "READERS",
    "TYPED_ATTRIBUTES",
    "class_read",
    "is_first",
]

# Attributes of a typed error that a builtin lacks: of any type, and the keywords of some.
TYPED_ATTRIBUTES = frozenset(name for name in set(dir(BaseError)) - set(dir(Exception)) if name[0].islower())
TYPED_ATTRIBUTES |= {keyword for row in ROWS for keyword in row.keywords}
FORMATTED_TRACEBACKS = frozenset(
    "traceback.format_exc traceback.format_exception traceback.format_exception_only format_exc format_exception "
    "format_exception_only traceback.TracebackException traceback.TracebackException.from_exception "
    "traceback.print_exc traceback.print_exception print_exc print_exception".split()
)
NAMES_OF_CLASSES = frozenset("__name__ __qualname__ __module__".split())
# Facts of a class besides its name that differ for a stand-in; everything else that both have is the same.
OF_CLASSES = frozenset("__mro__ __bases__ __base__ mro __dict__ __doc__ __subclasses__ __flags__ __slots__".split())
SHOWING = frozenset(
    "repr ascii builtins.repr builtins.ascii pprint.pformat pprint.pprint pprint.pp pprint.saferepr pformat "
    "reprlib.repr".split()
)
SHOWING_METHODS = frozenset(["pformat", "pprint", "repr"])  # of pprint.PrettyPrinter and reprlib.Repr
# what constructs the error again: its class, or a function of ours
REDUCTIONS = frozenset(["__reduce__", "__reduce_ex__"])
LISTING = frozenset("vars dir builtins.vars builtins.dir inspect.getmembers inspect.getmembers_static".split())
TEXTS = frozenset("str builtins.str format builtins.format print builtins.print".split())
# Functions that read a changed fact of an error when they are passed to another: ``map(repr, errors)``.
HANDED = {"repr": "repr", "ascii": "repr", "vars": "attribute", "dir": "attribute", "type": "class"}
GETTERS = frozenset("operator.attrgetter attrgetter operator.methodcaller methodcaller".split())
GOT = (("repr", {"__repr__"}), ("name", NAMES_OF_CLASSES), ("class", {"__class__"}), ("attribute", TYPED_ATTRIBUTES))
BUILTINS = frozenset("type repr ascii vars dir str format print getattr hasattr".split())  # read by their names
AS_TEXT = "message or str()"  # read where str() replaces a missing message
OF_CAUGHT = frozenset(["type", "typename", "exconly", "getrepr"])
CURRENT = frozenset(["sys.exc_info", "exc_info"])


def read_call(code: Code, around: Around, definition: Definition) -> Found:
    """Read a call: ``type(e)``, ``repr(e)``, ``getattr(e, "code")``, ``vars(e)``, ``format_exc()``, ``"%r".format``."""
    function, given, place = code[1], code[2], code[4]
    name = called_name(function, definition)
    text = f"{dotted_code(function)}({written(given[0])})" if given else f"{dotted_code(function)}()"
    alone = len(given) == 1 and not code[3]
    if name in ("type", "builtins.type") and alone:
        yield from (one._replace(neutral=True) for one in class_read(given[0], code, around, place, definition, text))
    elif name in SHOWING and given:
        neutral = alone and name in ("repr", "builtins.repr")
        yield shown(given[0], place, definition, text)._replace(neutral=neutral)
    elif name in ("getattr", "hasattr") and len(given) > 1:
        yield from attribute_asked(name, given, around, place, definition)
    elif name in LISTING and given:
        asked = "__dict__" if name.endswith("vars") else "dir"
        yield Observer("attribute", "shows", given[0], place, definition, asked=asked, text=text)
    elif name in FORMATTED_TRACEBACKS:
        own = given and not name.endswith("_exc")
        subject = unstarred(given[-1]) if own else None
        yield Observer("repr", "shows", subject, place, definition, asked="traceback", text=f"{name}()")
    elif name in GETTERS:
        yield from attributes_got(code, around, definition)
    elif name in TEXTS and given:
        collection = f"{name}() of a collection"
        plain = (one for one in given if one[0] != op.STARRED)  # the text of each member is its own
        yield from (shown(one, place, definition, collection, inside=True) for one in plain)
    elif function[0] == op.ATTRIBUTE:
        yield from read_method(code, definition)
    if name in ("json.dumps", "dumps", "json.dump"):
        for keyword, value in code[3]:
            if keyword == "default" and dotted_code(value) in ("repr", "vars") and given:
                yield shown(given[0], place, definition, f"{name}(default={dotted_code(value)})")


def called_name(code: Code, definition: Definition) -> str:
    """Return the dotted name of a callee, by the imports of the file; "" if it has none."""
    name = dotted_code(code)
    first, dot, rest = name.partition(".")
    path = definition.module.imported.get(first)
    if path is not None:
        return name if path == first else f"{path}{dot}{rest}"
    return "" if first in BUILTINS and is_parameter(first, definition) else name


def is_parameter(name: str, definition: Definition) -> bool:
    """Return whether a name is a parameter of a function, or of one around it, that is not the builtin by default."""
    parameters = [one for each in definition.outwards() for one in each.scope.parameters if one.name == name]
    return any(one.default is None or one.default[:2] != [op.NAME, name] for one in parameters)


def read_method(code: Code, definition: Definition) -> Found:
    """Read a method: ``e.__repr__()``, ``Exception.__repr__(e)``, ``"{!r}".format(e)``, ``printer.pformat(e)``."""
    (_, receiver, method, _), given, place = code[1], code[2], code[4]
    text = f"{written(receiver)}.{method}"
    if method == "__repr__":
        yield shown(given[0] if given else receiver, place, definition, f"{text}()")
    elif method in REDUCTIONS:
        subject = given[0] if given and receiver[0] == op.NAME and receiver[1][:1].isupper() else receiver
        yield Observer("class", "shows", subject, place, definition, text=f"{text}()")
    elif method in SHOWING_METHODS and given:
        yield shown(given[0], place, definition, f"{text}({written(given[0])})")
    elif method == "formatException" and given and given[0][0] == op.CALL and dotted_code(given[0][1]) in CURRENT:
        yield Observer("repr", "shows", None, place, definition, asked="traceback", text=f"{text}()")
    elif method in ("format", "vformat", "format_map"):
        template = constant_text(receiver, definition)
        if template is None and given:
            yield from text_format(constant_text(given[0], definition), given[1:], code, definition)
        else:
            yield from text_format(template, given, code, definition)


def attribute_asked(name: str, given: list[Code], around: Around, place: int, definition: Definition) -> Found:
    """Read ``getattr(e, "code", 3)`` and ``hasattr(e, "code")``."""
    asked = given[1]
    text = asked[2] if asked[0] == op.CONSTANT and asked[1] == "str" else ""
    if text == "message" and len(given) > 2 and is_text_of(given[2], given[0]):
        yield Observer("attribute", "shows", given[0], place, definition, asked=AS_TEXT, text=f"{name}(..., {text!r})")
        return
    form = f"{name}({written(given[0])}, {text!r})" if text else f"{name}({written(given[0])}, ...)"
    if text in NAMES_OF_CLASSES:
        yield Observer("name", "shows", given[0], place, definition, asked=text, text=form)
    elif text == "__class__":
        yield from class_read(given[0], given[0], around, place, definition, form)
    elif asked[0] != op.CONSTANT or text in TYPED_ATTRIBUTES or text == "__dict__":
        yield Observer("attribute", "shows", given[0], place, definition, asked=text, text=form)


def is_text_of(code: Code, subject: Code) -> bool:
    """Return whether an expression is ``str()`` of a name."""
    same = code[0] == op.CALL and len(code[2]) == 1 and subject[:2] == code[2][0][:2] and subject[0] == op.NAME
    return bool(same and dotted_code(code[1]) == "str" and not code[3])


def attributes_got(code: Code, around: Around, definition: Definition) -> Found:
    """Read ``attrgetter("__class__.__name__")``: of its argument, or of what is passed beside it to a call."""
    asked_for = {part for one in code[2] if one[0] == op.CONSTANT and one[1] == "str" for part in one[2].split(".")}
    names = asked_for & (NAMES_OF_CLASSES | TYPED_ATTRIBUTES | {"__class__", "__repr__"})
    parent = around[-1] if around else None
    if not names or parent is None or parent[0] != op.CALL:
        return
    kind = next(kind for kind, known in GOT if names & known)
    for one in (*parent[2], *(value for _, value in parent[3])):
        if one is not code:
            asked: str = max(names - {"__class__", "__repr__"}, default="")
            text = f"{dotted_code(code[1])}({asked or max(names)!r})"
            yield Observer(kind, "shows", unstarred(one), code[4], definition, asked=asked, text=text)


def read_name(code: Code, around: Around, definition: Definition) -> Found:
    """Read a function that is passed to another, which calls it with the next argument: ``map(repr, errors)``."""
    parent = around[-1] if around else None
    if code[1] not in HANDED or parent is None or parent[0] != op.CALL or parent[1] is code:
        return
    if is_parameter(code[1], definition):
        return
    callee = dotted_code(parent[1])
    if callee in ("isinstance", "issubclass"):
        return
    for one in (*parent[2], *(value for _, value in parent[3])):
        if one is not code:
            kind = HANDED[code[1]]
            asked = {"vars": "__dict__", "dir": "dir"}.get(code[1], "")
            text = f"{code[1]} of {written(unstarred(one))}"
            yield Observer(kind, "shows", unstarred(one), parent[4], definition, asked=asked, text=text)


def read_attribute(code: Code, around: Around, definition: Definition) -> Found:
    """Read an attribute: ``e.__class__``, ``e.__dict__``, and those that only typed errors have."""
    name = code[2]
    if name in OF_CAUGHT and "pytest" in definition.module.imported:
        yield from read_caught(code, around, definition)
    text = f"{written(code[1])}.{name}"
    if name == "__class__":
        if dotted_code(code[1]) not in ("self", "cls"):
            found = class_read(code[1], code, around, code[3], definition, text)
            yield from (one._replace(neutral=code[1][0] == op.NAME) for one in found)
    elif name == "__doc__" and dotted_code(code[1]) not in ("self", "cls"):
        yield Observer("class", "shows", code[1], code[3], definition, text=text)
    elif name == "exc_type" and dotted_code(code[1]) not in (
        "self",
        "cls",
    ):  # of what a hook of threads receives, and of a traceback.TracebackException
        error = [op.ATTRIBUTE, code[1], "exc_value", code[3]]
        yield from class_read(error, code, around, code[3], definition, text)
    elif name == "__dict__" or name in TYPED_ATTRIBUTES:
        parent = around[-1] if around else None
        if parent is not None and parent[0] == op.CALL and parent[1] is code and name not in ("to_dict", "to_problem"):
            if name not in ("with_context", "same_as"):
                yield Observer("attribute", "shows", code[1], code[3], definition, asked=name, text=f"{text}()")
            return
        yield Observer("attribute", "shows", code[1], code[3], definition, asked=name, text=text)


def read_caught(code: Code, around: Around, definition: Definition) -> Found:
    """Read the result of ``with pytest.raises(...) as caught``: its ``type`` and ``typename``, and its texts."""
    name, place = code[2], code[3]
    error = [op.ATTRIBUTE, code[1], "value", place]
    text = f"{written(code[1])}.{name}"
    if name == "type":
        yield from class_read(error, code, around, place, definition, text)
    elif name == "typename":
        yield Observer("name", "shows", error, place, definition, texts=compared_texts(code, around), text=text)
    elif name in ("exconly", "getrepr"):
        yield Observer("repr", "shows", error, place, definition, asked="traceback", text=f"{text}()")


def class_read(subject: Code, code: Code, around: Around, place: int, definition: Definition, text: str) -> Found:
    """Yield what reads the class of a value, by how it is used; ``text`` is the expression of the class."""
    seen = Observer("class", "shows", subject, place, definition, text=text)
    parent = around[-1] if around else None
    if parent is None:
        yield seen
        return
    kind = parent[0]
    if kind == op.ATTRIBUTE:
        asked = parent[2]
        text = f"{text}.{asked}"
        if asked in NAMES_OF_CLASSES:
            texts = compared_texts(parent, around[:-1])
            yield seen._replace(kind="name", texts=texts, asked=asked, text=text)
        elif asked in OF_CLASSES:
            yield seen
        elif asked in TYPED_ATTRIBUTES:
            yield seen._replace(kind="attribute", asked=asked, text=text)
    elif kind == op.CALL and parent[1] is code:
        return  # to construct another error of the class
    elif kind == op.CALL and dotted_code(parent[1]) in ("issubclass", "builtins.issubclass") and parent[2][0] is code:
        return  # equally true for a stand-in
    elif kind == op.CALL and dotted_code(parent[1]) in ("getattr", "hasattr") and parent[2][0] is code:
        given = [subject, *parent[2][1:]]
        yield from attribute_asked(dotted_code(parent[1]), given, around, place, definition)
    elif kind == op.COMPARED:
        yield seen._replace(compared=compared_classes(code, parent))
    elif kind == op.ITEM and parent[2] is code:
        yield seen._replace(kind="table", compared=(parent[1],))
    elif (
        kind == op.CALL
        and parent[1][0] == op.ATTRIBUTE
        and parent[1][2] in ("get", "pop", "setdefault", "index", "count")
    ):
        yield seen._replace(kind="table", compared=(parent[1][1],))
    else:
        yield seen


def compared_classes(code: Code, comparison: Code) -> tuple[Code, ...]:
    """Return what an operand of a comparison is compared with."""
    operands = comparison[2]
    at = next(number for number, one in enumerate(operands) if one is code)
    return tuple(operands[n] for n in (at - 1, at + 1) if 0 <= n < len(operands))


def compared_texts(code: Code, around: tuple[Code, ...]) -> tuple[str, ...] | None:
    """Return the texts that a name is compared with, None if it is used otherwise."""
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


def read_item(code: Code, around: Around, definition: Definition) -> Found:
    """Read ``sys.exc_info()[0]``."""
    if is_first(code[2]) and code[1][0] == op.CALL and dotted_code(code[1][1]) in CURRENT:
        text = f"{dotted_code(code[1][1])}()[0]"
        yield from (one._replace(subject=None) for one in class_read(code, code, around, code[3], definition, text))


def is_first(index: Code) -> bool:
    """Return whether an index is 0."""
    return bool(index[0] == op.CONSTANT and index[1] == "int" and index[2] == 0)


READERS: dict[int, Callable[[Code, Around, Definition], Found]] = {
    op.NAME: read_name,
    op.CALL: read_call,
    op.ATTRIBUTE: read_attribute,
    op.FORMATTED: read_formatted,
    op.OPERATOR: read_operator,
    op.ITEM: read_item,
}
