"""``python -m flext_codemods``."""

from __future__ import annotations

import importlib.util
import io
import sys

NEEDED = ("click", "filelock", "libcst", "pathspec", "rich", "tomlkit")


def is_installed(name: str) -> bool:
    """Say whether a package can be imported, without importing it."""
    return name in sys.modules or importlib.util.find_spec(name) is not None


def run() -> None:
    """Run the command line and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file name may be anything, and so may a terminal
    missing = [name for name in NEEDED if not is_installed(name)]
    if missing:
        sys.stderr.write(f"flext-codemods: {', '.join(missing)} missing: pip install 'flext-exceptions[codemods]'\n")
        sys.exit(2)
    from flext_codemods.cli import main

    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
