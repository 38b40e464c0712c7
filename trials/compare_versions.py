"""The results of two versions of the tools on the same code: ``python -m trials.compare_versions OLD PATH...``.

OLD is a checkout of the other version, for example a git worktree. Findings of the linter and sites of ``migrate
--check`` are compared as sets, by path, line, column and text. Nothing is written to the paths, but use copies anyway:
the state of ``migrate`` is stored for their repositories.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parents[1]
FOLDERS = (".", "lint_plugin", "codemods", "pytest_plugin")


# Runs the plugin as flake8 does; flake8 itself would spend most of the time in its bundled plugins.
LINT = """
import ast, sys
from pathlib import Path
from flake8.options.manager import OptionManager
from flext_lint.plugin import Plugin
options = OptionManager(version="", plugin_versions="", parents=[], formatter_names=[])
options.add_option("--select", comma_separated_list=True, default=None)
options.add_option("--extend-select", default=None)
options.add_option("--format", default="default")
Plugin.add_options(options)
Plugin.parse_options(options.parse_args(["--select=FLX"]))
for file in (file for path in sys.argv[1:] for file in sorted(Path(path).rglob("*.py"))):
    try:
        text = file.read_bytes().decode("utf-8-sig")
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        continue
    for line, column, found, _ in Plugin(tree, str(file), text.splitlines(keepends=True)).run():
        print(f"{file}:{line}:{column} {found.split()[0]}")
"""


def output_of(tree: Path, arguments: list[str]) -> str:
    """Return the output of Python run on these arguments with the packages of a checkout."""
    paths = os.pathsep.join(str((tree / folder).resolve()) for folder in FOLDERS)
    environment = os.environ | {"PYTHONPATH": paths, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise click.ClickException(f"{tree}: ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return done.stdout


def findings(tree: Path, paths: list[str]) -> set[str]:
    """Return the linter's findings: ``path:line:column code``."""
    return set(output_of(tree, ["-c", LINT, *paths]).splitlines())


def sites(tree: Path, paths: list[str]) -> set[str]:
    """Return the sites of migrate: ``path:line:column``, with the edit or the skip reason."""
    found: set[str] = set()
    for path in paths:
        given = ["migrate", "--check", "--allow-no-vcs", "--no-cache", "--format", "json", path]
        report: dict[str, Any] = json.loads(output_of(tree, ["-m", "flext_codemods", *given]))
        for site in report["sites"]:
            said = site["target"].rpartition(".")[2] if site["status"] == "migrated" else f"left: {site['reason']}"
            found.add(f"{site['path']}:{site['line']}:{site['column']} {said}")
    return found


def difference(title: str, old: set[str], new: set[str]) -> list[str]:
    """Return the lines that compare two sets: the number of equal members, and the others grouped by text."""
    lines = [f"{title}: {len(old)} before, {len(new)} after, {len(old & new)} equal"]
    for sign, one in (("-", old - new), ("+", new - old)):
        said = Counter(entry.partition(" ")[2] for entry in one)
        lines += [f"  {sign} {number:5} {what}" for what, number in sorted(said.items())]
    return lines


@click.command()
@click.argument("old", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("paths", nargs=-1, required=True)
@click.option("--only", type=click.Choice(["lint", "migrate"]), help="Compare one of the two.")
@click.option("--differences", type=click.File("w"), help="Write each difference to this file, a line each.")
def main(old: Path, paths: tuple[str, ...], only: str | None, differences: Any) -> None:
    """Compare the tools of the checkout OLD with those here on PATHS."""
    for title, read in (("findings", findings), ("sites", sites)):
        if only not in (None, "lint" if read is findings else "migrate"):
            continue
        before, after = read(old, list(paths)), read(ROOT, list(paths))
        click.echo("\n".join(difference(title, before, after)))
        if differences:
            entries = [*((entry, "-") for entry in before - after), *((entry, "+") for entry in after - before)]
            differences.write("".join(f"{sign} {entry}\n" for entry, sign in sorted(entries)))


if __name__ == "__main__":
    main()
