"""Types of a script or notebook are sent to other processes as Ray, dask and joblib do it: by value."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SENDER = """
import sys
import cloudpickle
from dataclasses import dataclass
from flext_exceptions import FlextExceptions

class Plain(FlextExceptions.ValidationError):
    code = "SHOP-1"
    sku: str | None = None

class Own(FlextExceptions.ValidationError):
    def __init__(self, sku):
        super().__init__(f"{sku} sold out", sku=sku)

class Legacy(FlextExceptions.ValidationError):
    def __init__(self, sku):
        self.sku = sku

@dataclass
class Data(FlextExceptions.ValidationError):
    sku: str

kind, made = globals()[sys.argv[1]], sys.argv[2] == "made"
if made:
    kind("A-0")
with open(sys.argv[3], "wb") as file:
    cloudpickle.dump((kind, kind("A-1") if made else None), file)
"""
RECEIVER = """
import pickle, sys
from flext_exceptions import FlextExceptions
with open(sys.argv[1], "rb") as file:
    kind, error = pickle.load(file)
with FlextExceptions.correlation("req-1"):
    new = kind("A-2")
assert isinstance(new, FlextExceptions.ValidationError) and new.correlation_id == "req-1" and new.timestamp
assert FlextExceptions.get_metrics()[kind.__name__] >= 1, "it is counted where it came to"
assert error is None or (type(error) is kind and "A-1" in str(error) + str(error.context) + str(vars(error)))
print(new.code)
"""


@pytest.mark.parametrize("made", ["made", "not made"])
@pytest.mark.parametrize("kind", ["Plain", "Own", "Legacy", "Data"])
def test_a_type_of_a_script_works_in_another_process(tmp_path: Path, kind: str, made: str) -> None:
    """Whether an error of it was made before or not; with the id that is bound there."""
    script, sent = tmp_path / "script.py", tmp_path / "sent"
    script.write_text(SENDER)
    subprocess.run([sys.executable, script, kind, made, sent], check=True)
    done = subprocess.run([sys.executable, "-c", RECEIVER, sent], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ("SHOP-1" if kind == "Plain" else "FLEXT_3001")
