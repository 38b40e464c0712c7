"""How a run with mutants goes: options, time, tests that cannot tell, workers, and what is said at the end."""

from __future__ import annotations

import os
import time

import pytest

from tests.pytest_plugin.plugins import ALONE
from tests.pytest_plugin.raise_mutants.project import mutate, statuses, write

pytest_plugins = ["pytester"]

SHOP = """
from flext_exceptions import FlextExceptions

def refuse(count):
    if count < 1:
        raise FlextExceptions.ValidationError("too few")
    if count > 9:
        raise FlextExceptions.ValidationError("too many")  # flext: no-mutant, the text may say it as well
    "a text with # flext: no-mutant in it is no comment"; raise FlextExceptions.ConfigurationError("closed")

def wait():
    while True:
        raise FlextExceptions.TimeoutError("late")
"""
TESTS = """
import pytest
from shop.cart import refuse, wait

def test_few():
    with pytest.raises(ValueError, match="^too few$"):
        refuse(0)
def test_many():
    with pytest.raises(ValueError):
        refuse(10)
def test_closed():
    with pytest.raises(ValueError):
        refuse(5)
"""
FILES = {"shop/cart.py": SHOP, "tests/test_cart.py": TESTS}


def test_the_table_and_the_survivors_are_printed(pytester: pytest.Pytester) -> None:
    """Most telling first, each with its place, what was changed, and a test; the JSON file says the same."""
    write(pytester, FILES)
    run, document = mutate(pytester, "--flext-raise-mutants-fail-under=62.5")
    assert run.ret == 0
    lines = run.stdout.lines
    at = next(at for at, line in enumerate(lines) if "raise mutants" in line)
    assert lines[at + 1 : at + 4] == [
        "              sites  mutants  killed  survived",
        "shop/cart.py      2        8       5         3",
        "all               2        8       5         3",
    ]
    assert lines[at + 4].startswith("shop: 62.5% killed, ")
    assert lines[at + 5 : at + 9] == [
        "exempt by '# flext: no-mutant': 1 raise statement",
        "survivors, the most revealing first:",
        "  shop/cart.py:5: code: raise FlextExceptions.ValidationError in refuse; "
        "reached by tests/test_cart.py::test_few",
        "  shop/cart.py:8: code, message: raise FlextExceptions.ConfigurationError in refuse; "
        "reached by tests/test_cart.py::test_closed",
    ]
    assert document["files"] == [{"file": "shop/cart.py", "sites": 2, "mutants": 8, "killed": 5, "survived": 3}]
    first = document["results"][0]
    assert (first["mutant"], first["status"], first["how"]) == ("dropped", "killed", "failed")
    ends = ("killed", "survived", "not_tried", "not_repeated")
    assert sum(document[name] for name in ends) == document["mutants"] == len(document["results"])
    assert first["noticed_by"] == "tests/test_cart.py::test_few" and first["tests"] == [first["noticed_by"]]


def test_the_kinds_that_are_named_are_tried_alone(pytester: pytest.Pytester) -> None:
    """Here two of them; the document names the folder that its files are in."""
    write(pytester, FILES)
    _, document = mutate(pytester, "--flext-raise-mutants=type", "--flext-raise-mutants=code")
    assert statuses(document) == {"refuse": {"type": "killed", "code": "survived"}}
    assert document["mutants"] == 4 and document["root"] == pytester.path.as_posix()


def test_the_run_fails_where_too_few_are_killed(pytester: pytest.Pytester) -> None:
    """The option by itself turns the mutants on, and the percentage is shown."""
    write(pytester, FILES)
    run = pytester.runpytest_subprocess(*ALONE, "--flext-raise-mutants-fail-under=63")
    assert run.ret == pytest.ExitCode.TESTS_FAILED
    run.stdout.fnmatch_lines(["--flext-raise-mutants-fail-under: 62.5% of the mutants were killed, fewer than 63%"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--flext-raise-mutants=some"],
            "--flext-raise-mutants: 'some' is not valid; valid is *=all, a kind (dropped, *) or *=json:PATH*",
        ),
        (["--flext-raise-mutants=json:no/where.json"], "--flext-raise-mutants: there is no folder *"),
        (["--flext-raise-mutants-fail-under=x"], "--flext-raise-mutants-fail-under: 'x' is not valid; *"),
        (["--flext-raise-mutants-seconds=0"], "--flext-raise-mutants-seconds: '0' is not valid; *"),
        (["--flext-raise-mutants", "-o", "flext_packages="], "--flext-raise-mutants: no package in *"),
        (["--flext-raise-mutants", "-o", "flext_packages=nope"], "flext_packages: no package or module 'nope' in *"),
    ],
)
def test_a_wrong_option_is_a_usage_error(pytester: pytest.Pytester, options: list[str], said: str) -> None:
    """It names the option, before any test runs."""
    pytester.makepyfile("def test_it(): pass")
    run = pytester.runpytest(*ALONE, *options)
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    run.stderr.fnmatch_lines([f"*{said}"])


