"""Make the pages that are views of tables in the code: ``python docs/make.py`` writes them."""

from __future__ import annotations

import argparse
import runpy
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import cast
from unittest.mock import Mock

import click
from flake8.options.manager import OptionManager

from flext_analysis.settings import Settings
from flext_codemods.cli import commands as codemods_commands
from flext_codemods.raises.skip_reasons import REASONS
from flext_codemods.recipes import all_recipes
from flext_exceptions.catalogue import ROWS, TARGETS
from flext_exceptions.configuration import _VALID as KEYS
from flext_exceptions.configuration import for_environment
from flext_exceptions.settings import DEFAULTS
from flext_lint.check.pages import rule_page
from flext_lint.cli import commands as lint_commands
from flext_lint.options import add_options
from flext_lint.rule import all_rules
from flext_pytest.plugin import pytest_addoption

DOCS = Path(__file__).parent


def types_page() -> str:
    """Return the page of exception types, from the catalogue."""
    lines = [
        "# The types",
        "",
        "Generated from the catalogue by `python docs/make.py`. *Replaces* names the builtin whose raises `migrate`",
        "turns into this type: handlers of builtins catch both alike.",
        "",
        "| type | base | replaces | code | keywords | HTTP | gRPC | severity | retryable |",
        "|---|---|---|---|---|---:|---|---|---|",
    ]
    for row in ROWS:
        replaced = row.builtin.__name__ if TARGETS.get(row.builtin.__name__) == row else ""
        cells = (
            f"`{row.name}`",
            f"`{row.builtin.__name__}`",
            f"`{replaced}`" if replaced else "",
            f"`{row.code}`",
            ", ".join(f"`{keyword}`" for keyword in row.keywords),
            str(row.http_status),
            row.grpc_status,
            row.severity,
            "yes" if row.retryable else "",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, *hidden_values()]) + "\n"


def hidden_values() -> list[str]:
    """Return the lines on what documents, reprs and log entries leave out, from the table that the library uses."""
    names = cast("tuple[str, ...]", DEFAULTS["redact_keys"])
    return [
        "",
        "## What is hidden",
        "",
        "The repr of an error, `to_dict()`, `to_problem()`, log entries, Sentry, OpenTelemetry and the messages of",
        'flext_pytest show `"[redacted]"` in place of a secret. The error itself keeps it: `error.context`,',
        "`error.args` and `str(error)` are what the program gave.",
        "",
        "- A value whose key is the name of a secret, at any depth. `redact_keys` lists these names, and you can",
        "  replace them. Plurals, camelCase, prefixes, suffixes and digits are recognised (`db-passwords`,",
        "  `user[password]`, `AWS_SECRET_ACCESS_KEY`). Names that only describe a secret are not (`token_count`,",
        "  `has_password`, `author`). Names of up to four letters only match at the end of a name.",
        '- A value next to the name of a secret: `field="password", value=...`, `{"loc": ["password"], "input": ...}`,',
        '  `("Authorization", "Bearer ...")`, `["--password", "..."]`.',
        "- A secret within a text: logins in URLs, `password=...`, headers, command-line options, JSON, Bearer and",
        "  Basic credentials, XML elements, JSON Web Tokens, private keys, tokens with a provider's prefix, and",
        "  a rejected secret that pydantic quotes. This includes the texts that a program logs.",
        "",
        f"The names: {', '.join(f'`{name}`' for name in sorted(names))}.",
        "",
        "`vars(error)` contains the attributes that the program set, as for a builtin, but neither the context nor the",
        "keywords, since some encoders publish it.",
    ]


