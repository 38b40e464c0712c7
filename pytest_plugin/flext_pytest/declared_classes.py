"""The classes that a project declares in its settings, if their modules are imported."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

__all__ = ["loaded_classes"]


def loaded_classes(paths: Iterable[str]) -> Iterator[type]:
    """Yield the classes with these dotted names whose modules are imported: others cannot have been raised yet.

    >>> list(loaded_classes(["builtins.KeyError", "builtins.int.no", "nowhere.Error"]))
    [<class 'KeyError'>]
    """
    for path in paths:
        parts = path.split(".")
        names = [".".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]
        module = next((name for name in names if name in sys.modules), "")
        found: object = sys.modules.get(module)
        for name in parts[module.count(".") + 1 :]:  # a class may be nested in another one
            found = getattr(found, name, None)
        if isinstance(found, type):
            yield found