def test_an_endless_loop_and_a_crash_are_noticed(pytester: pytest.Pytester) -> None:
    """The child is ended when its time is over; what it printed is not seen."""
    crash = """
    import os, pytest
    from shop.cart import refuse
    def test_crash():
        try:
            refuse(0)
        except ValueError as error:
            if str(error) == "closed":  # what comes after the raise that is dropped
                print("unseen", flush=True)
                raise KeyboardInterrupt
            if str(error) != "too few":
                os._exit(3)
    """
    loop = """
    import pytest
    from shop.cart import wait
    def test_late():
        with pytest.raises(TimeoutError):
            wait()
    """
    write(pytester, {"shop/cart.py": SHOP, "tests/test_crash.py": crash, "tests/test_loop.py": loop})
    run, document = mutate(pytester, "-s")
    found = {(each["line"], each["mutant"]): each["how"] for each in document["results"]}
    assert found[12, "dropped"] == "timed out" and found[5, "message"] == "crashed" and found[5, "dropped"] == "failed"
    assert document["survived"] == 2 + 1 and "unseen" not in run.stdout.str()  # the codes, and the text of the last


def test_what_was_not_tried_in_time_is_said(pytester: pytest.Pytester) -> None:
    """The most revealing are tried first; what is left over does not count as killed."""
    write(pytester, FILES)
    run, document = mutate(pytester, "--flext-raise-mutants-seconds=0.001")
    assert document["not_tried"] > 0 and document["killed"] + document["survived"] + document["not_tried"] == 8
    run.stdout.fnmatch_lines(["* not tried within --flext-raise-mutants-seconds=0.001: *message"])


def test_what_is_known_is_said_when_the_run_is_interrupted(pytester: pytest.Pytester) -> None:
    """The rest was not tried; no process stays behind."""
    interrupt = """
    import os, pathlib, pytest, signal, time
    from shop.cart import refuse
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what a shell runs in the background
    def test_first():
        with pytest.raises(ValueError, match="few"):
            refuse(0)
        if not pathlib.Path("parent").exists():
            pathlib.Path("parent").write_text(str(os.getpid()))
    def test_interrupts():
        with pytest.raises(ValueError):
            refuse(5)
        parent = int(pathlib.Path("parent").read_text())
        if os.getpid() != parent:
            try:
                file = open("child", "x")
            except FileExistsError:
                time.sleep(60)  # one interrupts; a second time would interrupt what pytest does about it
            with file:
                file.write(str(os.getpid()))
            os.kill(parent, 2)
            time.sleep(60)
    """
    write(pytester, {"shop/cart.py": SHOP, "tests/test_a.py": interrupt})
    run = pytester.runpytest_subprocess(*ALONE, "--flext-raise-mutants", timeout=60)
    assert run.ret == pytest.ExitCode.INTERRUPTED
    run.stdout.fnmatch_lines(["all *", "* not tried: *", "*KeyboardInterrupt*"])
    child = int((pytester.path / "child").read_text())
    for _ in range(500):  # it is killed by a process that first has to notice
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    pytest.fail(f"process {child} is still there")


CANNOT_TELL = """
import functools, pytest
from shop.cart import refuse

filled = []

@functools.cache
def once():
    with pytest.raises(ValueError):
        refuse(5)

once()

def test_fills():
    filled.append(1)
def test_needs_another_test():
    with pytest.raises(ValueError, match="few"):
        refuse(0)
    assert filled
def test_fails_anyway():
    with pytest.raises(ValueError):
        refuse(0)
    assert False
"""