def migrate_page() -> str:
    """Return the page of recipes and of the reasons why sites are left."""
    lines = ["# Recipes and reasons", "", "Generated from the code by `python docs/make.py`.", "", "## Recipes", ""]
    lines += ["| recipe | safety | does | before | after |", "|---|---|---|---|---|"]
    for recipe in all_recipes().values():
        safety = recipe.safety if recipe.by_default else f"{recipe.safety}, off"
        lines.append(f"| `{recipe.name}` | {safety} | {recipe.summary} | `{recipe.before}` | `{recipe.after}` |")
    lines += ["", "## Why a site is left", "", "Sites with a reason marked x do not count in the share migrated.", ""]
    lines += ["| reason | meaning | not counted |", "|---|---|---|"]
    for reason in REASONS.values():
        lines.append(f"| `{reason.code}` | {reason.explanation} | {'' if reason.counts else 'x'} |")
    return "\n".join(lines) + "\n"


def rules_page() -> str:
    """Return the table of rules."""
    lines = [
        "# The rules",
        "",
        "Generated from the rules by `python docs/make.py`. Turn on a rule that is off with `extend-select = FLX107`.",
        "",
        "| code | name | on | flags |",
        "|---|---|---|---|",
    ]
    for rule in all_rules().values():
        link = f"[{rule.code}]({rule.code}.md)"
        lines.append(f"| {link} | {rule.name} | {'on' if rule.on else 'off'} | {rule.flags} |")
    return "\n".join(lines) + "\n"


# Each key of [tool.flext]: who reads it, what it means, an example.
SETTINGS: dict[str, tuple[str, str, str]] = {
    "targets": ("all", "the class to raise for a builtin; it counts as typed", '{ValueError = "shop.errors.BadInput"}'),
    "tests": ("all", "globs of test code besides the usual names", '["checks/**"]'),
    "exclude": ("all", "globs of files to skip", '["generated/**"]'),
    "allow": ("migrate, linter", "builtins that may be raised", '["KeyError"]'),
    "base": (
        "linter, audit, pytest",
        "classes that count as typed, with their subclasses",
        '["legacy.errors.Refused"]',
    ),
    "include": (
        "migrate",
        "globs of files to migrate that would be left as standalone",
        '["bin/*.py"]',
    ),
    "accept": ("migrate", "functions that may see another class name", '["api.py::fail"]'),
    "select": ("linter", "the rules to report, instead of those that are on by default", '["FLX1"]'),
    "extend-select": ("linter", "rules to report in addition", '["FLX107"]'),
    "ignore": ("linter", "rules not to report", '["FLX202"]'),
    "per-file-ignores": ("linter", "rules not to report in some files", '{"scripts/*" = ["FLX2"]}'),
    "baseline": ("linter", "the file of known findings", '"flext-baseline.json"'),
    "entry-points": ("audit", "decorators that turn a function into an entry point", '["shop.bus.subscriber"]'),
    "raises": ("audit", "what functions outside the project raise", '{"httpx.get" = ["httpx.ConnectError"]}'),
}
# Each key of the runtime's configuration: what it means.
RUNTIME: dict[str, str] = {
    "environment": "sets all other keys to those of an environment",
    "log_level": "level of the library's loggers",
    "validation_level": "what misuse of the library does; strict: raise; normal: warn; loose, disabled: nothing",
    "enable_metrics": "whether errors are counted",
    "enable_stack_traces": "whether documents and logs contain stack traces",
    "max_error_details": "how many characters of a value a document shows",
    "error_correlation_enabled": "whether errors get the bound correlation id, or a new one",
    "str_format": "the format of `str(error)`",
    "traceback_details": "whether tracebacks end with code, context and id",
    "redact_keys": "names whose values are hidden, see [what is hidden](types.md#what-is-hidden)",
}
ENVIRONMENTS = ("development", "local", "test", "staging", "production")


