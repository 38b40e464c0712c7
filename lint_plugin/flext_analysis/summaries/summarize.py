"""Make the summary of a file: one walk over its tree, which is discarded afterwards."""

from __future__ import annotations

import ast
import sys
from contextlib import ExitStack
from typing import Any, cast

from flext_analysis.summaries import summary as op
from flext_analysis.summaries.narrowing import leaves, told_by
from flext_analysis.summaries.summarize_expressions import ExpressionReader
from flext_analysis.summaries.summary import Body, Code, FileSummary, Parameter, Scope, position
from flext_analysis.summaries.tree_parts import arms_of, docstring_of, is_type_checking, returned_values, texts
from flext_analysis.syntax.source import Unreadable, read_source

__all__ = ["summarize", "summarize_tree"]

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def summarize(raw: bytes, *, bodies: bool = True) -> FileSummary:
    """Return the summary of a file with these bytes; one that cannot be read has a problem and no scopes.

    Without ``bodies`` only what other files can see of this one is read: of functions, only what they return.

    >>> summary = summarize(b"class Bad(ValueError): ...\\ndef f():\\n    raise Bad('m')\\n")
    >>> [scope.qualname for scope in summary.scopes]
    ['', 'Bad', 'f']
    >>> summarize(b"def").problem
    'does not parse: invalid syntax (line 1)'
    """
    try:
        source = read_source(raw)
    except Unreadable as error:
        return FileSummary((), None, raw.count(b"\n"), str(error))
    try:
        return summarize_tree(source.tree, len(source.starts), bodies=bodies)
    except RecursionError:
        return FileSummary((), None, len(source.starts), "is nested too deeply")


def summarize_tree(tree: ast.Module, lines: int = 0, *, bodies: bool = True) -> FileSummary:
    """Return the summary of a file with this tree."""
    reader = TreeReader(bodies)
    reader.read_module(tree)
    exports = None if reader.exports is None else tuple(dict.fromkeys(reader.exports))
    return FileSummary(tuple(reader.scopes), exports, lines)


