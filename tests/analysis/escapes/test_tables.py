"""The tables of library functions, whose errors are distinguished from those of the code itself."""

import pkgutil

import pytest

from flext_analysis.escapes.tables import built_in_raises, read_table
from tests.analysis.escapes.programs import analysis_of


def found(text: str) -> dict[str, dict[str, bool]]:
    """Return for each function the classes that may leave it, and whether its own code raises them."""
    return {one.scope.name: errors for one, errors in analysis_of(text).by_function().items()}


def test_a_function_of_the_standard_library_raises_what_its_page_says() -> None:
    assert found("import json\ndef f(x): return json.loads(x)")["f"] == {"json.decoder.JSONDecodeError": False}


def test_a_handler_stops_what_a_table_says() -> None:
    text = "import json\ndef f(x):\n    try: return json.loads(x)\n    except ValueError: return None"
    assert found(text)["f"] == {}


def test_what_the_code_itself_raises_too_is_its_own() -> None:
    text = "def f(x):\n    if not x: raise ValueError\n    return int(x)\ndef g(x): return int(x)"
    assert found(text) == {"f": {"builtins.ValueError": True}, "g": {"builtins.ValueError": False}}


STANDARD = [
    name for name in built_in_raises() if name.partition(".")[0] in ("json", "os", "shutil", "sqlite3", "subprocess")
]


@pytest.mark.parametrize("function", STANDARD)
def test_every_class_and_function_of_the_standard_library_exists(function: str) -> None:
    for path in (function, *built_in_raises()[function]):
        assert pkgutil.resolve_name(path)


def test_what_a_function_returns_has_the_methods_of_its_class() -> None:
    text = "import sqlite3\ndef f(path): return sqlite3.connect(path)\ndef g(path): f(path).execute('x').fetchone()\n"
    assert found(text)["g"] == {"sqlite3.OperationalError": False, "sqlite3.Error": False}


def test_a_line_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="line 2 of a table"):
        read_table("a.b: C\nwrong")
