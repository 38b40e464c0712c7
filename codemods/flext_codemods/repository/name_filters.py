"""Whether code that goes through the names of a module would take an added import along, or filters it out."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping

from flext_analysis.summaries.summary import column_of, line_of
from flext_analysis.syntax.bindings import dotted
from flext_exceptions import FlextExceptions

__all__ = ["filters_out"]

ADDED = FlextExceptions.__name__
HOME = FlextExceptions.__module__
NAME, OBJECT, PAIR = "name", "object", "pair"  # what an item is: a name, what it is bound to, or both
PASSED_ON = frozenset("sorted list tuple set frozenset iter reversed dict".split())
VIEWS = {"items": PAIR, "values": OBJECT, "keys": NAME, "copy": NAME}
# Predicates that a class does not pass, and those that it does.
NO_CLASS = frozenset("isfunction ismethod isroutine isbuiltin ismodule iscoroutinefunction isgeneratorfunction".split())
ANY_CLASS = frozenset(["isclass", "callable"])
NO_TYPE = frozenset(
    "int str bytes float bool complex list tuple dict set frozenset property staticmethod classmethod "
    "FunctionType ModuleType MethodType".split()
)
# Classes of which the added one is a subclass, and those that decide for themselves what is one.
WIDE = frozenset("object Exception BaseException Hashable Callable Protocol type".split())
TEXT_TESTS: Mapping[str, Callable[..., bool]] = {
    "isupper": str.isupper,
    "islower": str.islower,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "isidentifier": str.isidentifier,
}
# What only looks at what it is asked about, and what every class and function has.
LOOKING = frozenset(["isinstance", "issubclass", "callable", "hasattr", "len", *TEXT_TESTS]) | NO_CLASS | ANY_CLASS
OF_CLASSES = frozenset(["__module__", "__name__", "__qualname__", "__doc__"])
COMPARISONS: Mapping[type[ast.cmpop], Callable[[object, object], bool]]
COMPARISONS = {ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Is: operator.eq, ast.IsNot: operator.ne}
Items = Mapping[str, str]  # a variable, and which kind of item it holds


def filters_out(tree: ast.Module, place: int) -> bool:
    """Return whether what reads the names of a module at a position leaves out the import that is added.

    >>> from flext_analysis.summaries.summary import position
    >>> tree = ast.parse("found = [name for name in dir(conf) if name.isupper()]")
    >>> filters_out(tree, position(1, 26))
    True
    >>> tree = ast.parse("found = [name for name in dir(conf) if name[0] != '_']")
    >>> filters_out(tree, position(1, 26))
    False
    """
    around = path_to(tree, line_of(place), column_of(place))
    if not around:
        return False
    node, item = around.pop(), PAIR
    match node:
        case ast.Call(func=function, args=arguments) if last_name(function).startswith("getmembers"):
            if len(arguments) > 1 and excludes(arguments[1], OBJECT, tree):
                return True
        case ast.Call() | ast.Attribute():
            item = NAME
    while around:
        parent = around.pop()
        match parent:
            case ast.Attribute(attr=view) if view in VIEWS and isinstance(around[-1], ast.Call):
                item, node = VIEWS[view], around.pop()
            case ast.Call(func=ast.Name(id="filter"), args=[predicate, other]) if other is node:
                return excludes(predicate, item, tree)
            case ast.Call(func=ast.Name(id=name), keywords=[]) if name in PASSED_ON:
                node = parent
            case ast.comprehension(target=target, ifs=conditions):
                return holds(ast.BoolOp(ast.And(), conditions), bound(target, item)) is False
            case ast.For(target=target, orelse=[]):
                return skips(parent.body, bound(target, item))
            case _:
                return False
    return False


def path_to(tree: ast.Module, line: int, column: int) -> list[ast.AST]:
    """Return the nodes around a read of names that starts at a position, the read itself last; [] if there is none."""
    waiting: list[tuple[ast.AST, list[ast.AST]]] = [(tree, [])]
    found: list[ast.AST] = []
    while waiting:
        node, around = waiting.pop()
        here = (getattr(node, "lineno", 0), getattr(node, "col_offset", -1)) == (line, column)
        called = isinstance(node, ast.Call) and last_name(node.func) in ("dir", "vars", "globals", "locals")
        members = isinstance(node, ast.Call) and last_name(node.func).startswith("getmembers")
        if here and (called or members or (isinstance(node, ast.Attribute) and node.attr == "__dict__")):
            found = [*around, node]
        waiting += [(child, [*around, node]) for child in ast.iter_child_nodes(node)]
    return found


def bound(target: ast.expr, item: str) -> Items:
    """Return the variables that a loop binds to parts of an item."""
    match target:
        case ast.Name(id=name):
            return {name: item}
        case ast.Tuple(elts=[ast.Name(id=name), ast.Name(id=value)]) if item == PAIR:
            return {name: NAME, value: OBJECT}
    return {}


def skips(body: list[ast.stmt], items: Items) -> bool:
    """Return whether the body of a loop does nothing with an item."""
    known = dict(items)
    for index, node in enumerate(body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if kind_of(value, known):
                known[name] = kind_of(value, known)
            case ast.If(test=test, body=[ast.Continue()], orelse=[]):
                answer = holds(test, known)
                if answer is True or (answer is None and notices(test, known)):
                    return bool(answer)
            case ast.If(test=test, orelse=[]) if index == len(body) - 1:
                return holds(test, known) is False
            case _:
                return False
    return False


def excludes(predicate: ast.expr, item: str, tree: ast.Module) -> bool:
    """Return whether a predicate refuses the added class: one of ``inspect``, a lambda, a function of the module."""
    match predicate:
        case ast.Lambda(args=ast.arguments(args=[parameter]), body=test):
            return holds(test, {parameter.arg: item}) is False
        case ast.Name(id=name):
            for node in tree.body:
                match node:
                    case ast.FunctionDef(
                        args=ast.arguments(args=[parameter]), body=[*_, ast.Return(value=ast.expr() as test)]
                    ):
                        plain = len(node.body) == 1 or (len(node.body) == 2 and ast.get_docstring(node))
                        if node.name == name and plain:
                            return holds(test, {parameter.arg: item}) is False
    return item == OBJECT and last_name(predicate) in NO_CLASS


def kind_of(node: ast.expr, items: Items) -> str:
    """Return which kind of item an expression is, "" if it is none."""
    match node:
        case ast.Name(id=name):
            return items.get(name, "")
        case ast.Call(func=ast.Name(id="getattr"), args=[_, name, *_]) if kind_of(name, items) == NAME:
            return OBJECT
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=0 | 1 as index)) if (
            items.get(name) == PAIR
        ):
            return OBJECT if index else NAME
        case ast.Attribute(value=value, attr="__name__" | "__qualname__") if kind_of(value, items) == OBJECT:
            return NAME
    return ""


def holds(test: ast.expr, items: Items) -> bool | None:
    """Return whether a condition holds of the added class and its name, None if that is not known."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            answer = holds(inner, items)
            return None if answer is None else not answer
        case ast.BoolOp(op=kind, values=values):
            decisive = isinstance(kind, ast.Or)  # one such answer is enough
            unknown = False
            for each in values:
                answer = holds(each, items)
                if answer is decisive or (answer is None and notices(each, items)):
                    return answer
                unknown = unknown or answer is None
            return None if unknown else not decisive
        case ast.Compare(left=left, ops=[kind], comparators=[right]):
            return compares(left, kind, right, items)
        case ast.Call(func=ast.Name(id="hasattr"), args=[value, ast.Constant(value=str(name))]):
            return hasattr(FlextExceptions, name) if kind_of(value, items) == OBJECT else None
        case ast.Call(
            func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(name)), ast.Constant(value=default)]
        ):
            known = kind_of(value, items) == OBJECT and not hasattr(FlextExceptions, name)
            return bool(default) if known else None
        case ast.Call(func=ast.Name(id="isinstance"), args=[value, kinds]) if kind_of(value, items) == OBJECT:
            names = set(class_names(kinds))
            return True if "type" in names else False if names <= NO_TYPE else None
        case ast.Call(func=ast.Name(id="issubclass"), args=[value, kinds]) if kind_of(value, items) == OBJECT:
            return False if all(map(is_class_apart, class_names(kinds))) else None
        case ast.Call(func=ast.Attribute(value=value, attr=method), args=arguments) if kind_of(value, items) == NAME:
            return text_test(method, arguments)
        case ast.Call(func=ast.Attribute(value=value, attr="startswith"), args=[prefix]) if is_home(value, items):
            return isinstance(prefix, ast.Constant) and HOME.startswith(str(prefix.value))
        case ast.Call(func=function, args=[value]) if kind_of(value, items) == OBJECT:
            name = last_name(function)
            return False if name in NO_CLASS else True if name in ANY_CLASS else None
    return None


