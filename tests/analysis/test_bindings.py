"""What a name refers to: every form of binding, every scope, and agreement with Python's own symbol table."""

from __future__ import annotations

import ast
import re
import symtable
import sys
import sysconfig
import warnings
from pathlib import Path

import hypothesmith
import pytest
from hypothesis import HealthCheck, assume, given, settings

from flext_analysis.syntax.bindings import Names, Origin, dotted, target_names, walrus_names
from flext_analysis.syntax.statements import Block, FunctionNode, statements


def resolve(text: str, package: str | None = None) -> Origin:
    """Say what the one expression called HERE(...) resolves its argument to."""
    tree = ast.parse(text)
    names = Names(tree, text, package)
    for node, block in statements(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and dotted(node.value.func) == "HERE":
            return names.resolve(node.value.args[0], block)
    raise AssertionError("no HERE(...) in the text")


BINDINGS = {
    "assignment": "X = 1",
    "a target among several": "a = X = 1",
    "a tuple": "(a, [X, b]) = 1",
    "a star": "a, *X = 1",
    "an annotation": "X: int = 1",
    "an annotation alone": "X: int",
    "augmented": "X += 1",
    "deleted": "del X",
    "deleted in a tuple": "del (a, X)",
    "for": "for X in y: pass",
    "for, in a tuple": "for a, (X, b) in y: pass",
    "with": "with y as X: pass",
    "with, the second": "with y as z, y as (a, X): pass",
    "except": "try: pass\nexcept E as X: pass",
    "except*": "try: pass\nexcept* E as X: pass",
    "function": "def X(): pass",
    "async function": "async def X(): pass",
    "walrus": "if (X := y): pass",
    "walrus in a comprehension": "[X := y for y in z]",
    "capture": "match y:\n    case X: pass",
    "capture with as": "match y:\n    case 1 as X: pass",
    "capture with a star": "match y:\n    case [1, *X]: pass",
    "capture of the rest": "match y:\n    case {'a': 1, **X}: pass",
    "capture of a keyword": "match y:\n    case C(a=X): pass",
    "capture in an alternative": "match y:\n    case (1, X) | (2, X): pass",
}


@pytest.mark.parametrize("binding", BINDINGS.values(), ids=list(BINDINGS))
@pytest.mark.parametrize("name", ["ValueError", "unknown"])
def test_a_name_that_is_bound_is_not_the_builtin(binding: str, name: str) -> None:
    """At the same level, and seen from a function inside."""
    text = binding.replace("X", name)
    assert resolve(f"{text}\nHERE({name})").path is None
    assert resolve(f"{text}\ndef f():\n    HERE({name})").path is None
    assert resolve(f"def f():\n{indented(text)}\n    def g():\n        HERE({name})").path is None


def indented(text: str) -> str:
    """Indent a text by one level."""
    return re.sub("^", "    ", text, flags=re.MULTILINE)


@pytest.mark.parametrize("binding", [each for key, each in BINDINGS.items() if not key.startswith("walrus")])
def test_a_name_that_another_function_binds_is_the_builtin(binding: str) -> None:
    """Its locals are its own; so are those of a class for its methods."""
    text = indented(binding.replace("X", "ValueError"))
    builtin = Origin("builtins.ValueError", "builtin")
    assert resolve(f"async def f():\n{text}\ndef g():\n    HERE(ValueError)") == builtin
    assert resolve(f"async def f():\n{text}\nHERE(ValueError)") == builtin
    assert resolve(f"class C:\n{text}\n    def g(self):\n        HERE(ValueError)") == builtin


def test_a_walrus_binds_everywhere_to_be_safe() -> None:
    """A walrus is in an expression, which the walk does not visit."""
    assert resolve("def f():\n    (ValueError := 1)\ndef g():\n    HERE(ValueError)").path is None


@pytest.mark.parametrize("signature", ["X", "X=1", "*X", "**X", "a, /, X", "X, /", "*, X", "*, X=1", "a, *b, X"])
def test_a_parameter_binds_its_name_in_the_function(signature: str) -> None:
    """In it and in the functions inside it; not outside."""
    text = signature.replace("X", "ValueError")
    assert resolve(f"def f({text}):\n    HERE(ValueError)").kind == "parameter"
    assert resolve(f"async def f({text}):\n    def g():\n        HERE(ValueError)").kind == "parameter"
    assert resolve(f"def f({text}): pass\nHERE(ValueError)").kind == "builtin"


@pytest.mark.parametrize("text", ["lambda ValueError: 1", "[ValueError for ValueError in x]", "x.ValueError = 1"])
def test_what_binds_nothing_here_hides_nothing(text: str) -> None:
    """A lambda and a comprehension have a scope of their own, an attribute is no name."""
    assert resolve(f"{text}\nHERE(ValueError)") == Origin("builtins.ValueError", "builtin")


def test_global_binds_the_name_of_the_module() -> None:
    """What a function does to it, every other one sees."""
    text = "def f():\n    global ValueError\n    ValueError = 1\n"
    assert resolve(f"{text}def g():\n    HERE(ValueError)").path is None
    assert resolve(f"{text}HERE(ValueError)").path is None
    assert resolve("def f():\n    global ValueError\n    HERE(ValueError)").path is None


def test_global_looks_past_the_functions_between() -> None:
    """Straight into the module."""
    text = "from m import X\ndef f():\n    X = 1\n    def g():\n        global X\n        HERE(X)"
    assert resolve(text).path is None  # it is bound twice there: by the import, and by what g may do
    assert resolve("def f():\n    X = 1\n    def g():\n        HERE(X)").kind == "other"


def test_nonlocal_is_the_name_of_the_function_around() -> None:
    """Whatever the module says of it."""
    text = "from m import X\ndef f(X):\n    def g():\n        nonlocal X\n        HERE(X)"
    assert resolve(text).kind == "parameter"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("import a.b\nHERE(a.b.C)", "a.b.C"),
        ("import a.b as x\nHERE(x.C)", "a.b.C"),
        ("import a.b, c\nHERE(a.b.C)", "a.b.C"),
        ("from a import b\nHERE(b.C)", "a.b.C"),
        ("from a.b import C as D\nHERE(D)", "a.b.C"),
        ("from . import b\nHERE(b.C)", "pkg.sub.b.C"),
        ("from .b import C\nHERE(C)", "pkg.sub.b.C"),
        ("from .. import b\nHERE(b.C)", "pkg.b.C"),
        ("from ..b import C\nHERE(C)", "pkg.b.C"),
        ("E = ValueError\nHERE(E)", "builtins.ValueError"),
        ("E = ValueError\nF = E\nHERE(F)", "builtins.ValueError"),
        ("import builtins as b\nE = b.KeyError\nHERE(E)", "builtins.KeyError"),
        ("from builtins import KeyError as K\nHERE(K)", "builtins.KeyError"),
        ("import a\nclass C(a.D): pass\nHERE(C)", "C"),
        ("from a import b\ndef f():\n    from c import b\n    HERE(b)", "c.b"),
        ("class C:\n    from c import b\n    HERE(b)", "c.b"),
    ],
)
def test_a_name_is_followed_to_where_it_comes_from(text: str, path: str) -> None:
    """Through imports and other names."""
    assert resolve(text, "pkg.sub").path == path


