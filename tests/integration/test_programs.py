"""A machine without a server or a browser skips the tests that start it, and the summary says what to install."""

from __future__ import annotations

import pytest

from tests.programs import program


def test_a_missing_program_skips_the_test_and_names_its_package() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"^mariadbxyz is not installed: apt-get install mariadb-server$"):
        program("mariadbxyz", package="mariadb-server")


def test_the_first_program_that_is_installed_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert program("mariadbxyz", "sh", "ls", package="dash") in ("/usr/bin/sh", "/bin/sh")
