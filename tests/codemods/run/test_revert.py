"""``revert``: a user who tried the library can leave again, with the program as it was before."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given

from flext_codemods.rewrite.pipeline import rewrite
from tests.codemods.conftest import AFTER, BEFORE, Repository
from tests.codemods.run.test_observers import API, PROGRAM, SHOP
from tests.codemods.test_golden import ALL, Case
from tests.codemods.test_properties import FEW, JOB, PATH, compiles, modules

SHOP_EXAMPLE = Path(__file__).parents[3] / "examples" / "legacy_shop"
OTHER_NAMES = re.compile(r"\b(?:IOError|EnvironmentError)\b")
# Without names of a class that come from elsewhere, and where the module has no typed errors of its own.
ELSEWHERE = re.compile(r"flext|socket|builtins")
ROUND = [case for case in ALL if case.kind == "after" and not case.options and not ELSEWHERE.search(case.before)]
BACK = JOB._replace(recipes=("revert",))
DECLARED = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flext-exceptions"]\n'
KEPT = """\
from flext_exceptions import FlextExceptions


def g():
    raise FlextExceptions.ValidationError("no", field="n")


def h():
    raise FlextExceptions.ConfigurationError("no")
"""


def test_migrate_then_revert_gives_back_every_byte(repository: Repository) -> None:
    """Of modules, packages, tests that were taken along; with its journal, so undo undoes it."""
    files: dict[str, str | bytes] = {
        "mod.py": BEFORE,
        "pkg/__init__.py": "import json\n\n\ndef f(n):\n    if n: raise KeyError(n)\n    raise ValueError\n",
        "pkg/sub.py": '"""Sub."""\n\n\ndef f(self):\n    raise TypeError("a"\n                    "b")\n',
        "pkg/crlf.py": BEFORE.replace(b"\n", b"\r\n"),
        "tests/test_mod.py": BEFORE,
    }
    repository.write({**files, "pyproject.toml": DECLARED})
    assert repository.migrate("--tests").status == 0
    migrated = {name: repository.read(name) for name in files}
    assert migrated["mod.py"] == AFTER
    ran = repository.command("revert", "--allow-no-vcs")
    assert (ran.status, ran.err) == (0, "")
    assert {name: repository.read(name) for name in files} == {
        name: text.encode() if isinstance(text, str) else text for name, text in files.items()
    }
    assert "next: no file imports flext_exceptions any more: remove flext-exceptions from the project's" in ran.out
    assert "next: keep flext-exceptions installed where old queues" in ran.out
    assert repository.command("undo").status == 0
    assert {name: repository.read(name) for name in files} == migrated


def test_the_legacy_shop_comes_back_as_it_was(repository: Repository) -> None:
    """Every file of it."""
    shutil.copytree(SHOP_EXAMPLE, repository.root / "one")
    shutil.copytree(SHOP_EXAMPLE, repository.root / "other")
    assert repository.migrate("one").status == 0
    assert repository.command("revert", "one", "--allow-no-vcs").status == 0
    for file in sorted((repository.root / "other").rglob("*.py")):
        assert (repository.root / "one" / file.relative_to(repository.root / "other")).read_bytes() == file.read_bytes()


def test_observers_that_were_made_neutral_ask_the_error_itself_again(repository: Repository) -> None:
    """And the program prints what it printed."""
    repository.write({"pyproject.toml": "", "shop.py": SHOP, "api.py": API})

    def printed() -> str:
        command = [sys.executable, "-c", PROGRAM]
        return subprocess.run(command, cwd=repository.root, check=True, capture_output=True, text=True).stdout

    before = printed()
    assert repository.migrate("--select", "+observers").status == 0
    assert repository.command("revert", "--allow-no-vcs").status == 0
    assert printed() == before
    assert b"flext_exceptions" not in repository.read("api.py") + repository.read("shop.py")


def test_an_observer_keeps_asking_for_the_builtin_while_a_typed_error_stays(repository: Repository) -> None:
    """It may read that one."""
    repository.write({"pyproject.toml": "", "shop.py": SHOP, "api.py": API})
    assert repository.migrate("--select", "+observers").status == 0
    api = repository.read("api.py")
    repository.write({"more.py": KEPT})
    report = repository.command("revert", "--allow-no-vcs", "--format", "json").report()
    assert repository.read("api.py") == api and b"ValueError" in repository.read("shop.py")
    left = [(site["path"], site["reason"]) for site in report["sites"] if site["status"] == "left"]
    assert left == [("api.py", "identity")] * 2 + [("more.py", "typed-only")] * 2


def test_what_would_be_lost_is_listed_and_what_still_imports_the_library(repository: Repository) -> None:
    """With the way on."""
    repository.write({"mod.py": AFTER, "more.py": KEPT, "pyproject.toml": DECLARED})
    ran = repository.command("revert", "--check")
    assert ran.status == 1 and repository.read() == AFTER
    assert "left (typed-only): a builtin cannot hold the keywords" in ran.out
    assert "  more.py:5:5: ValidationError is given field\n" in ran.out
    assert "  more.py:9:5: ConfigurationError replaces no builtin\n" in ran.out
    assert "would rewrite mod.py: 1 site\n" in ran.out
    assert "next: 1 file still imports flext_exceptions: more.py" in ran.out


def test_it_refuses_what_migrate_refuses_and_shows_its_diff(repository: Repository) -> None:
    """Files that are not committed, or a recipe as well."""
    repository.write({"mod.py": AFTER})
    assert repository.command("revert").status == 2 and repository.read() == AFTER
    ran = repository.command("revert", "--diff", "-q")
    assert (
        ran.status == 1 and '-    raise FlextExceptions.ValidationError("no")\n+    raise ValueError("no")' in ran.out
    )
    ran = repository.migrate("--select", "+revert")
    assert ran.status == 2 and "run it alone, as flext-codemods revert" in ran.err


def comes_back(text: str) -> None:
    """Hold a module to it that it comes back, but for other names of a class.

    A blank line that stood where the import came to stand cannot be told from one that came with it, nor an import
    that stood there and served nothing; a continuation line that a longer name has brought into line is shifted back.
    """
    there = rewrite(PATH, text.encode(), JOB)
    back = rewrite(PATH, there.new or text.encode(), BACK)
    assert not back.failure
    after = (back.new or there.new or text.encode()).decode()
    compile(after, "after", "exec", dont_inherit=True)
    assert code_lines(after) == code_lines(OTHER_NAMES.sub("OSError", text))


def code_lines(text: str) -> list[str]:
    """Return what the lines of a text hold, imports of the library left out."""
    return [line.strip() for line in text.split("\n") if line.strip() and not line.startswith("from flext_exceptions")]


@pytest.mark.parametrize("case", ROUND, ids=[case.name for case in ROUND])
def test_every_case_of_migrate_comes_back(case: Case) -> None:
    """As its file was."""
    comes_back(case.before)


@FEW
@given(modules())
def test_any_module_that_people_might_write_comes_back(text: str) -> None:
    """Whatever the file contains."""
    assume(compiles(text))
    comes_back(text)
