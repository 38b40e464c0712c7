"""The flow finds the same in every run, also at its limits, although the order of sets differs from run to run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import hashlib
from pathlib import Path
import flext_exceptions
from flext_analysis.program.error_flow import ErrorFlow
from flext_analysis.program.project import Project
from flext_analysis.summaries.summarize import summarize

root = Path(flext_exceptions.__file__).parent
paths = sorted(root.rglob("*.py"))
names = [path.relative_to(root.parent).as_posix() for path in paths]
modules = [name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in names]
project = Project.whole(list(zip(names, modules, [summarize(path.read_bytes()) for path in paths])))
flow = ErrorFlow(project)
text = flow.engine.order.text
rows = [text(key) + "".join(sorted(map(text, slot.values))) for key, slot in flow.engine.slots.items()]
rows += [text(key) + str(sorted(flow.listed(mask))) for key, mask in flow.propagation.caught.items()]
print(len(rows), hashlib.sha256("".join(sorted(rows)).encode()).hexdigest())
print(sum(len(slot.values) > 12 for slot in flow.engine.slots.values()))
"""


def test_two_runs_find_the_same(tmp_path: Path) -> None:
    """The analysis reads the library's own code, which reaches the limits; every slot and handler holds the same."""
    found = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        found.append(subprocess.check_output([sys.executable, "-c", PROGRAM], cwd=tmp_path, env=environment, text=True))
    assert found[0] == found[1]
    assert int(found[0].split()[-1]) > 0
