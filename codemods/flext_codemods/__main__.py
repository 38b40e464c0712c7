"""``python -m flext_codemods``.

With ``-m``, Python puts the current folder first on ``sys.path``, and that is the repository under migration: a
``json.py`` in it would be run. The folder is removed before anything is imported that a file there could shadow.
Python's own earlier imports are out of reach; the console script ``flext-codemods``, or ``python -P -m``, never has the
folder there.
"""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]

import importlib.util
import io
import os

NEEDED = ("click", "filelock", "libcst", "pathspec", "platformdirs", "rich", "tomlkit")


def leave_current_folder() -> None:
    """Make installed packages take precedence over files in the current folder, here and in our processes."""
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        here = os.path.realpath(os.curdir)
    except OSError:
        return  # it no longer exists, which the command itself reports
    there = [entry for entry in sys.path if os.path.realpath(entry or os.curdir) == here]
    sys.path[:] = [entry for entry in sys.path if entry not in there] + there


def is_installed(name: str) -> bool:
    """Return whether a package can be imported, without importing it."""
    return name in sys.modules or importlib.util.find_spec(name) is not None


def drop_unwritten() -> None:
    """Drop output that could not be written: Python would try again when it ends, and exit with 120."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run() -> None:
    """Run the command line and exit with its status."""
    leave_current_folder()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a file name may contain anything, and a terminal may not show it
            stream.reconfigure(errors="backslashreplace")
    missing = [name for name in NEEDED if not is_installed(name)]
    if missing:
        sys.stderr.write(f"flext-codemods: {', '.join(missing)} missing: pip install 'flext-exceptions[codemods]'\n")
        sys.exit(2)
    from flext_codemods.cli import main

    status = main(sys.argv[1:])
    drop_unwritten()
    sys.exit(status)


if __name__ == "__main__":
    run()