@pytest.mark.parametrize(
    "text",
    [
        "E = E\nHERE(E)",
        "E = F\nF = E\nHERE(E)",
        "E = E.x\nHERE(E)",
        "from a import E\nfrom b import E\nHERE(E)",
        "try:\n    from a import E\nexcept ImportError:\n    E = None\nHERE(E)",
        "from a import E\ndel E\nHERE(E)",
        "HERE(f().x)",
        "HERE(unknown.x)",
    ],
)
def test_what_cannot_be_told_has_no_path(text: str) -> None:
    """Circles, names bound twice, computed ones, names of nothing."""
    assert resolve(text).path is None


def test_a_star_import_may_bind_any_name_that_is_bound_nowhere_else() -> None:
    """So its kind is star; its module is noted, absolute where the package is known."""
    assert resolve("from m import *\nHERE(ValueError)") == Origin("builtins.ValueError", "star")
    assert resolve("from m import *\nHERE(other)") == Origin(None, "star")
    assert resolve("from m import *\nfrom n import X\nHERE(X)") == Origin("n.X", "import")
    text = "from .m import *\nfrom ..n import *"
    assert Names(ast.parse(text), text, "a.b").stars == ["a.b.m", "a.n"]
    assert Names(ast.parse(text), text, None).stars == [".m", "..n"]


def test_imports_are_listed_by_scope() -> None:
    """Local name and origin; other bindings are not among them."""
    text = "import os\nx = 1\ndef f():\n    from a import b as c\n"
    names = Names(ast.parse(text), text, None)
    assert {getattr(scope, "name", ""): found for scope in names.scopes if (found := names.imports(scope))} == {
        "": [("os", "os")],
        "f": [("c", "a.b")],
    }


@pytest.mark.parametrize(
    ("text", "expected"), [("a", "a"), ("a.b.c", "a.b.c"), ("a().b", None), ("a[0]", None), ("1", None)]
)
def test_dotted_is_the_text_of_names_and_attributes_only(text: str, expected: str | None) -> None:
    """None for any other expression, and for none."""
    assert dotted(ast.parse(text, mode="eval").body) == expected
    assert dotted(None) is None


