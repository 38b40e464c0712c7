"""A kitchen timer over typer."""

from __future__ import annotations

import typer

app = typer.Typer()
alarms = typer.Typer()
app.add_typer(alarms, name="alarms")


class Broken(Exception):
    """The spring is broken."""


@app.callback()
def main(spring: bool = True) -> None:
    """Look at the spring."""
    if not spring:
        raise Broken


@app.command()
def wind(minutes: int) -> None:
    """Wind the timer up."""
    if minutes > 60:
        raise typer.BadParameter("at most an hour")
    typer.echo(minutes)


@alarms.command("ring")
def ring_now(loud: bool = False) -> None:
    """Ring."""
    if loud:
        raise typer.Exit(code=4)
    raise ValueError("too quiet")
