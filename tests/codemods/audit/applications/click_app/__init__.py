"""A till over click."""

from __future__ import annotations

import click


class DrawerStuck(Exception):
    """The drawer does not open."""


class NoReceipt(click.ClickException):
    """There is no paper."""


@click.group()
@click.option("--till", type=int, default=1)
def main(till: int) -> None:
    """Work at a till."""
    if till == 9:
        raise click.UsageError("there is no till 9")


@main.command()
@click.argument("amount", type=int)
def pay(amount: int) -> None:
    """Take money."""
    if amount < 0:
        raise DrawerStuck(amount)
    if amount == 0:
        raise NoReceipt("nothing to print")
    click.echo(amount)


@main.command("shut-down")
def close() -> None:
    """Close the till."""
    raise SystemExit(3)
