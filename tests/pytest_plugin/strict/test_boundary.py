"""An untyped exception that leaves the packages for test code fails the test; nothing else does."""

from __future__ import annotations

import asyncio  # noqa: F401  here, for good: imported again by each run within a test, it differs from its C half
from collections.abc import Iterable
from fnmatch import fnmatch

import pytest

from tests.pytest_plugin.plugins import ALONE
from tests.pytest_plugin.strict.runs import CROSSED, LEFT, PLAIN, WATCHES, make, run, said

pytest_plugins = ["pytester"]


def outcomes(pytester: pytest.Pytester, cases: Iterable[str], *options: str) -> list[str]:
    """Run each case as a test, all in one run; return what each says when it fails, "" where it passes."""
    make(pytester, "\n".join(f"def test_{number}():\n    {does}\n" for number, does in enumerate(cases)))
    reports = pytester.inline_run(*ALONE, *options).getreports("pytest_runtest_logreport")
    return [str(report.longrepr or "") for report in reports if report.when == "call"]


def test_an_untyped_exception_that_leaves_fails_the_test(pytester: pytest.Pytester) -> None:
    """Even if the test expects it; the report has one line, once."""
    found = outcomes(pytester, [does for does, _ in CROSSED.values()], "--flext-strict")
    assert len(found) == len(CROSSED)
    for (name, (_, line)), text in zip(CROSSED.items(), found, strict=True):
        assert text == line or ("*" in line and fnmatch(text, line)), name
        assert "\n" not in text, name


def test_without_the_option_they_pass(pytester: pytest.Pytester) -> None:
    """Else the test above would say nothing."""
    assert outcomes(pytester, [does for does, _ in CROSSED.values()]) == [""] * len(CROSSED)


SILENT = {
    "no exception": "assert call(int) == 0",
    "a typed error": "with pytest.raises(ValueError): order(X.ValidationError('m'))",
    "one that the package makes of an untyped one": (
        "with pytest.raises(ValueError): handled(lambda: order(ValueError()))"
    ),
    "the cause of a typed error": (
        "with flext_raises(X.ValidationError, cause=ValueError) as caught: wrapped()\n"
        "    assert_error(caught.value.__cause__, ValueError)"
    ),
    "a group of what a test raised": (
        "def fail(): raise ValueError\n    with pytest.raises(ValueError) as caught: fail()\n"
        "    with pytest.raises(ExceptionGroup): group(caught.value)"
    ),
    "what a library keeps for a test that does not look": (
        "with ThreadPoolExecutor() as pool: assert pool.submit(order, ValueError()).exception()"
    ),
    "one that the package handles": "assert not hasattr(Cart(), 'colour')",
    "a group of typed errors": "with pytest.raises(ExceptionGroup): group(X.KeyError('m'))",
    "KeyError by __getitem__, raised in a helper": "with pytest.raises(KeyError): Cart()['a']",
    "a KeyError of the project by __getitem__": (
        "with mock.patch('shop.stock.find', side_effect=errors.NoItem), pytest.raises(KeyError): Cart()['a']"
    ),
    "AttributeError by __getattr__": "with pytest.raises(AttributeError): Cart().colour",
    "AttributeError by a property": "with pytest.raises(AttributeError): Cart().total",
    "TypeError by an operator": "with pytest.raises(TypeError): Cart() + 1",
    "NotImplementedError": "with pytest.raises(NotImplementedError): order(NotImplementedError())",
    "StopIteration": "with pytest.raises(StopIteration): stop()",
    "SystemExit": "with pytest.raises(SystemExit): order(SystemExit(1))",
    "KeyboardInterrupt": "with pytest.raises(KeyboardInterrupt): order(KeyboardInterrupt())",
    "AssertionError": "with pytest.raises(AssertionError): order(AssertionError())",
    "a warning": "with pytest.raises(UserWarning): order(UserWarning())",
    "CancelledError": "with pytest.raises(asyncio.CancelledError): order(asyncio.CancelledError())",
    "an outcome of pytest": "with pytest.raises(pytest.fail.Exception): call(pytest.fail)",
    "what the test raises itself": "with pytest.raises(ValueError): raise ValueError",
    "what the test's own call raises": "with pytest.raises(TypeError): order()",
    "what a library raises for the test": "with pytest.raises(ValueError): int('a')",
    "what a callback of the test raises": (
        "def fail(): raise ValueError\n    with pytest.raises(ValueError): call(fail)"
    ),
    "what a library raises in a callback of the test": (
        "def fail(): int('a')\n    with pytest.raises(ValueError): call(fail)"
    ),
    "what the test raises and catches by a plain try": (
        "def fail(): raise ValueError\n    try: call(fail)\n    except ValueError: pass"
    ),
    "what the test raises and suppresses": "with suppress(ValueError): raise ValueError",
    "what is raised in the test and passes the package": (
        "with pytest.raises(ValueError):\n        with X.correlation('a'): raise ValueError"
    ),
}


