"""Which packages are the project's own, and which of their files are test code.

``flext_exceptions`` is not imported here: its modules may be among those to be compiled with switches.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from flext_analysis.modules import is_test

__all__ = ["imported", "modules_of", "packages_of"]


def packages_of(config: pytest.Config) -> dict[str, Path]:
    """Return the project's own packages and modules by name, each with its folder or file.

    A name in ``flext_packages`` is looked up where pytest runs, in ``src``, and on Python's import path.

    Raises:
        pytest.UsageError: ``flext_packages`` names a package that does not exist.
    """
    roots = [config.rootpath, config.rootpath / "src"]
    names: list[str] = config.getini("flext_packages")
    if not names:
        return {place.name: place for root in roots for place in below(root)}
    found = {}
    for name in names:
        is_name = all(part.isidentifier() for part in name.split("."))
        places = [*(at(root, name) for root in roots), imported_from(name)] if is_name else []
        place = next(filter(None, places), None)
        if place is None:
            where = " or ".join(str(root) for root in roots)
            raise pytest.UsageError(f"flext_packages: no package or module {name!r} in {where}, and none is installed")
        found[name] = place
    return found


def imported(names: Iterable[str]) -> dict[str, Path]:
    """Return where the imported ones of some packages came from: possibly an installed copy."""
    places = {name: imported_from(name) for name in names if name in sys.modules}
    return {name: place for name, place in places.items() if place is not None}


def below(root: Path) -> list[Path]:
    """Return the packages in a folder that are not test code, sorted by name."""
    return sorted(file.parent for file in root.glob("*/__init__.py") if not is_test((file.parent.name, file.name)))


def at(root: Path, name: str) -> Path | None:
    """Return the folder or the file of a package or module in a folder, None if there is none."""
    place = root.joinpath(*name.split("."))
    if place.is_dir():
        return place
    file = place.with_suffix(".py")
    return file if file.is_file() else None


def imported_from(name: str) -> Path | None:
    """Return where Python imports a package or module from, None if it finds none, or one without a source."""
    module = sys.modules.get(name)
    try:
        spec = module.__spec__ if module is not None else importlib.util.find_spec(name)
    except (ImportError, ValueError):  # a missing parent, or an invalid name
        return None
    if spec is None:
        return None
    folders = list(spec.submodule_search_locations or ())
    if folders:
        return Path(folders[0])
    return Path(spec.origin) if spec.has_location and spec.origin else None


def modules_of(packages: Mapping[str, Path], is_tests: Callable[[str], bool] | None = None) -> dict[Path, str]:
    """Return the files of packages with the dotted names of their modules, except test code.

    ``is_tests`` returns whether the project considers a path below the package's parent folder test code.
    """
    found: dict[Path, str] = {}
    for name, place in packages.items():
        for file, parts in files(place):
            path = (*name.split("."), *parts)
            if is_test(path[1:] or path) or (is_tests is not None and is_tests("/".join(path))):
                continue
            stem = parts[-1].removesuffix(".py") if parts else ""
            found[file] = ".".join([name, *parts[:-1], *([stem] if stem not in ("", "__init__") else [])])
    return found


def files(place: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield the Python files of a package, each with its path below it; the file of a single module without one."""
    if place.is_file():
        yield place, ()
        return
    for file in sorted(place.rglob("*.py")):
        parts = file.relative_to(place).parts
        if not any(part.startswith(".") for part in parts):
            yield file, parts
