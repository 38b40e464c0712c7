"""The rules know the classes of a project wherever they stand, and however they are imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lint.conftest import Shop

ERRORS = """\
from typing import Generic, TypeVar

from flext_exceptions import FlextExceptions

T = TypeVar("T")


class Refused(FlextExceptions.ValidationError):
    code = "SHOP_0001"
    clerk: str = ""


class Closed(Refused):
    code = "SHOP_0002"

    @classmethod
    def at(cls, hour):
        return cls(f"closed at {hour}", field="hour", value=hour)


class Errors(FlextExceptions):
    class Late(FlextExceptions.TimeoutError):
        code = "SHOP_0003"


class Old(LookupError):
    pass


class Plain:
    class Full(FlextExceptions.ValidationError):
        code = "SHOP_0004"


class Typed(Refused, Generic[T]):
    code = "SHOP_0006"


NETWORK = (TimeoutError, ConnectionError)
Alias = Refused
First, Second = Refused, Old
BUSY = Refused("busy", field="till")
"""
RAISED = "\n\ndef f(sku):\n    raise {}('no', feild=sku)\n"


@pytest.fixture
def project(shop: Shop) -> Shop:
    """A project with its errors in one module and a package that hands them on."""
    shop.write(
        {
            "shop/__init__.py": "from shop.errors import Refused, Closed as Shut\nfrom shop.errors import *\n"
            "from . import errors as refusals\n",
            "shop/errors.py": ERRORS,
            "shop/sub/__init__.py": "from ..errors import Refused\nfrom . import more\n",
            "shop/sub/more.py": "from .. import errors\n\n\nclass Below(errors.Refused):\n    code = 'SHOP_0005'\n",
            "shop/core.py": "from flext_exceptions import FlextExceptions as E\n\nBad = E.ValidationError\n",
            "shop/cart.py": "",
        }
    )
    return shop


IMPORTS = {
    "from its module": ("from shop.errors import Refused", "Refused"),
    "under another name": ("from shop.errors import Closed as Shut", "Shut"),
    "in brackets": ("from shop.errors import (  # the errors\n    Old,\n    Refused,\n)", "Refused"),
    "handed on by the package": ("from shop import Refused", "Refused"),
    "handed on under another name": ("from shop import Shut", "Shut"),
    "by a star": ("from shop.errors import *", "Refused"),
    "by a star of a star": ("from shop import *", "Closed"),
    "by the module": ("import shop.errors", "shop.errors.Refused"),
    "by another name of the module": ("import shop.errors as e", "e.Refused"),
    "by the module from the package": ("from shop import errors", "errors.Refused"),
    "relative": ("from .errors import Refused", "Refused"),
    "relative to the package": ("from . import errors", "errors.Closed"),
    "in a try": ("try:\n    from shop.errors import Refused\nexcept ImportError:\n    Refused = None", "Refused"),
    "for type checkers and at run time": (
        "import typing\nif typing.TYPE_CHECKING:\n    from shop.errors import Refused\nelse:\n"
        "    from shop.errors import Refused",
        "Refused",
    ),
    "an alias there": ("from shop.errors import Alias", "Alias"),
    "one of several aliases there": ("from shop.errors import First", "First"),
    "one of several aliases here": ("from shop.errors import Refused, Old\nOne, Two = Old, Refused", "Two"),
    "an alias here": ("from shop.errors import Refused\nMine = Refused", "Mine"),
    "in a namespace": ("from shop.errors import Errors", "Errors.Late"),
    "in a plain class": ("from shop.errors import Plain", "Plain.Full"),
    "below one of another module": ("from shop.sub.more import Below", "Below"),
    "two modules on": ("from shop.sub import Refused", "Refused"),
    "the library itself, handed on": ("from shop.core import E", "E.ValidationError"),
    "the library through the module": ("from shop import core", "core.E.ValidationError"),
    "an alias of a class of the library": ("from shop.core import Bad", "Bad"),
    "an annotated alias here": ("from shop.errors import Refused\nMine: type = Refused", "Mine"),
    "generic": ("from shop.errors import Typed", "Typed[int]"),
    "a module that the package shows under another name": ("from shop import refusals", "refusals.Refused"),
    "a module in a package in a package": ("from shop.sub import more", "more.Below"),
}


@pytest.mark.parametrize(("statement", "name"), IMPORTS.values(), ids=list(IMPORTS))
def test_a_mistyped_keyword_is_seen_through_every_import(project: Shop, statement: str, name: str) -> None:
    """By the command, which shares all of this with the plugin; TimeoutError takes no field, so that one is silent."""
    project.write({"shop/cart.py": statement + RAISED.format(name)})
    done = project.run("flext_lint", "check", "--select=FLX", "--no-cache", "shop/cart.py")
    expected = [] if name == "Errors.Late" else ["FLX301"]
    assert [line.split()[1] for line in done.stdout.splitlines()] == expected


def test_a_class_in_a_class_is_inherited_from_another_module(project: Shop) -> None:
    """As ``self.Full`` and ``cls.Full``."""
    text = (
        "from shop.errors import Plain\n\n\nclass Big(Plain):\n    def add(self):\n"
        "        raise self.Full('m', feild='x')\n\n    @classmethod\n    def of(cls):\n"
        "        raise cls.Full('m', feild='x')\n\n    def other(self):\n        raise self.Factory('m', feild='x')\n"
    )
    project.write({"shop/cart.py": text})
    done = project.run("flext_lint", "check", "--select=FLX", "--no-cache", "shop/cart.py")
    found = [line.split(":", 3) for line in done.stdout.splitlines()]
    assert [(line, said.split()[0]) for _, line, _, said in found] == [("6", "FLX301"), ("10", "FLX301")]


CLAUSES = """\
from shop.errors import NETWORK, Closed, Errors, Old, Plain, Refused


