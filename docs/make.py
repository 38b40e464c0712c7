"""Make the pages that are views of tables in the code: ``python docs/make.py`` writes them anew."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from flext_codemods.raises.skip_reasons import REASONS
from flext_codemods.recipes import all_recipes
from flext_exceptions.catalogue import ROWS, TARGETS
from flext_lint.rule import Rule, all_rules, example

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
    return "\n".join(lines) + "\n"


def migrate_page() -> str:
    """Return the page of recipes and of the reasons why sites are left."""
    lines = ["# Recipes and reasons", "", "Made from the code by `python docs/make.py`.", "", "## Recipes", ""]
    lines += ["| recipe | safety | does | before | after |", "|---|---|---|---|---|"]
    for recipe in all_recipes().values():
        lines.append(f"| `{recipe.name}` | {recipe.safety} | {recipe.summary} | `{recipe.before}` | `{recipe.after}` |")
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


def rule_page(rule: Rule) -> str:
    """Return the page of one rule."""
    on = "On by default." if rule.on else f"Off by default; turn it on with `extend-select = {rule.code}`."
    mend = rule.mend
    if rule.recipe:
        unsafe = " --unsafe" if all_recipes()[rule.recipe].safety == "unsafe" else ""
        mend += f" The recipe `{rule.recipe}` of `python -m flext_codemods migrate{unsafe}` does it."
    lines = [
        f"# {rule.code} {rule.name}",
        "",
        on,
        "",
        f"**Flags**: {rule.flags}",
        "",
        f"**Silent**: {rule.silent}",
        "",
        f"**Why**: {rule.why}",
        "",
        "```python",
        f"{example(rule.bad)}```",
        "",
        f"**Mend**: {mend}",
        "",
        "```python",
        f"{example(rule.good)}```",
    ]
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
