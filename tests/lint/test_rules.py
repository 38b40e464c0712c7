"""What every rule owes: an example that it flags, one that no rule flags, a page, a line in the changelog."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from flext_lint.module import Module
from flext_lint.project import Project
from flext_lint.rule import Rule, all_rules, example
from flext_lint.runner import check

ROOT = Path(__file__).parents[2]
RULES = list(all_rules().values())
IDS = [rule.code for rule in RULES]
IMPORT = "from flext_exceptions import FlextExceptions\n\n"


def codes_in(text: str, path: str) -> list[str]:
    """Return the codes that the rules report for a file with this path and text."""
    whole = IMPORT + text
    module = Module(ast.parse(whole), whole.splitlines(keepends=True), path, Project(Path("/srv/shop")))
    return [text.partition(" ")[0] for _, _, text in check(module)]


def path_of(rule: Rule) -> str:
    """Return where the example of a rule stands: the rules for tests look at tests only."""
    return "/srv/shop/tests/test_cart.py" if rule.code.startswith("FLX4") else "/srv/shop/cart.py"


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_the_bad_example_is_flagged_and_the_good_one_by_no_rule(rule: Rule) -> None:
    """Those of the pages."""
    assert rule.code in codes_in(example(rule.bad), path_of(rule))
    assert codes_in(example(rule.good), path_of(rule)) == []


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_code_name_and_file_belong_together(rule: Rule) -> None:
    """A rule is found by its code or its name."""
    file = rule.check.__code__.co_filename
    assert Path(file).stem == f"{rule.code.lower()}_{rule.name.replace('-', '_')}"
    assert (ast.get_docstring(ast.parse(Path(file).read_text())) or "").startswith(f"{rule.code}: ")


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_sentences_end_and_the_message_is_one_line(rule: Rule) -> None:
    """They stand on a page, and the message in a terminal."""
    for text in (rule.flags, rule.why, rule.fix, rule.silent):
        assert text.endswith((".", ".`"))
    assert "\n" not in rule.message and not rule.message.endswith(".")


def test_there_are_the_rules_of_the_table() -> None:
    """35, of which six are off."""
    assert len(RULES) == 35
    assert [rule.code for rule in RULES if not rule.on] == ["FLX107", "FLX110", "FLX206", "FLX207", "FLX212", "FLX306"]


def test_code_changelog_and_pages_name_the_same_rules() -> None:
    """No list to edit can fall behind."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert set(re.findall(r"FLX[1-9]\d\d", changelog)) == set(IDS)
    assert {path.stem for path in (ROOT / "docs" / "rules").glob("FLX*.md")} == set(IDS)


def test_the_hook_selects_the_rules_that_are_on() -> None:
    """By name, so that a project's own ``ignore`` and ``extend-select`` weigh as much."""
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    selected = hooks.partition("--select=")[2].partition("\n")[0].split(",")
    assert selected == ["E9", "FLX001", *(rule.code for rule in RULES if rule.on)]


def test_a_recipe_that_a_rule_names_is_there() -> None:
    """The page sends people to it."""
    from flext_codemods.recipes import all_recipes

    named = {rule.recipe for rule in RULES if rule.recipe}
    assert named <= set(all_recipes()) and named
