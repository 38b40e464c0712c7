"""The name and the requirements of a project are read from manifests without running them."""

from __future__ import annotations

from pathlib import Path

import pytest

from flext_analysis.manifests import declares, manifests_of, project_around


def test_the_project_is_the_nearest_folder_with_a_manifest_or_a_repository(tmp_path: Path) -> None:
    """Else it is the folder itself."""
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    assert project_around(inner) == tmp_path
    (tmp_path / "a" / "setup.cfg").touch()
    assert project_around(inner) == tmp_path / "a"
    (inner / "requirements-dev.txt").touch()
    assert project_around(inner) == inner
    assert manifests_of(inner) == [inner / "requirements-dev.txt"]


BROKEN = {
    "pyproject.toml": [
        "[project",
        "project = 1",
        "[project]\ndependencies = 1",
        "tool = 1",
        "[tool.poetry]\ngroup = 1",
    ],
    "setup.cfg": ["[options", "[options]\ninstall_requires\n", "x"],
    "setup.py": ["def f(:", "'"],
    "requirements.txt": ["-r other.txt\n--hash=x\n\n", "git+https://example.org/flext-exceptions"],
}


@pytest.mark.parametrize(("name", "texts"), BROKEN.items(), ids=list(BROKEN))
def test_a_manifest_that_is_broken_or_odd_declares_nothing(tmp_path: Path, name: str, texts: list[str]) -> None:
    """And raises nothing."""
    for text in texts:
        (tmp_path / name).write_text(text)
        assert not declares(tmp_path)
    (tmp_path / name).write_bytes(b"\xff\xfe")
    assert not declares(tmp_path)


def test_one_of_several_manifests_is_enough(tmp_path: Path) -> None:
    """Names are compared in their normal form (PEP 503)."""
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / "requirements.txt").write_text("Flask\nFlext._Exceptions [lint] >= 0.1 # typed errors\n")
    assert declares(tmp_path)
    assert declares(tmp_path, "flask")
    assert not declares(tmp_path, "django")
