"""A file that is sorted according to the project's ruff or isort is still sorted after the migration."""

from __future__ import annotations

import subprocess
import sys

import isort
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
    "force-to-top behind plain imports": ('force-to-top = ["flext_exceptions"]', "import requests\n"),
    "forced-separate": ('forced-separate = ["flext_exceptions"]', "import requests\n\nfrom shop import money\n"),
    "length-sort": ("length-sort = true", "from attr import define\nfrom zope import interface\n"),
    "single-line-exclusions": (
        'force-single-line = true\nsingle-line-exclusions = ["flext_exceptions"]',
        "from flext_exceptions import builtin_type\n",
    ),
    "variables": ('variables = ["FlextExceptions"]', "from flext_exceptions import builtin_type\n"),
    "no-lines-before, a section between": ('no-lines-before = ["third-party"]', "from __future__ import annotations\n"),
    "lines-between-types, from-first": (
        "from-first = true\nlines-between-types = 2",
        "import os\n\nimport requests\n",
    ),
    "a comment above the import that follows": (
        "force-sort-within-sections = true",
        "import os\n\n# the network\nimport requests\n",
    ),
    "an import that is not to be sorted": ("lines-after-imports = 1", "import os\n\nimport requests  # isort: skip\n"),
    "sorted in two parts": ("", "import requests\n\n# isort: split\n\nimport attr\n"),
    "the package of the file": ("", "from shop import money\nfrom shop.money import ZERO\n"),
    "a relative import": ("", "import os\n\nfrom . import money\n"),
    "another name of the library by another name": ("", "from flext_exceptions import FlextResult as Outcome\n"),
    "names by other names in one import": (
        "combine-as-imports = true",
        "from flext_exceptions import FlextResult as Outcome, builtin_type as kind\n",
    ),
    "headings": (
        '[tool.ruff.lint.isort.import-heading]\nstandard-library = "System"\nthird-party = "Others"',
        "# System\nimport os\n",
    ),
    "no lines after the imports": ("lines-after-imports = 0", "import os\ndef f(x):\n    raise ValueError(x)\n"),
    "one line after the first import": ("lines-after-imports = 1", '"""A cart."""\n'),
    "a docstring that shares its line": ("", '"""A cart."""; LIMIT = 3\n'),
    "the main module": ("", "import requests\n\nimport __main__\n"),
}


# The same for isort, whose profiles are asked for by name.
ISORT = {
    "black": 'profile = "black"',
    "django": 'profile = "django"',
    "pycharm": 'profile = "pycharm"',
    "google": 'profile = "google"',
    "open_stack": 'profile = "open_stack"',
    "plone": 'profile = "plone"',
    "attrs": 'profile = "attrs"',
    "hug": 'profile = "hug"',
    "wemake": 'profile = "wemake"',
    "appnexus": 'profile = "appnexus"',
    "headings": 'profile = "black"\nimport_heading_thirdparty = "Others"\nimport_heading_localfolder = "Ours"',
    "sections": 'sections = ["FUTURE", "STDLIB", "ERRORS", "THIRDPARTY", "FIRSTPARTY", "LOCALFOLDER"]\n'
    'known_errors = ["flext_exceptions"]',
    "alphabetical": "force_alphabetical_sort_within_sections = true",
    "two lines": "lines_between_sections = 2\nlines_after_imports = 2",
}
IMPORTED = (
    "",
    "import os\n",
    '"""Doc."""\n\nLIMIT = 3\n',
    "import requests\n\nfrom shop import money\n",
    "from . import money\n",
    "from flext_exceptions import builtin_type\n",
    "from flext_exceptions import FlextResult as Outcome\n",
    "import attr\nfrom attr import s\nimport zope\nfrom zope import interface\n",
    "try:\n    import json\nexcept ImportError:\n    import simplejson\n",
)


def unsorted_files(repository: Repository, *, fix: bool = False) -> list[str]:
    """Return the files that isort finds unsorted, with the settings of the project of each; or sort them."""
    found = []
    for name in ISORT:
        folder = repository.root / name
        config = isort.Config(settings_path=str(folder), quiet=True)
        for file in (folder / "shop").glob("*.py"):
            if fix:
                isort.file(file, config=config)
            elif not isort.check_file(file, config=config):
                found.append(f"{name}/{file.name}")
    return found


@pytest.mark.filterwarnings("ignore:`sections` setting includes APPLICATION")  # the profile appnexus says no more
def test_what_isort_finds_sorted_it_finds_sorted_after(repository: Repository) -> None:
    """With each of its profiles, and with settings that ruff has not."""
    for name, settings in ISORT.items():
        repository.write({f"{name}/pyproject.toml": f"[tool.isort]\n{settings}\n"})
        repository.write({f"{name}/shop/__init__.py": "", f"{name}/shop/money.py": "ZERO = 0\n"})
        repository.write({f"{name}/shop/m{at}.py": text + RAISE for at, text in enumerate(IMPORTED)})
    unsorted_files(repository, fix=True)
    repository.commit()
    assert repository.migrate("--format", "json").report()["summary"]["migrated"] == len(ISORT) * len(IMPORTED)
    assert unsorted_files(repository) == []


def test_a_setting_that_is_not_followed_is_named_with_the_command(repository: Repository) -> None:
    """The summary names the files that may need sorting, and none if every setting is followed."""
    followed = '[tool.isort]\nprofile = "black"\n'
    repository.write({"a/pyproject.toml": followed + "reverse_sort = true\n", "a/m.py": RAISE.lstrip()})
    repository.write({"b/pyproject.toml": followed, "b/m.py": RAISE.lstrip()})
    said = repository.migrate().out
    assert "the imports of 1 file may need sorting: isort a/m.py\n" in said


def test_a_second_import_of_a_module_is_named_where_the_first_cannot_take_the_name(repository: Repository) -> None:
    """The layout of isort that fills lines in brackets is not followed; an import that is extended is not named."""
    filled = "from flext_exceptions import (FlextResult, builtin_mirrors, builtin_type,\n"
    filled += " " * 30 + "catalogue, correlation)\n"
    repository.write({"a/pyproject.toml": "[tool.isort]\nline_length = 79\n", "a/m.py": filled + RAISE})
    repository.write({"a/n.py": "from flext_exceptions import FlextResult\n" + RAISE})
    said = repository.migrate().out
    assert "the imports of 1 file may need sorting: isort a/m.py\n" in said


def finds_sorted(repository: Repository) -> bool:
    """Return whether ruff finds the imports sorted."""
    command = [sys.executable, "-m", "ruff", "check", "-q", "--no-cache", "--select", "I", "shop"]
    return subprocess.run(command, cwd=repository.root, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("name", SETTINGS)
def test_what_ruff_finds_sorted_it_finds_sorted_after(name: str, repository: Repository) -> None:
    """With each of its settings."""
    setting, imports = SETTINGS[name]
    manifest = f'[tool.ruff.lint]\nselect = ["I"]\n[tool.ruff.lint.isort]\n{setting}\n'
    lines = "\n" if name == "lines-after-imports" else ""
    text = imports if "raise" in imports else imports.rstrip("\n") + "\n" + lines + RAISE
    repository.write(
        {"pyproject.toml": manifest, "shop/__init__.py": "", "shop/money.py": "ZERO = 0\n", "shop/cart.py": text}
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
