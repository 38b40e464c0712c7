"""The flake8 plugin that knows a project's own typed errors. PYTEST_DONT_REWRITE"""

from flext_lint.plugin import Plugin

__all__ = ["Plugin"]
