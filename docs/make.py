"""Make the pages that are views of tables in the code: ``python docs/make.py`` writes them anew."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import cast

from flext_codemods.raises.skip_reasons import REASONS
from flext_codemods.recipes import all_recipes
from flext_exceptions.catalogue import ROWS, TARGETS
from flext_exceptions.settings import DEFAULTS
from flext_lint.check.pages import rule_page
from flext_lint.rule import all_rules

DOCS = Path(__file__).parent


def types_page() -> str:
    """Return the page of exception types, from the catalogue."""
    lines = [
        "# The types",
        "",
        "Made from the catalogue by `python docs/make.py`. *Replaces* names the builtin whose raises `migrate` turns",
        "into the type: the two are caught by the same handlers of builtins.",
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
    """Return the lines on what documents, reprs and log entries leave out, from the table that the library asks."""
    names = cast("tuple[str, ...]", DEFAULTS["redact_keys"])
    return [
        "",
        "## What is hidden",
        "",
        "The repr of an error, `to_dict()`, `to_problem()`, log entries, Sentry, OpenTelemetry and the messages of",
        'flext_pytest show `"[redacted]"` in place of a secret. The error itself keeps it: `error.context`,',
        "`error.args` and `str(error)` are what the program gave.",
        "",
        "- A value under the name of a secret, at any depth. `redact_keys` is the list of these names; configuring it",
        "  replaces it. A name counts in the plural, in camelCase, with a prefix, a suffix or digits (`db-passwords`,",
        "  `user[password]`, `AWS_SECRET_ACCESS_KEY`), and not where it only tells about a secret (`token_count`,",
        "  `has_password`, `author`). Names of up to four letters count at the end of a name only.",
        '- A value beside the name of a secret: `field="password", value=...`, `{"loc": ["password"], "input": ...}`,',
        '  `("Authorization", "Bearer ...")`, `["--password", "..."]`.',
        "- A secret within a text: logins in URLs, `password=...`, headers, options of commands, JSON, Bearer and",
        "  Basic credentials, JSON Web Tokens, private keys.",
        "",
        f"The names: {', '.join(f'`{name}`' for name in sorted(names))}.",
        "",
        "`vars(error)` shows what the program set as attributes, as of a builtin, and neither the context nor what was",
        "given by name: encoders publish it.",
    ]


def migrate_page() -> str:
    """Return the page of recipes and of the reasons why sites are left."""
    lines = ["# Recipes and reasons", "", "Made from the code by `python docs/make.py`.", "", "## Recipes", ""]
    lines += ["| recipe | safety | does | before | after |", "|---|---|---|---|---|"]
    for recipe in all_recipes().values():
        safety = recipe.safety if recipe.by_default else f"{recipe.safety}, off"
        lines.append(f"| `{recipe.name}` | {safety} | {recipe.summary} | `{recipe.before}` | `{recipe.after}` |")
    lines += ["", "## Why a site is left", "", "Those marked do not count in the share migrated.", ""]
    lines += ["| reason | meaning | not counted |", "|---|---|---|"]
    for reason in REASONS.values():
        lines.append(f"| `{reason.code}` | {reason.explanation} | {'' if reason.counts else 'x'} |")
    return "\n".join(lines) + "\n"


def rules_page() -> str:
    """Return the table of rules."""
    lines = [
        "# The rules",
        "",
        "Made from the rules by `python docs/make.py`. One that is off is turned on by name: `extend-select = FLX107`.",
        "",
        "| code | name | on | flags |",
        "|---|---|---|---|",
    ]
    for rule in all_rules().values():
        link = f"[{rule.code}]({rule.code}.md)"
        lines.append(f"| {link} | {rule.name} | {'on' if rule.on else 'off'} | {rule.flags} |")
    return "\n".join(lines) + "\n"


PAGES = {"types.md": types_page, "migrate.md": migrate_page, "rules/README.md": rules_page} | {
    f"rules/{rule.code}.md": partial(rule_page, rule) for rule in all_rules().values()
}


def main() -> int:
    """Write every page."""
    (DOCS / "rules").mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
