"""Valid settings in [tool.flext], and the messages about invalid ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from flext_analysis.settings import Settings, load_settings
from flext_exceptions import FlextExceptions


def load(folder: Path, text: str | bytes) -> Settings:
    """Write a pyproject.toml and load the settings of its folder."""
    (folder / "pyproject.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    return load_settings(folder)


@pytest.mark.parametrize(
    "text", ["", "[tool]\n", "[project]\nname = 'x'\n", "[tool.flext]\n", "[tool.other]\nflext = 1\n"]
)
def test_defaults_hold_where_nothing_is_said(tmp_path: Path, text: str) -> None:
    """No file, no table, an empty one."""
    assert load_settings(tmp_path) == Settings() == load(tmp_path, text)


def test_all_settings_are_read(tmp_path: Path) -> None:
    """Targets as a table, globs as tuples."""
    text = (
        '[tool.flext]\ntests = ["checks/**", "größe"]\ninclude = []\nbase = ["shop.e.ShopError"]\n'
        'allow = ["KeyError"]\nbaseline = "known.json"\nextend-select = ["FLX107"]\nexclude = ["gen/**"]\n'
        '[tool.flext.targets]\nValueError = "shop.e.Bad"\n[tool.flext.per-file-ignores]\n"a/*" = ["FLX1"]\n'
    )
    assert load(tmp_path, text) == Settings(
        targets={"ValueError": "shop.e.Bad"},
        tests=("checks/**", "größe"),
        base=("shop.e.ShopError",),
        allow=("KeyError",),
        exclude=("gen/**",),
        baseline="known.json",
        extend_select=("FLX107",),
        per_file_ignores={"a/*": ("FLX1",)},
    )


WRONG = {
    "an unknown key": ("[tool.flext]\nTests = []\n", "Tests", "known: targets, tests, include, base"),
    "targets that are no table": ("[tool.flext]\ntargets = []\n", "targets", "must be a table"),
    "a name that is no builtin": (
        '[tool.flext.targets]\nvalueerror = "a.B"\n',
        "targets.valueerror",
        "did you mean ValueError?",
    ),
    "a builtin without a target": ('[tool.flext.targets]\nStopIteration = "a.B"\n', "targets.StopIteration", "known: "),
    "a name without a module": (
        '[tool.flext.targets]\nValueError = "Bad"\n',
        "targets.ValueError",
        "not a dotted name",
    ),
    "a name with a gap": ('[tool.flext.targets]\nValueError = "a..B"\n', "targets.ValueError", "not a dotted name"),
    "a relative name": ('[tool.flext.targets]\nValueError = ".a.B"\n', "targets.ValueError", "not a dotted name"),
    "a name with a colon": ('[tool.flext.targets]\nValueError = "a:B"\n', "targets.ValueError", "not a dotted name"),
    "a number": ("[tool.flext.targets]\nValueError = 1\n", "targets.ValueError", "1 is not a dotted name"),
    "tests that are a text": ('[tool.flext]\ntests = "a"\n', "tests", "not a list of globs"),
    "a glob that is a number": ('[tool.flext]\ninclude = ["a", 1]\n', "include", "not a list of globs"),
    "a base without a module": ('[tool.flext]\nbase = ["ShopError"]\n', "base", "not a dotted name"),
    "a base that is a text": ('[tool.flext]\nbase = "a.B"\n', "base", "not a list of dotted names"),
    "an allowed class that is no builtin": ('[tool.flext]\nallow = ["int"]\n', "allow", "not a builtin exception"),
    "a baseline that is a list": ("[tool.flext]\nbaseline = []\n", "baseline", "not a file name"),
    "a glob that is empty": ('[tool.flext]\ninclude = [""]\n', "include", "not a list of globs"),
}


@pytest.mark.parametrize(("text", "key", "says"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_value_names_file_and_key(tmp_path: Path, text: str, key: str, says: str) -> None:
    """In one line, and in the fields of the error."""
    with pytest.raises(FlextExceptions.ConfigurationError) as caught:
        load(tmp_path, text)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'pyproject.toml'}: [tool.flext] {key}: ") or f"] {key}: " in message
    assert says in message and str(tmp_path / "pyproject.toml") in message and "\n" not in message
    assert caught.value.config_key == f"tool.flext.{key}"


BROKEN = {
    "no TOML": "[tool.flext",
    "a key twice": "a = 1\na = 2\n",
    "no UTF-8": b"a = '\xff'\n",
    "too deep": f"a = {'[' * 5000}{']' * 5000}\n",
    "a tool that is no table": "tool = 1\n",
    "a flext that is no table": "[tool]\nflext = []\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_file_is_one_line_that_names_it(tmp_path: Path, text: str | bytes) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(FlextExceptions.ConfigurationError) as caught:
        load(tmp_path, text)
    assert str(tmp_path / "pyproject.toml") in str(caught.value) and "\n" not in str(caught.value)
