"""flake8 finds the plugin by itself, the rules speak where they are wanted, and flake8's own switches work on them."""

from __future__ import annotations

import sys

import pytest

from tests.lint.conftest import BAD, Shop

FAULT = "./shop/cart.py:2:5: FLX103 raises builtin ValueError; raise FlextExceptions.ValidationError"


def test_flake8_alone_finds_it(shop: Shop) -> None:
    """Once the package is installed; the version is shown."""
    assert shop.flake8() == [FAULT]
    assert "flext-exceptions: " in shop.run("flake8", "--version").stdout


DECLARATIONS = {
    "a table": {"pyproject.toml": "[tool.flext]\n"},
    "a dependency": {"pyproject.toml": '[project]\nname = "x"\ndependencies = ["flext-exceptions[lint]>=0.1"]\n'},
    "an optional dependency": {"pyproject.toml": '[project.optional-dependencies]\ndev = ["Flext_Exceptions"]\n'},
    "a dependency group": {"pyproject.toml": '[dependency-groups]\nlint = ["flext.exceptions ; python_version>"]\n'},
    "Poetry": {"pyproject.toml": '[tool.poetry.dependencies]\nflext-exceptions = "^0.1"\n'},
    "a group of Poetry": {"pyproject.toml": '[tool.poetry.group.dev.dependencies]\nflext-exceptions = {version="1"}\n'},
    "requirements": {"requirements-dev.txt": "# tools\nflake8\nflext-exceptions==0.1\n"},
    "setup.cfg": {"setup.cfg": "[options]\ninstall_requires =\n    flext-exceptions\n"},
    "an extra in setup.cfg": {"setup.cfg": "[options.extras_require]\ndev =\n    flext-exceptions>=0\n"},
    "setup.py": {"setup.py": "from setuptools import setup\n\nsetup(install_requires=['flext-exceptions >= 0.1'])\n"},
}


@pytest.mark.parametrize("files", DECLARATIONS.values(), ids=list(DECLARATIONS))
def test_the_rules_speak_in_a_project_that_declares_itself(shop: Shop, files: dict[str, str]) -> None:
    """By a [tool.flext] table, or by naming the library among what it needs."""
    (shop.root / "pyproject.toml").unlink()
    shop.write(files)
    assert shop.flake8("shop") == [FAULT.removeprefix("./")]


SILENT = {
    "nothing at all": {},
    "another dependency": {"pyproject.toml": '[project]\nname = "x"\ndependencies = ["flext-exceptions-extra"]\n'},
    "a description": {"pyproject.toml": '[project]\nname = "x"\ndescription = "flext-exceptions"\n'},
    "a comment": {"requirements.txt": "# flext-exceptions\nflake8\n"},
    "another tool's table": {"pyproject.toml": "[tool.flext-core]\n"},
    "a broken setup.cfg": {"setup.cfg": "no section\n"},
}


@pytest.mark.parametrize("files", SILENT.values(), ids=list(SILENT))
def test_the_rules_say_nothing_where_the_package_is_merely_installed(shop: Shop, files: dict[str, str]) -> None:
    """It may be there for some other dependency's sake."""
    (shop.root / "pyproject.toml").unlink()
    shop.write(files)
    assert shop.flake8("shop") == []


@pytest.mark.parametrize("option", ["--select=FLX", "--extend-select=FLX103", "--select=E,FLX1"])
def test_whoever_selects_the_rules_by_name_gets_them(shop: Shop, option: str) -> None:
    """In a project that does not declare itself too."""
    (shop.root / "pyproject.toml").unlink()
    assert shop.codes(option) == ["FLX103"]


@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
def test_each_configuration_of_flake8_takes_the_options(shop: Shop, name: str) -> None:
    """Under the same names as on the command line, with hyphens or underscores."""
    shop.write(
        {
            name: "[flake8]\nselect = FLX\nflext-allow = ValueError, KeyError\nflext_base = shop.errors.Base\n",
            "shop/more.py": "from shop.errors import Base\n\n\nclass Bad(Base):\n    pass\n\n\n"
            "def f():\n    raise IndexError(1)\n\n\ndef g():\n    raise Bad('x')\n",
        }
    )
    assert shop.flake8() == ["./shop/more.py:9:5: FLX103 raises builtin IndexError; raise FlextExceptions.IndexError"]


