"""The page of a rule, in Markdown, for ``flext-lint rule`` and ``docs/rules``."""

from __future__ import annotations

from flext_lint.rule import Rule, example

__all__ = ["rule_page"]


def rule_page(rule: Rule) -> str:
    """Return the page of one rule."""
    on = "On by default." if rule.on else f"Off by default; turn it on with `extend-select = {rule.code}`."
    fix = rule.fix
    if rule.recipe:
        unsafe = " --unsafe" if rule.unsafe else ""
        fix += f" The recipe `{rule.recipe}` of `python -m flext_codemods migrate{unsafe}` does it,"
        fix += f" and so does `flext-lint check --fix{' --unsafe-fixes' if rule.unsafe else ''}`."
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
        f"**Fix**: {fix}",
        "",
        "```python",
        f"{example(rule.good)}```",
    ]
    return "\n".join(lines) + "\n"
