"""The options of the plugin, from flake8's command line and configuration; they override those of ``[tool.flext]``."""

from __future__ import annotations

import configparser
import tomllib
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from flext_analysis.manifests import declares, project_around
from flext_analysis.settings import (
    Settings,
    checked_builtins,
    checked_paths,
    checked_targets,
    checked_texts,
    load_settings,
    read_table,
)
from flext_exceptions import FlextExceptions
from flext_lint.baseline import Baseline, read_baseline
from flext_lint.project import Project
from flext_lint.rule import all_rules

if TYPE_CHECKING:
    from flake8.options.manager import OptionManager

__all__ = ["PREFIX", "Run", "add_options", "baseline_file", "prepare"]

PREFIX = "FLX"
RECORDING = "flext-baseline"  # the name of the formatter that records, in pyproject.toml


class Run(NamedTuple):
    """What holds for every file of a run: whether the rules are active, the project, and the known findings."""

    speaks: bool
    project: Project
    baseline: Baseline | None = None


def add_options(manager: OptionManager) -> None:
    """Register the options, and the rules that are off unless they are selected."""
    lists: dict[str, Any] = {"comma_separated_list": True, "parse_from_config": True, "default": None}
    manager.add_option("--flext-base", metavar="CLASS", help="further classes that count as typed", **lists)
    manager.add_option("--flext-targets", metavar="BUILTIN=CLASS", help="classes to raise for builtins", **lists)
    manager.add_option("--flext-allow", metavar="BUILTIN", help="builtin exceptions that may be raised", **lists)
    manager.add_option("--flext-tests", metavar="GLOB", help="test code besides the usual names", **lists)
    manager.add_option(
        "--flext-baseline",
        metavar="FILE",
        help="report new findings only (python -m flext_lint baseline records the known ones)",
        parse_from_config=True,
        normalize_paths=True,
        default=None,
    )
    manager.extend_default_ignore([rule.code for rule in all_rules().values() if not rule.on])


def prepare(options: Namespace, folder: Path | None = None) -> Run:
    """Return what a run of flake8 needs, from its options and the project around the folder (the current one).

    Raises:
        FlextExceptions.ConfigurationError: one line that names the option or the key, and what is valid.
    """
    root = project_around(folder or Path.cwd())
    settings = with_options(load_settings(root), options)
    project = project_at(root, settings, keeps=True)
    recording = options.format == RECORDING
    file = None if recording else baseline_file(options, root, settings)
    known = read_baseline(file) if file is not None else None
    return Run(recording or speaks_in(root, options), project, known)


def project_at(root: Path, settings: Settings, *, keeps: bool) -> Project:
    """Return the project in a folder, with its globs and its pytest configuration."""
    return Project(
        root,
        settings,
        matcher("tests", settings.tests),
        isolates=isolates(root),
        keeps=keeps,
        matches_excluded=matcher("exclude", settings.exclude),
    )


def baseline_file(options: Namespace, root: Path | None = None, settings: Settings | None = None) -> Path | None:
    """Return the file of known findings: flake8's option, otherwise that of the settings; None for none."""
    if options.flext_baseline is not None:
        return Path(options.flext_baseline).absolute() if options.flext_baseline else None
    root = root or project_around(Path.cwd())
    named = (settings or load_settings(root)).baseline
    return root / named if named else None


def with_options(settings: Settings, options: Namespace) -> Settings:
    """Return the settings with those replaced that were given to flake8."""
    checks: Sequence[tuple[str, Callable[[str, Any], Any]]] = (
        ("base", checked_paths),
        ("targets", lambda where, pairs: checked_targets(where, targets_of(where, pairs))),
        ("allow", checked_builtins),
        ("tests", lambda where, globs: checked_texts(where, globs, "of globs such as checks/**")),
    )
    given: dict[str, Any] = {}
    for name, check in checks:
        value = getattr(options, f"flext_{name}")
        if value is not None:
            given[name] = check(f"--flext-{name}", value)
    return settings._replace(**given)


def targets_of(where: str, pairs: Sequence[str]) -> dict[str, str]:
    """Return ``BUILTIN=CLASS`` pairs as a table."""
    found: dict[str, str] = {}
    for pair in pairs:
        builtin, sign, path = (part.strip() for part in pair.partition("="))
        if not sign:
            raise FlextExceptions.ConfigurationError(
                f"{where}: {pair!r} is not a pair such as ValueError=shop.errors.BadInput", config_key=where
            )
        found[builtin] = path
    return found


def matcher(name: str, globs: Sequence[str]) -> Callable[[str], bool] | None:
    """Return a function that returns whether a path matches the globs of a setting, None if there are none."""
    if not globs:
        return None
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(globs).match_file
    except ValueError as error:
        option = "--flext-tests, or " if name == "tests" else ""
        raise FlextExceptions.ConfigurationError(
            f"{name}: {error} ({option}[tool.flext] {name})", config_key=name, why=error
        ) from error


def isolates(root: Path) -> bool:
    """Return whether the project's pytest configuration isolates the metrics of every test."""
    for name in ("pytest.toml", "pyproject.toml"):
        try:
            tool = tomllib.loads((root / name).read_text(encoding="utf-8"))
            for key in ("tool", "pytest", "ini_options") if name == "pyproject.toml" else ("pytest",):
                tool = tool.get(key, {})
            if str(tool.get("flext_isolate", "")).lower() in ("true", "1", "yes", "on"):
                return True
        except (OSError, ValueError, AttributeError):
            continue  # load_settings has reported what is wrong with a pyproject.toml; pytest reports the others
    for name, section in (("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string((root / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, configparser.Error):
            continue  # missing or broken, which pytest reports
        if parser.get(section, "flext_isolate", fallback="").lower() in ("true", "1", "yes", "on"):
            return True
    return False


def speaks_in(root: Path, options: Namespace) -> bool:
    """Return whether the rules are active: in a project that declares itself, or if they were selected by name."""
    selected = (*(options.select or ()), *(options.extend_select or ()))
    if any(code.startswith(PREFIX) for code in selected):
        return True
    return read_table(root / "pyproject.toml") is not None or declares(root)
