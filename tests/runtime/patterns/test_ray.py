"""The error of a Ray task in another process arrives with its type and all of its data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_an_error_of_a_task_arrives_typed(tmp_path: Path) -> None:
    """Ray raises an error of a class that it makes for it, which forwards what it is asked."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}
    command = [sys.executable, "-m", "tests.runtime.patterns.ray_program"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    caught, document = map(json.loads, done.stdout.splitlines()[-2:])
    assert caught == [True, "FLEXT_3001", {"field": "sku", "value": "A-1"}, "req-9"]
    assert document == ["ray.exceptions.RayTaskError(ValidationError)", *caught[1:]]  # the class that Ray made
