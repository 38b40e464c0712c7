"""Make the code of expressions and patterns: what they evaluate, call, return and bind, as nested lists."""

from __future__ import annotations

import ast
import sys
from contextlib import ExitStack
from typing import Any

from flext_analysis.summaries import summary as op
from flext_analysis.summaries.narrowing import NameReader, bound_in, told_by
from flext_analysis.summaries.summary import LINE, Code, position

__all__ = ["ExpressionReader"]

MAX_NUMBER = 2**31
MAX_TEXT = 80  # characters of a constant that are kept: names of attributes, keys of tables
METHODS: dict[type[ast.AST], str] = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.MatMult: "__matmul__",
    ast.Div: "__truediv__",
    ast.FloorDiv: "__floordiv__",
    ast.Mod: "__mod__",
    ast.Pow: "__pow__",
    ast.LShift: "__lshift__",
    ast.RShift: "__rshift__",
    ast.BitOr: "__or__",
    ast.BitAnd: "__and__",
    ast.BitXor: "__xor__",
    ast.UAdd: "__pos__",
    ast.USub: "__neg__",
    ast.Invert: "__invert__",
    ast.Not: "__bool__",
    ast.Eq: "__eq__",
    ast.NotEq: "__ne__",
    ast.Lt: "__lt__",
    ast.LtE: "__le__",
    ast.Gt: "__gt__",
    ast.GtE: "__ge__",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "__contains__",
    ast.NotIn: "__contains__",
}
DISPLAYS: dict[type[ast.AST], str] = {ast.Tuple: "tuple", ast.List: "list", ast.Set: "set"}
COMPREHENSIONS: dict[type[ast.AST], str] = {
    ast.ListComp: "list",
    ast.SetComp: "set",
    ast.DictComp: "dict",
    ast.GeneratorExp: "generator",
}
COMPREHENSIONS = {ast.ListComp: "list", ast.SetComp: "set", ast.DictComp: "dict", ast.GeneratorExp: "generator"}
CONVERSIONS = {-1: "", 97: "a", 114: "r", 115: "s"}
ANYTHING: Code = [op.CONSTANT, "?", None]  # what is nested too deeply to be read


