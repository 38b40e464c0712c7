"""Known findings stay quiet whatever lines move, new ones are reported, fixed ones are named."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_lint.baseline import Baseline, Entry, read_baseline, write_baseline
from tests.lint.conftest import BAD, Shop

PACKAGE = "import sysconfig; print(sysconfig.get_path('stdlib') + '/email')"


def record(shop: Shop, *arguments: str) -> str:
    """Record the findings of today and return what the command prints."""
    done = shop.run("flext_lint", "baseline", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def one_fault(shop: Shop, file: str) -> tuple[str, str]:
    """Return path and line of a known raise that stands on one line, once in its file."""
    for entry in json.loads((shop.root / file).read_text())["findings"]:
        path, line = entry["path"], entry["line"]
        if entry["code"] == "FLX103" and line.endswith(")") and (shop.root / path).read_text().count(line) == 1:
            return path, line
    raise LookupError(file)


def test_a_real_package_with_shifted_lines_one_new_fault_and_one_fixed(shop: Shop) -> None:
    """Exactly one new finding, one entry named as fixed."""
    source = subprocess.run([sys.executable, "-c", PACKAGE], capture_output=True, text=True, check=True).stdout.strip()
    shutil.rmtree(shop.root / "shop")
    shutil.copytree(source, shop.root / "email", ignore=shutil.ignore_patterns("__pycache__"))
    shop.write({"pyproject.toml": '[tool.flext]\nbaseline = "known.json"\n'})
    before = shop.flake8("--select=FLX", "--flext-baseline=")
    assert len(before) > 40
    said = record(shop, "--select=FLX")
    assert said.startswith(f"{len(before)} findings in ")
    assert said.endswith(f" in known.json: {len(before)} new, 0 fixed")
    assert shop.flake8("--select=FLX") == []

    for path in (shop.root / "email").rglob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("# shifted\n\n\n" + "".join(lines), encoding="utf-8")
    assert shop.flake8("--select=FLX") == []

    path, fault = one_fault(shop, "known.json")
    text = (shop.root / path).read_text(encoding="utf-8").replace(fault, "pass")
    shop.write({path: text + "\n\ndef late():\n    raise KeyError('new')\n"})
    new, fixed = sorted(shop.flake8("--select=FLX"), key=lambda line: "FLX001" in line)
    assert "FLX103 raises builtin KeyError" in new and new.startswith(f"./{path}:")
    assert fixed == f"./{path}:1:1: FLX001 fixed: FLX103 at {fault!r}; remove it from known.json"
    assert record(shop, "--select=FLX").endswith("1 new, 1 fixed")
    assert shop.flake8("--select=FLX") == []


def test_equal_lines_are_counted(shop: Shop) -> None:
    """Two known, three found: one is new. Two known, one found: one is fixed."""
    shop.write({"shop/cart.py": BAD + "\n\n" + BAD.replace("f()", "g()")})
    record(shop)
    option = "--flext-baseline=flext-baseline.json"
    assert shop.codes(option) == []
    shop.write({"shop/cart.py": BAD + "\n\n" + BAD.replace("f()", "g()") + "\n\n" + BAD.replace("f()", "h()")})
    assert shop.flake8(option)[0].startswith("./shop/cart.py:10:5: FLX103")
    shop.write({"shop/cart.py": BAD})
    assert shop.codes(option) == ["FLX001"]
    shop.write({"shop/cart.py": "x = 1\n"})
    assert "'raise ValueError(\"no\")' (2 times)" in shop.flake8(option)[0]


def test_what_is_suppressed_or_not_selected_is_not_recorded(shop: Shop) -> None:
    """Only what flake8 would print."""
    shop.write({"shop/more.py": '\n\ndef g():\n    raise KeyError("x")  # noqa\n', "shop/old.py": BAD})
    record(shop, "--per-file-ignores=shop/old.py:FLX103")
    entries = json.loads((shop.root / "flext-baseline.json").read_text())["findings"]
    assert entries == [{"path": "shop/cart.py", "code": "FLX103", "line": 'raise ValueError("no")'}]


def test_a_part_is_recorded_and_the_rest_stays(shop: Shop) -> None:
    """A file that was not looked at keeps its entries; one that is gone loses them."""
    shop.write({"shop/a.py": BAD, "shop/b.py": BAD, "shop/c.py": BAD})
    record(shop)
    (shop.root / "shop/c.py").unlink()
    shop.write({"shop/a.py": "x = 1\n"})
    counts, hint = record(shop, "shop/a.py").splitlines()
    assert counts == "2 findings in 2 files are known in flext-baseline.json: 0 new, 2 fixed"
    assert hint == 'to use it, set baseline = "flext-baseline.json" in [tool.flext]'


def test_a_file_that_is_gone_is_named(shop: Shop) -> None:
    """flake8 never reads it again, so the message comes at the start."""
    record(shop)
    (shop.root / "shop/cart.py").unlink()
    done = shop.run("flake8", "--flext-baseline=flext-baseline.json")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "flext: flext-baseline.json: shop/cart.py is missing; record it again\n"


def test_several_processes_and_standard_input_use_it_too(shop: Shop) -> None:
    """The file of an editor by the name that it gives."""
    shop.write({f"shop/m{number}.py": BAD for number in range(12)})
    record(shop, "-j2")
    option = "--flext-baseline=flext-baseline.json"
    assert shop.codes("-j2", option) == []
    assert shop.codes(option, "--stdin-display-name=shop/m3.py", "-", stdin=BAD) == []
    assert shop.codes(option, "--stdin-display-name=shop/other.py", "-", stdin=BAD) == ["FLX103"]


def test_paths_are_relative_to_the_file_and_not_to_where_flake8_is_started(shop: Shop) -> None:
    """A configuration in a folder above is found from below too."""
    shop.write({"setup.cfg": "[flake8]\nflext-baseline = known/all.json\n", "known/.keep": ""})
    record(shop, "--flext-baseline=known/all.json")
    below = Shop(shop.root / "shop")
    assert shop.codes() == below.codes() == []
    assert json.loads((shop.root / "known/all.json").read_text())["findings"][0]["path"] == "../shop/cart.py"


def test_a_file_that_does_not_parse_is_named_and_the_others_are_recorded(shop: Shop) -> None:
    """On standard error; the command succeeds."""
    shop.write({"shop/broken.py": "def f(:\n    raise ValueError\n"})
    done = shop.run("flext_lint", "baseline")
    assert done.returncode == 0 and "1 finding in 1 file " in done.stdout
    assert done.stderr.startswith("flext: shop/broken.py:1: not recorded: FLX000 ")


DAMAGED = {
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "too deep": "[" * 100_000,
    "another version": '{"version": 2, "findings": []}',
    "no findings": '{"version": 1}',
    "an entry that is a text": '{"version": 1, "findings": ["x"]}',
    "an entry without a line": '{"version": 1, "findings": [{"path": "a", "code": "b"}]}',
    "a number for a path": '{"version": 1, "findings": [{"path": 1, "code": "b", "line": "c"}]}',
    "a count of nothing": '{"version": 1, "findings": [{"path": "a", "code": "b", "line": "c", "count": 0}]}',
    "a count that is true": '{"version": 1, "findings": [{"path": "a", "code": "b", "line": "c", "count": true}]}',
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=list(DAMAGED))
def test_a_damaged_file_is_one_line_that_names_it(tmp_path: Path, text: str) -> None:
    """And says what to do."""
    file = tmp_path / "known.json"
    file.write_text(text)
    with pytest.raises(FlextExceptions.ConfigurationError) as caught:
        read_baseline(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: not a flext-lint baseline (") and "\n" not in message
    assert message.endswith("; delete the file and record it again: flext-lint baseline")


def test_flake8_stops_at_a_damaged_or_unreadable_file(shop: Shop) -> None:
    """With status 2 and one line; recording over it is refused as well, for it may be something else."""
    shop.write({"known.json": "{}", "flext-baseline.json": "{}"})
    assert "known.json: not a flext-lint baseline" in shop.refusal("--flext-baseline=known.json")
    assert "(Is a directory)" in shop.refusal("--flext-baseline=shop/")
    done = shop.run("flext_lint", "baseline")
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and (shop.root / "known.json").read_text() == "{}"


def test_wrong_use_of_the_command(shop: Shop) -> None:
    """Says so in one line, with status 2; asked for help it says how it is used, with status 0."""
    done = shop.run("flext_lint", "record")
    assert (done.returncode, done.stdout) == (2, "") and "No such command 'record'" in done.stderr
    done = shop.run("flext_lint", "baseline", "--help")
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("Usage: flext-lint baseline")


def test_a_folder_that_is_not_there_is_one_line(shop: Shop) -> None:
    """Nothing is written."""
    done = shop.run("flext_lint", "baseline", "--flext-baseline=no/known.json")
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.count("\n") == 1
    assert "known.json.new: No such file or directory" in done.stderr


ENTRIES = st.builds(Entry, st.sampled_from(["a.py", "b/ä.py"]), st.sampled_from(["FLX103", "FLX203"]), st.text())


@given(st.dictionaries(ENTRIES, st.integers(1, 5), max_size=8))
def test_what_is_written_is_read_back(entries: dict[Entry, int]) -> None:
    """Whatever the lines contain."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "known.json"
        write_baseline(file, entries)
        again = read_baseline(file)
        assert Counter(entry for known in again.by_path.values() for entry in known.elements()) == Counter(entries)


LINES = st.lists(st.sampled_from(["raise ValueError", "raise KeyError", "x = 1"]), max_size=12)


@given(LINES, LINES)
def test_new_and_fixed_findings_are_the_difference(before: list[str], after: list[str]) -> None:
    """Of the two multisets of lines, in whatever order they stand."""
    faults = [line for line in before if line.startswith("raise")]
    known = Baseline(Path("/srv/known.json"), Counter(Entry("a.py", "FLX103", line) for line in faults))
    found = [(number, 0, "FLX103 m") for number, line in enumerate(after, 1) if line.startswith("raise")]
    said = list(known.new("/srv/a.py", found, after))
    new = Counter(after[line - 1] for line, _, text in said if text.startswith("FLX103"))
    assert new == Counter(line for line in after if line.startswith("raise")) - Counter(faults)
    fixed = Counter(faults) - Counter(after)
    assert len([text for _, _, text in said if text.startswith("FLX001")]) == len(fixed)
