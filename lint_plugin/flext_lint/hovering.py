"""What an editor shows of a place: the class under the cursor, what a function may raise, the pages of rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flext_analysis.semantics.classes import ClassFacts
from flext_analysis.syntax.positions import statements_at
from flext_analysis.syntax.source import Unreadable, parse
from flext_lint.check.pages import rule_page
from flext_lint.module import Module
from flext_lint.project import Project
from flext_lint.rule import all_rules

__all__ = ["escapes_of", "hover_text"]

Escapes = Callable[[str, int], Sequence[str]]


def nothing(path: str, line: int) -> Sequence[str]:
    """Return no errors: what may leave a function is not known here."""
    return ()


# What may leave the function that begins on a line of a file, one line of Markdown for each error; the audit puts its
# answer here.
escapes_of: list[Escapes] = [nothing]


def hover_text(lines: list[str], path: str, project: Project, line: int, word: str, codes: Sequence[str]) -> str:
    """Return Markdown for a place, "" where there is nothing to say.

    Args:
        lines: the text of the document.
        path: where it stands.
        project: the project around it.
        line: the line of the place, from 1.
        word: the dotted name under the cursor.
        codes: the rules that found something on the line.
    """
    parts = [class_text(lines, path, project, line, word), raises_text(path, line)]
    parts += [rule_page(all_rules()[code]) for code in dict.fromkeys(codes) if code in all_rules()]
    return "\n\n---\n\n".join(part for part in parts if part)


def raises_text(path: str, line: int) -> str:
    """Return what the function that begins on a line may raise, "" where that is not known."""
    found = [one for ask in escapes_of for one in ask(path, line)]
    return "\n".join(["May raise:", "", *(f"- {one}" for one in found)]) if found else ""


def class_text(lines: list[str], path: str, project: Project, line: int, word: str) -> str:
    """Return what is known of the error class that a name stands for, "" where it is none."""
    if not word:
        return ""
    module = Module(None, lines, path, project)
    try:
        module.tree = parse(module.text)
    except Unreadable:
        return ""
    for _, block in statements_at(line, module.tree):
        facts = module.classes.of_text(word.strip("."), block)
        if facts is not None and (facts.typed or facts.is_namespace or facts.is_error):
            return described(facts)
    return ""


def described(facts: ClassFacts) -> str:
    """Return the facts of a class as Markdown."""
    lines = [f"**{facts.name}**" + (" (a namespace of errors)" if facts.is_namespace else "")]
    caught = sorted(path.removeprefix("builtins.") for path in facts.ancestors if path.startswith("builtins."))
    if facts.is_error:
        handlers = ", ".join(f"`{name}`" for name in caught if name not in ("object", facts.builtin))
        lines.append(f"Caught by handlers of {handlers}." if handlers else "")
    row = facts.nearest_row
    if row is not None and facts.typed:
        keywords = ", ".join(f"`{keyword}`" for keyword in row.keywords) or "none of its own"
        retried = "may be retried" if row.retryable else "is not retried"
        lines.append(f"Code `{row.code}`, HTTP {row.http_status}, {retried}; keywords: {keywords}.")
    return "\n\n".join(line for line in lines if line)
