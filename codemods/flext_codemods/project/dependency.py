"""Declare flext-exceptions among a project's dependencies: pyproject.toml, or requirements.txt."""

from __future__ import annotations

import tomllib
from pathlib import Path

from flext_analysis.manifests import declares
from flext_codemods.project.files import ChangedFile
from flext_codemods.project.paths import relative
from flext_codemods.project.python_versions import too_old
from flext_codemods.project.usage import usage
from flext_exceptions import FlextExceptions

__all__ = ["declaration"]

DISTRIBUTION = "flext-exceptions"


def declaration(project: Path) -> ChangedFile | None:
    """Return the change that declares the library among a project's dependencies, None if it is declared already.

    Raises:
        FlextExceptions.ConfigurationError: the project has no manifest in which that is possible, or supports versions
            of Python that the library does not; one line that says what to do by hand.
    """
    if declares(project):
        return None
    problem = too_old(project)
    if problem:
        raise usage(problem)
    from importlib.metadata import version  # late: it is slow to import

    line = f"{DISTRIBUTION}>={version(DISTRIBUTION)}"
    pyproject, requirements = project / "pyproject.toml", project / "requirements.txt"
    for file, edit in ((pyproject, in_pyproject), (requirements, in_requirements)):
        linked = not file.resolve().is_relative_to(project.resolve())  # then it is outside the repository
        old = file.read_bytes() if file.is_file() and not linked else None
        new = edit(old, line) if old is not None else None
        if old is not None and new is not None:
            return ChangedFile(str(file), old, new)
    raise FlextExceptions.ConfigurationError(
        f"{relative(project)}: no pyproject.toml or requirements.txt declares dependencies; add {line} by hand",
        config_file=str(pyproject),
        missing=line,
    )


def in_pyproject(old: bytes, line: str) -> bytes | None:
    """Return a pyproject.toml with one more requirement, its layout kept; None if it does not list its own."""
    import tomlkit
    from tomlkit.items import Array, Table

    text = old.decode()
    manifest = tomlkit.parse(text)
    project = manifest.get("project")
    tool = manifest.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    if isinstance(project, Table) and "dependencies" not in project.get("dynamic", []):
        if "dependencies" not in project:
            project["dependencies"] = tomlkit.array()
        needed = project["dependencies"]
        if not isinstance(needed, Array):
            return None
        needed.append(line)
    elif isinstance(poetry, dict) and isinstance(poetry.get("dependencies"), dict):
        poetry["dependencies"][DISTRIBUTION] = line.removeprefix(DISTRIBUTION)
    else:
        return None
    new = tomlkit.dumps(manifest)
    tomllib.loads(new)  # a file that another tool cannot read is not written
    return new.encode()


def in_requirements(old: bytes, line: str) -> bytes:
    """Return a requirements.txt with one more line, its line endings kept."""
    newline = b"\r\n" if b"\r\n" in old else b"\n"
    start = old if not old or old.endswith(b"\n") else old + newline
    return start + line.encode() + newline
