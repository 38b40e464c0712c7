"""``flext-lint check`` reports what flake8 with the plugin reports, without flake8, in formats for other tools."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from tests.lint.conftest import BAD, DECLARED, Shop
from tests.lint.evaluate import EVAL_FILES

ROOT = Path(__file__).parents[2]
FAULT = "shop/cart.py:2:5: FLX103 raises builtin ValueError; raise FlextExceptions.ValidationError"


def check(shop: Shop, *arguments: str, status: int | None = None, stdin: str | None = None) -> str:
    """Run the command and return what it prints; it ends with 1 where that is anything, and with 0 otherwise."""
    done = shop.run("flext_lint", "check", *arguments, stdin=stdin)
    assert done.stderr == ""
    assert done.returncode == (int(bool(done.stdout)) if status is None else status)
    return done.stdout


def refusal(shop: Shop, *arguments: str) -> str:
    """Run a command that must end with status 2 and one line, and return that line."""
    done = shop.run("flext_lint", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("flext-lint: ")
    return done.stderr.strip().removeprefix("flext-lint: ")


def both(shop: Shop, *paths: str) -> tuple[list[str], list[str]]:
    """Return the findings of flake8 and of the command, in an order of our own."""
    flake8 = shop.run("flake8", "--isolated", "--select=FLX", *paths).stdout.splitlines()
    ours = check(shop, "--select=FLX", *paths, status=None).splitlines()
    return sorted(line.removeprefix("./") for line in flake8), sorted(ours)


def test_a_sample_of_real_code_and_every_eval_file(shop: Shop) -> None:
    """The same findings at the same places, comments and encodings included; a file that does not parse is FLX000."""
    for one in EVAL_FILES:
        if not one.options:
            shop.write({f"evals/{one.name}/{one.path}": one.text})
    for package in ("asyncio", "email", "http", "logging", "json"):
        for file in (Path(sysconfig.get_path("stdlib")) / package).glob("*.py"):
            shop.write({f"{package}/{file.name}": file.read_text(encoding="utf-8")})
    shop.write(
        {
            "noqa.py": "def f(a):\n    raise ValueError('x')  # noqa\n    raise ValueError('x')  # NOQA:flx103\n"
            "    raise ValueError('x')  # noqa: E501, FLX1\n    raise ValueError('x')  # noqa : FLX103\n"
            "    raise ValueError(  # noqa: FLX103\n        'x')\n    raise ValueError(\n        'x')  # noqa\n"
            "    raise ValueError('''\n\n''')  # noqa: FLX103\n    raise KeyError \\\n        ('x')  # noqa: FLX103\n"
            "    raise ValueError('x')  # noqa:FLX103,E501 because\n    raise ValueError('x')  # noqa: FLX2\n",
            "whole.py": "# flake8: noqa\nraise ValueError('x')\n",
            "listed.py": "# flake8: noqa: E501\nraise ValueError('x')\n",
            "beside.py": "x = 1  # flake8: noqa\nraise ValueError('x')\n",
            "feed.py": "x = '\x0c\u2028'\n\x0craise ValueError('x')\n",
            "tail.py": "raise ValueError('x')\\\n\n",
            "empty.py": "",
        }
    )
    (shop.root / "latin.py").write_bytes(b"# coding: latin-1\nx = '\xe4'; raise ValueError('\xe4')\n")
    (shop.root / "bom.py").write_bytes(b"\xef\xbb\xbfraise ValueError('x')\r\nraise KeyError('x')\r\n")
    (shop.root / "wrong.py").write_bytes(b"x = '\xe4'; raise ValueError('x')\n")
    flake8, ours = both(shop)
    assert [line for line in ours if " FLX000 " not in line] == flake8
    assert len(flake8) > 400


def test_flake8_is_not_imported(shop: Shop) -> None:
    """Nor what else the command does not need."""
    code = "import sys\nfrom flext_lint.cli import main\nmain(['check'])\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=shop.root, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "click" in loaded and loaded.isdisjoint({"flake8", "pyflakes", "pycodestyle", "libcst", "pygls", "rich"})


def test_a_repository_cannot_put_its_own_modules_in_the_way(shop: Shop) -> None:
    """Whatever a file in the current folder is called, the command runs the real module."""
    hostile = "raise SystemExit('hostile')\n"
    names = (
        "__future__",
        "click",
        "json",
        "ast",
        "pathspec",
        "rich",
        "sqlite3",
        "flext_analysis",
        "flext_exceptions",
        "tomllib",
    )
    shop.write({f"{name}.py": hostile for name in names})
    assert "shop/cart.py" in check(shop, "shop")
    assert check(shop, "click.py") == ""


def test_status_and_selection(shop: Shop) -> None:
    """0 for nothing, 1 for findings; prefixes select and ignore, and the longer one holds."""
    assert check(shop) == f"{FAULT}\n"
    assert check(shop, "--exit-zero", status=0) == f"{FAULT}\n"
    assert check(shop, "--ignore=FLX103") == check(shop, "--select=FLX2") == check(shop, "--ignore", "FLX1") == ""
    assert check(shop, "--select=FLX103", "--ignore=FLX1") == f"{FAULT}\n"
    shop.write({"shop/more.py": "class E(Exception):\n    pass\n\n\nraise E\n"})
    assert "FLX107" not in check(shop, "shop/more.py")
    assert "FLX107" in check(shop, "shop/more.py", "--extend-select=FLX107")
    assert check(shop, "--statistics", "shop/cart.py") == "1        FLX103 builtin-raise\n"


def test_settings_of_the_project(shop: Shop) -> None:
    """The longest pattern that matches a file holds; the nearest table is the one for a file."""
    table = (
        "[tool.flext]\nextend-select = ['FLX107']\nignore = ['FLX304']\n[tool.flext.per-file-ignores]\n"
        "'*.py' = ['FLX2']\n'shop/cart.py' = ['FLX103']\n"
    )
    shop.write({"pyproject.toml": table, "shop/errors.py": "class E(Exception):\n    pass\n\n\nraise E\n"})
    assert [line.split()[1] for line in check(shop).splitlines()] == ["FLX107"]
    shop.write({"inner/pyproject.toml": "[tool.flext]\nallow = ['ValueError']\n", "inner/cart.py": BAD})
    shop.write({"other/pyproject.toml": "[project]\nname = 'x'\n", "other/cart.py": BAD})
    assert "other/cart.py" in check(shop, "--select=FLX103") and "inner" not in check(shop, "--select=FLX103")
    shop.write({"pyproject.toml": "[tool.flext]\nselect = ['E501']\n"})
    assert "[tool.flext] select: 'E501' is not a rule code such as 'FLX103' or 'FLX2'" in refusal(shop, "check")
    shop.write({"pyproject.toml": "[tool.flext]\nextend_select = []\n"})
    assert "unknown key; known: targets, tests" in refusal(shop, "check")


def test_what_a_project_says_of_its_files(shop: Shop) -> None:
    """The nearest settings of each file, files that are left alone, and test code as pytest knows it; in flake8 too."""
    shop.write({"shop/left.py": f"# flext: ignore-file\n{BAD}", "shop/text.py": f"x = '# flext: ignore-file'\n{BAD}"})
    shop.write({"checks/verify.py": BAD, "shop/verify_cart.py": BAD})
    found = ["shop/cart.py:2:5:", "shop/text.py:3:5:"]
    assert [line.split()[0] for line in check(shop).splitlines()] == [
        "checks/verify.py:2:5:",
        *found,
        "shop/verify_cart.py:2:5:",
    ]
    told = "[tool.pytest.ini_options]\ntestpaths = ['checks']\npython_files = ['verify_*.py']\n"
    shop.write({"pyproject.toml": DECLARED + told})
    for lines in (check(shop).splitlines(), check(shop).splitlines(), shop.flake8("--select=FLX")):
        assert [line.split()[0].removeprefix("./") for line in lines] == found
    shop.write({"pyproject.toml": f"{DECLARED}allow = ['ValueError']\n{told}", "shop/pyproject.toml": DECLARED})
    assert [line.split()[0] for line in check(shop).splitlines()] == [*found, "shop/verify_cart.py:2:5:"]
    shop.write({"shop/pyproject.toml": f"{DECLARED}exclude = ['text.py', 'verify_*']\n"})
    assert [line.split()[0] for line in check(shop).splitlines()] == found[:1]


def test_standard_input_stands_for_a_file(shop: Shop) -> None:
    """With its settings, and with its comments."""
    assert check(shop, "-", stdin=BAD) == FAULT.replace("shop/cart.py", "stdin.py") + "\n"
    assert check(shop, "--stdin-filename=tests/test_x.py", stdin=BAD) == ""
    assert check(shop, "--stdin-filename", "shop/cart.py", "-", stdin="raise ValueError  # noqa\n") == ""


def test_wrong_usage_is_one_line(shop: Shop) -> None:
    """With status 2."""
    assert refusal(shop, "check", "nowhere") == "nowhere: no such file or folder"
    assert "'E5' is not a rule code" in refusal(shop, "check", "--select=E5")
    assert "No such option" in refusal(shop, "check", "--nonsense")
    assert "no such rule; there are FLX101" in refusal(shop, "rule", "FLX999")
    assert "No such command" in refusal(shop, "chek")


def test_help_version_and_pages(shop: Shop) -> None:
    """``-h`` as well as ``--help``; a rule by code or name."""
    assert shop.run("flext_lint", "-h").stdout.startswith("Usage: flext-lint [OPTIONS] COMMAND")
    assert shop.run("flext_lint", "check", "-h").stdout.startswith("Usage: flext-lint check")
    assert shop.run("flext_lint", "--version").stdout.startswith("flext-lint, version 0")
    page = (ROOT / "docs" / "rules" / "FLX103.md").read_text(encoding="utf-8")
    for name in ("flx103", "builtin-raise"):
        assert shop.run("flext_lint", "rule", name).stdout == page


def test_a_file_that_does_not_parse_or_cannot_be_read(shop: Shop) -> None:
    """Is a finding, and the others are linted."""
    shop.write({"shop/broken.py": "def f(:\n    raise ValueError\n"})
    lines = check(shop).splitlines()
    assert lines[0].startswith("shop/broken.py:1:1: FLX000 does not parse: ") and lines[1] == FAULT


SCHEMA = json.loads((ROOT / "tests/codemods/reports/schemas/sarif-2.1.0.json").read_text(encoding="utf-8"))


def test_no_pipe_in_a_folder_is_waited_for(shop: Shop) -> None:
    """Nor read; and the folders that links lead back to are not gone through again."""
    os.mkfifo(shop.root / "shop" / "pipe.py")
    (shop.root / "shop" / "loop").symlink_to(shop.root, target_is_directory=True)
    assert check(shop, "--no-cache", ".", status=1).count("\n") == 1
    assert check(shop, ".", status=1).count("\n") == 1


def test_closed_streams_are_no_fault(shop: Shop) -> None:
    """The status still says what was found."""
    for given, status in (("shop >&- 2>&-", 1), ("shop 2>&-", 1), ("- <&-", 0)):
        command = f"exec '{sys.executable}' -m flext_lint check {given}"
        assert subprocess.run(["sh", "-c", command], cwd=shop.root, timeout=60).returncode == status


def test_an_output_that_is_full_is_status_2_in_one_line(shop: Shop) -> None:
    """Python, which tries to write again when it ends, adds no line of its own."""
    command = [sys.executable, "-m", "flext_lint", "check"]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(command, cwd=shop.root, env=env, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, ran.stderr) == (2, b"flext-lint: output: No space left on device\n")


@pytest.mark.parametrize("key", ["ignore", "per-file-ignores"])
def test_a_code_in_the_settings_that_no_rule_has_is_told(shop: Shop, key: str) -> None:
    """It would silence nothing without any message."""
    value = "['FLX999']" if key == "ignore" else "{'tests/*' = ['FLX999']}"
    shop.write({"pyproject.toml": f"[tool.flext]\n{key} = {value}\n"})
    told = refusal(shop, "check", ".")
    assert "pyproject.toml: [tool.flext] " + key in told and told.endswith("no rule begins with FLX999")


def test_formats(shop: Shop) -> None:
    """Each is what its readers take, with no findings too."""
    shop.write({"shop/ä b.py": BAD})
    found = json.loads(check(shop, "--format=json", "shop/cart.py"))
    assert found[0]["message"] == "raises builtin ValueError; raise FlextExceptions.ValidationError"
    assert [found[0][key] for key in ("path", "line", "column", "code")] == ["shop/cart.py", 2, 5, "FLX103"]
    assert (len(found), found[0]["name"], found[0]["recipe"]) == (1, "builtin-raise", "raises")
    log = json.loads(check(shop, "--format=sarif"))
    jsonschema.validate(log, SCHEMA)
    uris = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in log["runs"][0]["results"]]
    assert uris == ["shop/cart.py", "shop/%C3%A4%20b.py"]
    jsonschema.validate(json.loads(check(shop, "--format=sarif", "--ignore=FLX", status=0)), SCHEMA)
    command = "::error file=shop/cart.py,line=2,col=5,title=FLX103::raises builtin"
    assert check(shop, "--format=github", "shop/cart.py").startswith(command)
    issues = json.loads(check(shop, "--format=gitlab"))
    assert len({issue["fingerprint"] for issue in issues}) == 2 and issues[0]["location"]["lines"] == {"begin": 2}
    suites = ElementTree.fromstring(check(shop, "--format=junit"))
    assert (suites.get("tests"), suites.get("failures"), len(suites)) == ("2", "2", 2)
    assert ElementTree.fromstring(check(shop, "--format=junit", "--ignore=FLX", status=0)).get("failures") == "0"


def test_the_cache_knows_what_other_files_say(shop: Shop) -> None:
    """A class that changes in one file changes what is found in another; the same findings come from cache and code."""
    errors = "from flext_exceptions import FlextExceptions\n\n\nclass Bad(FlextExceptions.{}):\n    code = 'X_1'\n"
    cart = "from shop.errors import Bad\n\n\ndef f():\n    raise Bad('no', config_key=1)\n"
    shop.write({"shop/__init__.py": "", "shop/errors.py": errors.format("ValidationError"), "shop/cart.py": cart})
    first = check(shop)
    assert "FLX301" in first and check(shop) == check(shop, "--no-cache") == first
    shop.write({"shop/errors.py": errors.format("ConfigurationError")})
    assert check(shop) == check(shop, "--no-cache") == ""
    shop.write({"shop/errors.py": errors.format("ValidationError"), "tests/test_a.py": BAD})
    assert check(shop) == first
    shop.write({"shop/api.py": "from shop.errors import Bad\n", "shop/cart.py": cart.replace("errors", "api")})
    assert "FLX301" in check(shop)
    shop.write({"shop/api.py": "from shop.nowhere import Bad\n"})
    assert check(shop) == ""
    shop.write({"shop/cart.py": cart})
    shop.write({"pyproject.toml": "[tool.flext]\nignore = ['FLX301']\n"})
    assert check(shop) == ""
    for file in (shop.root / ".git").rglob("*.sqlite"):
        file.write_bytes(b"damaged")
    shop.write({"pyproject.toml": DECLARED})
    assert check(shop) == first


def test_several_processes_find_the_same(shop: Shop) -> None:
    """In the same order."""
    shop.write({f"shop/m{number:03}.py": BAD for number in range(90)})
    assert check(shop, "--jobs=2", "--no-cache") == check(shop, "-j1", "--no-cache")


def test_workers_run_nothing_that_is_in_the_current_folder(shop: Shop) -> None:
    """Nor with the way in which Python 3.14 starts them."""
    shop.write({f"shop/m{number:03}.py": BAD for number in range(90)})
    shop.write({f"{name}.py": "open('was run', 'w')\n" for name in ("random", "logging", "tempfile", "json")})
    command = [Path(sys.executable).with_name("flext-lint"), "check", "--jobs=2", "--no-cache", "shop"]
    assert subprocess.run(command, cwd=shop.root, capture_output=True).returncode == 1
    assert not (shop.root / "was run").exists()


def entries(shop: Shop) -> Sequence[dict[str, object]]:
    """Return the known findings."""
    found: list[dict[str, object]] = json.loads((shop.root / "known.json").read_text())["findings"]
    return found


def test_a_baseline_and_the_way_out_of_a_damaged_one(shop: Shop) -> None:
    """Recorded without flake8; what the message says to do works."""
    shop.write({"pyproject.toml": "[tool.flext]\nbaseline = 'known.json'\n"})
    assert refusal(shop, "check").endswith("known.json: no such file; record today's findings: flext-lint baseline")
    assert shop.run("flext_lint", "baseline").stdout == "1 finding in 1 file is known in known.json: 1 new, 0 fixed\n"
    assert check(shop) == "" and shop.flake8() == []
    shop.write({"shop/more.py": BAD})
    assert check(shop) == FAULT.replace("cart", "more") + "\n"
    shop.write({"shop/cart.py": "x = 1\n"})
    fixed = "FLX001 fixed: FLX103 at 'raise ValueError(\"no\")'; remove it from known.json"
    assert fixed in check(shop, "shop/cart.py")
    assert shop.run("flext_lint", "baseline").stdout.endswith(": 1 new, 1 fixed\n")
    assert [entry["path"] for entry in entries(shop)] == ["shop/more.py"]
    shop.write({"known.json": "{"})
    for command in ("check", "baseline"):
        assert refusal(shop, command).endswith("; delete the file and record it again: flext-lint baseline")
    (shop.root / "known.json").unlink()
    assert shop.run("flext_lint", "baseline").returncode == 0
    assert check(shop) == ""


def test_one_baseline_holds_the_projects_within_that_have_no_settings(shop: Shop) -> None:
    """A folder with requirements of its own is not reported again once the settings at the top name the file."""
    shop.write(
        {"pyproject.toml": "[project]\nname = 'shop'\n", "docs/requirements.txt": "sphinx\n", "docs/conf.py": BAD}
    )
    shop.write({"tools/pyproject.toml": "[tool.flext]\n", "tools/run.py": BAD})
    recorded = shop.run("flext_lint", "baseline").stdout
    assert "2 findings in 2 files" in recorded and "1 finding in 1 file" in recorded
    assert sorted(file.relative_to(shop.root).as_posix() for file in shop.root.rglob("flext-baseline.json")) == [
        "flext-baseline.json",
        "tools/flext-baseline.json",
    ]
    named = "[tool.flext]\nbaseline = 'flext-baseline.json'\n"
    shop.write({"pyproject.toml": named, "tools/pyproject.toml": named})
    assert check(shop) == ""


def test_a_baseline_of_flake8_holds_where_that_selects_more_rules(shop: Shop) -> None:
    """``ignore`` in its configuration turns on the rules that are off; check, which runs without them, is silent."""
    shop.write({"pyproject.toml": "[tool.flext]\nbaseline = 'known.json'\n", "tox.ini": "[flake8]\nignore = E203\n"})
    typed = "from flext_exceptions import FlextExceptions\n\n\ndef f(x):\n    raise FlextExceptions.ValidationError"
    shop.write({"shop/cart.py": f'{typed}(f"no {{x}}")\n'})
    shop.run("flext_lint", "baseline")
    assert [entry["code"] for entry in entries(shop)] == ["FLX110"]
    assert check(shop) == ""
    assert "FLX001 fixed: FLX110" not in check(shop, "--ignore=FLX110") and check(shop, "--select=FLX110") == ""
    shop.write({"shop/cart.py": f"{typed}('no', value=x)\n"})
    assert check(shop) == "" and "FLX001 fixed: FLX110" in check(shop, "--select=FLX110")


def test_a_part_is_recorded_with_options_of_check(shop: Shop) -> None:
    """And the rest keeps its entries."""
    shop.write({"pyproject.toml": "[tool.flext]\nbaseline = 'known.json'\n", "shop/more.py": BAD})
    shop.run("flext_lint", "baseline", "--select=FLX")
    assert len(entries(shop)) == 2
    shop.write({"shop/more.py": "x = 1\n"})
    assert shop.run("flext_lint", "baseline", "shop/more.py").stdout.startswith("1 finding in 1 file")


@pytest.mark.parametrize("rule", ["FLX103"])
def test_fixes(shop: Shop, rule: str) -> None:
    """The recipe that the rule names, at the places that are reported: what a comment silences stays."""
    text = f"{BAD}\n\ndef g():\n    raise KeyError('kept')  # noqa: {rule}\n\n\ndef h():\n    try:\n        f()\n"
    text += "    except OSError as err:\n        raise err\n"
    shop.write({"shop/cart.py": text})
    diff = check(shop, "--diff")
    assert '+    raise FlextExceptions.ValidationError("no")' in diff and "KeyError" not in diff.replace(
        " raise Key", ""
    )
    assert (shop.root / "shop/cart.py").read_text() == text
    left = check(shop, "--fix")
    assert left.count("\n") == 1 and "FLX204" in left
    new = (shop.root / "shop/cart.py").read_text()
    assert "from flext_exceptions import FlextExceptions\n" in new and "raise KeyError('kept')" in new
    assert check(shop, "--fix", "--unsafe-fixes") == ""
    assert "except OSError" not in (shop.root / "shop/cart.py").read_text()
    assert check(shop, "--fix") == ""
    stdin = shop.run("flext_lint", "check", "--fix", "--stdin-filename=shop/other.py", stdin=BAD)
    assert stdin.returncode == 0 and "FlextExceptions.ValidationError" in stdin.stdout
