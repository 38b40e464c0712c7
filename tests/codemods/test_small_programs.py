"""A raise is moved only if nothing sees the difference."""

from __future__ import annotations

import pytest

from tests.codemods.conftest import Repository
from trials.small_programs import SmallProgram, small_programs


@pytest.mark.parametrize("program", [pytest.param(one, id=one.name) for one in small_programs()])
def test_a_raise_is_moved_if_nothing_sees_the_difference(repository: Repository, program: SmallProgram) -> None:
    """Otherwise it is left: ``python -m trials.small_programs`` runs each program before and after."""
    repository.write(program.files)
    found = repository.migrate("--check", "--no-cache", "--jobs", "1", "--format", "json", ".").report()["summary"]
    assert found["migratable"]
    assert found["migrated"] == (found["migratable"] if program.moved else 0)
