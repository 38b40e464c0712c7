"""The text of a hover: the class under the cursor, what a function may raise, the pages of rules."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flext_analysis.semantics.classes import ClassFacts
from flext_analysis.summaries import summary as op
from flext_analysis.syntax.positions import statements_at
from flext_analysis.syntax.source import Unreadable, parse
from flext_lint.check.pages import rule_page
from flext_lint.module import Module
from flext_lint.project import Project
from flext_lint.rule import all_rules

__all__ = ["hover_text"]

MAX_DEPTH = 20  # levels of subclasses that are followed


def hover_text(
    lines: list[str], path: str, project: Project, line: int, word: str, *, codes: Sequence[str], errors: Sequence[str]
) -> str:
    """Return Markdown for a position, "" if there is nothing to show.

    Args:
        lines: the text of the document.
        path: its path.
        project: the project around it.
        line: the line, from 1.
        word: the dotted name under the cursor.
        codes: the rules with findings on the line.
        errors: what may leave the function there, from function_errors.
    """
    parts = [class_text(lines, path, project, line, word), raises_text(errors)]
    parts += [rule_page(all_rules()[code]) for code in dict.fromkeys(codes) if code in all_rules()]
    return "\n\n---\n\n".join(part for part in parts if part)


def raises_text(errors: Sequence[str]) -> str:
    """Return the list of what a function may raise, "" if there is none."""
    return "\n".join(["May raise:", "", *(f"- {one}" for one in errors)]) if errors else ""


def class_text(lines: list[str], path: str, project: Project, line: int, word: str) -> str:
    """Return what is known about the error class that a name refers to, "" if it is not one."""
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
            return described(facts, own_code(facts, module))
    return ""


def own_code(facts: ClassFacts, module: Module, depth: int = 0) -> str:
    """Return the code that a class of the project declares as text, or inherits from one; "" for none."""
    if facts.definition is not None:
        for one in module.project.imported.entities(f"{facts.path}.code", module.path):
            if one.kind == "value" and one.code is not None and one.code[:2] == [op.CONSTANT, "str"]:
                return str(one.code[2])
    for node in facts.node.body if facts.node is not None else ():
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="code" | "error_code")], value=ast.Constant(value=str() as code))
                | ast.AnnAssign(target=ast.Name(id="code" | "error_code"), value=ast.Constant(value=str() as code))
            ):
                return code
    for base in facts.node.bases if facts.node is not None and depth < MAX_DEPTH else ():
        known = module.classes.of(base, facts.block) if facts.block is not None else None
        code = own_code(known, module, depth + 1) if known is not None else ""
        if code:
            return code
    return ""


def described(facts: ClassFacts, code: str) -> str:
    """Return the facts of a class as Markdown; ``code`` is its own, "" to use that of its base."""
    lines = [f"**{facts.name}**" + (" (a namespace of errors)" if facts.is_namespace else "")]
    caught = sorted(path.removeprefix("builtins.") for path in facts.ancestors if path.startswith("builtins."))
    if facts.is_error:
        handlers = ", ".join(f"`{name}`" for name in caught if name not in ("object", facts.builtin))
        lines.append(f"Caught by handlers of {handlers}." if handlers else "")
    row = facts.nearest_row
    if row is not None and facts.typed:
        keywords = ", ".join(f"`{keyword}`" for keyword in row.keywords) or "none of its own"
        retried = "may be retried" if row.retryable else "is not retried"
        lines.append(f"Code `{code or row.code}`, HTTP {row.http_status}, {retried}; keywords: {keywords}.")
    return "\n\n".join(line for line in lines if line)
