"""The linter that knows a project's own typed errors: flake8 plugin, command, language server. PYTEST_DONT_REWRITE"""

from __future__ import annotations

import sys

__all__ = ["Plugin"]

# ``python -m flext_lint`` puts the current folder in front of all others, so that a click.py or json.py of the checked
# repository would run in place of the real one. While -m looks for the package, argv says "-m".
if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:
    del sys.path[0]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flext_lint.plugin import Plugin


def __getattr__(name: str) -> object:
    if name != "Plugin":
        raise AttributeError(f"module 'flext_lint' has no attribute {name!r}")
    from flext_lint.plugin import Plugin  # late: only flake8 needs it

    return Plugin
