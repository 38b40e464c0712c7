"""``--flext-raise-mutants`` side by side with mutmut: python -m benchmarks.raise_mutants.

Runs each once on the migrated example, with two processes: CPU seconds per mutant, of all processes, minus those of an
ordinary run (Linux). Only mutmut's mutants that change a raise statement are compared. mutmut is installed into an
environment of its own.

Three tests that start processes are left out, since mutmut's settings print a warning in each of these processes.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.measure import run
from benchmarks.raise_coverage import migrated

PROJECT = Path(__file__).parents[1]
MUTMUT = "mutmut==3.8.1"
LEFT_OUT = (
    "tests/test_cli.py::test_stocktaking_as_a_command",
    "tests/test_inventory.py::test_stocktaking_in_processes",
    "tests/test_inventory.py::test_error_of_a_process_arrives_whole",
)
SETTINGS = """[mutmut]
source_paths=shop/
pytest_add_cli_args_test_selection=
    tests/
pytest_add_cli_args=
{}
also_copy=
    pyproject.toml
    README.md
"""
# Runs a command and prints the cost of all its descendants: mutants are forked twice, so pytest is not their parent.
REAPER = """
import ctypes, os, resource, subprocess, sys
PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
while True:
    try:
        os.wait()
    except ChildProcessError:
        break
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime)
sys.exit(status)
"""
KILLED = 1  # mutmut's exit code for a killed mutant
MARK = "__mutmut_"


class Found(NamedTuple):
    """A mutant of mutmut that changes a raise statement: its place, the new statement, the exit code."""

    file: str
    line: int
    text: str
    code: int | None


def raise_mutants(shop: Path) -> Iterator[Found]:
    """Yield mutmut's mutants of raise statements, read from the files that it leaves."""
    for meta in sorted(shop.glob("mutants/shop/*.meta")):
        codes = json.loads(meta.read_text())["exit_code_by_key"]
        tree = ast.parse(meta.with_suffix("").read_text())
        source = ast.parse((shop / "shop" / meta.with_suffix("").name).read_text())
        functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        lines = {
            raising(node)[at]: raised.lineno
            for node in ast.walk(source)
            if isinstance(node, ast.FunctionDef)
            for at, raised in enumerate(statements(node))
        }
        for key, code in codes.items():
            name = key.rpartition(".")[2]
            mutant, original = functions.get(name), functions.get(f"{name.partition(MARK)[0]}{MARK}orig")
            if mutant is None or original is None:
                continue
            before, after = raising(original), raising(mutant)
            changed = [at for at, text in enumerate(before) if at < len(after) and after[at] != text]
            if len(before) == len(after) and len(changed) == 1:
                line = lines.get(before[changed[0]], 0)
                yield Found(f"shop/{meta.with_suffix('').name}", line, after[changed[0]], code)


def statements(node: ast.AST) -> list[ast.Raise]:
    """Return the raise statements of a function, in the order of the source."""
    found = [inner for inner in ast.walk(node) if isinstance(inner, ast.Raise)]
    return sorted(found, key=lambda each: (each.lineno, each.col_offset))


def raising(node: ast.AST) -> list[str]:
    """Return the texts of the raise statements of a function."""
    return [ast.unparse(each) for each in statements(node)]


def cpu(folder: Path, *command: str | Path) -> float:
    """Run a command in a folder, without pytest plugins; return the CPU seconds of all its processes."""
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    reaped = [sys.executable, "-c", REAPER, *map(str, command)]
    done = subprocess.run(reaped, cwd=folder, env=alone, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout)


def run_mutmut(shop: Path, folder: Path) -> tuple[float, int]:
    """Run mutmut on the shop; return the CPU seconds and the number of its mutants."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    install = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*install, MUTMUT, "pytest")
    run(*install, "--no-deps", PROJECT)
    options = "\n".join(f"    --deselect={test}" for test in LEFT_OUT)
    (shop / "setup.cfg").write_text(SETTINGS.format(options))
    cost = cpu(shop, python.with_name("mutmut"), "run", "--max-children", "2")
    codes = [json.loads(meta.read_text())["exit_code_by_key"] for meta in shop.glob("mutants/shop/*.meta")]
    return cost, sum(map(len, codes))


def run_ours(shop: Path, file: Path) -> tuple[float, dict[str, object]]:
    """Run the raise mutants of the shop; return the CPU seconds minus those of an ordinary run, and the report."""
    left_out = [option for test in LEFT_OUT for option in ("--deselect", test)]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "flext_pytest.plugin", "-p", "no:cacheprovider", *left_out]
    ordinary = cpu(shop, *command)
    cost = cpu(shop, *command, f"--flext-raise-mutants=json:{file}") - ordinary
    document: dict[str, object] = json.loads(file.read_text())
    return cost, document


def compare(found: list[Found], ours: dict[str, object]) -> list[Found]:
    """Return mutmut's killed mutants of raise statements at whose site every mutant of ours survived."""
    killed = {(each["file"], each["line"]) for each in ours["results"] if each["status"] == "killed"}  # type: ignore[attr-defined]
    tried = {(each["file"], each["line"]) for each in ours["results"]}  # type: ignore[attr-defined]
    return [each for each in found if each.code == KILLED and (each.file, each.line) in tried - killed]


def main() -> int:
    """Measure and print both; return 1 if something that mutmut kills survives here."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        shop = folder / "legacy_shop"
        shutil.copytree(PROJECT / "examples" / "legacy_shop", shop, ignore=shutil.ignore_patterns("__pycache__"))
        migrated(Path(sys.executable), shop)
        cost, ours = run_ours(shop, folder / "ours.json")
        seconds, number = run_mutmut(shop, folder)
        return report(cost, ours, seconds, number, list(raise_mutants(shop)))


def report(cost: float, ours: dict[str, object], seconds: float, number: int, found: list[Found]) -> int:
    """Print the figures; return 1 if something that mutmut kills survives here."""
    mine, theirs = cost / int(str(ours["mutants"])), seconds / number
    lost = compare(found, ours)
    killed = sum(each.code == KILLED for each in found)
    print(f"--flext-raise-mutants: {ours['mutants']} mutants of {ours['sites']} raise sites, {ours['killed']} killed")
    print(f"  {cost:.1f} CPU s, {1000 * mine:.0f} ms for a mutant")
    print(f"{MUTMUT}: {number} mutants, {len(found)} of them of raise statements, {killed} of these killed")
    print(f"  {seconds:.1f} CPU s, {1000 * theirs:.0f} ms for a mutant, {theirs / mine:.1f} times as long")
    print(f"killed by mutmut at a site where every mutant of ours survives: {len(lost)}")
    for each in lost:
        print(f"  {each.file}:{each.line}: {each.text}")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
