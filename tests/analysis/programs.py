"""Build projects from texts, for tests that read several modules."""

from __future__ import annotations

from flext_analysis.program.project import Project
from flext_analysis.summaries.summarize import summarize

__all__ = ["project_of"]


def project_of(**texts: str) -> Project:
    """Return the project of some modules by dotted name, with ``__`` for a dot; one named pkg__init is a package."""
    files = []
    for name, text in texts.items():
        path = name.replace("__", "/")
        package = path.endswith("/init")
        path = f"{path.removesuffix('/init')}/__init__.py" if package else f"{path}.py"
        files.append((path, name.removesuffix("__init").replace("__", "."), summarize(text.encode())))
    return Project.whole(files)
