"""The linter that knows a project's own typed errors: flake8 plugin, command, language server. PYTEST_DONT_REWRITE"""

import sys

__all__ = ["Plugin"]

# ``python -m flext_lint`` puts the current folder in front of all others, so that a click.py or json.py of the
# repository that is checked would run in the place of the real one. While -m looks for the package argv says "-m".
# Nothing may be imported above this that a file there could stand for, ``__future__`` included.
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