def cell(text: object) -> str:
    """Return a text as the cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(*heads: str) -> list[str]:
    """Return the first two lines of a table."""
    return ["", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]


def settings_page() -> str:
    """Return the page of every setting."""
    lines = ["# Settings and environments", "", "Generated from the code by `python docs/make.py`.", ""]
    lines += ["## `[tool.flext]` in pyproject.toml", ""]
    lines += [
        "The nearest pyproject.toml above a file that has such a table applies to it. An unknown key or a wrong value"
    ]
    lines += ["ends the run with one line that names it. Globs are relative to the folder of the pyproject.toml."]
    lines += table("key", "read by", "meaning", "example")
    for name in Settings._fields:
        key = name.replace("_", "-")
        readers, meaning, example = SETTINGS[key]
        lines.append(f"| `{key}` | {readers} | {meaning} | `{key} = {example}` |")
    lines += ["", "## flake8", "", "In flake8's configuration, leave out the leading dashes and use underscores."]
    lines += table("option", "meaning")
    manager = OptionManager(version="", plugin_versions="", parents=[], formatter_names=[])
    add_options(manager)
    for option in manager.options:
        lines.append(f"| `{option.long_option_name}` | {cell(option.option_kwargs['help'])} |")
    lines += ["", "## pytest", "", "Settings go into `[tool.pytest.ini_options]`, options on the command line."]
    lines += table("setting or option", "meaning")
    lines += [f"| `{cell(name)}` | {cell(text)} |" for name, text in pytest_options()]
    lines += ["", "## At run time", ""]
    lines += [
        '`FlextExceptions.configure_error_handling({"environment": "production"})` changes these for the process.'
    ]
    lines += table("key", "meaning", "valid", "default")
    for key, (_, valid) in KEYS.items():
        default = "see there" if key == "redact_keys" else f"`{DEFAULTS[key]}`"
        lines.append(f"| `{key}` | {RUNTIME[key]} | {cell(valid)} | {default} |")
    lines += ["", "## Environments", ""]
    lines += [
        "`patterns.environment` reads the variable `ENVIRONMENT` and applies one of these. Keys that an environment"
    ]
    lines += ["does not name stay unchanged."]
    lines += table("key", *(f"`{name}`" for name in ENVIRONMENTS))
    rows = [for_environment(name).unwrap() for name in ENVIRONMENTS]
    lines += [f"| `{key}` | {' | '.join(str(row[key]) for row in rows)} |" for key in rows[0] if key != "environment"]
    return "\n".join(lines) + "\n"


def pytest_options() -> Iterator[tuple[str, str]]:
    """Yield name and help of each setting and option of the pytest plugin."""
    parser = Mock()
    pytest_addoption(parser)
    for (name, text), _ in parser.addini.call_args_list:
        yield name, text
    for (name,), rest in parser.getgroup.return_value.addoption.call_args_list:
        if rest["help"] != argparse.SUPPRESS:
            yield f"{name} {rest.get('metavar', '')}".strip(), rest["help"]


def option_row(option: click.Option) -> Iterator[str]:
    """Yield the row of an option in a table, in words that do not change with the version of click."""
    if option.help and option.name != "version":
        values = "|".join(map(str, option.type.choices)) if isinstance(option.type, click.Choice) else "N"
        value = "" if option.is_flag else f" {option.metavar or values}"
        yield f"| `{cell(', '.join(reversed(option.opts)) + value)}` | {cell(option.help)} |"


def commands_page() -> str:
    """Return the page of every command and option."""
    lines = ["# Commands", "", "Generated from the code by `python docs/make.py`. `-h` prints the same."]
    programs = {"flext-codemods": codemods_commands, "flext-lint": lint_commands}
    for program, group in programs.items():
        for name, command in cast("Mapping[str, click.Command]", group.commands).items():
            lines += ["", f"## {program} {name}", ""]
            lines += ["\n".join(line.strip() for line in (command.help or "").strip().splitlines())]
            rows = [row for each in command.params if isinstance(each, click.Option) for row in option_row(each)]
            lines += table("option", "meaning") + rows if rows else []
    return "\n".join(lines) + "\n"


PAGES = {
    "types.md": types_page,
    "migrate.md": migrate_page,
    "rules/README.md": rules_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
} | {f"rules/{rule.code}.md": partial(rule_page, rule) for rule in all_rules().values()}

PAGES |= runpy.run_path(str(DOCS / "folders.py"))["PAGES"]


def main() -> int:
    """Write every page."""
    for folder in ("rules", "img"):
        (DOCS / folder).mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
