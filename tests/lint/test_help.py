"""Every command of flext-lint has help and a version."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from flext_lint.cli import commands


@pytest.mark.parametrize("command", [[], *([name] for name in commands.commands)], ids=" ".join)
@pytest.mark.parametrize("option", ["-h", "--help", "--version"])
def test_every_command_has_help_and_version(command: list[str], option: str) -> None:
    """And does nothing else."""
    ran = CliRunner().invoke(commands, [*command, option], prog_name="flext-lint")
    assert ran.exit_code == 0
    assert ran.output.startswith("flext-lint, version " if option == "--version" else "Usage: flext-lint")
