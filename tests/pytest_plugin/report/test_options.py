"""A wrong value of the option is a usage error; a file that cannot be written fails the run."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.report.runs import lines, run

pytest_plugins = ["pytester"]

WRONG = {
    "no kind": ("xml", "'xml' is not valid; valid is --flext-report=json:PATH or --flext-report=html:PATH, or"),
    "an unknown kind": ("xml:report", "'xml:report' is not valid"),
    "no path": ("json:", "'json:' is not valid"),
    "no folder": ("html:nowhere/report.html", "there is no folder *nowhere* to write report.html to"),
    "a folder": ("json:.", "* is a folder; name a file"),
    "a file in place of a folder": ("json:test_shop.py/report", "there is no folder *test_shop.py*"),
    "a name that is too long": (f"json:{'a' * 300}", "* cannot be written: File name too long"),
    "a place where nobody can write": ("html:/proc/report.html", "* cannot be written: *"),
}


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
@pytest.mark.parametrize(("value", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_a_usage_error(
    pytester: pytest.Pytester, value: str, said: str, options: tuple[str, ...]
) -> None:
    """In one line that names the option, before any test runs."""
    result = run(pytester, "def test_it(): print('ran')", f"--flext-report={value}", *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --flext-report: {said}*"])
    assert len([line for line in result.errlines if line]) == 1
    assert not [line for line in result.outlines if line]


def test_a_path_that_the_option_swallows_is_named(pytester: pytest.Pytester) -> None:
    """With what to write instead."""
    result = run(pytester, "def test_it(): pass", "--flext-report", "test_shop.py")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --flext-report: 'test_shop.py' is not valid; *--flext-report alone, after all paths"]
    )


def test_looking_whether_a_file_can_be_written_changes_none(pytester: pytest.Pytester) -> None:
    """Neither one that is there nor one that is not, when the run ends before its end."""
    pytester.makeconftest("import pytest\ndef pytest_sessionstart(): pytest.exit('enough')")
    there = pytester.path / "there.json"
    there.write_text("before")
    for name in ("there.json", "new.json"):
        run(pytester, "def test_it(): pass", f"--flext-report=json:{name}")
    assert there.read_text() == "before"
    assert not (pytester.path / "new.json").exists()


def test_a_file_that_cannot_be_written_at_the_end_fails_the_run(pytester: pytest.Pytester) -> None:
    """And is named; the table is there all the same."""
    result = run(pytester, "def test_it(): X.KeyError('m')", "--flext-report=json:/dev/full")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert lines(result)[-1] == "--flext-report: /dev/full cannot be written: No space left on device"
    assert lines(result)[1].startswith("KeyError")