class TreeReader(ExpressionReader):
    """Reads a module's tree, scope by scope.

    A block of code is flat except for ``try`` and ``with``: what counts is which errors occur inside which handler, not
    which branch of an ``if`` is taken.
    """

    def __init__(self, bodies: bool = True) -> None:
        super().__init__()
        self.bodies = bodies
        self.scopes: list[Scope] = []
        self.exports: list[str] | None = None
        self.number = 0
        self.outer: dict[str, str] = {}
        self.qualname = ""
        self.for_types = 0

    # Scopes

    def read_module(self, tree: ast.Module) -> None:
        """Read a module and everything in it."""
        self.tree = tree
        self.read_scope("module", "", tree, [*tree.body])

    def read_scope(self, kind: str, name: str, node: Any, body: list[ast.stmt] | ast.expr, **facts: Any) -> int:
        """Read a scope, and return its number. Facts are those fields of Scope that are outside its body."""
        before = self.number, self.bound, self.outer, self.qualname, self.kind, self.flags, self.for_types
        told, self.told = self.told, {}
        number = len(self.scopes)
        if kind == "module":
            qualname = ""
        elif self.kind in ("function", "lambda"):
            qualname = f"{self.qualname}.<locals>.{name}"
        else:
            qualname = f"{self.qualname}.{name}" if self.qualname else name
        if self.kind in ("function", "lambda") and self.outer.get(name) == "global":
            qualname = name
        parent = self.number if number else -1
        self.scopes.append(cast(Scope, None))  # its number is reserved: nested ones come after
        parameters: tuple[Parameter, ...] = facts.pop("parameters", ())
        self.number, self.bound, self.outer, self.qualname, self.kind = number, {}, {}, qualname, kind
        self.flags, self.for_types = set(facts.pop("flags", ())), 0
        self.bound.update((one.name, None) for one in parameters)
        code: list[Code] = []
        if isinstance(body, ast.expr):
            code.append([op.RETURN, self.value(body)])
        elif kind == "function" and not self.bodies:
            code += [[op.RETURN, self.value(one)] for one in returned_values(body)]
        else:
            self.read_block(body, code)
        self.scopes[number] = Scope(
            kind,
            name,
            qualname,
            parent,
            position(node.lineno, node.col_offset) if number else 0,
            node.end_lineno or node.lineno if number else 0,
            tuple(sorted(self.flags)),
            parameters,
            facts.get("returns"),
            facts.get("decorators", ()),
            facts.get("bases", ()),
            facts.get("keywords", ()),
            tuple(one for one in self.bound if one not in self.outer),
            self.outer,
            docstring_of(body) if kind == "function" else None,
            Body(code),
        )
        self.number, self.bound, self.outer, self.qualname, self.kind, self.flags, self.for_types = before
        self.told = told
        return number

    def read_lambda(self, node: ast.Lambda) -> Code:
        """Read a lambda."""
        parameters = self.read_parameters(node.args)
        number = self.read_scope("lambda", "<lambda>", node, node.body, parameters=parameters)
        return [op.LAMBDA, number]

    def read_parameters(self, arguments: ast.arguments) -> tuple[Parameter, ...]:
        """Read the parameters of a function; annotations and defaults belong to the scope around it."""
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
        kinds = ["only"] * len(arguments.posonlyargs) + ["plain"] * len(arguments.args)
        found = [
            self.read_parameter(one, kind, default)
            for one, kind, default in zip(positional, kinds, [*defaults, *arguments.defaults], strict=True)
        ]
        if arguments.vararg:
            found.append(self.read_parameter(arguments.vararg, "rest", None))
        keyword_only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        found += [self.read_parameter(one, "keyword", default) for one, default in keyword_only]
        if arguments.kwarg:
            found.append(self.read_parameter(arguments.kwarg, "more", None))
        return tuple(found)

    def read_parameter(self, node: ast.arg, kind: str, default: ast.expr | None) -> Parameter:
        """Read one parameter."""
        annotation = None if node.annotation is None else self.annotation(node.annotation)
        return Parameter(node.arg, kind, annotation, None if default is None else self.value(default))

    # Statements

    def read_block(self, body: list[ast.stmt], code: list[Code]) -> None:
        """Read statements to the end of a block of code."""
        with ExitStack() as rest:
            for node in body:
                reader = READERS.get(type(node))
                if reader is not None:
                    reader(self, node, code)
                if type(node) is ast.If and leaves(node.body):
                    rest.enter_context(self.narrowed(told_by(node.test)[1]))

    def block(self, body: list[ast.stmt]) -> list[Code]:
        """Read statements as a block of their own."""
        code: list[Code] = []
        self.read_block(body, code)
        return code

    def evaluate(self, node: ast.expr | None, code: list[Code]) -> None:
        """Read an expression whose value is not used."""
        if node is not None:
            found = self.effect(node)
            if found is not None:
                code.append([op.EVALUATE, found])

    def read_expression(self, node: ast.Expr, code: list[Code]) -> None:
        """Read an expression as a statement, including ``__all__.extend([...])``."""
        self.evaluate(node.value, code)
        if self.kind == "module" and self.exports is not None:
            match node.value:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="__all__"), attr="extend" | "append"), args=[given]):
                    self.exports += texts(given)

    def read_assign(self, node: ast.Assign, code: list[Code]) -> None:
        """Read an assignment."""
        value = self.value(node.value)
        code.append([op.ASSIGN, [self.target(one) for one in node.targets], value])
        if self.kind == "module" and any(isinstance(one, ast.Name) and one.id == "__all__" for one in node.targets):
            self.exports = texts(node.value)

    def read_annotated(self, node: ast.AnnAssign, code: list[Code]) -> None:
        """Read an annotated name, attribute or item."""
        value = None if node.value is None else self.value(node.value)
        code.append([op.ANNOTATE, self.target(node.target), self.annotation(node.annotation), value])
        if self.kind == "module" and isinstance(node.target, ast.Name) and node.target.id == "__all__" and node.value:
            self.exports = texts(node.value)

    def read_augmented(self, node: ast.AugAssign, code: list[Code]) -> None:
        """Read an assignment such as ``a += b``."""
        method = self.method_of(node.op)
        place = position(node.lineno, node.col_offset)
        code.append([op.AUGMENT, self.target(node.target), method, self.value(node.value), place])
        if self.exports is not None and isinstance(node.target, ast.Name) and node.target.id == "__all__":
            self.exports += texts(node.value)

    def read_type_alias(self, node: Any, code: list[Code]) -> None:
        """Read ``type X = ...``."""
        code.append([op.ASSIGN, [self.target(node.name)], self.annotation(node.value)])

    def read_return(self, node: ast.Return, code: list[Code]) -> None:
        """Read a return."""
        code.append([op.RETURN, None if node.value is None else self.value(node.value)])

    def read_raise(self, node: ast.Raise, code: list[Code]) -> None:
        """Read a raise."""
        error = None if node.exc is None else self.value(node.exc)
        cause = None if node.cause is None else self.value(node.cause)
        code.append([op.RAISE, error, cause, node.cause is not None, position(node.lineno, node.col_offset)])

    def read_if(self, node: ast.If, code: list[Code]) -> None:
        """Read a choice; statements under TYPE_CHECKING do not run."""
        test = node.test
        negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        if is_type_checking(test.operand if isinstance(test, ast.UnaryOp) and negated else test):
            for_types, others = (node.orelse, node.body) if negated else (node.body, node.orelse)
            self.for_types += 1
            self.read_block(for_types, code)
            self.for_types -= 1
            self.read_block(others, code)
            return
        chooses = self.kind in ("module", "class") and bool(node.orelse)
        arms, rest = arms_of(node)
        branches: list[list[Code]] = []
        with ExitStack() as later:
            for arm in arms:
                self.evaluate(arm.test, code)
                true, false = told_by(arm.test)
                with self.narrowed(true):
                    branches.append(self.block(arm.body))
                if not chooses:
                    code += branches.pop()
                later.enter_context(self.narrowed(false))
            branches.append(self.block(rest))
        code += [[op.CHOOSE, branches]] if chooses else branches.pop()

    def read_while(self, node: ast.While, code: list[Code]) -> None:
        """Read a loop."""
        self.widen(node)
        self.evaluate(node.test, code)
        self.read_block(node.body, code)
        self.read_block(node.orelse, code)

    def read_for(self, node: ast.For | ast.AsyncFor, code: list[Code]) -> None:
        """Read a loop over something."""
        iterable = self.value(node.iter)
        self.widen(node)
        asynchronous = isinstance(node, ast.AsyncFor)
        place = position(node.iter.lineno, node.iter.col_offset)
        code.append([op.LOOP, self.target(node.target), iterable, asynchronous, place])
        self.read_block(node.body, code)
        self.read_block(node.orelse, code)

    def read_with(self, node: ast.With | ast.AsyncWith, code: list[Code]) -> None:
        """Read a with statement."""
        items = [
            [self.value(item.context_expr), None if item.optional_vars is None else self.target(item.optional_vars)]
            for item in node.items
        ]
        place = position(node.lineno, node.col_offset)
        code.append([op.WITH, items, self.block(node.body), isinstance(node, ast.AsyncWith), place])

    def read_try(self, node: ast.Try | ast.TryStar, code: list[Code]) -> None:
        """Read a try statement."""
        body = self.block(node.body)
        handlers = []
        for handler in node.handlers:
            caught = None if handler.type is None else self.value(handler.type)
            if handler.name:
                self.bind(handler.name)
            place = position(handler.lineno, handler.col_offset)
            handlers.append([caught, handler.name, self.block(handler.body), place])
        star = isinstance(node, ast.TryStar)
        place = position(node.lineno, node.col_offset)
        code.append([op.TRY, body, handlers, self.block(node.orelse), self.block(node.finalbody), star, place])

    def read_match(self, node: ast.Match, code: list[Code]) -> None:
        """Read a match statement: each name that a pattern captures is the subject, or a part of it."""
        subject = self.value(node.subject)
        patterns = [inner for case in node.cases for inner in ast.walk(case.pattern)]
        classes = [self.value(one.cls) for one in patterns if isinstance(one, ast.MatchClass)]
        values = [self.value(one.value) for one in patterns if isinstance(one, ast.MatchValue)]
        values += [one for case in node.cases for one in self.asked(case.pattern, subject)]
        code.append([op.MATCH, subject, classes, values, position(node.lineno, node.col_offset)])
        for case in node.cases:
            code += self.captures(case.pattern, subject)
            self.evaluate(case.guard, code)
            self.read_block(case.body, code)

    def read_import(self, node: ast.Import, code: list[Code]) -> None:
        """Read ``import a.b`` and ``import a.b as c``."""
        names = []
        for alias in node.names:
            local = alias.asname or alias.name.partition(".")[0]
            self.bind(local)
            names.append([local, alias.name if alias.asname else local, None, 0])
            if not alias.asname and "." in alias.name:
                names.append(["", alias.name, None, 0])  # imported, but bound to no name of its own
        code.append([op.IMPORT, names, self.for_types > 0])

    def read_from_import(self, node: ast.ImportFrom, code: list[Code]) -> None:
        """Read ``from m import a as b``."""
        names = []
        for alias in node.names:
            local = alias.asname or alias.name
            if local != "*":
                self.bind(local)
            names.append([local, node.module or "", alias.name, node.level])
        code.append([op.IMPORT, names, self.for_types > 0])

    def read_function(self, node: FunctionNode, code: list[Code]) -> None:
        """Read a function."""
        self.bind(node.name)
        number = self.read_scope(
            "function",
            node.name,
            node,
            node.body,
            flags=["async"] if isinstance(node, ast.AsyncFunctionDef) else [],
            parameters=self.read_parameters(node.args),
            returns=None if node.returns is None else self.annotation(node.returns),
            decorators=tuple(self.value(one) for one in node.decorator_list),
        )
        code.append([op.DEFINE, number])

    def read_class(self, node: ast.ClassDef, code: list[Code]) -> None:
        """Read a class."""
        self.bind(node.name)
        number = self.read_scope(
            "class",
            node.name,
            node,
            node.body,
            flags=["types"] if self.for_types else [],
            decorators=tuple(self.value(one) for one in node.decorator_list),
            bases=tuple(self.value(one) for one in node.bases),
            keywords=tuple((one.arg, self.value(one.value)) for one in node.keywords),
        )
        code.append([op.DEFINE, number])

    def read_outer(self, node: ast.Global | ast.Nonlocal, code: list[Code]) -> None:
        """Read ``global`` and ``nonlocal``."""
        kind = "global" if isinstance(node, ast.Global) else "nonlocal"
        self.outer.update(dict.fromkeys(node.names, kind))

    def read_assert(self, node: ast.Assert, code: list[Code]) -> None:
        """Read an assertion."""
        found = self.effect(node.test)
        code.append([op.ASSERT, found])
        self.evaluate(node.msg, code)

    def read_delete(self, node: ast.Delete, code: list[Code]) -> None:
        """Read a deletion: ``del a[b]`` and ``del a.b`` call methods."""
        for target in node.targets:
            if isinstance(target, ast.Subscript | ast.Attribute):
                method = "__delitem__" if isinstance(target, ast.Subscript) else "__delattr__"
                part = target.slice if isinstance(target, ast.Subscript) else ast.Constant(target.attr)
                value, place = self.value(target.value), position(target.lineno, target.col_offset)
                code.append([op.EVALUATE, [op.OPERATOR, method, value, self.value(part), place]])
            elif isinstance(target, ast.Name):
                self.bind(target.id)


