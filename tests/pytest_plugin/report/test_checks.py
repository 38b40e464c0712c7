"""An error counts as asserted on if a check of a test accepts it."""

from __future__ import annotations

import pytest

from flext_pytest.assertions.acceptance import watch_checks
from tests.pytest_plugin.report.runs import report, run

pytest_plugins = ["pytester"]

# How a test checks an error, and which types it asserts on by that.
CHECKS = {
    "pytest.raises": ("with pytest.raises(ValueError): raise X.ValidationError('m')", ["ValidationError"]),
    "pytest.raises with a function": ("pytest.raises(LookupError, fail)", ["KeyError"]),
    "flext_raises": ("with flext_raises(X.KeyError, code='KEY_ERROR'): raise X.KeyError('m')", ["KeyError"]),
    "flext_raises of a cause": (
        "with flext_raises(ValueError, cause=X.KeyError): raise ValueError from X.KeyError('m')",
        ["KeyError"],
    ),
    "RaisesGroup": (
        "with pytest.RaisesGroup(X.KeyError, pytest.RaisesGroup(X.TimeoutError)):\n"
        "        raise ExceptionGroup('', [X.KeyError('m'), ExceptionGroup('', [X.TimeoutError('m')])])",
        ["KeyError", "TimeoutError"],
    ),
    "pytest.raises of a group": (
        "with pytest.raises(ExceptionGroup): raise ExceptionGroup('', [X.KeyError('m')])",
        ["KeyError"],
    ),
    "assert_error": ("assert_error(X.KeyError('m'), LookupError)", ["KeyError"]),
    "assertRaises": ("with case.assertRaises(LookupError): raise X.KeyError('m')", ["KeyError"]),
    "assertRaises with a function": ("case.assertRaises(LookupError, fail)", ["KeyError"]),
    "assertRaisesRegex": ("with case.assertRaisesRegex(LookupError, 'm'): raise X.KeyError('m')", ["KeyError"]),
    # What is no check, or accepts nothing:
    "no check": ("X.KeyError('m')", []),
    "try and except": ("try: raise X.KeyError('m')\n    except X.KeyError: pass", []),
    "another class": ("with pytest.raises(ValueError): raise X.KeyError('m')", []),
    "another message": ("with pytest.raises(X.KeyError, match='other'): raise X.KeyError('m')", []),
    "another code": ("with flext_raises(X.KeyError, code='SHOP_7'): raise X.KeyError('m')", []),
    "another code, in hand": ("assert_error(X.KeyError('m'), code='SHOP_7')", []),
    "another cause": ("with flext_raises(ValueError, cause=OSError): raise ValueError from X.KeyError('m')", []),
    "a cause that nobody expects": ("with flext_raises(ValueError): raise ValueError from X.KeyError('m')", []),
    "another group": ("with pytest.RaisesGroup(ValueError): raise ExceptionGroup('', [X.KeyError('m')])", []),
    "another class for unittest": ("with case.assertRaises(ValueError): raise X.KeyError('m')", []),
    "another text for unittest": ("with case.assertRaisesRegex(LookupError, 'a'): raise X.KeyError('m')", []),
    "no error at all": ("X.KeyError('m')\n    with pytest.raises(X.KeyError): pass", []),
}


@pytest.mark.parametrize(("check", "asserted"), CHECKS.values(), ids=CHECKS)
def test_an_error_is_asserted_on_if_a_check_accepts_it(
    pytester: pytest.Pytester, check: str, asserted: list[str]
) -> None:
    """By whichever class; a check that fails accepts nothing."""
    source = f"case = unittest.TestCase()\ndef fail(): raise X.KeyError('m')\ndef test_it():\n    {check}"
    found = report(pytester, source)
    assert [each["error"] for each in found["types"] if each["asserted_on_in"]] == asserted
    assert {*found["never_asserted_on"]} == {each["error"] for each in found["types"]} - {*asserted}
    assert found["types"], "an error was made in any case"


@pytest.mark.parametrize("option", ["--assert=plain", "--assert=rewrite"])
def test_a_check_that_fails_says_what_it_says_without_the_report(pytester: pytest.Pytester, option: str) -> None:
    """With no frame of ours."""
    source = """
        def refuse(error):
            raise RuntimeError("predicate")

        class TestIt(unittest.TestCase):
            def test_regex(self):
                with self.assertRaisesRegex(LookupError, "other"):
                    raise X.KeyError("m")

        def test_code():
            with flext_raises(X.KeyError, code="other"):
                raise X.KeyError("m")

        def test_predicate():
            with flext_raises(X.KeyError, code=refuse):
                raise X.KeyError("m")
        """
    run(pytester, source, option).assert_outcomes(failed=3)
    without = run(pytester, source, option)
    result = run(pytester, source, option, "--flext-report")
    end = next(at for at, line in enumerate(result.outlines) if line.strip("=") == " typed errors ")
    start = next(at for at, line in enumerate(result.outlines) if line.strip("=") == " FAILURES ")
    assert without.outlines[start:end] == result.outlines[start:end]
    assert end - start > 40


def test_whoever_asks_is_told_until_he_leaves() -> None:
    """In whatever order they come and go."""
    one: list[str] = []
    two: list[str] = []
    first = watch_checks(lambda error, _: one.append(str(error)))
    second = watch_checks(lambda error, _: two.append(str(error)))
    first.__enter__()
    second.__enter__()
    with pytest.raises(ValueError):
        int("a")
    first.__exit__(None, None, None)
    with pytest.raises(ValueError):
        int("b")
    second.__exit__(None, None, None)
    with pytest.raises(ValueError):
        int("c")
    assert [text[-3:] for text in one] == ["'a'"]
    assert [text[-3:] for text in two] == ["'a'", "'b'"]
