"""The naive way, for comparison: a LibCST codemod with metadata that parses every file.

python benchmarks/naive_libcst.py FILE ...
"""

from __future__ import annotations

import sys
from pathlib import Path

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand
from libcst.codemod.visitors import AddImportsVisitor
from libcst.metadata import QualifiedNameProvider

from flext_exceptions.catalogue import TARGETS


class NaiveRaises(VisitorBasedCodemodCommand):
    """Rewrites raises of builtins whose qualified name says so."""

    METADATA_DEPENDENCIES = (QualifiedNameProvider,)

    def leave_Raise(self, original_node: cst.Raise, updated_node: cst.Raise) -> cst.Raise:
        """Replace the builtin by the typed error."""
        old, new = original_node.exc, updated_node.exc
        if not isinstance(old, cst.Call) or not isinstance(new, cst.Call) or len(old.args) > 1:
            return updated_node
        names = self.get_metadata(QualifiedNameProvider, old.func, set())
        for name in names:
            row = TARGETS.get(name.name.removeprefix("builtins."))
            if row is not None:
                AddImportsVisitor.add_needed_import(self.context, "flext_exceptions", "FlextExceptions")
                target = cst.parse_expression(f"FlextExceptions.{row.name}")
                return updated_node.with_changes(exc=new.with_changes(func=target))
        return updated_node


def main(files: list[str]) -> int:
    """Rewrite each file in place."""
    for name in files:
        path = Path(name)
        module = cst.parse_module(path.read_bytes())
        changed = NaiveRaises(CodemodContext(filename=name)).transform_module(module)
        if not changed.deep_equals(module):
            path.write_bytes(changed.bytes)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
