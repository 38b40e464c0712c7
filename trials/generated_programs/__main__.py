"""Generate programs and run each before and after ``migrate``: both runs must print the same.

python -m trials.generated_programs [--examples N] [--seed N] [--without-observers] [--neutral] [--show N]
    [--needless N]

Exits 1 if a program prints something else. ``--without-observers`` disables the check that is tested here, and must
find a fault soon; ``--neutral`` adds the recipe ``observers``. Also counts the sites that were left although the
program prints the same with them migrated.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from trials.generated_programs.checking import Verdict, check
from trials.generated_programs.programs import Program, programs

BATCH = 400  # programs that are generated with one seed


def made(wanted: int, first: int) -> Iterator[Program]:
    """Yield the requested number of programs, all different."""
    seen: set[str] = set()
    number = first
    while len(seen) < wanted:
        batch: list[Program] = []
        make_batch(number, batch.append)
        number += 1
        for program in batch:
            text = program.text()
            if text not in seen and len(seen) < wanted:
                seen.add(text)
                yield program


def make_batch(number: int, take: Callable[[Program], None]) -> None:
    """Generate programs with one seed."""

    @seed(number)
    @settings(
        max_examples=BATCH,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(programs())
    def run(program: Program) -> None:
        take(program)

    run()


def main() -> int:
    """Try many programs; print what differs."""
    parser = argparse.ArgumentParser(prog="python -m trials.generated_programs", description="Tries made programs.")
    parser.add_argument("--examples", type=int, default=1000, help="how many programs are made")
    parser.add_argument("--seed", type=int, default=0, help="the first of the seeds that are used, one a batch")
    parser.add_argument("--without-observers", action="store_true", help="take out the check: a fault must be found")
    parser.add_argument("--neutral", action="store_true", help="add the recipe that makes observers neutral")
    parser.add_argument("--show", type=int, default=3, help="how many of the shortest faults are shown in full")
    parser.add_argument("--needless", type=int, default=0, help="how many needless refusals are shown in full")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # programs may leave coroutines that nobody awaits
    faults: list[tuple[int, Program, Verdict]] = []
    needless: list[tuple[Program, Verdict]] = []
    count: Counter[str] = Counter()
    started = time.process_time()
    with tempfile.TemporaryDirectory(prefix="generated-") as place:
        for number, program in enumerate(made(options.examples, options.seed * 1000), 1):
            folder = Path(place).resolve()
            verdict = check(program, folder, observers=not options.without_observers, neutral=options.neutral)
            count["migrated"] += verdict.migrated
            for left in verdict.left:
                count[f"left for {left.finding.reason}"] += 1
                count["left for nothing"] += left.needless
            if any(left.needless for left in verdict.left):
                needless.append((program, verdict))
            if not verdict.same:
                faults.append((number, program, verdict))
                print(f"program {number}:", *(" / ".join(story) for story in program.stories), sep="\n    ", flush=True)
    for number, program, verdict in sorted(faults, key=lambda each: len(each[1].text()))[: options.show]:
        print(f"=== program {number}\n{program.text()}\nbefore: {verdict.before}\nafter: {verdict.after}")
        print(*verdict.failures)
    for program, verdict in sorted(needless, key=lambda each: len(each[0].text()))[: options.needless]:
        print(f"=== left for nothing\n{program.text()}")
        print(*(f"{left.module}:{left.finding.line} {left.finding.skip}" for left in verdict.left if left.needless))
    print(f"{options.examples} programs, {len(faults)} print something else; sites:", end=" ")
    print(*(f"{number} {what}" for what, number in sorted(count.items())), sep=", ")
    print(f"{time.process_time() - started:.0f} CPU seconds")
    if faults:
        print(f"the first fault is program {faults[0][0]}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
