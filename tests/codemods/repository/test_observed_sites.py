"""Observed sites move with the lines of a file while it is edited."""

from __future__ import annotations

from pathlib import Path

from flext_analysis.summaries.summarize import summarize
from flext_codemods.project.paths import Location
from flext_codemods.repository.observations import Observation, Observations, ObservedSite, line_mover
from flext_codemods.repository.observed_sites import Accept, observe
from flext_codemods.repository.targets import library_targets

TEXT = "a\nb\nc\nd\n"


def test_lines_below_an_edit_move_by_what_it_adds_and_those_above_stay() -> None:
    """One line in, two lines out; edits of one file move no other."""
    move = line_mover({"m.py": (TEXT, [(2, 2, "new\n"), (4, 8, "")])})
    assert [move("m.py", line) for line in (1, 2, 3)] == [1, 3, 2]
    assert [move("other.py", line) for line in (1, 4)] == [1, 4]


def test_an_edit_within_a_line_moves_nothing() -> None:
    """Another name in the place of the builtin's."""
    move = line_mover({"m.py": (TEXT, [(2, 3, "longer")])})
    assert [move("m.py", line) for line in (1, 2, 3, 4)] == [1, 2, 3, 4]


def test_sites_and_their_observers_move_each_with_its_own_file() -> None:
    """The site is in one file, its observer in another."""
    path, reader = str(Path("m.py")), str(Path("reader.py"))
    seen = Observation("name", Location(reader, 2), "reads the name of the class")
    before = Observations({path: (ObservedSite(3, 4, (seen,)),)}, {"ValueError": seen})
    after = before.moved(line_mover({path: (TEXT, [(0, 0, "x\ny\n")])}))
    assert after.at(path, 5, 4) == (seen,) and after.at(path, 3, 4) == ()
    assert after.handed_over == {"ValueError": seen}
    after = before.moved(line_mover({reader: (TEXT, [(0, 0, "x\n")])}))
    assert after.at(path, 3, 4)[0].location.line == 3
    assert after.handed_over["ValueError"].location.line == 3


IMPLICIT = """class Row:
    def __init__(self, n): self.n = n
    def __bool__(self):
        if self.n < 0:
            raise ValueError("no")
        return True
def first(n):
    try:
        return "yes" if Row(n) else "no"
    except ValueError as err:
        return type(err).__name__
def second(n):
    try:
        return "yes" if Row(n) else "no"
    except ValueError as err:
        return SECOND
"""


def whose_observers(second: str, *accepted: str) -> tuple[Observation, ...]:
    """Return the observers of the raise in ``__bool__``, of which no call can be seen."""
    path = Path("m.py")
    accept = Accept({Path(): accepted})
    text = IMPLICIT.replace("SECOND", second)
    return observe([(path, summarize(text.encode()))], [library_targets()], accept).at("m.py", 5, 12)


def test_every_observer_of_an_error_that_comes_from_anywhere_has_to_be_made_neutral() -> None:
    """One that cannot be is enough to leave the site."""
    both = whose_observers("repr(err)")
    assert {one.neutral for one in both} == {"type(err).__name__", "repr(err)"}
    mixed = whose_observers("getattr(err, 'code', 3)")
    assert "" in {one.neutral for one in mixed}


def test_an_accepted_observer_hides_no_other() -> None:
    """Whichever of them comes first."""
    assert {one.location.line for one in whose_observers("repr(err)", "m.py::first")} == {16}
    assert {one.location.line for one in whose_observers("repr(err)", "m.py::second")} == {11}
    assert whose_observers("repr(err)", "m.py::first", "m.py::second") == ()