def test_all_else_is_left_alone(pytester: pytest.Pytester) -> None:
    """It passes, and nothing is reported."""
    found = dict(zip(SILENT, outcomes(pytester, SILENT.values(), "--flext-strict"), strict=True))
    assert found == dict.fromkeys(SILENT, "")


def test_what_a_plain_try_catches_is_seen_from_python_3_12_on(pytester: pytest.Pytester) -> None:
    """Before it is not."""
    found = dict(zip(PLAIN, outcomes(pytester, PLAIN.values(), "--flext-strict"), strict=True))
    assert found == dict.fromkeys(PLAIN, LEFT if WATCHES else "")


@pytest.mark.parametrize(
    ("settings", "error", "passes"),
    [
        ("base = ['shop.errors.ShopError']", "errors.SoldOut()", True),
        ("base = ['shop.cart.errors']", "errors.SoldOut()", False),
        ("base = ['shop.cart.errors.ShopError']", "errors.SoldOut()", True),
        ("base = ['nowhere.Error']", "errors.SoldOut()", False),
        ("targets = { ValueError = 'shop.errors.ShopError' }", "errors.SoldOut()", True),
        ("allow = ['ValueError']", "ValueError()", True),
        ("allow = ['ValueError']", "UnicodeError()", False),
        ("allow = ['ValueError']", "type('ValueError', (Exception,), {})()", False),
    ],
)
def test_what_the_project_declares_or_allows_may_leave(
    pytester: pytest.Pytester, settings: str, error: str, passes: bool
) -> None:
    """And nothing else."""
    source = f"def test_it():\n    with pytest.raises(Exception): order({error})"
    result = run(pytester, source, settings=f"[tool.flext]\n{settings}\n[tool.pytest.ini_options]")
    result.assert_outcomes(passed=int(passes), failed=int(not passes))


@pytest.mark.parametrize("text", ["(", "", "\0"])
def test_a_module_whose_source_has_changed_is_judged_all_the_same(pytester: pytest.Pytester, text: str) -> None:
    """Only its properties and special methods are not known to be such."""
    source = f"""
        from pathlib import Path
        def test_it():
            Path(cart.__file__).write_text({text!r})
            with pytest.raises(ValueError): order(ValueError())
        def test_stop():
            with pytest.raises(StopIteration): stop()
        """
    result = run(pytester, source, "-W", "error")
    result.assert_outcomes(failed=1, passed=1)
    assert said(result) == [LEFT]


def test_a_deprecated_escape_is_no_matter(pytester: pytest.Pytester) -> None:
    """It was warned of when the module was compiled, not when it is read again."""
    source = """
        from pathlib import Path
        def test_it():
            file = Path(cart.__file__)
            file.write_text(file.read_text() + "'\\\\d'")
            with pytest.raises(KeyError): Cart()["a"]
        """
    run(pytester, source, "-W", "error").assert_outcomes(passed=1)
