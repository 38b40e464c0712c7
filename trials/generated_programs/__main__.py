"""Make programs and run each before and after ``migrate``: both must print the same.

python -m trials.generated_programs [--examples N] [--seed N] [--without-observers] [--show N] [--left FILE]

Exits 1 when a program prints something else. ``--without-observers`` takes out the check that is tried here, and must
find a fault soon. Also counts the sites that were left although the program prints the same with them migrated.
"""

from __future__ import annotations

import argparse
import collections
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from trials.generated_programs.checking import Verdict, check
from trials.generated_programs.programs import Program, programs


def main() -> int:
    """Try many programs; say what differs."""
    parser = argparse.ArgumentParser(prog="python -m trials.generated_programs", description="Tries made programs.")
    parser.add_argument("--examples", type=int, default=1000, help="how many programs are made")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without-observers", action="store_true", help="take out the check: a fault must be found")
    parser.add_argument("--show", type=int, default=3, help="how many of the shortest faults are shown in full")
    parser.add_argument("--needless", type=int, default=0, help="how many needless refusals are shown in full")
    options = parser.parse_args()
    faults: list[tuple[int, Program, Verdict]] = []
    needless: list[tuple[Program, Verdict]] = []
    count: collections.Counter[str] = collections.Counter()
    started = time.process_time()

    with tempfile.TemporaryDirectory(prefix="generated-") as place:
        folder = Path(place).resolve()

        @seed(options.seed)
        @settings(
            max_examples=options.examples,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(programs())
        def run(program: Program) -> None:
            count["programs"] += 1
            verdict = check(program, folder, observers=not options.without_observers)
            count["migrated"] += verdict.migrated
            for left in verdict.left:
                count[f"left: {left.finding.reason}"] += 1
                count["left for nothing"] += left.needless
            if any(left.needless for left in verdict.left):
                needless.append((program, verdict))
            if not verdict.same:
                faults.append((count["programs"], program, verdict))

        run()
    for number, program, verdict in faults[:200]:
        print(f"program {number}:", *(" / ".join(story) for story in program.stories), sep="\n    ")
        del verdict
    for number, program, verdict in sorted(faults, key=lambda each: len(each[1].text()))[: options.show]:
        print(f"=== program {number}\n{program.text()}\nbefore: {verdict.before}\nafter: {verdict.after}")
        print(*verdict.failures)
    for program, verdict in sorted(needless, key=lambda each: len(each[0].text()))[: options.needless]:
        print(f"=== left for nothing\n{program.text()}")
        print(*(f"{left.module}:{left.finding.line} {left.finding.skip}" for left in verdict.left if left.needless))
    print(f"{len(faults)} faults", dict(count), f"{time.process_time() - started:.0f} CPU seconds")
    if faults:
        print(f"the first fault is program {faults[0][0]}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
