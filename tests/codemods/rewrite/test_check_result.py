"""The check before writing rejects every rewrite other than a rename of the class and its import."""

from __future__ import annotations

from typing import Any

import pytest

from flext_analysis.syntax.source import Unreadable, read_source
from flext_codemods.model.finding import Edit, Finding
from flext_codemods.recipes import all_recipes
from flext_codemods.rewrite.check_result import verify
from flext_codemods.rewrite.edits import Plan, apply_edits

TEXT = """import os


def f(x, err):
    if x:
        raise ValueError("no") from err
    return x


def g():
    return 1
"""


def line_of(text: str, edit: Edit) -> int:
    """Return the number of the line in which an edit starts."""
    return text[: edit.start].count("\n") + 1


def against(text: str, edits: list[Edit], raw: bytes = b"") -> str:
    """Return what the check has against edits: those that replace something raise Bad, or lead an import elsewhere."""
    source = read_source(raw or text.encode())
    recipe = "retarget" if text.startswith("from flext_core") else "raises"
    replacing = [edit for edit in edits if edit.end > edit.start]
    why = {edit: [Finding(recipe, line_of(source.text, edit), 1, *edit[:2], names=("Bad",))] for edit in replacing}
    return verify(
        source,
        apply_edits(source.text, edits),
        Plan([], edits, why, imports=frozenset(edits) - set(replacing)),
        all_recipes(),
    )[1]


def problem(*changes: tuple[str, str], text: str = TEXT) -> str:
    """Replace each first text by the second, as an edit, and return what the check has against the result."""
    edits = []
    for old, new in changes:
        start = text.index(old)
        edits.append(Edit(start, start + len(old), new))
    edits.sort()
    return against(text, edits)


RAISE = 'raise ValueError("no") from err'


def test_a_renamed_class_passes() -> None:
    """Also with the import that it needs, put in between."""
    assert problem((RAISE, 'raise Bad("no") from err')) == ""
    at = TEXT.index("\n\ndef f")
    added = Edit(at, at, "\nfrom shop import Bad\n")
    start = TEXT.index(RAISE)
    edits = [added, Edit(start, start + len(RAISE), 'raise Bad("no") from err')]
    assert against(TEXT, edits) == ""


@pytest.mark.parametrize(
    "new",
    [
        'raise Bad("yes") from err',
        'raise Bad("no", 1) from err',
        'raise Bad("no", field="x") from err',
        'raise Bad("no")',
        'raise Bad("no") from x',
        "raise Bad",
        'Bad("no")',
        'raise Bad("no") from err; x = 1',
    ],
)
def test_a_changed_argument_cause_or_statement_is_found(new: str) -> None:
    """The edited statement may differ from the old one in the class alone."""
    assert "line 6 changed more than intended" in problem((RAISE, new))


def test_text_that_does_not_compile_is_found() -> None:
    """By the parser, and by the compiler behind it."""
    assert "no longer valid: does not parse" in problem((RAISE, "raise Bad("))
    future = "import os\nfrom __future__ import annotations"
    assert "no longer compiles" in problem(("import os", future))


def test_a_statement_that_moves_goes_or_comes_beside_the_edits_is_found() -> None:
    """An edit that swallows its neighbour, or opens a block over it, is no edit of one statement."""
    assert "statement" in problem(("    return x\n", ""))
    assert "statement" in problem((RAISE, f"{RAISE}\n    if x:\n        pass\n    else:\n        pass"))
    assert "statement" in problem(("def g():\n", "if x:\n  def g():\n  "))


def test_a_split_import_keeps_every_name() -> None:
    """The names on both sides are the same, aliases included."""
    text = "from flext_core import FlextExceptions as FE, FlextResult\n"
    old = text.rstrip()
    good = "from flext_core import FlextResult\nfrom flext_exceptions import FlextExceptions as FE"
    assert problem((old, good), text=text) == ""
    assert "changed more" in problem((old, good.replace(" as FE", "")), text=text)
    assert "changed more" in problem((old, "from flext_exceptions import FlextExceptions as FE"), text=text)


def test_a_character_that_the_encoding_lacks_is_found() -> None:
    """What cannot be written in the file's own encoding is not written in another."""
    raw = "# -*- coding: latin-1 -*-\nraise ValueError('ü')\n".encode("latin-1")
    source = read_source(raw)
    start = source.text.index("ValueError")
    edits = [Edit(start, start + len("ValueError"), "Größe\U0001d6fc")]
    assert "codec can't encode" in against(source.text, edits, raw)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('"""Doc.\n\nend"""\nx = 1\n', 8),
        ("x = '''a\nb'''\n", 9),
        ("f(\n\n)\n", 3),
    ],
    ids=["docstring", "string", "brackets"],
)
def test_an_import_added_inside_a_statement_does_not_pass(text: str, at: int) -> None:
    """In a string it would leave every statement where it was."""
    edits = [Edit(at, at, "from shop import Bad\n")]
    assert against(text, edits)


def test_an_import_added_in_front_of_the_docstring_does_not_pass() -> None:
    """The docstring would be none any more."""
    text = '"""Doc."""\nx = 1\n'
    edits = [Edit(0, 0, "from shop import Bad\n")]
    assert "docstring" in against(text, edits)