def test_the_command_line_wins_over_pyproject(shop: Shop) -> None:
    """A list that is given replaces the other as a whole."""
    shop.write({"pyproject.toml": '[tool.flext]\nallow = ["ValueError"]\n'})
    assert shop.codes() == []
    assert shop.codes("--flext-allow=KeyError") == ["FLX103"]


def test_a_target_of_the_project_stands_in_the_message(shop: Shop) -> None:
    """From the table, and from the option, which wins."""
    shop.write({"pyproject.toml": '[tool.flext.targets]\nValueError = "shop.errors.BadInput"\n'})
    assert shop.flake8()[0].endswith("FLX103 raises builtin ValueError; raise shop.errors.BadInput")
    assert shop.flake8("--flext-targets=ValueError=a.B, KeyError=a.C")[0].endswith("raise a.B")


def test_test_code_by_usual_names_and_by_globs(shop: Shop) -> None:
    """A raise there replaces somebody else's error."""
    shop.write({"tests/stub.py": BAD, "shop/test_cart.py": BAD, "checks/stub.py": BAD})
    assert [line.partition(":")[0] for line in shop.flake8()] == ["./checks/stub.py", "./shop/cart.py"]
    assert [line.partition(":")[0] for line in shop.flake8("--flext-tests=checks/**")] == ["./shop/cart.py"]
    shop.write({"pyproject.toml": '[tool.flext]\ntests = ["checks/"]\n'})
    assert [line.partition(":")[0] for line in shop.flake8()] == ["./shop/cart.py"]


def test_noqa(shop: Shop) -> None:
    """On the line, with the code or without, on the first line of a longer statement, and for the whole file."""
    lines = ["def f():", '    raise ValueError("a")  # noqa', '    raise ValueError("b")  # noqa: FLX103']
    lines += [
        '    raise ValueError("c")  # noqa: FLX102',
        "    raise ValueError(  # noqa: FLX103",
        '        "d"',
        "    )",
    ]
    shop.write({"shop/cart.py": "\n".join(lines) + "\n"})
    assert shop.flake8() == [FAULT.replace(":2:", ":4:")]
    shop.write({"shop/cart.py": "# flake8: noqa\n" + BAD})
    assert shop.flake8() == []


def test_per_file_ignores_select_and_ignore(shop: Shop) -> None:
    """They are flake8's, and work as they always do."""
    shop.write({"shop/old.py": BAD + "\n\ndef g():\n    raise Exception\n"})
    assert shop.codes() == ["FLX103", "FLX103", "FLX102"]
    assert shop.codes("--per-file-ignores=shop/old.py:FLX103") == ["FLX103", "FLX102"]
    assert shop.codes("--select=FLX102") == ["FLX102"]
    assert shop.codes("--extend-ignore=FLX10") == []


def test_rules_that_are_off_are_turned_on_by_name(shop: Shop) -> None:
    """All of them by the common prefix."""
    shop.write({"shop/cart.py": "try:\n    f()\nexcept OSError:\n    raise\n"})
    assert shop.codes() == ["F821"]
    assert shop.codes("--extend-select=FLX207") == ["F821", "FLX207"]
    assert shop.codes("--select=FLX") == ["FLX207"]


def test_several_processes_say_the_same(shop: Shop) -> None:
    """With the options, the baseline and all."""
    shop.write({f"shop/m{number}.py": BAD for number in range(12)})
    one = shop.flake8("-j1", "--flext-targets=ValueError=a.B")
    assert len(one) == 13 and all(line.endswith("raise a.B") for line in one)
    assert sorted(shop.flake8("-j2", "--flext-targets=ValueError=a.B")) == sorted(one)


def test_standard_input(shop: Shop) -> None:
    """Under the name that an editor gives, which says whether it is test code."""
    assert shop.flake8("-", stdin=BAD) == [FAULT.replace("./shop/cart.py", "stdin")]
    named = "--stdin-display-name=shop/editor.py"
    assert shop.flake8(named, "-", stdin=BAD) == [FAULT.replace("./shop/cart.py", "shop/editor.py")]
    assert shop.flake8("--stdin-display-name=tests/editor.py", "-", stdin=BAD) == []


