"""``explain FILE:LINE`` shows what would happen at one site, and why."""

from __future__ import annotations

import pytest

from flext_codemods.raises.skip_reasons import REASONS
from tests.codemods.conftest import BEFORE, Repository

LEFT = 'def f():\n    raise OSError(1, "a")\n'


def test_a_site_that_is_rewritten_is_shown_as_a_diff(repository: Repository) -> None:
    """Twice: with the safe recipes, and with --unsafe, whose recipes may do more there. Nothing is written."""
    repository.write({"mod.py": 'def f(x):\n    raise ValueError(f"no {x}")\n'})
    ran = repository.command("explain", "mod.py:2")
    assert ran.status == 0
    safe, unsafe = ran.out.split("migrate --unsafe:")
    assert safe.startswith("migrate:\n  mod.py:2:5: raises (safe): raise the typed error")
    assert '+    raise FlextExceptions.ValidationError(f"no {x}")' in safe and "context" not in safe
    assert 'ValidationError(f"no {x}", context={"x": x})' in unsafe and "context (unsafe)" in unsafe
    assert unsafe.count("+    raise") == 1, "the diff of one place is shown once"
    assert repository.files() == ["mod.py"]


def test_a_site_that_is_left_has_its_reason_and_what_it_means(repository: Repository) -> None:
    """And what helps, where something does; once, since --unsafe makes no difference."""
    repository.write({"mod.py": LEFT, "tests/test_mod.py": BEFORE})
    out = repository.command("explain", "mod.py:2").out
    assert out.startswith("migrate and migrate --unsafe:\n") and out.count("left (arguments)") == 1
    assert "left (arguments): 2 positional arguments" in out
    assert f"that is: {REASONS['arguments'].explanation}" in out and "what helps" not in out
    out = repository.command("explain", "tests/test_mod.py:2").out
    assert "left (test-file)" in out and "what helps: --tests includes test code" in out


def test_any_line_of_a_statement_stands_for_it_and_other_lines_for_nothing(repository: Repository) -> None:
    """A raise over several lines."""
    repository.write({"mod.py": "def f(x):\n    raise ValueError(\n        x\n    )\n"})
    for line in (2, 3, 4):
        assert "raises (safe)" in repository.command("explain", f"mod.py:{line}").out
    assert "mod.py:1: no recipe applies here" in repository.command("explain", "mod.py:1").out


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("mod.py", "mod.py: write a place as FILE:LINE, such as shop/cart.py:21"),
        ("mod.py:x", "mod.py:x: write a place as FILE:LINE, such as shop/cart.py:21"),
        ("mod.py:0", "mod.py:0: write a place as FILE:LINE, such as shop/cart.py:21"),
        ("mod.py:9", "mod.py:9: the file has 3 lines"),
        ("gone.py:1", "gone.py: no such file or folder"),
        ("folder:1", "folder: is a folder"),
        ("broken.py:1", "broken.py: does not parse: "),
        ("mod.txt:1", "mod.txt: not a Python file"),
    ],
)
def test_a_place_that_is_none_is_one_line(repository: Repository, place: str, error: str) -> None:
    """Status 2, and nothing on standard output."""
    repository.write({"mod.py": LEFT, "folder/a.py": LEFT, "broken.py": "raise (\n", "mod.txt": "x"})
    ran = repository.command("explain", place)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"flext-codemods: {error}") and ran.err.count("\n") == 1
