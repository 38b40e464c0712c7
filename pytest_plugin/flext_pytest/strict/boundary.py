"""Whether an untyped exception left the project's own packages for test code, judged by its class and its traceback."""

from __future__ import annotations

import ast
import os
import sysconfig
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import flext_exceptions
from flext_analysis.modules import is_test
from flext_analysis.settings import Settings
from flext_analysis.syntax.bindings import BUILTIN_ERRORS
from flext_analysis.syntax.raise_sites import is_protocol
from flext_analysis.syntax.statements import Block, statements
from flext_pytest.class_names import public_name
from flext_pytest.declared_classes import loaded_classes
from flext_pytest.packages import imported

__all__ = ["Boundary", "ExceptionRecord", "Line", "records_of"]

LIBRARY, TESTS = "", "(tests)"  # the owner of a file that belongs to none of the packages
SITES = frozenset(["site-packages", "dist-packages"])
STANDARD = tuple(os.path.realpath(sysconfig.get_path(name)) + os.sep for name in ("stdlib", "platstdlib"))
OURS = tuple(str(folder) + os.sep for folder in (Path(flext_exceptions.__file__).parent, Path(__file__).parents[1]))


class Line(NamedTuple):
    """A line of a traceback: the file as the interpreter names it, the number from 1, the function."""

    file: str
    number: int
    function: str


class ExceptionRecord(NamedTuple):
    """What is kept of an exception, so that it need not be kept alive: its class, that of its group, its lines."""

    kind: type[BaseException]
    group: type[BaseException] | None
    lines: tuple[Line, ...]


def records_of(error: BaseException, traceback: TracebackType | None) -> Iterator[ExceptionRecord]:
    """Yield what is kept of an exception, or of each member of a group; the line that raised it comes last.

    The lines of a group come before those of its members, which were raised earlier, and often elsewhere.
    """
    waiting: list[tuple[BaseException, tuple[Line, ...], type[BaseException] | None]]
    waiting = [(error, tuple(lines_of(traceback)), None)]
    while waiting:
        one, lines, group = waiting.pop()
        if isinstance(one, BaseExceptionGroup):
            inner = [(each, (*lines, *lines_of(each.__traceback__)), type(one)) for each in one.exceptions]
            waiting += reversed(inner)
        else:
            yield ExceptionRecord(type(one), group, lines)


def lines_of(traceback: TracebackType | None) -> Iterator[Line]:
    """Yield the lines of a traceback, the one that raised last."""
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield Line(code.co_filename, traceback.tb_lineno, code.co_qualname)
        traceback = traceback.tb_next


class Boundary:
    """The boundary of the project's own packages.

    Args:
        root: the root of the run; files below it that belong to no package are test code.
        packages: the names of the packages, with their folders or files.
        settings: the project's: ``base`` and ``targets`` are typed classes too, ``allow`` may be raised untyped.
        is_tests: returns whether the project considers a path below a package's parent folder test code.
    """

    def __init__(
        self,
        root: Path,
        packages: Mapping[str, Path],
        settings: Settings,
        is_tests: Callable[[str], bool] | None = None,
    ) -> None:
        self.root = Path(os.path.realpath(root))
        self.packages = packages
        self.settings = settings
        self.is_tests = is_tests
        self.owners: dict[str, str] = {}
        self.known: dict[ExceptionRecord, str | None] = {}

    def owner(self, file: str) -> str:
        """Return the package to which a file of code belongs, or TESTS or LIBRARY."""
        if file not in self.owners:
            self.owners[file] = self.found_owner(os.path.realpath(file))
        return self.owners[file]

    def found_owner(self, file: str) -> str:
        """Return the package to which a real path belongs, or TESTS or LIBRARY."""
        path = Path(file)
        # A package may be imported from outside the root: an installed copy.
        for name, place in (*self.packages.items(), *imported(self.packages).items()):
            real = Path(os.path.realpath(place))
            if path.is_relative_to(real):
                parts = (*name.split("."), *path.relative_to(real).parts)
                tests = is_test(parts[1:] or parts) or (self.is_tests is not None and self.is_tests("/".join(parts)))
                return TESTS if tests else name
        inside = path.is_relative_to(self.root) and path.is_file()
        foreign = not SITES.isdisjoint(path.parts) or file.startswith((*STANDARD, *OURS))
        return TESTS if inside and not foreign else LIBRARY

    def is_typed(self, kind: type[BaseException]) -> bool:
        """Return whether a class may leave a package: it is typed, allowed, or not an error."""
        declared = (*self.settings.base, *self.settings.targets.values())
        return (
            not issubclass(kind, Exception)  # SystemExit, pytest's own outcomes: they control the program
            or issubclass(kind, flext_exceptions.FlextExceptions.BaseError)
            or (kind.__name__ in self.settings.allow and kind is BUILTIN_ERRORS.get(kind.__name__))
            or any(issubclass(kind, base) for base in loaded_classes(declared))
        )

    def violation(self, what: ExceptionRecord) -> str | None:
        """Return the line about an untyped exception that left a package; None if it is not one, or did not.

        The last line that belongs to a package or to test code decides whose exception it is: what the standard library
        raises for a package is the package's, what a test hands to a package and gets back is not. The exception left
        at the first line in a package, unless that comes before all others: then a package caught it there, as the
        cause of another one. An exception that a protocol of the language requires of a method may leave by that
        method.
        """
        if what not in self.known:
            self.known[what] = self.find_violation(what)
        return self.known[what]

    def find_violation(self, what: ExceptionRecord) -> str | None:
        """Do what ``violation`` does, with a cache: the cases of a parametrized test look alike."""
        owners = [self.owner(line.file) for line in what.lines]
        last = next((owner for owner in reversed(owners) if owner != LIBRARY), TESTS)
        if last == TESTS or self.is_typed(what.kind):
            return None
        first = next(at for at, owner in enumerate(owners) if owner not in (LIBRARY, TESTS))
        left, raised = what.lines[first], what.lines[-1]
        if first == 0 or is_expected(what.kind, block_at(left.file, left.number)):
            return None
        error = public_name(what.kind) + (f" in an {public_name(what.group)}" if what.group is not None else "")
        places = f"raised at {self.shown(raised)}" + (f", left at {self.shown(left)}" if left != raised else "")
        return f"{error} left {owners[first]} untyped: {places} (--flext-strict)"

    def shown(self, line: Line) -> str:
        """Return a line for display: its file relative to the root if it is below it."""
        path = Path(os.path.realpath(line.file))
        file = path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else line.file
        return f"{file}:{line.number} in {line.function}"


def block_at(file: str, number: int) -> Block:
    """Return the block with the innermost statement at a line; the module's if there is none."""
    try:
        with warnings.catch_warnings():  # about deprecated escapes, which were reported when it was compiled
            warnings.simplefilter("ignore")
            tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):  # generated, packed, or changed since
        tree = ast.Module([], [])
    here = [block for node, block in statements(tree) if node.lineno <= number <= (node.end_lineno or node.lineno)]
    return here[-1] if here else Block(tree, "body", None)


def is_expected(kind: type[BaseException], block: Block) -> bool:
    """Return whether a class is part of a protocol of the language where it left.

    >>> is_expected(StopIteration, Block(ast.Module([], []), "body", None))
    True
    """
    return any(is_protocol(each.__name__, block) for each in kind.__mro__)
