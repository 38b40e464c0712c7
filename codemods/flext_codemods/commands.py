"""Each recipe as a LibCST command, for tools that run those.

    python -m libcst.tool codemod -x flext_codemods.commands.Raises PATH

There is a class for each recipe, named after it in CapWords: Raises, RaiseClass, Injections, Rebase and so on. LibCST
passes a tree and expects one back; in between, the recipe works as under ``migrate``: on the text of the statements
concerned, with all checks, so that both ways give the same bytes. Skipped sites become LibCST's warnings. An unsafe
recipe runs if its class is named, since that requests it.
"""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path
from typing import ClassVar

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile

from flext_codemods.model.job import Job
from flext_codemods.model.recipe import Recipe
from flext_codemods.options import Options
from flext_codemods.project.roots import locate
from flext_codemods.recipes import all_recipes
from flext_codemods.rewrite.pipeline import rewrite
from flext_codemods.run.prepare import prepare
from flext_codemods.workers.executors import Workers

__all__ = ["RecipeCommand"]


@cache
def job_for(folder: Path, recipe: str, tests: bool) -> Job:
    """Return what is the same for all files of a folder; the repository around it is read once per process."""
    unsafe = all_recipes()[recipe].safety == "unsafe"
    options = Options(
        *(False, True, (recipe,), unsafe, tests, (), "1", "text", True, True, "flext_exceptions"), cache=False
    )
    return prepare(locate(str(folder)).repository, [folder], options, Workers("1")).job_of(folder / "any.py")


class RecipeCommand(CodemodCommand):
    """The common base of the commands."""

    RECIPE: ClassVar[str]

    def __init__(self, context: CodemodContext, tests: bool = False) -> None:
        super().__init__(context)
        self.tests = tests

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """Add the option of ``migrate`` that LibCST does not have."""
        arg_parser.add_argument("--tests", action="store_true", help="Include test code.")

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """Return the tree after the recipe.

        Raises:
            SkipFile: the file is skipped, or did not pass the checks after rewriting.
        """
        path = Path(self.context.filename or "stdin.py").absolute()
        result = rewrite(path, tree.bytes, job_for(path.parent, self.RECIPE, self.tests))
        if result.reason or result.failure:
            raise SkipFile(result.detail or result.failure)
        for finding in result.findings:
            if finding.left:
                self.warn(f"{finding.line}:{finding.column}: left ({finding.reason}): {finding.detail}")
        return tree if result.new is None else cst.parse_module(result.new, tree.config_for_parsing)


def command_of(recipe: Recipe) -> type[RecipeCommand]:
    """Return the command class of a recipe."""
    name = "".join(part.capitalize() for part in recipe.name.split("-"))
    facts = {"RECIPE": recipe.name, "DESCRIPTION": recipe.summary, "__module__": __name__, "__doc__": recipe.summary}
    return type(name, (RecipeCommand,), facts)


for _recipe in all_recipes().values():
    _command = command_of(_recipe)
    globals()[_command.__name__] = _command
    __all__ += [_command.__name__]
