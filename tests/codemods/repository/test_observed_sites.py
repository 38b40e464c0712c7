"""What is observed moves with the lines of a file while it is edited."""

from __future__ import annotations

from pathlib import Path

from flext_codemods.project.paths import Location
from flext_codemods.repository.observed_sites import Observation, Observations, ObservedSite, line_mover

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
    """The site stands in one file, who reads it in another."""
    path, reader = str(Path("m.py")), str(Path("reader.py"))
    seen = Observation("name", Location(reader, 2), "reads the name of the class")
    before = Observations({path: (ObservedSite(3, 4, (seen,)),)}, {"ValueError": seen})
    after = before.moved(line_mover({path: (TEXT, [(0, 0, "x\ny\n")])}))
    assert after.at(path, 5, 4) == (seen,) and after.at(path, 3, 4) == ()
    assert after.handed_over == {"ValueError": seen}
    after = before.moved(line_mover({reader: (TEXT, [(0, 0, "x\n")])}))
    assert after.at(path, 3, 4)[0].location.line == 3
    assert after.handed_over["ValueError"].location.line == 3
