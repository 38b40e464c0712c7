"""``python -m flext_lint baseline``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from flext_exceptions import FlextExceptions

USAGE = """\
usage: python -m flext_lint baseline [PATH or option of flake8 ...]

Record today's findings, so that flake8 reports new ones only. The file is the one that --flext-baseline, or baseline in
[tool.flext], names; else flext-baseline.json in the current folder. It must be named there to be used.
"""


def main(argv: Sequence[str]) -> int:
    """Run the command; return its exit status: 0 recorded, 1 flake8 failed, 2 wrong usage or a file that is damaged."""
    if argv[:1] != ["baseline"] or {"-h", "--help"}.intersection(argv):
        stream, status = (sys.stdout, 0) if {"-h", "--help"}.intersection(argv) else (sys.stderr, 2)
        stream.write(USAGE)
        return status
    try:
        from flake8.main.cli import main as flake8
    except ModuleNotFoundError:
        sys.stderr.write("flext: flake8 missing: pip install 'flext-exceptions[lint]'\n")
        return 2
    try:
        return int(flake8([*argv[1:], "--format=flext-baseline", "--exit-zero"]))
    except FlextExceptions.ConfigurationError as error:
        sys.stderr.write(f"flext: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"flext: {error.filename}: cannot be written: {error.strerror}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
