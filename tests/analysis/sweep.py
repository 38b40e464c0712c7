"""Check on the whole standard library what the suite checks on a sample: python -m tests.analysis.sweep."""

from __future__ import annotations

from tests.analysis.test_bindings import MODULES, check_against_symtable
from tests.analysis.test_text_hints import STDLIB, sweep

if __name__ == "__main__":
    for path in MODULES:
        check_against_symtable(path.read_text("utf-8"))
    print(f"{len(MODULES)} modules bind what symtable says")
    asked, ruled_out = sweep(sorted(STDLIB.rglob("*.py")))
    print(f"{ruled_out:,} of {asked:,} names are ruled out by the text, none of which is bound")
