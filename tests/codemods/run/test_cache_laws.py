"""Laws of the cache: what recipes read is in the key, and edits between runs do not change any result."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flext_analysis.semantics import star_imports as stars
from flext_codemods.cli import main
from tests.codemods.conftest import BEFORE, Repository
from tests.codemods.run.caching import (
    LEFT,
)

# A recipe that read more than this would have findings that the cache takes for good when they are not any more.
SPY = """
import sys
from pathlib import Path
from flext_analysis.semantics.star_imports import star_exports
from flext_codemods.workers.executors import Workers
from flext_codemods.options import Options
from flext_codemods.run.prepare import prepare
from flext_codemods.recipes import all_recipes
from flext_codemods.rewrite.pipeline import rewrite
everything = tuple(name for name, recipe in all_recipes().items() if recipe.by_default)
given = (False, True, everything, True, True, ("*",), "1", "text", True, True, "flext_exceptions")
options = Options(*given, cache=False)
prepared = prepare(Path.cwd(), [Path.cwd()], options, Workers("1"))
job, found = prepared.job_of(Path.cwd() / "pkg/names.py"), prepared.scan
contents = {path: path.read_bytes() for path in found.files if path.suffix == ".py"}
for raw in contents.values():
    rewrite(Path.cwd() / "first.py", raw, job)  # imports are over
star_exports.__globals__["top_level"].cache_clear()
opened = set()
here = str(Path.cwd())
sys.addaudithook(lambda event, given: opened.add(Path(str(given[0])).name)
                 if event in ("open", "os.listdir", "os.scandir") and str(given[0]).startswith(here) else None)
for path, raw in contents.items():
    rewrite(path, raw, job)
print(sorted(opened), len(contents))
"""


def test_recipes_read_no_other_file_but_what_a_star_imports(repository: Repository) -> None:
    """Everything else they know of the repository is part of its surroundings, which are in the key."""
    golden = Path(__file__).parents[1] / "golden"
    repository.write({f"pkg/{path.stem.replace('-', '_')}.py": python_in(path) for path in golden.glob("*.txt")})
    repository.write({"pkg/__init__.py": "", "pkg/names.py": "x = 1\n", "pkg/star.py": f"from .names import *\n{LEFT}"})
    ran = subprocess.run(
        [sys.executable, "-c", SPY], cwd=repository.root, capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.startswith("['names.py'] ")


def python_in(golden: Path) -> str:
    """Return the lines of a golden file that parse, block by block."""
    blocks = golden.read_text().split("\n\n\n")

    def parses(block: str) -> bool:
        try:
            compile(block, "block", "exec", dont_inherit=True)
        except SyntaxError:
            return False
        return True

    return "\n\n\n".join(filter(parses, blocks)) + f"\n\n\n{LEFT}"


NAMES = ["mod.py", "pkg/__init__.py", "pkg/a.py", "pkg/b.py", "tests/test_a.py", "README.md", "pyproject.toml"]
TEXTS = [
    LEFT,
    BEFORE.decode(),
    f"\n\n{BEFORE.decode()}\n{LEFT.replace('f(', 'g(')}",
    "T = {ValueError: 1, KeyError: 2}\n",
    "from pkg.a import T\ndef g(e):\n    return T.get(type(e))\n",
    "from flext_exceptions import FlextExceptions\ntry:\n    g()\nexcept FlextExceptions.ValidationError:\n    pass\n",
    f"try:\n    g()\nexcept KeyError:\n    raise ValueError('other')\n{BEFORE.decode()}",
    "def test():\n    assert out == 'ValueError: no'\n",
    f'"""\n>>> f()\nTraceback (most recent call last):\n    ...\nValueError: no\n"""\n{BEFORE.decode()}',
    f"from pkg.b import *\n{BEFORE.decode()}{LEFT}",
    "class ValueError(Exception): pass\n",
    "class Bad(ValueError): pass\n",
    "from pkg.mod import x\nthis is no Python\n",
    f"{LEFT}this is no Python\n",
    "def describe(err):\n    return type(err).__name__\n",
    "try:\n    f(1)\nexcept ValueError as err:\n    print(describe(err))\n",
    "try:\n    g(1)\nexcept ValueError as err:\n    print(err.__class__.__name__)\n",
    "[tool.flext]\ntests = ['pkg/b.py']\n",
    "[tool.flext.targets]\nValueError = 'pkg.a.Bad'\n",
    "",
]
OPTIONS: list[tuple[str, ...]] = [
    (),
    (),
    (),
    ("--tests",),
    ("--unsafe",),
    ("--select", "raises"),
    ("--check",),
    ("pkg",),
]
Step = tuple[dict[str, str | None], tuple[str, ...]]
STEPS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(NAMES), st.none() | st.sampled_from(TEXTS), max_size=4),
        st.sampled_from(OPTIONS),
    ),
    min_size=2,
    max_size=6,
)


def put(root: Path, files: dict[str, str | None]) -> None:
    """Write some files, and take away those that have no text."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink(missing_ok=True)
        elif path.suffix != ".toml" or text.startswith("[") or not text:
            path.write_text(text)


def outcome(root: Path, *arguments: str) -> tuple[int, object, str, dict[str, bytes]]:
    """Run migrate in a folder; return status, report, errors and the files."""
    stars.top_level.cache_clear()
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(root), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["migrate", "--allow-no-vcs", "--format", "json", *arguments])
    report = json.loads(out.getvalue()) if out.getvalue() else {"summary": {"seconds": 0}}
    report["summary"].pop("seconds")
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    return status, report, err.getvalue(), {str(path.relative_to(root)): path.read_bytes() for path in files}


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_whatever_is_edited_in_between_a_run_does_as_without_the_cache(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    """Two copies of a repository go through the same edits and runs; both are looked at from inside."""
    home = tmp_path_factory.mktemp("home")
    for name in ("with", "without"):
        (home / name / "repository").mkdir(parents=True)
        (home / name / "repository/pkg").mkdir()
    for files, arguments in [*steps, ({}, ())]:
        seen = []
        for name, more in (("with", ()), ("without", ("--no-cache",))):
            root = home / name / "repository"
            put(root, files)
            seen.append(outcome(root, *arguments, *more))
        assert seen[0] == seen[1]
    shutil.rmtree(home)