class ExpressionReader(NameReader):
    """Reads expressions of one scope; what they bind (``:=``, comprehensions) is added to ``bound``."""

    def __init__(self) -> None:
        super().__init__()
        self.flags: set[str] = set()

    def read_lambda(self, node: ast.Lambda) -> Code:
        """Read a lambda, a scope of its own."""
        raise NotImplementedError

    def method_of(self, operator: ast.AST) -> str:
        """Return the special method of an operator."""
        return METHODS[type(operator)]

    def value(self, node: ast.expr) -> Code:
        """Return the code of an expression whose value is used."""
        try:
            return READERS[type(node)](self, node)  # type: ignore[no-any-return]
        except RecursionError:
            self.flags.add("deep")
            return ANYTHING

    def effect(self, node: ast.expr) -> Code | None:
        """Return the code of an expression of which only the evaluation counts, None if that does nothing."""
        kind = type(node)
        if kind is ast.Name or kind is ast.Constant:
            return None
        if kind is ast.UnaryOp and type(node.operand) is ast.Name:  # type: ignore[attr-defined]
            return self.value(node)
        return self.value(node)

    def target(self, node: ast.expr) -> Code:
        """Return the code of an assignment target, and record the names that it binds."""
        if isinstance(node, ast.Name):
            self.bind(node.id)
            return [op.NAME, node.id]
        if isinstance(node, ast.Tuple | ast.List):
            return [op.SEQUENCE, "tuple", [self.target(one) for one in node.elts]]
        if isinstance(node, ast.Starred):
            return [op.STARRED, self.target(node.value)]
        return self.value(node)

    def captures(self, pattern: ast.pattern, subject: Code) -> list[Code]:
        """Return the assignments of a pattern's captures, and record the names that it binds."""
        code: list[Code] = []
        for inner in ast.walk(pattern):
            if isinstance(inner, ast.MatchAs) and inner.name:
                self.bind(inner.name)
                code.append([op.ASSIGN, [[op.NAME, inner.name]], self.captured(inner, pattern, subject)])
            elif isinstance(inner, ast.MatchStar) and inner.name:
                self.bind(inner.name)
            elif isinstance(inner, ast.MatchMapping) and inner.rest:
                self.bind(inner.rest)
        return code

    def captured(self, inner: ast.MatchAs, pattern: ast.pattern, subject: Code) -> Code:
        """Return what a pattern captures: the whole subject or a part, or for a class pattern an instance of it."""
        place = position(inner.lineno, inner.col_offset)
        taken = subject if inner is pattern else [op.ITEM, subject, [op.CONSTANT, "int", None], place]
        if isinstance(inner.pattern, ast.MatchClass):
            return [op.EITHER, [[op.CALL, self.value(inner.pattern.cls), [], [], place], taken], []]
        return taken

    def asked(self, pattern: ast.pattern, subject: Code) -> list[Code]:
        """Return the attributes that a pattern reads from the whole subject: ``case Exception(code=code)``."""
        found: list[Code] = []
        waiting = [pattern]
        while waiting:
            one = waiting.pop()
            if isinstance(one, ast.MatchOr):
                waiting += one.patterns
            elif isinstance(one, ast.MatchAs) and one.pattern is not None:
                waiting.append(one.pattern)
            elif isinstance(one, ast.MatchClass):
                place = position(one.lineno, one.col_offset)
                found += [[op.ATTRIBUTE, subject, name, place] for name in one.kwd_attrs]
        return found

    def annotation(self, node: ast.expr) -> Code:
        """Return the code of an annotation; a text is read as an expression."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                return self.annotation(ast.parse(node.value.strip(), mode="eval").body)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return ANYTHING
        if isinstance(node, ast.Subscript):
            inner = node.slice
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            texts = self.name_of(node.value) in ("Literal", "Annotated")
            index: Code = [op.SEQUENCE, "tuple", [self.value(one) if texts else self.annotation(one) for one in parts]]
            return [op.ITEM, self.value(node.value), index, 0]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return [op.EITHER, [self.annotation(node.left), self.annotation(node.right)], []]
        if isinstance(node, ast.List):
            return [op.SEQUENCE, "list", [self.annotation(one) for one in node.elts]]
        return self.value(node)

    def name_of(self, node: ast.expr) -> str:
        """Return the last part of a dotted name, "" for anything else."""
        return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""

    # One method per kind of expression

    def read_name(self, node: ast.Name) -> Code:
        """Read a name."""
        name: Code = [op.NAME, node.id]
        if node.id not in self.told:
            return name
        classes = self.told[node.id]
        return [op.NO_ERROR, name] if classes is None else [*name, classes]

    def read_attribute(self, node: ast.Attribute) -> Code:
        """Read an attribute."""
        return [op.ATTRIBUTE, self.value(node.value), node.attr, position(node.lineno, node.col_offset)]

    def read_call(self, node: ast.Call) -> Code:
        """Read a call."""
        read = READERS
        try:
            function = read[type(node.func)](self, node.func)
            given = [read[type(one)](self, one) for one in node.args]
            named = [[one.arg, read[type(one.value)](self, one.value)] for one in node.keywords]
        except RecursionError:
            self.flags.add("deep")
            return ANYTHING
        column = node.col_offset
        return [op.CALL, function, given, named, node.lineno * LINE + (column if column < LINE else LINE - 1)]

    def read_constant(self, node: ast.Constant) -> Code:
        """Read a constant."""
        value: Any = node.value
        kind = type(value)
        if kind is str:
            return [op.CONSTANT, "str", value[:MAX_TEXT]]
        kept = kind is bool or (kind is int and -MAX_NUMBER < value < MAX_NUMBER)
        return [op.CONSTANT, kind.__name__, value if kept else None]

    def read_sequence(self, node: ast.Tuple | ast.List | ast.Set) -> Code:
        """Read a display of members."""
        return [op.SEQUENCE, DISPLAYS[type(node)], [self.value(one) for one in node.elts]]

    def read_dict(self, node: ast.Dict) -> Code:
        """Read a display of keys and values."""
        keys = [None if one is None else self.value(one) for one in node.keys]
        place = position(node.lineno, node.col_offset)
        return [op.MAPPING, keys, [self.value(one) for one in node.values], place]

    def read_subscript(self, node: ast.Subscript) -> Code:
        """Read an item or a slice."""
        place = position(node.lineno, node.col_offset)
        return [op.ITEM, self.value(node.value), self.value(node.slice), place]

    def read_slice(self, node: ast.Slice) -> Code:
        """Read the bounds of a slice."""
        parts = [self.effect(one) for one in (node.lower, node.upper, node.step) if one is not None]
        return [op.EITHER, [[op.CONSTANT, "slice", None]], [one for one in parts if one is not None]]

    def read_conditional(self, node: ast.IfExp) -> Code:
        """Read ``a if x else b``."""
        test = self.effect(node.test)
        true, false = told_by(node.test)
        with self.narrowed(true):
            body = self.value(node.body)
        with self.narrowed(false):
            orelse = self.value(node.orelse)
        return [op.EITHER, [body, orelse], [] if test is None else [test]]

    def read_boolean(self, node: ast.BoolOp) -> Code:
        """Read ``a and b``, ``a or b``."""
        found: list[Code] = []
        goes_on = 0 if isinstance(node.op, ast.And) else 1
        with ExitStack() as stack:
            for one in node.values:
                found.append(self.value(one))
                stack.enter_context(self.narrowed(told_by(one)[goes_on]))
        return [op.EITHER, found, []]

    def read_yield(self, node: ast.Yield) -> Code:
        """Read a yield."""
        self.flags.add("generator")
        value = None if node.value is None else self.value(node.value)
        return [op.YIELD, value, position(node.lineno, node.col_offset)]

    def read_yield_from(self, node: ast.YieldFrom) -> Code:
        """Read ``yield from``."""
        self.flags.add("generator")
        return [op.YIELD_FROM, self.value(node.value), position(node.lineno, node.col_offset)]

    def read_await(self, node: ast.Await) -> Code:
        """Read an await."""
        return [op.AWAIT, self.value(node.value), position(node.lineno, node.col_offset)]

    def read_binary(self, node: ast.BinOp) -> Code:
        """Read a chain of operators, which may be long, without recursing for each."""
        chain: list[ast.BinOp] = []
        inner: ast.expr = node
        while isinstance(inner, ast.BinOp):
            chain.append(inner)
            inner = inner.left
        found = self.value(inner)
        for one in reversed(chain):
            place = position(one.lineno, one.col_offset)
            found = [op.OPERATOR, METHODS[type(one.op)], found, self.value(one.right), place]
            if len(chain) > 100:  # deeper than anyone writes by hand, and than JSON supports
                found = [op.EITHER, [[op.CONSTANT, "?", None]], []]
        return found

    def read_unary(self, node: ast.UnaryOp) -> Code:
        """Read an operator with one operand."""
        place = position(node.lineno, node.col_offset)
        return [op.OPERATOR, METHODS[type(node.op)], self.value(node.operand), None, place]

    def read_compare(self, node: ast.Compare) -> Code:
        """Read a chain of comparisons."""
        operands = [self.value(one) for one in (node.left, *node.comparators)]
        return [op.COMPARED, [METHODS[type(one)] for one in node.ops], operands, position(node.lineno, node.col_offset)]

    def read_comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Code:
        """Read a comprehension; its names are treated as names of the function around it."""
        loops: list[Any] = []
        tests: list[Code | None] = []
        with ExitStack() as stack:
            for one in node.generators:
                iterable = self.value(one.iter)
                place = position(one.iter.lineno, one.iter.col_offset)
                loops.append([self.target(one.target), iterable, bool(one.is_async), place])
                names = frozenset(bound_in(one.target))
                self.told = {name: classes for name, classes in self.told.items() if name not in names}
                for test in one.ifs:
                    tests.append(self.effect(test))
                    told = {name: classes for name, classes in told_by(test)[0].items() if name in names}
                    stack.enter_context(self.narrowed(told))
            # Python 3.15 gives {**one for one in all} no value (PEP 798).
            parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            values = [self.value(one) for one in parts if one is not None]
        return [op.COMPREHENSION, COMPREHENSIONS[type(node)], loops, values, [one for one in tests if one is not None]]

    def read_named(self, node: ast.NamedExpr) -> Code:
        """Read a walrus."""
        value = self.value(node.value)
        self.bind(node.target.id)
        return [op.NAMED, node.target.id, value]

    def read_starred(self, node: ast.Starred) -> Code:
        """Read ``*a``."""
        return [op.STARRED, self.value(node.value)]

    def read_formatted(self, node: Any) -> Code:
        """Read an f-string or a t-string: the values that it shows, each with its conversion."""
        place = position(node.lineno, node.col_offset)
        first = node.values[0].value if node.values and isinstance(node.values[0], ast.Constant) else ""
        return [op.FORMATTED, self.shown(node.values), place, first[:MAX_TEXT] if isinstance(first, str) else ""]

    def shown(self, parts: list[ast.expr]) -> list[Any]:
        """Return the values that the parts of an f-string show, including those in format specifications."""
        found: list[Any] = []
        for one in parts:
            if not isinstance(one, ast.Constant):
                value: Any = one
                found.append([CONVERSIONS.get(value.conversion, ""), self.value(value.value)])
                if value.format_spec is not None:
                    found += self.shown(value.format_spec.values)
        return found

    def read_lambda_expression(self, node: ast.Lambda) -> Code:
        """Read a lambda."""
        return self.read_lambda(node)


READERS: dict[type[ast.AST], Any] = {
    ast.Name: ExpressionReader.read_name,
    ast.Attribute: ExpressionReader.read_attribute,
    ast.Call: ExpressionReader.read_call,
    ast.Constant: ExpressionReader.read_constant,
    ast.Tuple: ExpressionReader.read_sequence,
    ast.List: ExpressionReader.read_sequence,
    ast.Set: ExpressionReader.read_sequence,
    ast.Dict: ExpressionReader.read_dict,
    ast.Subscript: ExpressionReader.read_subscript,
    ast.Slice: ExpressionReader.read_slice,
    ast.IfExp: ExpressionReader.read_conditional,
    ast.BoolOp: ExpressionReader.read_boolean,
    ast.Yield: ExpressionReader.read_yield,
    ast.YieldFrom: ExpressionReader.read_yield_from,
    ast.Await: ExpressionReader.read_await,
    ast.BinOp: ExpressionReader.read_binary,
    ast.UnaryOp: ExpressionReader.read_unary,
    ast.Compare: ExpressionReader.read_compare,
    ast.ListComp: ExpressionReader.read_comprehension,
    ast.SetComp: ExpressionReader.read_comprehension,
    ast.DictComp: ExpressionReader.read_comprehension,
    ast.GeneratorExp: ExpressionReader.read_comprehension,
    ast.NamedExpr: ExpressionReader.read_named,
    ast.Starred: ExpressionReader.read_starred,
    ast.JoinedStr: ExpressionReader.read_formatted,
    ast.Lambda: ExpressionReader.read_lambda_expression,
}
if sys.version_info >= (3, 14):
    READERS[ast.TemplateStr] = ExpressionReader.read_formatted