def test_what_did_not_compile_before_is_no_failure_of_ours() -> None:
    """It is left, as a file that cannot be read is."""
    with pytest.raises(Unreadable, match="does not compile: 'break' outside loop"):
        problem(("raise ValueError", "raise Bad"), text="def f():\n    break\n    raise ValueError\n")


HANDLED = """def f(x):
    try:
        g(x)
    except KeyError:
        raise Bad("no")
    except OSError:
        raise
"""


def other(recipe: str, *changes: tuple[str, str], text: str = HANDLED, **facts: Any) -> str:
    """Return the check's objections to edits attributed to one recipe, each at the place of its text."""
    edits = sorted(Edit(text.index(old), text.index(old) + len(old), new) for old, new in changes)
    source = read_source(text.encode())
    finding = Finding(recipe, line_of(text, edits[-1]), 5, 0, 0, **facts)
    plan = Plan([finding], edits, {edit: [finding] for edit in edits})
    return verify(source, apply_edits(text, edits), plan, all_recipes())[1]


def test_a_cause_and_the_name_of_a_handler_may_be_added_and_nothing_else() -> None:
    """The recipe chain."""
    named = ("except KeyError:", "except KeyError as err:")
    assert other("chain", named, ('raise Bad("no")', 'raise Bad("no") from err'), adds="err") == ""
    for wrong in ('raise Bad("no") from x', 'raise Bad("yes") from err', 'raise Worse("no") from err'):
        assert "changed more" in other("chain", named, ('raise Bad("no")', wrong), adds="err"), wrong
    for wrong in ("except KeyError as x:", "except ValueError as err:", "except:"):
        assert other("chain", ("except KeyError:", wrong), ('raise Bad("no")', 'raise Bad("no") from err'), adds="err")


def test_the_keywords_that_are_said_may_be_added_and_nothing_else() -> None:
    """The recipe context."""
    old = 'raise Bad("no")'
    assert other("context", (old, 'raise Bad("no", context={"x": x})'), adds='context={"x": x}') == ""
    for wrong in (
        'raise Bad("no", context={"x": y})',
        'raise Bad("no", context={"x": x}, y=1)',
        'raise Bad("yes", context={"x": x})',
        'raise Worse("no", context={"x": x})',
        'raise Bad("no", {"x": x})',
    ):
        assert "changed more" in other("context", (old, wrong), adds='context={"x": x}'), wrong


def test_as_many_handlers_as_are_said_may_go_and_nothing_else() -> None:
    """The recipe handlers."""
    whole = HANDLED[HANDLED.index("try:") :].rstrip()
    kept = whole.replace("\n    except OSError:\n        raise", "")
    assert other("handlers", (whole, kept), adds="1") == ""
    assert "changed more" in other("handlers", (whole, kept), adds="2")
    assert "changed more" in other("handlers", (whole, kept.replace("g(x)", "g(y)")), adds="1")
    assert "changed more" in other("handlers", (whole, kept.replace("KeyError", "ValueError")), adds="1")
    assert "changed more" in other("handlers", (whole, "g(x)"), adds="1")
    assert other("handlers", (whole, "g(x)"), adds="2"), "one of them does something"


def test_what_is_left_of_a_try_without_handlers_is_its_body() -> None:
    """And its else, in their order."""
    text = "def f(x):\n    try:\n        g(x)\n        h()\n    except OSError:\n        raise\n"
    text += "    else:\n        i()\n"
    whole = text[text.index("try:") :].rstrip()
    assert other("handlers", (whole, "g(x)\n    h()\n    i()"), text=text, adds="1") == ""
    for wrong in ("g(x)\n    h()", "h()\n    g(x)\n    i()", "g(x)\n    h()\n    i(1)", "g(x)"):
        assert other("handlers", (whole, wrong), text=text, adds="1"), wrong


def test_an_expression_inside_a_statement_may_change_in_its_class_only() -> None:
    """The recipes injections, rebase and tests."""
    text = 'with expect(ValueError, match="no") as caught:\n    f(1)\n'
    names = ("flext_raises", "FlextExceptions.ValidationError")
    old = 'expect(ValueError, match="no")'
    assert (
        other("tests", (old, 'flext_raises(FlextExceptions.ValidationError, match="no")'), text=text, names=names) == ""
    )
    for wrong in (
        'flext_raises(FlextExceptions.ValidationError, match="yes")',
        'flext_raises(FlextExceptions.KeyError, match="no")',
        "flext_raises(FlextExceptions.ValidationError)",
        'flext_raises(FlextExceptions.ValidationError, match="no") as caught, x',
    ):
        assert other("tests", (old, wrong), text=text, names=names), wrong
    text = "class A(ValueError):\n    x = 1\n"
    assert other("rebase", ("ValueError", "FE.Bad"), text=text, names=("FE.Bad",)) == ""
    assert other("rebase", ("ValueError", "FE.Worse"), text=text, names=("FE.Bad",))
    assert other("rebase", ("ValueError", "FE.Bad, object"), text=text, names=("FE.Bad",))