def test_tests_that_cannot_tell_are_left_out(pytester: pytest.Pytester) -> None:
    """Those that fail without a mutant, or alone; a site that only an import reaches has no test to run."""
    write(pytester, {"shop/cart.py": SHOP, "tests/test_cart.py": CANNOT_TELL})
    run, document = mutate(pytester)
    run.assert_outcomes(passed=2, failed=1)
    assert document["failing_tests"] == ["tests/test_cart.py::test_fails_anyway"]
    assert document["unsound_tests"] == ["tests/test_cart.py::test_needs_another_test"]
    assert (document["mutants"], document["killed"], document["not_repeated"], document["percent"]) == (4, 0, 4, None)
    assert document["reached_outside_tests"] == ["shop/cart.py:8"]
    run.stdout.fnmatch_lines(
        [
            "left out, since they fail without a mutant: tests/test_cart.py::test_fails_anyway",
            "left out, since they fail when they run alone: tests/test_cart.py::test_needs_another_test",
            "not changed, since only reached outside tests: shop/cart.py:8",
            "4 mutants not counted: *",
        ]
    )


FIXTURES = """
import time, os, unittest, pytest
from shop.cart import refuse

@pytest.fixture(scope="session")
def slow(tmp_path_factory):
    time.sleep(1)
    return tmp_path_factory.mktemp("data")

@pytest.fixture(scope="module", autouse=True)
def refused():
    with pytest.raises(ValueError, match="few"):
        refuse(0)

def test_slow(slow):
    (slow / "it").write_text("x")
@pytest.mark.parametrize("number", [1, 2])
def test_folder(slow, tmp_path, number):
    assert not list(tmp_path.iterdir()) and tmp_path.name == f"test_folder_{number}_0"
    (tmp_path / "it").write_text("x")
    with pytest.raises(ValueError, match="closed"):
        refuse(5)
def test_no_child_of_ours_is_there():
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
class TestOld(unittest.TestCase):
    def test_few(self):
        self.assertRaisesRegex(ValueError, "few", refuse, 0)
"""


def test_fixtures_are_set_up_in_each_child(pytester: pytest.Pytester) -> None:
    """Their time counts for the limit though another test paid it; folders are each child's own; unittest works."""
    # Less than the fixture takes, so that it has to be added.
    less = "def pytest_configure(): import flext_pytest.raise_mutants.hooks as hooks; hooks.EXTRA = 0.8\n"
    write(pytester, {"shop/cart.py": SHOP, "tests/test_cart.py": FIXTURES, "conftest.py": less})
    run, document = mutate(pytester, "--flext-raise-mutants-seconds=100")
    run.assert_outcomes(passed=5)
    assert (document["mutants"], document["killed"], document["survived"]) == (8, 6, 2)
    assert {each["how"] for each in document["results"] if each["status"] == "killed"} == {"failed"}
    assert not document["unsound_tests"]


WORKERS = {
    "shop/cart.py": SHOP,
    "tests/test_one.py": "import pytest\nfrom shop.cart import refuse\n"
    "def test_nothing():\n    try:\n        refuse(0)\n    except Exception:\n        pass\n",
    "tests/test_two.py": TESTS,
}


def test_workers_of_xdist_try_the_mutants_with_the_tests_that_each_ran(pytester: pytest.Pytester) -> None:
    """What one of them notices is killed; the figures are those of a single process."""
    write(pytester, WORKERS)
    _, alone = mutate(pytester)
    run, document = mutate(pytester, "-n", "2", "--dist=loadfile")
    run.assert_outcomes(passed=4)
    assert statuses(document) == statuses(alone)
    for name in ("sites", "mutants", "killed", "survived", "exempt"):
        assert document[name] == alone[name]
    tests = {tuple(sorted(each["tests"])) for each in document["results"] if each["line"] == 5}
    assert tests == {("tests/test_one.py::test_nothing", "tests/test_two.py::test_few")}


def test_a_worker_that_crashes_is_named(pytester: pytest.Pytester) -> None:
    """Its mutants are missing, and the run fails for it."""
    crash = "import os\ndef test_crash():\n    os._exit(1)\n"
    write(pytester, {**FILES, "tests/test_crash.py": crash})
    run, document = mutate(pytester, "-n", "1")
    run.stdout.fnmatch_lines(["--flext-raise-mutants: * gw0 ended before it could report; its mutants are missing"])
    assert document["mutants"] >= 0 and run.ret == pytest.ExitCode.TESTS_FAILED


def test_without_fork_each_mutant_has_a_fresh_process(pytester: pytest.Pytester) -> None:
    """The figures are the same."""
    write(pytester, {**FILES, "conftest.py": "import os\ndel os.fork\n"})
    run, document = mutate(pytester, "--junitxml=report.xml", "-k", "few")
    run.assert_outcomes(passed=1)
    assert statuses(document)["refuse"] == dict.fromkeys(("dropped", "type", "message"), "killed") | {
        "code": "survived"
    }
    assert 'tests="1"' in (pytester.path / "report.xml").read_text()