WRONG = {
    "an unknown builtin": (["--flext-allow=ValeurError"], "--flext-allow: 'ValeurError' is not a builtin exception"),
    "a class that is no exception": (["--flext-allow=int"], "--flext-allow: 'int' is not a builtin exception"),
    "a target that is no pair": (["--flext-targets=ValueError"], "--flext-targets: 'ValueError' is not a pair"),
    "a target of no builtin": (["--flext-targets=Bad=a.B"], "--flext-targets.Bad: not a builtin exception"),
    "a target that is no dotted name": (
        ["--flext-targets=ValueError=B"],
        "--flext-targets.ValueError: 'B' is not a dot",
    ),
    "a base that is no dotted name": (["--flext-base=Base"], "--flext-base: 'Base' is not a dotted name"),
    "a glob that is none": (["--flext-tests=!"], "tests: "),
    "a baseline that is not there": (["--flext-baseline=no.json"], "no.json: no such file; record today"),
}


@pytest.mark.parametrize(("options", "says"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_option_is_one_line_that_names_it(shop: Shop, options: list[str], says: str) -> None:
    """And the end, with status 2."""
    line = shop.refusal(*options)
    assert line.startswith("flext: ") and says in line


def test_a_wrong_setting_is_one_line_that_names_file_and_key(shop: Shop) -> None:
    """Whichever of them it is."""
    shop.write({"pyproject.toml": '[tool.flext]\nallow = ["Nope"]\n'})
    line = shop.refusal()
    assert "pyproject.toml: [tool.flext] allow: 'Nope' is not a builtin exception" in line
    shop.write({"pyproject.toml": "[tool.flext\n"})
    assert "pyproject.toml: " in shop.refusal()


def test_a_file_that_does_not_parse_is_flake8s_business(shop: Shop) -> None:
    """E999 or E902, and the others are checked all the same."""
    files = {"shop/broken.py": "def f(:\n", "shop/zero.py": "x = 1\0\n"}
    if sys.version_info < (3, 11, 4):
        del files["shop/zero.py"]  # flake8 itself ends with a traceback there
    shop.write(files)
    codes = shop.codes("--select=FLX,E9")
    assert set(codes) <= {"FLX103", "E999", "E902"} and codes.count("FLX103") == 1 and len(codes) >= 1 + len(files)


def test_odd_files_are_nothing_special(shop: Shop) -> None:
    """No line, a byte order mark, a cookie, line ends of Windows, a form feed."""
    shop.write({"shop/empty.py": "", "shop/cart.py": "\ufeff" + BAD})
    (shop.root / "shop/latin.py").write_bytes(b'# coding: latin-1\r\nx = "\xe4"; raise ValueError("\xe4")\r\n\x0c\r\n')
    assert [line.split()[0] for line in shop.flake8("--select=FLX")] == ["./shop/cart.py:2:5:", "./shop/latin.py:2:11:"]


METRICS = (
    "from flext_exceptions import FlextExceptions\n\n\n"
    "def test_counts():\n    assert FlextExceptions.get_metrics() == {}\n"
)
ISOLATING = {
    "pyproject.toml": ("pyproject.toml", "[tool.flext]\n[tool.pytest.ini_options]\nflext_isolate = true\n"),
    "pytest.toml": ("pytest.toml", "[pytest]\nflext_isolate = true\n"),
    "pytest.ini": ("pytest.ini", "[pytest]\nflext_isolate = true\n"),
    "tox.ini": ("tox.ini", "[pytest]\nflext_isolate = 1\n"),
    "setup.cfg": ("setup.cfg", "[tool:pytest]\nflext_isolate = yes\n"),
    "a fixture for all in a conftest.py": (
        "tests/conftest.py",
        "import pytest\nfrom flext_exceptions import FlextExceptions\n\n\n@pytest.fixture(autouse=True)\n"
        "def isolated():\n    with FlextExceptions.Metrics.isolated():\n        yield\n",
    ),
}


@pytest.mark.parametrize(("name", "text"), ISOLATING.values(), ids=list(ISOLATING))
def test_a_project_that_isolates_all_its_tests_is_not_told_to(shop: Shop, name: str, text: str) -> None:
    """FLX402 reads the configuration of pytest and the conftest.py files around a test."""
    shop.write({"tests/unit/test_counts.py": METRICS})
    assert shop.codes("--select=FLX4") == ["FLX402"]
    shop.write({name: text})
    assert shop.codes("--select=FLX4") == []


def test_other_settings_of_pytest_isolate_nothing(shop: Shop) -> None:
    """Nor a conftest.py with some other fixture, nor a broken file."""
    shop.write(
        {
            "tests/test_counts.py": METRICS,
            "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef cart():\n    return 1\n",
            "pytest.ini": "[pytest]\nflext_isolate = false\n",
            "tox.ini": "broken\n",
        }
    )
    assert shop.codes("--select=FLX4") == ["FLX402"]
