"""CPU seconds of one flake8 plugin's own work over files: python benchmarks/time_plugin.py PREFIX FOLDER.

Runs in the environment that the plugin is installed in, which need not hold this project. flake8 itself loads the
plugin, parses the options, reads and parses each file, all of it outside the time that is taken; the plugin is made and
run as flake8 does it. Prints the seconds and the number of findings.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from flake8.main.application import Application
from flake8.processor import FileProcessor

BATCH = 50  # files: where asking for the time is slow, to ask for each file would cost more than the plugin


def main(prefix: str, folder: str) -> int:
    """Time the plugin of a prefix."""
    warnings.simplefilter("ignore")
    application = Application()
    application.initialize(["--isolated", f"--select={prefix}"])
    assert application.plugins is not None and application.options is not None
    plugin = next(one for one in application.plugins.checkers.tree if one.entry_name == prefix)
    spent, found = 0.0, 0
    waiting: list[Callable[[], int]] = []
    paths = sorted(Path(folder).rglob("*.py"))
    for number, path in enumerate(paths, 1):
        processor = FileProcessor(str(path), application.options)
        try:
            tree = processor.build_ast()
        except SyntaxError:
            continue
        given = processor.keyword_arguments_for(plugin.parameters, {"tree": tree})
        waiting.append(lambda tree=tree, given=given: len(list(plugin.obj(tree=tree, **given).run())))  # type: ignore[misc]
        if len(waiting) == BATCH or number == len(paths):
            started = time.process_time()
            found += sum(one() for one in waiting)
            spent += time.process_time() - started
            waiting.clear()
    print(spent, found)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