# -- agreement with symtable ------------------------------------------------------------------------------------------


def bound_by_python(table: symtable.SymbolTable) -> set[str]:
    """Return the names that Python says are bound in a scope, its own or those declared global there."""
    return {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_parameter() or symbol.is_imported()
    }


def bound_beside(text: str) -> set[str]:
    """Return the names that Python 3.12 and newer keep in another scope: of comprehensions, and type parameters."""
    if sys.version_info < (3, 12):
        return set()
    nodes = list(ast.walk(ast.parse(text)))
    generators = [node for node in nodes if isinstance(node, ast.comprehension)]
    parameters = {parameter.name for node in nodes for parameter in getattr(node, "type_params", ())}
    hidden = {"__type_params__", "__classdict__", "__static_attributes__", "__firstlineno__"}  # Python's own
    return hidden | parameters | {name for one in generators for name in target_names(one.target)}


def scopes_of_python(table: symtable.SymbolTable) -> dict[tuple[str, int], list[set[str]]]:
    """Return what each module, function and class binds, by name and line."""
    found: dict[tuple[str, int], list[set[str]]] = {}
    waiting = [table]
    while waiting:
        scope = waiting.pop()
        if scope.get_type() in ("module", "function", "class") and scope.get_name().strip("<>") not in COMPREHENSIONS:
            key = ("", 0) if scope.get_type() == "module" else (scope.get_name(), scope.get_lineno())
            found.setdefault(key, []).append(bound_by_python(scope))
        waiting.extend(scope.get_children())
    return found


COMPREHENSIONS = frozenset(["lambda", "listcomp", "setcomp", "dictcomp", "genexpr"])


def mangled(name: str, block: Block) -> str:
    """Return a private name as Python writes it into its tables: with the name of the class around it."""
    if name.startswith("__") and not name.endswith("__"):
        for outer in block.outwards():
            if isinstance(outer.owner, ast.ClassDef):
                holder = outer.owner.name.lstrip("_")
                return f"_{holder}{name}" if holder else name
    return name


def check_against_symtable(text: str) -> None:
    """Hold the names of every scope of a module equal to those of Python's own table.

    Walruses are left out: they count as bound everywhere here, on purpose. So are the names for which
    the scopes of Python 3.12 differ.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
        table = symtable.symtable(text, "text", "exec")
        beside = walrus_names(text) | bound_beside(text)
    ours: dict[tuple[str, int], list[set[str]]] = {}
    for scope, names in Names(tree, text, None).scopes.items():
        bound = set()
        for name, bindings in names.items():
            here = [one for one in bindings if one.block.scope() is scope and one.kind not in ("global", "nonlocal")]
            bound.update(mangled(name, one.block) for one in here if name not in beside)
        ours.setdefault(("", 0) if isinstance(scope, ast.Module) else (scope.name, scope.lineno), []).append(bound)
    python = scopes_of_python(table)
    assert set(ours) == set(python)
    for key, expected in python.items():
        plain = [{name for name in each if not name.startswith(".")} - beside for each in expected]
        assert sorted(map(sorted, ours[key])) == sorted(map(sorted, plain)), key


STDLIB = Path(sysconfig.get_path("stdlib"))
MODULES = sorted(
    path
    for folder in ("", "asyncio", "email", "importlib", "json", "unittest")
    for path in (STDLIB / folder).glob("*.py")
)


def test_names_agrees_with_symtable_on_a_sample_of_the_standard_library() -> None:
    """On every scope of every tenth of some two hundred modules. All: python -m tests.analysis.sweep."""
    assert len(MODULES) > 150
    for path in MODULES[::10]:
        check_against_symtable(path.read_text("utf-8"))


@pytest.mark.sweep
@settings(max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(hypothesmith.from_node())
def test_names_agrees_with_symtable_on_any_module(text: str) -> None:
    """On whatever Python takes."""
    assume("\0" not in text and "\r" not in text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "text", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        assume(False)
    check_against_symtable(text)


def test_every_function_and_class_has_its_scope() -> None:
    """Nested ones too."""
    text = "class A:\n    class B:\n        def f(self):\n            async def g(): pass"
    names = Names(ast.parse(text), text)
    assert [getattr(scope, "name", "") for scope in names.scopes] == ["", "A", "B", "f", "g"]
    assert sum(isinstance(scope, FunctionNode) for scope in names.scopes) == 2
    assert names.bindings("anything", Block(names.tree, "body", None)) == []
