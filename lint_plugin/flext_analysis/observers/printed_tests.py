"""Whether anything looks at the output of test code."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from flext_analysis.modules import is_test
from flext_analysis.program.project import Project
from flext_analysis.summaries import summary as op
from flext_analysis.summaries.code_walk import walk_code
from flext_analysis.summaries.definitions import Definition
from flext_analysis.summaries.summary import Code

__all__ = ["PrintedTests"]

# Names in test code that looks at printed output.
LOOKING = frozenset(
    "capsys capfd capsysbinary capfdbinary readouterr redirect_stdout subprocess Popen check_output".split()
)


class PrintedTests:
    """Determines which files are test code, and whether any of it looks at printed output.

    Paths are relative to the folder that contains all files, so that the folders above it do not matter.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        paths = [str(Path(one.path).parent) for one in project.modules]
        self.root = os.path.commonpath(paths) if paths and Path(paths[0]).is_absolute() else ""

    def is_test(self, definition: Definition) -> bool:
        """Return whether a scope is in test code."""
        path = Path(definition.module.path)
        return is_test(path.relative_to(self.root).parts if self.root else path.parts)

    def is_read(self, definition: Definition) -> bool:
        """Return whether someone may look at what the code of a scope prints."""
        return not self.is_test(definition) or (self.are_read and not self.is_alone(definition))

    def is_alone(self, definition: Definition) -> bool:
        """Return whether code is in a test that takes no fixture and does not look at printed output itself."""
        test = next((one for one in definition.outwards() if one.parent is definition.module.top), None)
        if test is None or test.scope.kind != "function" or not test.scope.name.startswith("test"):
            return False
        inside = (one for one in definition.module.definitions if test in one.outwards())
        return not test.scope.parameters and not self.is_always_read and not any(map(mentions_output, inside))

    @cached_property
    def is_always_read(self) -> bool:
        """Whether a fixture that every test takes looks at printed output."""
        return any(
            decorator[0] == op.CALL and any(keyword == "autouse" for keyword, _ in decorator[3])
            for module in self.project.modules
            for definition in module.definitions
            if self.is_test(definition) and mentions_output(definition)
            for decorator in definition.scope.decorators
        )

    @cached_property
    def are_read(self) -> bool:
        """Whether some test looks at printed output."""
        return any(
            mentions_output(definition)
            for module in self.project.modules
            for definition in module.definitions
            if self.is_test(definition)
        )


def mentions_output(definition: Definition) -> bool:
    """Return whether a scope names something that returns printed output."""
    if not LOOKING.isdisjoint((*definition.scope.bound, *(one.name for one in definition.scope.parameters))):
        return True
    return any(
        (code[0] == op.NAME and code[1] in LOOKING)
        or (code[0] == op.ATTRIBUTE and (code[2] in LOOKING or (code[2] == "stdout" and is_target(code, statement))))
        or (code[0] == op.CONSTANT and code[1] == "str" and "stdout" in str(code[2]))
        for code, statement, _ in walk_code(definition.scope.code)
    )


def is_target(code: Code, statement: Code) -> bool:
    """Return whether a statement assigns to an expression."""
    return bool(statement[0] == op.ASSIGN and any(one is code for one in statement[1]))
