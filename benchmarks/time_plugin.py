"""CPU seconds of one flake8 plugin's own work over files: python benchmarks/time_plugin.py PREFIX FOLDER.

Runs in the environment that the plugin is installed in, which need not contain this project. flake8 itself loads the
plugin, parses the options, and reads and parses each file; none of this is timed. The plugin is created and run as
flake8 does it. Prints the seconds and the number of findings.
"""

from __future__ import annotations

import sys
import time
import warnings
from functools import partial
from pathlib import Path
from typing import Any

from flake8.main.application import Application
from flake8.processor import FileProcessor

BATCH = 50  # files; on systems with a slow clock, reading it for each file would cost more than the plugin


def main(prefix: str, folder: str) -> int:
    """Time the plugin of a prefix."""
    warnings.simplefilter("ignore")
    application = Application()
    application.initialize(["--isolated", f"--select={prefix}"])
    assert application.plugins is not None and application.options is not None
    plugin = next(one for one in application.plugins.checkers.tree if one.entry_name == prefix)
    spent, found = 0.0, 0
    paths = sorted(Path(folder).rglob("*.py"))
    for start in range(0, len(paths), BATCH):
        waiting: list[Any] = []
        for path in paths[start : start + BATCH]:
            processor = FileProcessor(str(path), application.options)
            try:
                tree = processor.build_ast()
            except SyntaxError:
                continue
            given = processor.keyword_arguments_for(plugin.parameters, {"tree": tree})
            waiting.append(partial(plugin.obj, tree=tree, **given))
        started = time.process_time()
        found += sum(len(list(make().run())) for make in waiting)
        spent += time.process_time() - started
    print(spent, found)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
