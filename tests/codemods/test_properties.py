"""For any module, only the raised class changes, every other byte stays, and a second run does nothing."""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections.abc import Sequence
from pathlib import Path

import hypothesmith
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flext_analysis.settings import Settings
from flext_codemods.model.file_result import FileResult
from flext_codemods.model.job import Job
from flext_codemods.project.exclusions import Exclusions
from flext_codemods.project.roots import Project
from flext_codemods.recipes import all_recipes
from flext_codemods.repository.repository import Repository
from flext_codemods.repository.targets import library_targets
from flext_codemods.rewrite.edits import apply_edits
from flext_codemods.rewrite.pipeline import rewrite
from flext_exceptions.catalogue import ROWS, TARGETS

PATH = Path("somewhere/module.py")
USUAL = tuple(name for name, recipe in all_recipes().items() if recipe.by_default)
SAFE = tuple(name for name in USUAL if all_recipes()[name].safety == "safe")
HERE = Path("somewhere")
PROJECT = Project(HERE, HERE, Settings(), HERE)
JOB = Job(SAFE, Exclusions(PROJECT, include=["*"]), Repository(library_targets()))
WILD = JOB._replace(recipes=USUAL, unsafe=True)
BUILTIN_OF = {row.name: row.builtin.__name__ for row in ROWS}
IMPORT = "from flext_exceptions import FlextExceptions"
TYPED = re.compile(r"(?:\bflext_exceptions\.)?\b(?:FlextExceptions|FE)\.(\w+)")
CAREFUL = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
FEW = settings(CAREFUL, max_examples=80)  # hypothesmith is slow


class Untyped(ast.NodeTransformer):
    """Puts the builtins back into the tree of a migrated module."""

    def visit_Raise(self, node: ast.Raise) -> ast.Raise:
        """Name the builtin."""
        call = node.exc if isinstance(node.exc, ast.Call) else None
        raised = call.func if call else node.exc
        if isinstance(raised, ast.Attribute) and TYPED.fullmatch(ast.unparse(raised)):
            name = ast.Name(BUILTIN_OF[raised.attr], ast.Load())
            if call:
                call.func = name
            else:
                node.exc = name
        return node


def tree_of(text: str) -> ast.Module:
    """Parse a module, with no word of its escapes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def shape(text: str) -> str:
    """Return a module's tree as text, with builtins raised and the added import gone, aliases of OSError as OSError."""
    tree = tree_of(text)
    tree.body = [node for node in tree.body if ast.unparse(node) != IMPORT]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in ("IOError", "EnvironmentError"):
            node.id = "OSError"
    return ast.dump(Untyped().visit(tree))


def raise_lines(text: str) -> set[int]:
    """Return the numbers of the continuation lines of raises, which may be shifted."""
    found: set[int] = set()
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.Raise):
            found.update(range(node.lineno + 1, (node.end_lineno or node.lineno) + 1))
    return found


def outside(text: str) -> list[str]:
    """Return the lines of a module as they must stay: builtins raised, no import, no blank line, no shift."""
    shifted = raise_lines(text)
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        plain = TYPED.sub(lambda match: BUILTIN_OF[match[1]], line).replace("IOError", "OSError")
        if line.strip("\r") != IMPORT and line.strip():
            lines.append(plain.lstrip(" \t") if number in shifted else plain)
    return lines


def check(text: str, encoding: str = "utf-8") -> FileResult:
    """Migrate a module and hold it to all that is promised."""
    raw = text.encode(encoding)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = rewrite(PATH, raw, JOB)
        assert not result.failure, (result.failure, text)
        if result.new is None:
            return result
        after = result.new.decode(encoding)
        compile(after, "after", "exec", dont_inherit=True)
        assert shape(after) == shape(text)
        assert outside(after) == outside(text)
        again = rewrite(PATH, result.new, JOB)
        assert again.new is None and not again.failure
        assert all(finding.left for finding in again.findings)
    return result


def check_unsafe(text: str, encoding: str = "utf-8") -> FileResult:
    """Run every recipe over a module: it compiles, a second run is idle, and every other byte is kept."""
    raw = text.encode(encoding)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = rewrite(PATH, raw, WILD)
        assert not result.failure, (result.failure, text)
        if result.new is None:
            return result
        after = result.new.decode(encoding)
        compile(after, "after", "exec", dont_inherit=True)
        again = rewrite(PATH, result.new, WILD)
        assert again.new is None and not again.failure, (again.failure, text)
    assert apply_edits(text, result.edits) == after
    assert all(edit.text != text[edit.start : edit.end] for edit in result.edits)
    return result


# -- modules that hypothesmith makes, raises put in -------------------------------------------------------------------

NAMES = sorted(TARGETS)
CALLS = ['("m")', "()", "", '("m" % x)', "(x)", '(f"{x!r}")', '("a"\n {0}"b")', '(\n{0}"c",\n)', '("m") from None']


