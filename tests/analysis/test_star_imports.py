"""What star imports may bind: read from sources, and known for the C modules of the standard library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flext_analysis.semantics.star_imports import star_exports

FOREIGN = """
import builtins, importlib.util, sys, warnings
warnings.simplefilter("ignore")
classes = {name: value for name, value in vars(builtins).items() if isinstance(value, type)}
errors = {name: value for name, value in classes.items() if issubclass(value, Exception)}
looked_at = 0
for name in sorted(sys.stdlib_module_names):
    spec = importlib.util.find_spec(name) if name not in ("__main__", "antigravity", "this") else None
    if spec is None or (spec.origin or "").endswith(".py"):
        continue
    try:
        module = importlib.import_module(name)
    except ImportError:  # its library is not installed
        continue
    looked_at += 1
    for error, value in errors.items():
        if getattr(module, error, value) is not value:
            print(name, error)
print(looked_at > 50)
"""


def test_no_c_module_of_the_standard_library_binds_another_class_to_the_name_of_a_builtin() -> None:
    """But for sqlite's Warning, which is never migrated."""
    done = subprocess.run([sys.executable, "-c", FOREIGN], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split("\n") == ["_sqlite3 Warning", "True", ""]


@pytest.mark.parametrize("module", ["math", "socket", "errno", "_io", "os", "os.path", "tkinter"])
def test_a_module_of_the_standard_library_is_certain(tmp_path: Path, module: str) -> None:
    """Whether it is written in Python or in C."""
    exports = star_exports(tmp_path / "mod.py", (module,))
    assert "*" not in exports and "ValueError" not in exports


def test_a_module_that_is_not_found_is_not_certain(tmp_path: Path) -> None:
    """From a library, or from further up than there is."""
    for module in ("numpy", ".other", "." * 99 + "other"):
        assert star_exports(tmp_path / "mod.py", (module,)) == {"*"}


def test_a_module_of_the_project_is_read_instead_of_the_standard_one(tmp_path: Path) -> None:
    """A file beside the importing one comes first, and a star of a star is followed, in circles too."""
    (tmp_path / "math.py").write_text("from deep import *\nclass KeyError(Exception): pass\n")
    (tmp_path / "deep.py").write_text("from math import *\nValueError = 1\n")
    assert star_exports(tmp_path / "mod.py", ("math",)) == {"KeyError", "ValueError"}
