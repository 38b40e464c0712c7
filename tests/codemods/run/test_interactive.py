"""``--interactive`` in a real terminal: asks about each site, and writes only what was accepted."""

from __future__ import annotations

import sys
import warnings

import pexpect
import pytest

from tests.codemods.conftest import BEFORE, Repository

FIVE = "\n\n".join(f'def f{number}():\n    raise ValueError("no {number}")' for number in range(5)) + "\n"
PROMPT = r"rewrite this site\? \[y/n/a/q/\?\]"


class Terminal:
    """The command in a terminal of its own, and what it said so far."""

    def __init__(self, repository: Repository, *arguments: str) -> None:
        command = ["-m", "flext_codemods", "migrate", "--interactive", "--allow-no-vcs", *arguments]
        options = {"cwd": str(repository.root), "encoding": "utf-8", "timeout": 30, "dimensions": (50, 150)}
        with warnings.catch_warnings():
            # Python 3.12 and newer warn of a fork in a process with threads, which other tests may have left here.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.child = pexpect.spawn(sys.executable, command, **options)
        self.said = ""

    def answer(self, *answers: str) -> None:
        """Wait for a question for each answer, and give it."""
        for each in answers:
            self.child.expect(PROMPT)
            self.said += self.child.before
            self.child.sendline(each)

    def end(self) -> int:
        """Wait for the end; return the exit status."""
        self.child.expect(pexpect.EOF)
        self.said += self.child.before
        self.child.close()
        assert "Traceback" not in self.said
        return int(self.child.exitstatus)


@pytest.fixture
def five(repository: Repository) -> Repository:
    """A module with five sites, and another file with one."""
    repository.write({"mod.py": FIVE, "z.py": BEFORE})
    return repository


def migrated(repository: Repository) -> list[int]:
    """Return the numbers of the sites that were rewritten."""
    text = repository.read().decode()
    return [number for number in range(5) if f'ValidationError("no {number}")' in text]


def test_yes_and_no_are_for_one_site(five: Repository) -> None:
    """What was refused is left with a reason of its own."""
    terminal = Terminal(five)
    terminal.answer("y", "n", "y", "n", "n", "n")
    assert terminal.end() == 0
    assert migrated(five) == [0, 2]
    assert five.read("z.py") == BEFORE
    assert "mod.py:2:5: raises (1 of 6)" in terminal.said and "z.py:2:5: raises (6 of 6)" in terminal.said
    assert "left (declined)" in terminal.said and "rewrote 2 sites in 1 of 2 files" in terminal.said


def test_a_site_is_shown_as_the_diff_of_it_alone(five: Repository) -> None:
    """With its import, and with nothing of the others."""
    terminal = Terminal(five, "mod.py")
    terminal.answer("n")
    shown = terminal.said
    assert "+from flext_exceptions import FlextExceptions" in shown
    assert '-    raise ValueError("no 0")' in shown
    assert '+    raise FlextExceptions.ValidationError("no 0")' in shown
    assert '+    raise FlextExceptions.ValidationError("no 1")' not in shown
    terminal.answer("q")
    assert terminal.end() == 0


def test_all_takes_the_rest_without_asking(five: Repository) -> None:
    """Of the other files too."""
    terminal = Terminal(five)
    terminal.answer("n", "a")
    assert terminal.end() == 0
    assert migrated(five) == [1, 2, 3, 4]
    assert five.read("z.py") != BEFORE


def test_quit_half_way_writes_what_was_said_yes_to(five: Repository) -> None:
    """And asks no more."""
    terminal = Terminal(five)
    terminal.answer("y", "y", "q")
    assert terminal.end() == 0
    assert migrated(five) == [0, 1]
    assert five.read("z.py") == BEFORE
    assert "rewrote 2 sites" in terminal.said


def test_what_is_no_answer_is_asked_again(five: Repository) -> None:
    """With a line that lists the possible answers."""
    terminal = Terminal(five, "z.py")
    terminal.answer("what", "Y")
    assert terminal.end() == 0
    assert "n: leave it" in terminal.said
    assert five.read("z.py") != BEFORE


def test_ctrl_c_and_the_end_of_the_input_write_nothing(five: Repository) -> None:
    """Whatever was said yes to before."""
    for key in ("\x03", "\x04"):
        terminal = Terminal(five)
        terminal.answer("y")
        terminal.child.expect(PROMPT)
        terminal.child.send(key)
        assert terminal.end() == 130
        assert five.read() == FIVE.encode() and five.read("z.py") == BEFORE
        assert "interrupted" in terminal.said


def test_what_several_recipes_do_at_one_place_is_one_question(repository: Repository) -> None:
    """Half of it would not be a program that works."""
    repository.write({"mod.py": 'def f(x):\n    raise ValueError(f"no {x}")\n'})
    terminal = Terminal(repository, "--unsafe")
    terminal.answer("y")
    assert terminal.end() == 0
    assert "context, raises (1 of 1)" in terminal.said
    assert b'ValidationError(f"no {x}", context={"x": x})' in repository.read()


def test_nothing_to_do_asks_nothing(repository: Repository) -> None:
    """And says so."""
    repository.write({"mod.py": "x = 1\n"})
    terminal = Terminal(repository)
    assert terminal.end() == 0
    assert "rewrite this site" not in terminal.said


@pytest.mark.parametrize("other", ["--diff", "--check", "--format=json", "-"])
def test_it_does_not_go_with_what_writes_nothing(five: Repository, other: str) -> None:
    """One line, status 2."""
    ran = five.migrate("--interactive", other)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("flext-codemods: --interactive asks")
