"""``python -m flext_lint``, and the console script ``flext-lint``."""

from __future__ import annotations

import sys

NEEDED = ("click", "pathspec", "rich")


def run() -> None:
    """Run the command line and exit with its status."""
    import importlib.util
    import io
    import os

    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # stdout was closed: flext-lint check >&-
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 (open to the end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a file name may contain anything, and a terminal may not show it
            stream.reconfigure(errors="backslashreplace")
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        sys.stderr.write(f"flext-lint: {', '.join(missing)} missing: pip install 'flext-exceptions[lint]'\n")
        sys.exit(2)
    from flext_lint.cli import main

    status = main(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:  # reported; Python would try again when it ends, and exit with 120
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


if __name__ == "__main__":
    run()
