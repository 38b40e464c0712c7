"""Whatever a program does with its errors, it prints the same before and after ``migrate``."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from trials.generated_programs.calls import CALLS
from trials.generated_programs.checking import Verdict, check
from trials.generated_programs.handlers import HANDLERS, TYPED
from trials.generated_programs.observers import OBSERVERS
from trials.generated_programs.programs import IMPORTS, Program, programs, single
from trials.generated_programs.sites import SITES

# Sites that are left although their program prints the same: what decides about these is not seen.
LEFT_FOR_NOTHING = frozenset(
    [
        "table of parents",  # looks for the first of type(e).__mro__ that a table has
        "argument of another",  # ValueError("wrapped", err): shown as a tuple is, if anybody shows it
    ]
)
KINDS = ("name", "list in a variable", "isinstance of typed", "text")
FEW = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def judge(program: Program, folder: Path) -> Verdict:
    """Migrate a program, and hold it to printing the same."""
    verdict = check(program, folder)
    assert not verdict.failures
    assert verdict.after == verdict.before, program.text()
    return verdict


def is_left_for_nothing(verdict: Verdict) -> bool:
    """Say whether a site was left although the program prints the same with it migrated."""
    return any(left.needless for left in verdict.left)


@given(programs())
@FEW
def test_a_made_program_prints_the_same(tmp_path: Path, program: Program) -> None:
    """Raises, calls of every form and observers of every kind, in several modules."""
    judge(program, tmp_path)


def test_without_the_look_at_observers_a_made_program_soon_prints_something_else(tmp_path: Path) -> None:
    """The programs tell: what is tried is not tried in vain."""
    different: list[str] = []

    @settings(FEW, max_examples=200, phases=[Phase.generate])
    @given(programs())
    def run(program: Program) -> None:
        if not different and not check(program, tmp_path, observers=False).same:
            different.append(program.text())

    run()
    assert different


@pytest.mark.parametrize("look", OBSERVERS)
def test_what_is_asked_of_an_error_gets_the_same_answer(look: str, tmp_path: Path) -> None:
    """By the raise's being left, or since a stand-in gives it; and no site is left that need not be."""
    verdict = judge(single(look=look), tmp_path)
    assert is_left_for_nothing(verdict) == (look in LEFT_FOR_NOTHING)


@pytest.mark.parametrize("handler", HANDLERS)
def test_however_the_error_gets_to_who_looks(handler: str, tmp_path: Path) -> None:
    """Stored, handed on, returned, thrown elsewhere, in a group: by every kind of look."""
    for look in KINDS:
        verdict = judge(single(handler=handler, look=look), tmp_path)
        assert not is_left_for_nothing(verdict) or handler in LEFT_FOR_NOTHING, look


@pytest.mark.parametrize("handler", TYPED)
def test_a_typed_class_that_is_named_catches_what_it_caught(handler: str, tmp_path: Path) -> None:
    """Wherever a class can be named."""
    assert not is_left_for_nothing(judge(single(handler=handler), tmp_path))


@pytest.mark.parametrize("call", CALLS)
def test_through_a_call_of_any_form(call: str, tmp_path: Path) -> None:
    """The raise is left where its class is read, and migrated where its text is."""
    assert judge(single(call=call, look="class is"), tmp_path).migrated == 0
    assert judge(single(call=call, look="text"), tmp_path).migrated == 1


@pytest.mark.parametrize("site", SITES)
def test_wherever_the_error_begins(site: str, tmp_path: Path) -> None:
    """In any kind of function, raised in any way."""
    assert judge(single(site=site, look="class is"), tmp_path).migrated == 0
    assert judge(single(site=site, look="text"), tmp_path).migrated >= 1


@pytest.mark.parametrize("form", range(len(IMPORTS)), ids=[line for line, _ in IMPORTS])
def test_under_whatever_name_a_function_is_imported(form: int, tmp_path: Path) -> None:
    """Bound methods and functions alike."""
    for site in ("function", "method"):
        assert judge(single(site=site, look="class is", form=form), tmp_path).migrated == 0
        assert judge(single(site=site, look="text", form=form), tmp_path).migrated == 1


@pytest.mark.parametrize("look", ["name", "repr", "text of a list"])
def test_a_stand_in_of_the_same_name_is_no_other_to_who_shows_the_name(look: str, tmp_path: Path) -> None:
    """``KeyError`` is called that in the library too; ``__module__`` and ``__qualname__`` differ."""
    assert judge(single(look=look, builtin="KeyError"), tmp_path).migrated == 1
    for other in ("module", "qualified name", "text of the class", "format_exc"):
        assert judge(single(look=other, builtin="KeyError"), tmp_path).migrated == 0
