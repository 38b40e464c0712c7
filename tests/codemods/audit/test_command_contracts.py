"""The contracts of command lines and tasks, compared with the exit statuses and states that they end with."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click.testing
import pytest
import typer.testing
from hypothesis import given, settings
from hypothesis import strategies as st

from .applications import celery_app, click_app, typer_app
from .applications.argparse_app import convert
from .auditing import audit_of, contracts, statuses, write

quick = settings(max_examples=30, deadline=None, derandomize=True, database=None)


def exits(runner: Any, command: Any, lines: Iterable[list[str]]) -> set[int]:
    """Return the exit statuses, without 0, that command lines end with."""
    return {runner.invoke(command, line).exit_code for line in lines} - {0}


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("main pay", [["pay", "5"], ["pay", "0"], ["pay", "--", "-1"], ["--till", "9", "pay", "1"]]),
        ("main shut-down", [["shut-down"], ["--till", "9", "shut-down"]]),
    ],
)
def test_click_commands_end_as_their_contract_says(name: str, lines: list[list[str]]) -> None:
    assert exits(click.testing.CliRunner(), click_app.main, lines) == statuses(contracts("click_app")[name])


@quick
@given(amount=st.integers(), till=st.integers(0, 10))
def test_click_no_line_ends_outside_the_contract(amount: int, till: int) -> None:
    result = click.testing.CliRunner().invoke(click_app.main, ["--till", str(till), "pay", "--", str(amount)])
    assert result.exit_code in statuses(contracts("click_app")["main pay"]) | {0}


def test_click_says_which_error_ends_in_a_traceback() -> None:
    unhandled = [one.name for one in contracts("click_app")["main pay"].unhandled]
    result = click.testing.CliRunner().invoke(click_app.main, ["pay", "--", "-1"])
    assert unhandled == [type(result.exception).__name__] == ["DrawerStuck"]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("wind", [["wind", "5"], ["wind", "90"], ["--no-spring", "wind", "5"]]),
        ("alarms ring", [["alarms", "ring"], ["alarms", "ring", "--loud"], ["--no-spring", "alarms", "ring"]]),
    ],
)
def test_typer_commands_end_as_their_contract_says(name: str, lines: list[list[str]]) -> None:
    assert exits(typer.testing.CliRunner(), typer_app.app, lines) == statuses(contracts("typer_app")[name])


def test_argparse_ends_as_its_contract_says() -> None:
    module = convert.__name__
    lines = [["length", "2", "km"], ["length", "2", "miles"], ["length", "x", "m"], []]
    seen = {
        subprocess.run([sys.executable, "-m", module, *line], capture_output=True, check=False).returncode
        for line in lines
    }
    main = contracts("argparse_app")[f"{module}.main"]
    script = contracts("argparse_app")[f"python -m {module}"]
    assert seen - {0} == statuses(main) == statuses(script)


def test_celery_tasks_end_as_their_contract_says() -> None:
    contract = contracts("celery_app")["parcels.send"]
    unhandled = {one.name for one in contract.unhandled}
    assert unhandled == {type(celery_app.send.apply(args=[-1]).result).__name__} == {"AddressUnknown"}
    assert {one.name: one.by for one in contract.errors if one.handled} == {"DepotClosed": "autoretry_for"}
    assert celery_app.send.apply(args=[1]).successful()
    assert contracts("celery_app")[f"{celery_app.__name__}.count"].errors == ()


def test_a_console_script_ends_as_its_contract_says(tmp_path: Path) -> None:
    """The command is what an installer writes for the entry point: it exits with what the function returns."""
    write(
        tmp_path / "pier",
        __init__="",
        desk="import sys\nclass Closed(Exception): ...\n"
        "def main():\n    if '--late' in sys.argv: raise Closed\n    if '--help' in sys.argv: sys.exit(3)\n",
    )
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "pier"\n[project.scripts]\npier = "pier.desk:main"\n')
    (contract,) = audit_of(tmp_path / "pier").report.contracts
    command = [sys.executable, "-c", "import sys; from pier.desk import main; sys.exit(main())"]
    seen = {
        subprocess.run([*command, option], cwd=tmp_path, capture_output=True, check=False).returncode
        for option in ("--late", "--help", "")
    }
    assert (contract.name, [one.name for one in contract.unhandled]) == ("pier", ["Closed"])
    assert seen == {0, 1, 3}
    assert statuses(contract) == {1}, "the number given to sys.exit is not followed; the exit is named"
    assert "SystemExit" in {one.name for one in contract.errors}
