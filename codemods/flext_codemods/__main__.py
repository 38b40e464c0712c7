"""``python -m flext_codemods``.

Python puts the current folder first on ``sys.path`` then, and that is the repository under migration: a ``json.py``
in it would be run. It is taken off before anything is imported that a file there could stand for. What Python itself
imports before is out of reach: the console script ``flext-codemods``, or ``python -P -m``, never has the folder there.
"""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]

import importlib.util
import io
import os

NEEDED = ("click", "filelock", "libcst", "pathspec", "platformdirs", "rich", "tomlkit")


def leave_current_folder() -> None:
    """Let nothing that lies in the current folder be imported before what is installed, here and in our processes."""
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        here = os.path.realpath(os.curdir)
    except OSError:
        return  # it is gone, which the command itself will say
    there = [entry for entry in sys.path if os.path.realpath(entry or os.curdir) == here]
    sys.path[:] = [entry for entry in sys.path if entry not in there] + there


def is_installed(name: str) -> bool:
    """Say whether a package can be imported, without importing it."""
    return name in sys.modules or importlib.util.find_spec(name) is not None


def run() -> None:
    """Run the command line and leave with its exit status."""
    leave_current_folder()
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
