"""The class that flake8 loads: it creates the module of each file and yields the findings of the rules."""

from __future__ import annotations

import ast
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from flext_analysis.collector import collector_off
from flext_exceptions import FlextExceptions
from flext_lint import options as opts
from flext_lint.module import Module
from flext_lint.project import Project
from flext_lint.runner import check

if TYPE_CHECKING:
    from flake8.options.manager import OptionManager

__all__ = ["Plugin"]


class Plugin:
    """A flake8 plugin for the tree of a file (https://flake8.pycqa.org/en/latest/plugin-development/)."""

    setup: ClassVar[opts.Run] = opts.Run(False, Project(Path()))

    def __init__(self, tree: ast.Module, filename: str, lines: Sequence[str]) -> None:
        self.tree = tree
        self.filename = filename
        self.lines = lines

    @staticmethod
    def add_options(option_manager: OptionManager) -> None:
        """Register the options."""
        opts.add_options(option_manager)

    @classmethod
    def parse_options(cls, options: Namespace) -> None:
        """Take the options; a wrong one prints one line and ends the run with status 2."""
        try:
            cls.setup = opts.prepare(options)
        except FlextExceptions.ConfigurationError as error:
            sys.stderr.write(f"flext: {error}\n")
            sys.exit(2)
        except ModuleNotFoundError as error:
            sys.stderr.write(f"flext: {error.name} missing: pip install 'flext-exceptions[lint]'\n")
            sys.exit(2)
        if cls.setup.baseline is not None:
            for path in cls.setup.baseline.gone():
                sys.stderr.write(f"flext: {cls.setup.baseline.file.name}: {path} is missing; record it again\n")

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Yield (line, column, text, plugin) of every finding."""
        if not self.setup.speaks or self.setup.project.is_excluded(self.filename):
            return
        with collector_off():
            module = Module(self.tree, self.lines, self.filename, self.setup.project)
            found = check(module)
            module.let_go()
        known = self.setup.baseline
        for line, column, text in found if known is None else known.new(self.filename, found, self.lines):
            yield line, column, text, type(self)
