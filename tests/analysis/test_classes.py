"""What is known of a class: which handlers catch it, and whether it is a typed error."""

from __future__ import annotations

import ast

import pytest

from flext_analysis.semantics.classes import BASE, ROOT, Classes, ClassFacts, catches, library_path
from flext_analysis.syntax.statements import Block
from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import ROWS

IMPORT = "from flext_exceptions import FlextExceptions\n"


def facts_of(text: str, name: str, **options: object) -> ClassFacts | None:
    """Return what is known of a name at the end of a module."""
    tree = ast.parse(text)
    classes = Classes(tree, text, **options)  # type: ignore[arg-type]
    node = ast.parse(name, mode="eval").body
    whole = classes.of(node, Block(tree, "body", None))
    own = classes.of_own(node, Block(tree, "body", None))
    assert own is None or own == whole, "the short way says something else"
    return whole


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_type_of_the_catalogue_is_known_by_all_its_names(row: object) -> None:
    """Through the root, by its old alias, from the module that holds it."""
    name = row.name  # type: ignore[attr-defined]
    module = "base" if name == "BaseError" else "errors"
    texts = {
        f"FlextExceptions.{name}": IMPORT,
        f"FlextExceptions.Flext{name}": IMPORT,
        f"Flext{name}": f"from flext_exceptions import Flext{name}\n",
        f"m.{name}": f"import flext_exceptions.{module} as m\n",
        f"flext_core.FlextExceptions.{name}": "import flext_core\n",
        f"FE.{name}": "from flext_core.exceptions import FlextExceptions as FE\n",
    }
    for path, text in texts.items():
        facts = facts_of(text, path)
        assert facts is not None and facts.typed and facts.whole, path
        assert facts.row is row and facts.name == f"FlextExceptions.{name}"
        assert {f"builtins.{cls.__name__}" for cls in row.type.__mro__ if cls.__module__ == "builtins"} <= set(  # type: ignore[attr-defined]
            facts.ancestors
        )


def test_the_root_is_a_namespace_and_so_are_direct_subclasses() -> None:
    """Their attributes are the types; an error below one is an error."""
    text = IMPORT + "class Shop(FlextExceptions):\n    class Gone(FlextExceptions.NotFoundError): ...\nS = Shop\n"
    for name in ("FlextExceptions", "Shop", "S"):
        facts = facts_of(text, name)
        assert facts is not None and facts.is_namespace and not facts.typed
    for name in ("Shop.Gone", "S.Gone", "Shop.NotFoundError", "S.FlextKeyError"):
        facts = facts_of(text, name)
        assert facts is not None and facts.typed and not facts.is_namespace, name
    assert facts_of(text, "Shop.Missing") is None


UNKNOWN = {
    "a parameter": "def f(E): pass",
    "bound twice": "if x:\n    E = ValueError\nelse:\n    E = KeyError",
    "defined twice": "class E(ValueError): 0\nclass E(KeyError): 0",
    "a call": "E = make()",
    "a circle of aliases": "A = E\nE = A",
    "a star import": "from a import *",
    "deleted": "E = ValueError\ndel E",
    "a walrus": "(E := ValueError)\nE = KeyError",
}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=list(UNKNOWN))
def test_what_may_be_anything_is_nothing(text: str) -> None:
    """No guess."""
    assert facts_of(text, "E") is None


def test_a_builtin_is_itself_unless_something_binds_its_name() -> None:
    """IOError is OSError; a star import may bind any name that its module has."""
    for name, path in (("ValueError", "builtins.ValueError"), ("IOError", "builtins.OSError")):
        facts = facts_of("raise ValueError", name)
        assert facts is not None and facts.path == path and facts.builtin and facts.is_error
    assert facts_of("class ValueError(Exception): 0", "ValueError").path == ".ValueError"  # type: ignore[union-attr]
    assert facts_of("from a import *", "ValueError") is None
    assert facts_of("from a import *", "ValueError", stars=lambda modules: frozenset(modules)) is not None
    assert facts_of("from ValueError import *", "ValueError", stars=lambda modules: frozenset(modules)) is None
    assert facts_of("", "int") is None and facts_of("", "Nobody") is None


def test_type_checkers_see_what_a_running_program_does_not() -> None:
    """The binding that runs counts, and the other one where there is no more."""
    text = "if TYPE_CHECKING:\n    from a import E\nelse:\n    E = ValueError"
    assert facts_of(text, "E").builtin == "ValueError"  # type: ignore[union-attr]
    assert facts_of("if typing.TYPE_CHECKING:\n    from a import E", "E").path == "a.E"  # type: ignore[union-attr]


def test_classes_of_the_module_know_their_ancestors() -> None:
    """Through aliases and generics; with a base that is not known they are not whole."""
    text = "from typing import Generic\nfrom a import B\nE = KeyError\nclass C(E, Generic[T]): 0\nclass D(C, B): 0\n"
    one, other = facts_of(text, "C"), facts_of(text, "D")
    assert one is not None and one.whole and one.is_error and "builtins.LookupError" in one.ancestors
    assert other is not None and not other.whole and other.is_error and not other.typed
    assert catches([one], other) == one and catches([other], one) is None
    assert facts_of(text, "C[int]").path == one.path  # type: ignore[union-attr]


def test_what_a_project_declares_is_typed() -> None:
    """By its dotted name, in the module itself too; a target is caught as its builtin is."""
    declared = {"shop.errors.Base": "", "shop.errors.BadInput": "ValueError"}
    text = "from shop.errors import Base, BadInput as Bad\nclass Own(Base): 0\n"
    own, bad = facts_of(text, "Own", declared=declared), facts_of(text, "Bad", declared=declared)
    assert own is not None and own.typed and not own.whole
    assert bad is not None and bad.typed and bad.whole and "builtins.ValueError" in bad.ancestors
    inside = facts_of("class Base(Exception): 0", "Base", declared=declared, module="shop.errors")
    assert inside is not None and inside.typed


def test_names_of_the_library_that_are_no_errors_are_none() -> None:
    """Codes, metrics, results."""
    names = ("ErrorCodes", "Metrics")
    assert [library_path(f"flext_exceptions.FlextExceptions.{name}") for name in names] == [None, None]
    assert library_path("flext_exceptions.FlextResult") is None and library_path("flext_exceptions") is None
    assert library_path("flext_exceptions.FlextExceptions") == ROOT != BASE
    assert FlextExceptions.BaseError.__qualname__ == BASE.partition(".")[2]
