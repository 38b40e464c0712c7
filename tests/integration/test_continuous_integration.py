"""The GitHub Action, the GitLab template and the hooks are valid by their published schemas, and their scripts run."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
FILES = {
    "action.yml": ["vendor.github-actions"],
    "templates/gitlab.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}


def read(name: str) -> Any:
    """Return a file of the repository, as YAML."""
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def run(script: str, folder: Path, more: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script as a step of a job does."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder.parent), **more}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A committed copy of the legacy shop."""
    folder = tmp_path / "shop"
    shutil.copytree(ROOT / "examples" / "legacy_shop", folder, ignore=shutil.ignore_patterns("__pycache__"))
    for command in ("init -q", "add .", "-c user.name=shop -c user.email=shop@example.invalid commit -qm Shop"):
        subprocess.run(["git", *command.split()], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize(("name", "schema"), FILES.items(), ids=list(FILES))
def test_a_file_is_valid_by_its_published_schema(name: str, schema: list[str]) -> None:
    """The schemas come with check-jsonschema."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", *schema, str(ROOT / name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_on_the_page_is_valid_by_its_published_schema(tmp_path: Path) -> None:
    """With every input that the action has, or none that it has not."""
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    text = next(block.partition("```")[0] for block in page.split("```yaml\n") if block.startswith("name: "))
    (tmp_path / "errors.yml").write_text(text, "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", "errors.yml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    steps = yaml.safe_load(text)["jobs"]["errors"]["steps"]
    assert {key for step in steps if "flext" in step["uses"] for key in step["with"]} <= set(
        read("action.yml")["inputs"]
    )


def test_the_steps_of_the_action_find_the_faults(shop: Path, tmp_path: Path) -> None:
    """The check fails and leaves SARIF; the audit writes its numbers, and then holds them."""
    (tmp_path / "flext").mkdir()
    (tmp_path / "flext" / "bin").symlink_to(BIN)
    names = {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "output"), "FLEXT_PATHS": "shop tests"}
    steps = {step["name"]: step.get("run", "") for step in read("action.yml")["runs"]["steps"]}

    checked = run(steps["Check"], shop, names)
    assert checked.returncode == 1, checked.stderr
    assert "::error file=shop/cart.py" in checked.stdout or "::warning file=shop/cart.py" in checked.stdout
    assert (tmp_path / "output").read_text() == f"sarif-file={tmp_path}/flext.sarif\n"
    assert json.loads((tmp_path / "flext.sarif").read_text())["version"] == "2.1.0"

    for _ in range(2):
        audited = run(steps["Audit"], shop, {**names, "BASELINE": "numbers.json"})
        assert audited.returncode == 0, audited.stderr
    numbers = json.loads((shop / "numbers.json").read_text())
    assert numbers


def test_the_jobs_of_the_template_find_the_faults(shop: Path) -> None:
    """With a report of code quality beside."""
    template = read("templates/gitlab.yml")
    names = {**template["variables"], "FLEXT_AUDIT_BASELINE": "numbers.json"}
    first, second = template["flext-lint"]["script"]
    assert run(first, shop, names).returncode == 0
    assert json.loads((shop / "flext-code-quality.json").read_text())[0]["check_name"].startswith("FLX")
    assert run(second, shop, names).returncode == 1
    assert run(template["flext-audit"]["script"][0], shop, names).returncode == 0


@pytest.mark.parametrize("hook", read(".pre-commit-hooks.yaml"), ids=lambda hook: hook["id"])
def test_a_hook_fails_on_a_staged_fault_and_passes_where_there_is_none(hook: dict[str, Any], shop: Path) -> None:
    """As pre-commit runs it: the entry, with the names of the staged files."""
    (shop / "shop" / "new.py").write_text('def refuse(x):\n    raise ValueError("refused for good")\n', "utf-8")
    (shop / "shop" / "fine.py").write_text("def accept(x):\n    return x\n", "utf-8")
    subprocess.run(["git", "add", "."], cwd=shop, check=True)
    entry = shlex.join([str(BIN / shlex.split(hook["entry"])[0]), *shlex.split(hook["entry"])[1:]])
    fine = run(f"{entry} shop/fine.py", shop, {})
    assert fine.returncode == 0, fine.stdout + fine.stderr
    bad = run(f"{entry} shop/new.py", shop, {})
    changed = "FlextExceptions" in (shop / "shop" / "new.py").read_text("utf-8")
    assert (bad.returncode == 1) is not changed  # a hook that changes a file fails for that
    assert changed is hook["id"].endswith("-fix"), bad.stdout + bad.stderr