def notices(test: ast.expr, items: Items) -> bool:
    """Return whether a condition may do more than to look at an item: it calls something, or reads an attribute."""
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and last_name(node.func) not in LOOKING:
            return True
        if isinstance(node, ast.Attribute) and kind_of(node.value, items) == OBJECT and node.attr not in OF_CLASSES:
            return True
    return False


def text_test(method: str, arguments: list[ast.expr]) -> bool | None:
    """Return what a method of the added name gives, None if that is not known."""
    try:
        given = [ast.literal_eval(each) for each in arguments]
        return bool(TEXT_TESTS[method](ADDED, *given)) if method in TEXT_TESTS else None
    except (ValueError, TypeError):
        return None


def compares(left: ast.expr, kind: ast.cmpop, right: ast.expr, items: Items) -> bool | None:
    """Return what a comparison gives: with the name, or of the module that a class comes from; None for others."""
    for one, other in ((left, right), (right, left)):
        if kind_of(one, items) == NAME:
            try:
                value = ast.literal_eval(other)
            except ValueError:
                return None
            if (
                isinstance(kind, ast.In | ast.NotIn)
                and one is left
                and isinstance(value, list | tuple | set | dict | str)
            ):
                return (ADDED in value) is isinstance(kind, ast.In)
            return COMPARISONS[type(kind)](ADDED, value) if type(kind) in COMPARISONS else None
        if is_home(one, items) and type(kind) in COMPARISONS:
            constant = isinstance(other, ast.Constant) and other.value == HOME
            ours = constant or not isinstance(other, ast.Constant | ast.Name | ast.Attribute)
            return None if ours else COMPARISONS[type(kind)](0, 1)
    return None


def is_home(node: ast.expr, items: Items) -> bool:
    """Return whether an expression is the module of what an item is bound to, or its name."""
    match node:
        case ast.Attribute(value=value, attr="__module__"):
            return kind_of(value, items) == OBJECT
        case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value="__module__"), *_]):
            return kind_of(value, items) == OBJECT
        case ast.Call(func=function, args=[value]) if last_name(function) == "getmodule":
            return kind_of(value, items) == OBJECT
    return False


def is_class_apart(name: str) -> bool:
    """Return whether a name stands for a class that the added one is no subclass of, as far as names tell."""
    return (name == "cls" or name[:1].isupper()) and name not in WIDE and name != ADDED and "Error" not in name


def class_names(node: ast.expr) -> Iterator[str]:
    """Yield the last parts of the names of classes, "" for what has none."""
    if isinstance(node, ast.Tuple):
        for each in node.elts:
            yield from class_names(each)
    else:
        yield last_name(node)


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name, "" for any other expression."""
    return (dotted(node) or "").rpartition(".")[2]