def test_a_module_that_was_imported_before_is_named(pytester: pytest.Pytester) -> None:
    """It has no switches; a plugin of the project's own is one."""
    write(pytester, {**FILES, "shop/plugin.py": "import shop.cart\n"})
    run, document = mutate(pytester, "-p", "shop.plugin")
    missed = ["shop", "shop.cart", "shop.plugin"]
    assert document["modules_imported_before"] == missed and document["mutants"] == 0
    run.stdout.fnmatch_lines([f"not changed, since imported before pytest could compile them: {', '.join(missed)}"])


def test_errors_that_the_settings_declare_are_typed(pytester: pytest.Pytester) -> None:
    """They have a type, a text and a cause, and no code of the library; test code by the settings has no sites."""
    shop = "class Bad(Exception): pass\ndef refuse():\n    raise Bad('no')\n"
    settings = '[tool.flext]\nbase = ["shop.cart.Bad"]\ntests = ["shop/checks.py"]\n'
    (pytester.path / "pyproject.toml").write_text(settings)
    tests = """
    import pytest
    import shop.checks
    from shop.cart import Bad, refuse
    def test_it():
        with pytest.raises(Bad):
            refuse()
        with pytest.raises(Bad):
            shop.checks.check()
    """
    checks = "from shop.cart import Bad\ndef check():\n    raise Bad('no')\n"
    write(pytester, {"shop/cart.py": shop, "shop/checks.py": checks, "tests/test_cart.py": tests})
    _, document = mutate(pytester)
    assert statuses(document) == {"refuse": {"dropped": "killed", "type": "killed", "message": "survived"}}


OWN_TEXT = """
class Bad(Exception):
    def __init__(self, message):
        super().__init__(message)
        self.message = message
    def __str__(self):
        return self.message
def refuse():
    raise Bad("no")
"""


def test_a_text_that_a_class_keeps_itself_is_changed(pytester: pytest.Pytester) -> None:
    """Many classes of older code say what an attribute holds."""
    tests = "import pytest\nfrom shop.cart import Bad, refuse\n"
    tests += "def test_it():\n    with pytest.raises(Bad, match='^no$'):\n        refuse()\n"
    write(pytester, {"shop/cart.py": OWN_TEXT, "tests/test_cart.py": tests})
    _, document = mutate(pytester, "--flext-raise-mutants=all", "--flext-raise-mutants=message")
    assert statuses(document) == {"refuse": {"message": "killed"}}


def test_tests_within_the_package_are_no_raise_sites(pytester: pytest.Pytester) -> None:
    """By the usual names; what they raise is theirs."""
    tests = f"{TESTS}\ndef test_own():\n    with pytest.raises(X.Error):\n        raise X.Error('m')\n"
    tests = f"from flext_exceptions import FlextExceptions as X\n{tests}"
    write(pytester, {"shop/cart.py": SHOP, "shop/tests/__init__.py": "", "shop/tests/test_cart.py": tests})
    run, document = mutate(pytester)
    run.assert_outcomes(passed=4)
    assert {each["file"] for each in document["results"]} == {"shop/cart.py"}
    assert not document["modules_imported_before"]


def test_only_collecting_tries_nothing(pytester: pytest.Pytester) -> None:
    """No table, no file."""
    write(pytester, FILES)
    run, document = mutate(pytester, "--collect-only")
    assert run.ret == 0 and document == {} and "raise mutants" not in run.stdout.str()


def test_the_page_of_the_report_has_a_section_on_mutants(pytester: pytest.Pytester) -> None:
    """The table and the survivors; names are escaped, and without survivors there is no heading."""
    tests = TESTS.replace("def test_few", "@pytest.mark.parametrize('name', ['<b>'])\ndef test_few").replace(
        "few()", "few(name)"
    )
    write(pytester, {"shop/cart.py": SHOP, "tests/test_cart.py": tests})
    page = pytester.path / "page.html"
    for options in ((), ("-n", "2")):
        mutate(pytester, f"--flext-report=html:{page}", *options)
        text = page.read_text(encoding="utf-8")
        row = "<tr><th scope=row><code>shop/cart.py</code></th><td>2</td><td>8</td><td>5</td><td>3</td></tr>"
        assert row in text and "62.5% killed" in text
        assert text.count('<details class="never">\n<summary><h2><code>shop/cart.py:') == 2
        assert "test_few[&lt;b&gt;]" in text and "test_few[<b>]" not in text