@st.composite
def raises(draw: st.DrawFn) -> str:
    """Make a raise of a builtin, with its continuation indented any way."""
    name = draw(st.sampled_from(NAMES))
    call = draw(st.sampled_from(CALLS)).replace("{0}", " " * draw(st.integers(0, 30)))
    return f"raise {name}{call}"


def insert(draw: st.DrawFn, text: str) -> str:
    """Put some raises in front of statements that start a line."""
    lines = text.split("\n")
    tree = tree_of(text)
    inner = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    places = sorted(
        {
            (node.lineno, lines[node.lineno - 1][: node.col_offset])
            for node in inner
            if not getattr(node, "decorator_list", [])
            and not lines[node.lineno - 1].encode()[: node.col_offset].strip(b" \t")
        }
    )
    chosen = draw(st.lists(st.sampled_from(places), max_size=4, unique=True)) if places else []
    for line, indent in sorted(chosen, reverse=True):
        lines[line - 1 : line - 1] = [indent + draw(raises())]
    return "\n".join(lines)


def compiles(text: str) -> bool:
    """Say whether Python takes a module."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "before", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def prepared(draw: st.DrawFn, text: str) -> str:
    """Return what hypothesmith made, with raises put in, where it still is a program."""
    assume("\r" not in text and "\0" not in text and compiles(text))
    made = insert(draw, text)
    assume(compiles(made))
    return made


@pytest.mark.sweep
@FEW
@given(st.data())
def test_any_module_that_python_takes(data: st.DataObject) -> None:
    """Made of the nodes of the whole language, raises put in."""
    text = data.draw(hypothesmith.from_node())
    made = data.draw(st.composite(lambda draw: prepared(draw, text))())
    check(made)
    check_unsafe(made)


# -- modules that look like people's ----------------------------------------------------------------------------------

HEADS = [
    "",
    "#!/usr/bin/env python\n",
    "# -*- coding: utf-8 -*-\n# Licence\n\n",
    '"""Doc."""\n',
    '"""Doc.\n\n# not a comment\n"""\n\n',
    '"""d"""; from __future__ import annotations\n',
    '"""d"""; import zlib; from zope import x\n',
    "from __future__ import annotations\n",
    "'''d''' \\\n\n",
]
IMPORTS = [
    "import os\n",
    "import os, sys\n",
    "import zope\n",
    "from attrs import define\n",
    "from zope import (\n    a,\n    b,  # why\n)\n",
    "from . import other\n",
    "# about what comes next\n",
    "\n",
    "import os; import sys\n",
    "import os \\\n  as system\n",
    "if True:\n    import re\n",
    "try:\n    import json\nexcept ImportError:\n    json = None\n",
    "__all__ = [\n    'f'\n]; from zope import y\n",
    "from flext_exceptions import FlextExceptions as FE\n",
    "import flext_exceptions\n",
]
INDENTS = [" ", "  ", "    ", "\t", "\t  "]
MESSAGES = [
    '"m"',
    "'größe 😀'",
    '"""two\n  lines"""',
    'f"{x!r}"',
    '"%s" % (x,\n{0}x)',
    "x",
    '"a"\n{0}"b"',
    "g(\n{0}x\n{0})",
    "",
]
FRAMES = [
    "{i}raise {r}\n",
    "{i}if x: raise {r}; x = 1\n",
    "{i}if x == '😀': raise {r}  # größe\n",
    "{i}raise ({r})\n",
    "{i}raise {r} from None\n",
    "{i}raise {r} \\\n{i}  from None\n",
    "{i}try:\n{i}{i}raise {r}\n{i}except Exception as e:\n{i}{i}raise\n",
    "{i}match x:\n{i}{i}case 1: raise {r}\n{i}{i}case _:\n{i}{i}{i}raise {r};\n",
    "{i}def inner():\n{i}{i}raise {r}\n",
]