def f(job):
    try:
        job()
    except NETWORK:
        return 1
    except ConnectionRefusedError:
        return 2
    except LookupError:
        return 3
    except Old:
        return 4
    except (Refused, Closed):
        return 5
    except Errors:
        return 6
    except Plain:
        return 7


def g(sku):
    raise Refused("no", clerk=sku)


def h(sku):
    raise Old(sku)


def i(sku):
    raise Errors("no")


def j(job):
    try:
        job()
    except KeyError:
        raise Closed.at(job.hour)


def k(job):
    try:
        job()
    except KeyError as err:
        raise Closed.at(job.hour) from err
"""


def test_clauses_raises_and_declared_keywords(project: Shop) -> None:
    """The same from flake8, where each file comes alone."""
    project.write({"shop/cart.py": CLAUSES})
    expected = ["9 FLX205", "13 FLX205", "15 FLX210", "17 FLX208", "19 FLX208", "28 FLX107", "32 FLX105", "39 FLX203"]
    for command in (("flext_lint", "check"), ("flake8",)):
        done = project.run(*command, "--select=FLX", "shop/cart.py")
        found = [line.split(":", 3) for line in done.stdout.splitlines()]
        assert sorted((int(line), text.split()[0]) for _, line, _, text in found) == [
            (int(line), code) for line, code in map(str.split, expected)
        ]


def test_modules_that_import_each_other_or_themselves_come_to_an_end(project: Shop) -> None:
    """Whichever is read first."""
    project.write(
        {
            "shop/a.py": "from shop.b import *\nfrom shop.b import Left\n\n\nclass Right(Left):\n    pass\n",
            "shop/b.py": "from shop.a import *\nfrom shop.a import Right\nfrom shop.errors import Refused\n\n\n"
            "class Left(Refused):\n    pass\n\n\nclass Round(Round):\n    pass\n",
            "shop/cart.py": "from shop.a import Right, Round" + RAISED.format("Right") + RAISED.format("Round"),
        }
    )
    done = project.run("flext_lint", "check", "--select=FLX3", "--ignore=FLX304", "shop")
    assert [line.split(":")[1] for line in done.stdout.splitlines()] == ["4"]


def test_a_class_of_another_distribution_is_not_looked_for(project: Shop, tmp_path: Path) -> None:
    """Nor is a module that does not parse or cannot be read."""
    project.write(
        {
            "shop/broken.py": "def f(:\n",
            "shop/cart.py": "from requests import HTTPError\n"
            "from shop.broken import Bad\nfrom shop.nowhere import Worse"
            + "".join(map(RAISED.format, ("HTTPError", "Bad", "Worse"))),
        }
    )
    assert project.run("flext_lint", "check", "--select=FLX", "shop/cart.py").stdout == ""


def test_one_code_in_two_files(project: Shop) -> None:
    """Is told once, in the later file; a test's class, another library's and a text in code do not count."""
    head = "from flext_exceptions import FlextExceptions\n\n\n"
    project.write(
        {
            "shop/more.py": head + "class More(FlextExceptions.Error):\n    code: str = 'SHOP_0002'\n",
            "shop/other.py": head + "class Other(FlextExceptions.Error):\n    code = 'SHOP_0099'\n",
            "tests/test_more.py": head + "class Mine(FlextExceptions.Error):\n    code = 'SHOP_0099'\n",
            "a.py": "class Page:\n    code = 'SHOP_0099'\n\n\ndef f():\n    code = 'SHOP_0001'\n",
        }
    )
    for command in (("flext_lint", "check", "--no-cache"), ("flake8",)):
        done = project.run(*command, "--select=FLX307")
        (line,) = done.stdout.splitlines()
        expected = (
            "shop/more.py:4:1: FLX307 More has the code 'SHOP_0002' of Closed in shop/errors.py; give it one of its own"
        )
        assert line.removeprefix("./") == expected


def test_an_error_that_another_module_made_once(project: Shop) -> None:
    """Is told where a function raises it, by its name or through its module; its class is made anew each time."""
    text = "from shop import errors\nfrom shop.errors import BUSY, Refused\n\n\ndef f():\n    raise {}\n"
    for name in ("BUSY", "errors.BUSY"):
        project.write({"shop/cart.py": text.format(name)})
        assert "FLX111 Refused is made once, when its module is imported" in "".join(project.flake8("--select=FLX"))
    for name in ("Refused('no', field=1)", "errors.Refused('no', field=1)"):
        project.write({"shop/cart.py": text.format(name)})
        assert "FLX111" not in "".join(project.flake8("--select=FLX"))
