"""Documents, messages, docstrings and comments are plain English: phrases that were removed do not come back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = ("flext_exceptions", "lint_plugin", "codemods", "pytest_plugin", "docs", "benchmarks", "trials", "examples")
FILES = [
    *ROOT.glob("*.md"),
    *(file for place in PLACES for kind in ("py", "md", "jinja") for file in (ROOT / place).rglob(f"*.{kind}")),
]
# What is not written, and what is instead.
PHRASES = {
    r"not sure of it leaves": "what it is unsure about, it leaves alone",
    r"\b(key|option|name|rule|file) that there is not\b": "an unknown key",
    r"\bno word is lost\b": "it is not mentioned",
    r"\bnames with commas between\b": "comma-separated names",
    r"\bwith commas between\b": "comma-separated",
    r"(?<![\w.,-])1 (sites|files|lines|findings|raises|mutants|errors|tests)\b(?! of types|, 2)": "1 site, 2 sites",
    r"\btyping mistakes?\b": "typo",
    r"\bby the making of\b": "in constructors",
    r"\bLONGEST_": "MAX_",
    r"\bis no (dotted|list|code such|builtin exc|glob|pair|address)": "is not a",
    r"\bsays? --[a-z]": "add --option",
    r"\bwhat is said yes to\b": "what you accept",
    r"\b[Tt]akes? (it |test code |)along\b": "include",
    r"\bmade anew\b": "made again",
    r"\b(is|are) bound anew\b(?! at run time, and modules)": "is rebound",
    r"\bgoes? with --": "needs --option",
    r"\bsomebody else's error\b": "someone else's error",
    r"\bMend (?!the)": "fix",
    r"\bmost telling\b": "most revealing",
    r"\bhas anything to say\b": "applies",
    r"\ball the same\)": "anyway",
    r"\bwent away\b": "disconnected",
    r"\bstrangers?\b": "public, or revealing internals",
    r"\b[Ww]hoever\b": "anyone who, or name the caller",
    r"\bno typed one\b": "not a typed one",
    r"\bas (often|many) as may be\b": "up to the maximum",
    r"[Oo]f a generator only": "for a generator only the call is covered",
    r"\bone a (line|file|module|format)\b": "one per line",
    r"\bfor (all|those) who\b": "for callers that",
    r"\bmay be anybody\b|\banybody's\b": "untrusted, or someone's",
    r"\bbrings? (it |them |this )?along\b": "imports, or adds",
    r"\blets? go of\b": "release",
    r"\bsurely\b": "certainly",
    r"\bmade afresh\b": "generated",
    r'"""Say whether\b': "return whether",
}


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_is_nowhere(phrase: str) -> None:
    """Where it is, the message names what is written instead."""
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in FILES
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if re.search(phrase, line)
    ]
    assert found == [], f"write: {PHRASES[phrase]}"


def test_the_phrases_are_looked_for_in_all_that_is_read() -> None:
    """Sources, pages and templates."""
    assert len(FILES) > 400
    assert {file.suffix for file in FILES} == {".py", ".md", ".jinja"}
    for phrase, bad in {r"\btyping mistakes?\b": "a typing mistake too", r"\bLONGEST_": "LONGEST_CHAIN"}.items():
        assert phrase in PHRASES and re.search(phrase, bad)
