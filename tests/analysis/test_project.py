"""Names are resolved through the modules of a project."""

from __future__ import annotations

import pytest

from flext_analysis.program.hierarchy import Hierarchy
from flext_analysis.program.project import Project
from tests.analysis.programs import project_of

ERRORS = "class Bad(ValueError): ...\nclass Worse(Bad): ...\nGROUP = (Bad, KeyError)\n"


def found(project: Project, path: str, name: str) -> list[str]:
    """Return the dotted names that a name of a module may refer to."""
    top = project.by_path[path].top
    return sorted(entity.path or entity.kind for entity in project.look_up(top, name))


IMPORTS = {
    "from the module": ("from shop.errors import Bad", "Bad"),
    "by another name": ("from shop.errors import Bad as B", "B"),
    "relative": ("from .errors import Bad", "Bad"),
    "re-exported by the package": ("from shop import Bad", "Bad"),
    "by a star": ("from shop.errors import *", "Bad"),
    "by an alias": ("from shop.errors import Bad\nOther = Bad", "Other"),
    "by tuple unpacking": ("from shop.errors import Bad\nOther, n = Bad, 1", "Other"),
    "for type checkers alone": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .errors import Bad",
        "Bad",
    ),
}


@pytest.mark.parametrize(("text", "name"), IMPORTS.values(), ids=IMPORTS)
def test_an_import_leads_to_the_class(text: str, name: str) -> None:
    """Of every form."""
    project = project_of(shop__init="from .errors import Bad", shop__errors=ERRORS, shop__cart=text)
    assert found(project, "shop/cart.py", name) == ["shop.errors.Bad"]


def test_a_module_is_known_by_attribute() -> None:
    """Also under another name, and through its package."""
    project = project_of(shop__init="", shop__errors=ERRORS, shop__cart="import shop.errors as e\nX = e.Bad")
    assert found(project, "shop/cart.py", "X") == ["shop.errors.Bad"]


def test_of_two_bindings_both_are_told() -> None:
    """A fallback for a missing module is another class."""
    text = "try:\n    from shop.fast import Bad\nexcept ImportError:\n    from shop.errors import Bad"
    project = project_of(shop__init="", shop__fast="class Bad(KeyError): ...", shop__errors=ERRORS, shop__cart=text)
    assert found(project, "shop/cart.py", "Bad") == ["shop.errors.Bad", "shop.fast.Bad"]


def test_a_star_brings_what_all_names() -> None:
    """Nothing else is read."""
    project = project_of(a="__all__ = ['One']\nclass One: ...\nclass Two: ...", b="from a import *")
    assert found(project, "b.py", "One") == ["a.One"]
    assert found(project, "b.py", "Two") == []


def test_what_stands_outside_has_a_dotted_name() -> None:
    """Builtins among it, by their one name."""
    project = project_of(a="import json\nX = json.JSONDecodeError\nY = IOError")
    assert found(project, "a.py", "X") == ["json.JSONDecodeError"]
    assert found(project, "a.py", "Y") == ["builtins.OSError"]


def test_modules_that_import_each_other_end() -> None:
    """And names that refer to themselves."""
    project = project_of(a="from b import X", b="from a import X", c="Y = Y", d="from d import Z")
    assert found(project, "a.py", "X") == [] and found(project, "c.py", "Y") == []
    assert found(project, "d.py", "Z") == []


def test_a_module_of_the_standard_library_is_not_one_of_the_project() -> None:
    """Although a file has its name."""
    project = project_of(shop__init="", shop__json="class JSONDecodeError: ...", shop__cart="import json\nX = json")
    assert found(project, "shop/cart.py", "X") == ["json"]


def test_the_lineage_goes_across_modules() -> None:
    """To builtins, to the library, and through the standard library."""
    text = (
        "from shop.errors import Worse\nfrom flext_exceptions import FlextExceptions as F\nimport json\n"
        "class A(Worse): ...\nclass B(F.KeyError): ...\nclass C(json.JSONDecodeError): ...\nclass D(unknown.X): ...\n"
        "class Outer:\n    class Full(Worse): ...\nE = Outer.Full\n"
    )
    project = project_of(shop__init="", shop__errors=ERRORS, shop__cart=text)
    hierarchy = Hierarchy(project)
    infos = {info.definition.scope.qualname: info for info in map(hierarchy.of_definition, classes(project))}  # type: ignore[union-attr]
    assert infos["A"].is_below("builtins.ValueError") and infos["A"].whole and not infos["A"].typed
    assert infos["B"].typed and infos["B"].is_below("builtins.LookupError")
    assert infos["C"].is_below("builtins.ValueError")
    assert not infos["D"].whole
    assert [info.path for info in hierarchy.below("shop.errors.Bad")] == [
        "shop.errors.Worse",
        "shop.cart.A",
        "shop.cart.Outer.Full",
    ]


def classes(project: Project) -> list[object]:
    """Return the classes of a module."""
    return [one for one in project.by_path["shop/cart.py"].definitions if one.scope.kind == "class"]


def test_a_class_that_is_its_own_base_ends() -> None:
    """It is not whole."""
    project = project_of(a="from b import X\nclass Y(X): ...", b="from a import Y\nclass X(Y): ...")
    info = Hierarchy(project).of_definition(project.by_path["a.py"].definitions[1])
    assert not info.whole


def test_a_name_that_is_bound_to_itself_leads_to_what_stood_there_before() -> None:
    """However often: each of the bindings is looked at once."""
    again = "    callable = callable\n" * 3
    text = f"try:\n{again}except NameError:\n    def callable(x): ...\n"
    assert found(project_of(m=text), "m.py", "callable") == ["builtins.callable", "m.callable"]
