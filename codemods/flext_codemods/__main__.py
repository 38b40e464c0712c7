"""``python -m flext_codemods``."""

from __future__ import annotations

import sys

from flext_codemods.cli import main


def run() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
