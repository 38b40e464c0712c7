"""Kill runs at random moments: every file is whole, old or new; resume ends the run, undo restores every byte.

python -m tests.codemods.storage.kill_runs [--rounds N] [--files N] [--seed N] [--folder EMPTY]
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from flext_codemods.storage.journal import BEGUN, last_state
from flext_codemods.storage.state_dir import state_folder
from tests.codemods.storage.kill_files import Files, make_files

__all__ = ["Kills", "Tally", "main"]

COMMAND = (sys.executable, "-m", "flext_codemods")
# Where in a run it is killed, and how often of a hundred: most often while files are written.
PLACES = {"start": 12, "journal": 10, "file": 55, "linked": 13, "any": 10}
KEPT = {".gitignore", "lock", "clean.json"}  # what a run that has ended leaves in its folder, once it is undone
CACHES = {"summaries.sqlite", "summaries.sqlite-wal", "summaries.sqlite-shm"}


class Moment(NamedTuple):
    """When to kill a run: where in it, how far through that (0 to 1), and so many seconds later."""

    place: str
    share: float
    later: float

    @classmethod
    def drawn(cls, random: Random) -> Moment:
        """Draw a moment."""
        (place,) = random.choices(list(PLACES), list(PLACES.values()))
        return cls(place, random.random(), random.random() * (0.002 if place == "linked" else 0.004))


class Tally:
    """What came of the kills: how far runs had come, what they left, which further commands were killed."""

    def __init__(self) -> None:
        self.phases: Counter[str] = Counter()
        self.further: Counter[str] = Counter()
        self.written: list[int] = []
        self.strays = 0
        self.torn = 0

    def __str__(self) -> str:
        phases = ", ".join(f"{self.phases[name]} {name} writing" for name in ("before", "during", "after"))
        further = ", ".join(f"{number} {name}" for name, number in sorted(self.further.items()) if number)
        middle = sorted(self.written)[len(self.written) // 2] if self.written else 0
        return (
            f"kills: {phases} (files written by then: {min(self.written, default=0)} to "
            f"{max(self.written, default=0)}, median {middle})\n"
            f"killed again: {further or 'none'}\n"
            f"left by kills: {self.strays} temporary files, {self.torn} half-written files of several names"
        )


class Kills:
    """A repository, and what is known of it before any kill: its files old, its files new, how long a run takes."""

    def __init__(self, root: Path, count: int) -> None:
        self.root = root
        self.tally = Tally()
        make_files(root, count)
        self.old = Files.of(root)
        began = time.perf_counter()
        status, self.until_writing = self.run_and_watch()
        self.takes = time.perf_counter() - began
        assert status == 0
        self.new = Files.of(root)
        assert all(self.new.contents[name] != text for name, text in self.old.contents.items())
        assert self.new.shapes == self.old.shapes
        self.names = sorted(self.old.contents)
        self.linked = [name for name in self.names if self.old.is_linked(name)]
        self.ends("undo", "put")
        self.is_all(self.old)

    # -- commands -----------------------------------------------------------------------------------------------------

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a command, in a process group of its own."""
        return subprocess.Popen(
            [*COMMAND, *command], cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )

    def run(self, *command: str) -> tuple[int, str]:
        """Run a command to its end; return its status and what it says."""
        with self.start(*command) as process:
            out, err = process.communicate()
        return process.returncode, (out + err).decode()

    def run_and_watch(self) -> tuple[int, float]:
        """Run a migration to its end; return its status, and after how long its journal was there."""
        began = time.perf_counter()
        with self.start("migrate") as process:
            wait(process, lambda: (state_folder(self.root) / "journal").exists())
            until = time.perf_counter() - began
            process.communicate()
        return process.returncode, until

    def ends(self, command: str, says: str) -> None:
        """Run a command that must end well, and say this."""
        status, told = self.run(command)
        assert status == 0 and says in told, (command, status, told)

    def kill(self, moment: Moment, *command: str) -> bool:
        """Start a command and kill it, with all that it has started, at a moment; say whether it was still at work."""
        before = self.stamp(self.target(moment))
        began = time.perf_counter()
        with self.start(*command) as process:
            wait(process, lambda: self.has_come(moment, time.perf_counter() - began, before))
            time.sleep(moment.later)
            in_time = process.poll() is None
            if in_time:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        return in_time

    # -- moments ------------------------------------------------------------------------------------------------------

    def target(self, moment: Moment) -> Path:
        """Return the file whose turn is waited for."""
        names = self.linked if moment.place == "linked" and self.linked else self.names
        return self.root / names[int(moment.share * len(names))]

    def stamp(self, path: Path) -> tuple[int, int]:
        """Return what changes with every writing of a file."""
        state = path.stat()
        return state.st_ino, state.st_mtime_ns

    def has_come(self, moment: Moment, passed: float, before: tuple[int, int]) -> bool:
        """Say whether a moment has come, so many seconds after the start."""
        if moment.place == "start":
            return passed >= moment.share * self.until_writing
        if moment.place == "any":
            return passed >= moment.share * self.takes
        if moment.place == "journal":
            return any((state_folder(self.root) / name).exists() for name in ("journal.tmp", "journal"))
        return self.stamp(self.target(moment)) != before

    # -- what must hold -----------------------------------------------------------------------------------------------

    def is_whole(self) -> Files:
        """See that each file is old or new, of its shape, with at most one temporary file beside them."""
        now = Files.of(self.root)
        torn = now.torn(self.old, self.new)
        assert now.shapes == self.old.shapes
        assert len(now.strays) <= 1 and all(Path(name).match(".flext-*.tmp") for name in now.strays), now.strays
        assert all(self.old.is_linked(name) for name in torn), torn
        self.tally.torn += bool(torn)
        self.tally.strays += len(now.strays)
        return now

    def is_all(self, expected: Files) -> None:
        """See that every file has these bytes and its shape, and that nothing strays."""
        now = Files.of(self.root)
        differ = [name for name, text in expected.contents.items() if now.contents.get(name) != text]
        assert not differ, differ[:5]
        assert now == expected

    def is_refused(self) -> None:
        """See that nothing is migrated before what was cut off is ended."""
        before = Files.of(self.root)
        status, told = self.run("migrate")
        assert status == 2 and told.count("\n") == 1 and "cut off" in told, (status, told)
        assert Files.of(self.root) == before

    # -- rounds -------------------------------------------------------------------------------------------------------

    def round(self, random: Random) -> str:
        """Kill one run, see that all is whole, end it one way or another, and undo it; return how far it had come."""
        self.kill(Moment.drawn(random), "migrate", "--jobs", random.choice("12"))
        now = self.is_whole()
        state = last_state(self.root)
        phase = "before" if state is None else "during" if state == BEGUN else "after"
        self.tally.phases[phase] += 1
        if phase == "before":
            self.is_all(self.old)
        if phase == "during":
            self.tally.written.append(sum(text == self.new.contents[name] for name, text in now.contents.items()))
            if random.random() < 0.3:
                self.is_refused()
        self.end(random, phase)
        return phase

    def end(self, random: Random, phase: str) -> None:
        """Resume and undo, or undo alone, killed once more now and then."""
        command = random.choice(["resume", "undo"])
        if phase == "during" and random.random() < 0.4:
            self.tally.further[command] += self.kill(Moment.drawn(random), command)
            self.is_whole()
        elif command == "resume":
            self.ends("resume", "finished" if phase == "during" else "nothing to resume")
            self.is_all(self.old if phase == "before" else self.new)
        if command == "resume" and random.random() < 0.5:
            self.ends("resume", "")
            self.is_all(self.old if phase == "before" else self.new)
        self.ends("undo", "")
        self.is_all(self.old)
        self.ends("undo", "nothing to undo")
        left = {path.name for path in state_folder(self.root).iterdir()}
        assert left <= KEPT | {"advised", "holder", "journal.tmp"} | CACHES, left


def wait(process: subprocess.Popen[bytes], until: Callable[[], bool]) -> None:
    """Wait until something is so, or the process has ended."""
    while not until() and process.poll() is None:
        time.sleep(0.0002)


def main(argv: list[str]) -> int:
    """Kill runs; return 1 where something did not hold, with the folder kept as it was then."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="work in this empty folder, which stays")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        kills = Kills(options.folder or Path(folder), options.files)
        print(f"a run over {len(kills.names)} files: {kills.takes:.1f} s, writing from {kills.until_writing:.1f} s on")
        for number in range(options.rounds):
            phase = kills.round(Random(f"{options.seed} {number}"))
            print(f"round {number}: killed {phase} writing", flush=True)
        print(f"{options.rounds} rounds, seed {options.seed}; after each every byte was restored")
        print(kills.tally)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
