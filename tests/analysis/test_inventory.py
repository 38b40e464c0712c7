"""The typed raise sites of a project are found across its modules, and nothing else is."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from flext_analysis.semantics.inventory import Inventory, inventory

FE = "from flext_exceptions import FlextExceptions as FE\n"
ERRORS = f"{FE}class Bad(FE.ValidationError): ...\n"


def found_in(folder: Path, files: dict[str, str], *declared: str) -> Inventory:
    """Write files, and look at them all."""
    modules = {}
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        module = name.removesuffix(".py").replace("/", ".").removesuffix("__init__").rstrip(".")
        modules[file] = module
    return inventory(modules, declared)


# What a last line raises, in a module that begins with other lines.
TYPED = {
    "a type of the library": (FE, "raise FE.ValidationError('m')"),
    "the class itself": (FE, "raise FE.ValidationError"),
    "a type imported by its own name": ("from flext_exceptions import FlextValidationError as E\n", "raise E('m')"),
    "the root, which picks the type": (FE, "raise FE('m', field='x')"),
    "a namespace": (f"{FE}class Shop(FE): ...\n", "raise Shop('m')"),
    "a class of the module": (f"{FE}class Bad(FE.NotFoundError): ...\n", "raise Bad('m')"),
    "a class below two of the module": (f"{FE}class A(FE.Error): ...\nclass B(A): ...\n", "raise B"),
    "an alias": (f"{FE}E = FE.ValidationError\n", "raise E('m')"),
    "with a cause": (FE, "raise FE.ValidationError('m') from None"),
    "one of two": (FE, "raise (FE.KeyError('m') if x else ValueError('n'))"),
    "with more context": (FE, "raise FE.ValidationError('m').with_context(a=1)"),
    "what a function makes": (f"{FE}def bad(): return FE.ValidationError('m')\n", "raise bad()"),
    "a name that is bound to an error": (FE, "error = FE.ValidationError('m'); raise error"),
    "a name that is bound to one of two": (
        FE,
        "error = FE.Error('m') if x else None\nif y: error = FE.KeyError()\nraise error",
    ),
    "a caught error, by its name": (FE, "try: f()\nexcept FE.Error as error: raise error from None"),
    "a parameter": (FE, "def f(error: FE.Error | None):\n    raise error"),
    "a parameter, in quotes": (FE, "def f(*, error: 'FE.Error'):\n    raise error"),
    "a name that is declared": (FE, "error: FE.Error\nexec('error = 1')\nraise error"),
    "what a method gives": (f"{FE}class A:\n    def b(self): return FE.Error()\n", "    def c(self): raise self.b()"),
    "what a class method of a base gives": (
        f"{FE}class A:\n    @classmethod\n    def b(cls): return FE.Error()\nclass B(A):\n",
        "    def c(self): raise self.b()",
    ),
    "what a method says that it gives": (
        f"{FE}class A:\n    def b(self) -> FE.Error: return self.e\n",
        "    def c(self): raise self.b()",
    ),
    "what a method gives by a name": (
        f"{FE}class A:\n    def b(self):\n        e = FE.Error()\n        return e\n",
        "raise A.b(1)",
    ),
    "a star of the library": ("from flext_core import *\n", "raise FlextExceptions.Error('m')"),
    "imported where it is raised": (
        "",
        "def f():\n    from flext_exceptions import FlextExceptions as E\n    raise E.Error",
    ),
}


@pytest.mark.parametrize("before, last", TYPED.values(), ids=TYPED)
def test_what_is_a_typed_raise_site(before: str, last: str, tmp_path: Path) -> None:
    """It is found at its line."""
    found = found_in(tmp_path, {"m.py": f"{before}{last}\n"})
    assert [site.line for site in found.sites] == [before.count("\n") + 1 + last.count("\n")]
    assert not found.unreadable
    assert not found.exempt


SILENT = {
    "a builtin": (FE, "raise ValueError('m')"),
    "a bare raise": (FE, "try: f()\nexcept FE.Error: raise"),
    "a name that is bound to an error, and to anything": (FE, "error = FE.Error('m')\nerror = f()\nraise error"),
    "a parameter without an annotation": (FE, "def f(error):\n    raise error"),
    "a caught builtin": (FE, "try: f()\nexcept ValueError as error: raise error"),
    "what the method of another object gives": (FE, "def f(cart):\n    raise cart.bad('m')"),
    "what a property gives": (f"{FE}class A:\n    @p\n    def b(self): return FE.Error()\n", "raise A.b()"),
    "what a method gives, or what it is given": (
        f"{FE}class A:\n    def b(self, e): return e or FE.Error()\n",
        "raise A.b(1, 2)",
    ),
    "a class that is not the library's": (f"{FE}from elsewhere import Bad\n", "raise Bad('m')"),
    "a class below a builtin": (f"{FE}class Bad(ValueError): ...\n", "raise Bad('m')"),
    "a name that hides the library's": (f"{FE}class FE:\n    class Error(ValueError): ...\n", "raise FE.Error('m')"),
    "what no function of the module makes": (f"{FE}from elsewhere import bad\n", "raise bad()"),
    "what a function makes that may give anything": (f"{FE}def bad(e): return e\n", "raise bad(FE.Error('m'))"),
    "an error that is made and not raised": (FE, "error = FE.ValidationError('m')"),
    "an error that is handed to a generator": (FE, "g.throw(FE.ValidationError('m'))"),
    "a class that is its own base": (f"{FE}class A(B): ...\nclass B(A): ...\n", "raise A"),
    "a text": (FE, "'raise FE.ValidationError()'"),
}


@pytest.mark.parametrize("before, last", SILENT.values(), ids=SILENT)
def test_what_is_none(before: str, last: str, tmp_path: Path) -> None:
    """Nothing is found."""
    assert found_in(tmp_path, {"m.py": f"{before}{last}\n"}).sites == []


# How a module gets a class whose base stands in another one.
ACROSS = {
    "by its name": {"shop/cart.py": "from shop.errors import Bad\nraise Bad"},
    "relatively": {"shop/cart.py": "from .errors import Bad\nraise Bad"},
    "by its module": {"shop/cart.py": "from shop import errors\nraise errors.Bad"},
    "by its module's dotted name": {"shop/cart.py": "import shop.errors\nraise shop.errors.Bad"},
    "from the package that passes it on": {
        "shop/__init__.py": "from .errors import Bad",
        "shop/cart.py": "from shop import Bad\nraise Bad",
    },
    "under another name, given on the way": {
        "shop/names.py": "from .errors import Bad\nWorse = Bad",
        "shop/cart.py": "from shop.names import Worse as E\nraise E",
    },
    "by a star": {"shop/cart.py": "from shop.errors import *\nraise Bad"},
    "by a star of the package": {
        "shop/__init__.py": "from .errors import *",
        "shop/cart.py": "from shop import Bad\nraise Bad",
    },
    "below it, in a third module": {
        "shop/more.py": "from shop.errors import Bad\nclass Worse(Bad): ...",
        "shop/cart.py": "from shop.more import Worse\nraise Worse",
    },
    "made by a function": {
        "shop/cart.py": "from shop.errors import Bad\ndef bad():\n    return Bad('m')\nraise bad()",
    },
}


@pytest.mark.parametrize("files", ACROSS.values(), ids=ACROSS)
def test_a_class_is_known_wherever_its_base_stands(files: dict[str, str], tmp_path: Path) -> None:
    """It is found, in the one file that raises; and none is, where the base is a builtin."""
    found = found_in(tmp_path, {"shop/__init__.py": "", "shop/errors.py": ERRORS, **files})
    assert [(site.file.name, site.declared) for site in found.sites] == [("cart.py", False)]
    plain = ERRORS.replace("FE.ValidationError", "ValueError")
    assert found_in(tmp_path, {"shop/__init__.py": "", "shop/errors.py": plain, **files}).sites == []


def test_a_name_that_the_module_binds_is_not_that_of_a_star(tmp_path: Path) -> None:
    """A parameter may be any class."""
    files = {"errors.py": ERRORS, "cart.py": "from errors import *\ndef f(Bad):\n    raise Bad"}
    assert found_in(tmp_path, files).sites == []


def test_what_the_project_declares_is_typed_and_said_to_be_declared(tmp_path: Path) -> None:
    """So are the classes below it; a class of the library is not merely declared."""
    files = {
        "errors.py": "from company import CompanyError\nclass Bad(CompanyError): ...",
        "cart.py": f"from errors import Bad\n{FE}def f():\n    raise Bad\ndef g():\n    raise FE.Error",
        "till.py": "from errors import Bad\nraise Bad",
    }
    assert [site.line for site in found_in(tmp_path, files).sites] == [6]
    found = found_in(tmp_path, files, "company.CompanyError")
    assert [(site.line, site.declared) for site in found.sites] == [(4, True), (6, False), (2, True)]


def test_where_a_site_stands(tmp_path: Path) -> None:
    """First and last line, the class as it is named, and the functions and classes around it."""
    text = f"{FE}class Cart:\n    def add(self):\n        def one():\n            raise FE.Error(\n'm'\n)"
    (site,) = found_in(tmp_path, {"m.py": text}).sites
    assert (site.line, site.end_line, site.error, site.function) == (5, 7, "FE.Error", "Cart.add.one")


def test_a_comment_exempts_a_site(tmp_path: Path) -> None:
    """On any line of the statement, as coverage.py understands it; on another line it does not."""
    lines = [
        "raise FE.Error('m')  # pragma: no cover",
        "raise FE.Error(\n    'm'\n)  # pragma: no cover",
        "x = 1  # pragma: no cover\nraise FE.Error('m')",
    ]
    found = [found_in(tmp_path, {"m.py": f"{FE}{text}"}) for text in lines]
    assert [(len(each.sites), each.exempt) for each in found] == [(0, 1), (0, 1), (1, 0)]


def test_what_cannot_be_read_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    """A file that does not parse, one that cannot be decoded, and one that is gone."""
    good, torn, odd = tmp_path / "good.py", tmp_path / "torn.py", tmp_path / "odd.py"
    good.write_text(f"{FE}raise FE.Error")
    torn.write_text("import flext_exceptions\nraise (")
    odd.write_bytes(b"import flext_exceptions # \xff")
    gone = tmp_path / "gone.py"
    found = inventory({good: "good", torn: "torn", odd: "odd", gone: "gone"})
    assert [site.file for site in found.sites] == [good]
    assert set(found.unreadable) == {torn, odd, gone}
    assert "line 2" in found.unreadable[torn]
    assert "decoded" in found.unreadable[odd]
    assert "No such file" in found.unreadable[gone]
