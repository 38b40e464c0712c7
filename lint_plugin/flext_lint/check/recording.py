"""Record today's findings as known: ``flext-lint baseline``."""

from __future__ import annotations

import configparser
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from flext_analysis.settings import checked_codes, read_table
from flext_exceptions import FlextExceptions
from flext_lint.baseline import Baseline, Entry, entry_of, path_in, read_baseline, told, write_baseline
from flext_lint.check.files import python_files
from flext_lint.check.linting import lines_of, lint_all
from flext_lint.check.places import Place, Places
from flext_lint.check.violation import PARSE_ERROR

__all__ = ["record"]

OWN = ("--select", "--extend-select", "--ignore")


def record(arguments: Sequence[str]) -> int:
    """Run the command; return its exit status."""
    if is_for_flake8(arguments):
        from flake8.main.cli import main as flake8

        return int(flake8([*arguments, "--format=flext-baseline", "--exit-zero"]))
    given: dict[str, list[str]] = {name: [] for name in OWN}
    paths: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name, sign, value = argument.partition("=")
        if name in given:
            given[name] += (value if sign else next(waiting, "")).split(",")
        else:
            paths.append(argument)
    chosen = {name[2:].replace("-", "_"): checked_codes(name, value) for name, value in given.items()}
    record_own(paths or ["."], Namespace(**chosen, no_cache=True, disable_noqa=False))
    return 0


def is_for_flake8(arguments: Sequence[str]) -> bool:
    """Return whether to ask flake8 for the findings: its own options or its configuration decide."""
    options = [one for one in arguments if one.startswith("-")]
    if any(one.partition("=")[0] not in OWN for one in options):
        return True
    for name in (".flake8", "setup.cfg", "tox.ini"):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(Path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError, configparser.Error):
            continue  # missing or broken, which the tools that use it report
        if parser.has_section("flake8"):
            return True
    return False


def record_own(paths: Sequence[str], options: Namespace) -> None:
    """Write the findings in some paths to the baselines of their projects, and report each."""
    places = Places(options)
    files = list(python_files(paths))
    found: dict[Path, dict[str, Counter[Entry]]] = {}
    named: dict[Path, bool] = {}
    for file in files:
        target = target_of(places.of(file))
        found.setdefault(target, {})
        named[target] = bool(places.of(file).settings.baseline)
    for file, members in lint_all(files, options, places, 1):
        place = places.of(file)
        target = target_of(place)
        path = path_in(target.parent, str(file))
        entries = found[target].setdefault(path, Counter())
        lines = lines_of(file.read_bytes()) if members else []
        for line, _, text in members:
            code = text.partition(" ")[0]
            if code == PARSE_ERROR:
                sys.stderr.write(f"flext: {file}:{line}: not recorded: {text}\n")
            elif place.selection.asks_for(code, str(file)):
                entries[entry_of(path, line, text, lines)] += 1
    for target, by_path in found.items():
        write(target, by_path, named[target])


def target_of(place: Place) -> Path:
    """Return the baseline file of a project.

    Findings of a project without its own settings go to the folder in which the command was started, since the settings
    that will name the file are expected there.
    """
    here = Path.cwd()
    has_settings = read_table(place.root / "pyproject.toml") is not None
    root = here if not has_settings and place.root.is_relative_to(here) else place.root
    return root / (place.settings.baseline or "flext-baseline.json")


def write(file: Path, by_path: dict[str, Counter[Entry]], named: bool) -> None:
    """Write a baseline; files that this run did not check keep their entries, if they exist."""
    before = read_baseline(file) if file.exists() else Baseline(file, {})
    entries: Counter[Entry] = Counter()
    for found in by_path.values():
        entries.update(found)
    for path, known in before.by_path.items():
        if path not in by_path and (file.parent / path).exists():
            entries.update(known)
    try:
        write_baseline(file, entries)
    except OSError as error:
        raise FlextExceptions.ConfigurationError(
            f"{error.filename}: cannot be written: {error.strerror}", config_file=str(file)
        ) from error
    sys.stdout.write(told(file, before, entries, named=named))