READERS: dict[type[ast.stmt], Any] = {
    ast.Expr: TreeReader.read_expression,
    ast.Assign: TreeReader.read_assign,
    ast.AnnAssign: TreeReader.read_annotated,
    ast.AugAssign: TreeReader.read_augmented,
    ast.Return: TreeReader.read_return,
    ast.Raise: TreeReader.read_raise,
    ast.If: TreeReader.read_if,
    ast.While: TreeReader.read_while,
    ast.For: TreeReader.read_for,
    ast.AsyncFor: TreeReader.read_for,
    ast.With: TreeReader.read_with,
    ast.AsyncWith: TreeReader.read_with,
    ast.Try: TreeReader.read_try,
    ast.TryStar: TreeReader.read_try,
    ast.Match: TreeReader.read_match,
    ast.Import: TreeReader.read_import,
    ast.ImportFrom: TreeReader.read_from_import,
    ast.FunctionDef: TreeReader.read_function,
    ast.AsyncFunctionDef: TreeReader.read_function,
    ast.ClassDef: TreeReader.read_class,
    ast.Global: TreeReader.read_outer,
    ast.Nonlocal: TreeReader.read_outer,
    ast.Assert: TreeReader.read_assert,
    ast.Delete: TreeReader.read_delete,
}
if sys.version_info >= (3, 12):
    READERS[ast.TypeAlias] = TreeReader.read_type_alias
