"""A converter over argparse."""

from __future__ import annotations

import argparse
import sys


class UnknownUnit(Exception):
    """There is no such unit."""


def length(args: argparse.Namespace) -> int:
    """Convert a length."""
    if args.unit not in ("m", "km"):
        raise UnknownUnit(args.unit)
    print(args.value * (1000 if args.unit == "km" else 1))
    return 0


def whole(text: str) -> int:
    """Read a whole number."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is no number")
    return int(text)


def main(argv: list[str] | None = None) -> int:
    """Run a command line."""
    parser = argparse.ArgumentParser(prog="convert")
    commands = parser.add_subparsers(required=True)
    lengths = commands.add_parser("length")
    lengths.add_argument("value", type=whole)
    lengths.add_argument("unit")
    lengths.set_defaults(run=length)
    args = parser.parse_args(argv)
    found: int = args.run(args)
    return found


if __name__ == "__main__":
    sys.exit(main())
