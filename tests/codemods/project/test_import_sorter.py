"""A file that the project's sorter finds sorted is sorted after the migration too: asked of ruff itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from flext_codemods.project.import_sorter import sorter_for
from tests.codemods.conftest import Repository

RAISE = "\n\ndef f(x):\n    raise ValueError(x)\n"
# The settings of ruff's isort, and the imports of a module that are sorted by them.
SETTINGS = {
    "none": ("", "import os\n\nimport requests\n\nfrom shop import money\n"),
    "force-sort-within-sections": ("force-sort-within-sections = true", "import attr\nimport requests\n"),
    "from-first": ("from-first = true", "from attr import s\nimport requests\n"),
    "no-sections": (
        "no-sections = true",
        "import os\nimport requests\nfrom shop import money\n",
    ),
    "known-first-party": (
        'known-first-party = ["flext_exceptions"]',
        "import os\n\nimport requests\n\nfrom shop import money\n",
    ),
    "known-third-party": ('known-third-party = ["shop"]', "import requests\nfrom shop.money import ZERO\n"),
    "extra-standard-library": ('extra-standard-library = ["requests"]', "import os\nimport requests\n"),
    "lines-between-types": ("lines-between-types = 1", "import os\n\nimport requests\n\nfrom shop import money\n"),
    "lines-after-imports": ("lines-after-imports = 3", "import os\n\n"),
    "force-single-line": ("force-single-line = true", "from flext_exceptions import FlextResult\n"),
    "another name of the library": ("", "import os\n\nfrom flext_exceptions import FlextResult\n"),
    "a name that comes later": ("", "from flext_exceptions import builtin_mirrors\n"),
    "names one a line": ("", "from flext_exceptions import (\n    FlextResult,\n    metrics,\n)\n"),
    "no-lines-before": ('no-lines-before = ["first-party"]', "import os\n\nimport requests\nfrom shop import money\n"),
    "force-to-top": ('force-to-top = ["requests"]', "import requests\nimport attr\n"),
    "section-order": (
        'section-order = ["future", "standard-library", "first-party", "third-party", "local-folder"]',
        "import os\n\nfrom shop import money\n\nimport requests\n",
    ),
    "sections of one's own": (
        'section-order = ["future", "standard-library", "third-party", "errors", "first-party", "local-folder"]\n'
        '[tool.ruff.lint.isort.sections]\nerrors = ["flext_*"]',
        "import os\n\nimport requests\n\nfrom shop import money\n",
    ),
    "the package of the file": ("", "from shop import money\nfrom shop.money import ZERO\n"),
    "a relative import": ("", "import os\n\nfrom . import money\n"),
}


def finds_sorted(repository: Repository) -> bool:
    """Say whether ruff finds the imports sorted."""
    command = [sys.executable, "-m", "ruff", "check", "-q", "--no-cache", "--select", "I", "shop"]
    return subprocess.run(command, cwd=repository.root, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("name", SETTINGS)
def test_what_ruff_finds_sorted_it_finds_sorted_after(name: str, repository: Repository) -> None:
    """With each of its settings."""
    setting, imports = SETTINGS[name]
    manifest = f'[tool.ruff.lint]\nselect = ["I"]\n[tool.ruff.lint.isort]\n{setting}\n'
    lines = "\n\n" if name == "lines-after-imports" else ""
    repository.write(
        {"pyproject.toml": manifest, "shop/__init__.py": "", "shop/money.py": "ZERO = 0\n"}
        | {"shop/cart.py": imports.rstrip("\n") + "\n" + lines.replace("\n", "", 1) + RAISE}
    )
    assert finds_sorted(repository), "the case itself"
    assert repository.migrate("--format", "json").report()["summary"]["migrated"] == 1
    assert finds_sorted(repository), repository.read("shop/cart.py").decode()


def test_the_settings_nearest_to_a_file_count(repository: Repository) -> None:
    """Of ruff or of isort; a file that extends another has both."""
    repository.write(
        {
            "pyproject.toml": "[tool.ruff]\nline-length = 70\n",
            "a/ruff.toml": "extend = '../base.toml'\n[lint.isort]\nfrom-first = true\n",
            "base.toml": "line-length = 111\n",
            "b/setup.cfg": "[isort]\nknown_first_party = x, y\nforce_sort_within_sections = True\n",
            "c/deep/mod.py": "",
            "pipe/.isort.cfg": "[settings]\nprofile = black\n",
        }
    )
    root = repository.root
    sorter_for.cache_clear()
    assert sorter_for(root / "c/deep", root).line_length == 70
    assert (sorter_for(root / "a", root).line_length, sorter_for(root / "a", root).from_first) == (111, True)
    of_isort = sorter_for(root / "b", root)
    assert of_isort.tool == "isort" and of_isort.force_sort and of_isort.known["first-party"] == ("x", "y")
    assert sorter_for(root / "pipe", root).line_length == 88
