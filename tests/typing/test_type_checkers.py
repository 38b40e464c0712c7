"""mypy and pyright accept what is right and report what is wrong, each on its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RIGHT, WRONG = sorted(HERE.glob("*right.py")), sorted(HERE.glob("*wrong.py"))
CHECKERS = {
    # Settings are the strictest, whatever the project's own are; a cache of its own leaves that of the project alone.
    "mypy": ["mypy", "--strict", "--config-file=", "--cache-dir={cache}", "--no-error-summary"],
    "pyright": ["pyright", "--pythonpath", sys.executable],
}


@pytest.fixture(scope="module", params=CHECKERS)
def reported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[int]]:
    """The lines that one of the checkers reports, by file."""
    cache = str(tmp_path_factory.mktemp("cache"))
    command = [part.format(cache=cache) for part in CHECKERS[request.param]]
    files = [str(path) for path in RIGHT + WRONG]
    done = subprocess.run([sys.executable, "-m", *command, *files], capture_output=True, text=True, cwd=ROOT)
    found = re.findall(r"(\w+)\.py:(\d+):.*?error", done.stdout)
    assert found, done.stdout + done.stderr  # what is wrong must be reported; if nothing is, the checker did not run
    lines: dict[str, set[int]] = {}
    for name, line in found:
        lines.setdefault(name, set()).add(int(line))
    return lines


def test_what_is_right_is_understood(reported: dict[str, set[int]]) -> None:
    """No error, in the package either."""
    assert {name: lines for name, lines in reported.items() if not name.endswith("wrong")} == {}


def test_what_is_wrong_is_reported(reported: dict[str, set[int]]) -> None:
    """On each line that says so, and on no other."""
    for path in WRONG:
        text = path.read_text().splitlines()
        assert reported[path.stem] == {number for number, line in enumerate(text, 1) if "# wrong: " in line}
