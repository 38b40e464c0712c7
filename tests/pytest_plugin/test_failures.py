"""A test that fails with a typed error has a report section on it; all other reports are unchanged."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from flext_exceptions import FlextExceptions
from flext_exceptions.patterns.tracking import OptimizedFlextException
from flext_pytest.assertions.failure_section import described, typed_errors
from tests.pytest_plugin.plugins import ALONE, alone

pytest_plugins = ["pytester"]

HEAD = "from flext_exceptions import FlextExceptions\nimport pytest, unittest\n"
TYPED = HEAD + (
    "def test_order():\n"
    "    try:\n"
    "        {}['sku']\n"
    "    except KeyError as cause:\n"
    "        raise FlextExceptions.ValidationError(\n"
    "            'sold out', sku='A-1', password='hunter' + '2', correlation_id='req-1'\n"
    "        ) from cause\n"
)
SECTION = [
    "*- typed error -*",
    "ValidationError: sold out",
    "  code: FLEXT_3001",
    "  correlation id: req-1",
    "  context: {'sku': 'A-1', 'password': '?redacted?'}",
    "  caused by: KeyError('sku')",
]


class Hostile:
    """Nothing can be done with it."""

    def __repr__(self) -> str:
        raise ValueError("no")

    def __eq__(self, other: object) -> bool:
        raise ValueError("no")

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("options", [[], ["-n", "2"], ["--assert=plain"], ["--import-mode=importlib"], ["--tb=native"]])
def test_the_section_is_printed_and_in_junit(pytester: pytest.Pytester, options: list[str]) -> None:
    """In one process and over workers, and without the secret."""
    pytester.makepyfile(TYPED)
    result = pytester.runpytest_subprocess(*alone("--junitxml=out.xml", *options))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(SECTION)
    assert "hunter2" not in result.stdout.str()
    junit = (pytester.path / "out.xml").read_text()
    assert "correlation id: req-1" in junit and "hunter2" not in junit


@pytest.mark.parametrize(
    "body",
    [
        "def test_a():\n    raise ExceptionGroup('g', [KeyError('x'), FlextExceptions.ValidationError('sold out')])",
        "def test_a():\n    raise RuntimeError('w') from FlextExceptions.ValidationError('sold out')",
        "class Test(unittest.TestCase):\n"
        "    def test_a(self):\n        raise FlextExceptions.ValidationError('sold out')",
        "@pytest.fixture\ndef a():\n    raise FlextExceptions.ValidationError('sold out')\n\ndef test_a(a):\n    pass",
        "@pytest.fixture\ndef a():\n    yield\n    raise FlextExceptions.ValidationError('sold out')\n\n"
        "def test_a(a):\n    pass",
    ],
    ids=["in a group", "as a cause", "in a unittest class", "in a set-up", "in a teardown"],
)
def test_wherever_the_typed_error_is(pytester: pytest.Pytester, body: str) -> None:
    """It has its section, once."""
    pytester.makepyfile(HEAD + body)
    said = pytester.runpytest(*ALONE).stdout
    said.fnmatch_lines(["*- typed error -*", "ValidationError: sold out", "  code: FLEXT_3001"])
    assert said.str().count("typed error -") == 1


@pytest.mark.parametrize(
    ("body", "outcomes"),
    [
        ("def test_a():\n    raise KeyError('x')", {"failed": 1}),
        ("def test_a():\n    pass", {"passed": 1}),
        ("def test_a():\n    pytest.skip('s')", {"skipped": 1}),
        (
            "@pytest.mark.xfail(raises=FlextExceptions.Error)\ndef test_a():\n    raise FlextExceptions.Error('m')",
            {"xfailed": 1},
        ),
        (
            "def test_a():\n    with pytest.raises(ValueError):\n        raise FlextExceptions.ValidationError('m')",
            {"passed": 1},
        ),
    ],
    ids=["a builtin", "no error", "a skip", "an expected failure", "an expected error"],
)
def test_other_reports_are_as_they_were(pytester: pytest.Pytester, body: str, outcomes: dict[str, int]) -> None:
    """With no section, and with the outcome that they have anyway."""
    pytester.makepyfile(HEAD + body)
    result = pytester.runpytest(*ALONE, "-rA")
    result.assert_outcomes(**outcomes)
    assert "typed error" not in result.stdout.str()


def test_a_run_without_the_plugin_has_no_section(pytester: pytest.Pytester) -> None:
    """-p no:flext."""
    pytester.makepyfile(TYPED)
    result = pytester.runpytest_subprocess(*ALONE, "-p", "no:flext")
    result.assert_outcomes(failed=1)
    assert "- typed error -" not in result.stdout.str()


def test_hostile_and_huge_values_are_shown_as_far_as_they_can_be() -> None:
    """One that has no repr does not hide the others; the whole is bounded."""
    made = FlextExceptions.Error("m" * 10_000_000, a=Hostile(), b=1, big="x" * 10_000_000)
    text = "\n".join(described(made))
    assert "'a': <unprintable Hostile>, 'b': 1, 'big': 'xxx" in text and len(text) < 3000


def test_a_context_that_was_put_off_is_made_and_shown() -> None:
    """Without its secrets; where that fails, or ends the test or the process, the section says so."""

    def lazy(make: Any) -> str:
        error = OptimizedFlextException().lazy_context_exception(FlextExceptions.Error, "m", make, step=1)
        return "\n".join(described(error))

    def fail() -> dict[str, object]:
        pytest.fail("no context")

    def interrupt() -> dict[str, object]:
        raise KeyboardInterrupt

    assert "  context: {'rows': 3, 'password': '[redacted]', 'step': 1}" in lazy(lambda: {"rows": 3, "password": "x"})
    assert "<failed: ZeroDivisionError" in lazy(lambda: {"rows": 1 // 0})
    assert "  context: '<unreadable: Failed>'" in lazy(fail)
    assert "  context: '<unreadable: SystemExit>'" in lazy(sys.exit)
    with pytest.raises(KeyboardInterrupt):
        lazy(interrupt)


def test_a_context_that_is_read_by_nobody_is_not_made() -> None:
    """An error that has none gets none."""
    error = FlextExceptions.Error("m")
    assert "context" not in "".join(described(error)) and "context" not in vars(error)


def test_a_context_that_holds_one_thing_many_times_over_is_shown_at_once() -> None:
    """Read to its end it would fill any memory."""
    inner: list[object] = []
    for _ in range(40):
        inner = [inner, inner]
    text = "\n".join(described(FlextExceptions.ValidationError("m", field=inner, after=1)))  # type: ignore[arg-type]
    assert "'after': 1" in text and len(text) < 3000


def test_an_attribute_that_fails_is_said() -> None:
    """And nothing is raised."""

    class Odd(FlextExceptions.Error):
        @property
        def code(self) -> str:  # type: ignore[override]
            raise RuntimeError("no")

    assert "  code: <unreadable: RuntimeError>" in list(described(Odd("m")))


def test_a_chain_that_is_long_or_a_circle_ends() -> None:
    """After ten causes."""
    one, other = FlextExceptions.Error("a"), KeyError("b")
    one.__cause__, other.__cause__ = other, one
    assert list(described(one))[2:] == ["  caused by: KeyError('b')", "  caused by: ..."]
    assert list(typed_errors(other)) == [one]
    last: BaseException = FlextExceptions.Error("first")
    top = last
    for number in range(50):
        last.__cause__ = last = KeyError(number)
    assert isinstance(top, FlextExceptions.Error)
    assert sum("caused by" in line for line in described(top)) == 11


def test_a_context_that_a_traceback_hides_is_not_shown() -> None:
    """``raise ... from None``."""
    hidden = KeyError("x")
    hidden.__context__ = FlextExceptions.Error("m")
    assert len(list(typed_errors(hidden))) == 1
    hidden.__suppress_context__ = True
    assert list(typed_errors(hidden)) == []


def test_many_typed_errors_are_counted(pytester: pytest.Pytester) -> None:
    """Five are shown."""
    pytester.makepyfile(
        HEAD + "def test_a():\n    raise ExceptionGroup('g', [FlextExceptions.Error(f'm{n}') for n in range(8)])"
    )
    said = pytester.runpytest(*ALONE).stdout
    said.fnmatch_lines(["Error: m4", "  code: FLEXT_0001", "... and 3 more"])
    said.no_fnmatch_line("Error: m5")
