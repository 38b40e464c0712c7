"""The files of a project's own packages are found, each with its import name."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

from flext_pytest.packages import imported, modules_of


def made(folder: Path, *names: str) -> None:
    """Make empty files."""
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


def test_every_module_of_a_package_has_its_dotted_name(tmp_path: Path) -> None:
    """A package has its own name, namespaces need no ``__init__.py``, and other files do not count."""
    made(tmp_path, "shop/__init__.py", "shop/cart.py", "shop/web/__init__.py", "shop/web/api.py", "shop/data/x.py")
    made(tmp_path, "shop/readme.txt")
    found = modules_of({"shop": tmp_path / "shop"})
    assert {file.relative_to(tmp_path).as_posix(): name for file, name in found.items()} == {
        "shop/__init__.py": "shop",
        "shop/cart.py": "shop.cart",
        "shop/data/x.py": "shop.data.x",
        "shop/web/__init__.py": "shop.web",
        "shop/web/api.py": "shop.web.api",
    }


def test_a_module_and_a_package_within_another_have_the_names_that_were_given(tmp_path: Path) -> None:
    """The folder's own name does not matter."""
    made(tmp_path, "tool.py", "deep/down/one.py")
    found = modules_of({"tool": tmp_path / "tool.py", "a.b": tmp_path / "deep" / "down"})
    assert found == {tmp_path / "tool.py": "tool", tmp_path / "deep" / "down" / "one.py": "a.b.one"}


def test_test_code_and_hidden_folders_are_left_out(tmp_path: Path) -> None:
    """By the usual names below the package, and by the project's own; the package itself may have any name."""
    made(tmp_path, "shop/tests/a.py", "shop/test_b.py", "shop/conftest.py", "shop/.venv/c.py", "shop/checks/d.py")
    made(tmp_path, "testing/e.py")
    places = {"shop": tmp_path / "shop", "testing": tmp_path / "testing"}
    assert sorted(modules_of(places).values()) == ["shop.checks.d", "testing.e"]
    assert sorted(modules_of(places, "shop/checks/d.py".__eq__).values()) == ["testing.e"]


def test_where_an_imported_package_came_from() -> None:
    """Its folder, or its file; what was not imported, or has no file, is not there."""
    names = [json.__name__, textwrap.__name__, "this", "sys", "nix"]
    found = imported(names)
    assert {name: place.name for name, place in found.items()} == {"json": "json", "textwrap": "textwrap.py"}