WILD_FRAMES = [
    *FRAMES,
    "{i}try:\n{i}{i}g()\n{i}except KeyError:\n{i}{i}raise {r}\n",
    "{i}try:\n{i}{i}g(x,\n{i}{i}  1)\n{i}except (KeyError, OSError) :  # why\n{i}{i}raise {r}; x = 2\n",
    "{i}try: g()\n{i}except: pass\n",
    "{i}try:\n{i}{i}g()\n{i}except:\n{i}{i}raise {r}\n",
    "{i}try:\n{i}{i}g()\n{i}except* OSError:\n{i}{i}raise {r}\n",
    "{i}try:\n{i}{i}g()\n{i}except OSError as err:\n{i}{i}g(1)\n{i}{i}raise err\n",
    "{i}try:\n{i}{i}raise {r}\n{i}except OSError as e: raise e\n",
    "{i}try:\n{i}{i}if x:\n{i}{i}{i}raise {r}\n\n{i}{i}g()\n{i}except OSError:\n{i}{i}raise\n{i}else:\n{i}{i}g()\n",
    "{i}try:\n{i}{i}try:\n{i}{i}{i}g()\n{i}{i}except KeyError:\n{i}{i}{i}raise\n{i}except:\n{i}{i}g()\n",
    "{i}try:\n{i}{i}g()\n{i}except KeyError:\n{i}{i}g()\n{i}except OSError:\n{i}{i}raise\n{i}finally:\n{i}{i}g()\n",
    "{i}class Bad(ValueError): pass\n",
    "{i}class Bad( KeyError ):\n{i}{i}def __init__(self, x):\n{i}{i}{i}super().__init__(x)\n",
    "{i}if not x: raise {r}\n",
    "{i}if x < 0:\n{i}{i}raise {r}\n",
    "{i}y = x.throw({r})\n",
    "{i}x.set_exception({r} if x else {r})\n",
    "{i}err = {r}\n{i}raise err\n",
    "{i}try:\n{i}{i}os.environ['A']\n{i}except KeyError:\n{i}{i}raise {r}\n",
    "{i}try:\n{i}{i}open(x)\n{i}except FileNotFoundError:\n{i}{i}raise Exception({m})\n",
]


@st.composite
def modules(draw: st.DrawFn, frames: Sequence[str] = FRAMES) -> str:
    """Make a module as people write them, at their oddest."""
    parts = [draw(st.sampled_from(HEADS)), *draw(st.lists(st.sampled_from(IMPORTS), max_size=5))]
    for number in range(draw(st.integers(1, 3))):
        indent = draw(st.sampled_from(INDENTS))
        parts.append(draw(st.sampled_from(["\n\n", "\n", "", "\x0c\n"])) + f"def f{number}(x, g):\n")
        for _ in range(draw(st.integers(1, 3))):
            name = draw(st.sampled_from([*NAMES, "IOError", "NotImplementedError", "UnicodeError"]))
            first = f"{name}("
            frame = draw(st.sampled_from(frames))
            # Aligned with the bracket, hanging, or anyhow.
            column = len(frame.partition("{r}")[0].rpartition("\n")[2].replace("{i}", indent)) + len(first)
            pad = " " * draw(st.sampled_from([column, column, 4, 0, draw(st.integers(0, 40))]))
            message = draw(st.sampled_from(MESSAGES)).replace("{0}", pad)
            parts.append(frame.replace("{r}", f"{first}{message})").replace("{m}", message).replace("{i}", indent))
    text = "".join(parts)
    return text.removesuffix("\n") if draw(st.booleans()) else text


@CAREFUL
@given(modules(), st.sampled_from(["utf-8", "utf-8-sig"]), st.booleans())
def test_any_module_that_people_might_write(text: str, encoding: str, windows: bool) -> None:
    """With any head, imports, indentation, alignment, line ends and last line."""
    assume(compiles(text))
    result = check(text.replace("\n", "\r\n") if windows else text, encoding)
    reasons = {finding.reason for finding in result.findings}
    assert reasons <= {"", "no-target", "conflict"}
    if result.new is not None:
        old, new = text.replace("\r", "").split("\n"), result.new.decode(encoding).replace("\r", "").split("\n")
        assert aligned(new) == aligned(old)


@CAREFUL
@given(modules(WILD_FRAMES), st.sampled_from(["utf-8", "utf-8-sig"]), st.booleans())
def test_any_module_that_people_might_write_with_every_recipe(text: str, encoding: str, windows: bool) -> None:
    """Handlers, classes and errors that are handed over too."""
    assume(compiles(text))
    check_unsafe(text.replace("\n", "\r\n") if windows else text, encoding)


def aligned(lines: list[str]) -> list[int]:
    """Return the numbers of the raises, counted through, whose second line is aligned with the first one's bracket."""
    found = []
    raises = [number for number, line in enumerate(lines) if re.search(r"\braise \(?[\w.]+\(", line)]
    for count, number in enumerate(raises):
        match = re.search(r"\braise \(?[\w.]+\(", lines[number])
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if match and following.startswith(" " * match.end() + '"b"'):
            found.append(count)
    return found


def test_the_checks_of_this_file_see_what_is_wrong() -> None:
    """A changed argument, a lost line, another class: each is another shape or other lines."""
    before = 'def f(x):\n    raise ValueError("a")\n    y = 1\n'
    after = check(before).new
    assert after is not None
    text = after.decode()
    assert shape(text) == shape(before) and outside(text) == outside(before)
    assert shape(text.replace('"a"', '"b"')) != shape(before)
    assert shape(text.replace("ValidationError", "KeyError")) != shape(before)
    assert outside(text.replace("y = 1", "y  = 1")) != outside(before)
    assert all(hasattr(builtins, name) for name in BUILTIN_OF.values())
