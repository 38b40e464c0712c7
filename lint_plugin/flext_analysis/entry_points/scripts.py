"""The code that runs with a module (``__main__``), and the console scripts that a project installs."""

from __future__ import annotations

from collections.abc import Iterator

from flext_analysis.entry_points.commands import command_application
from flext_analysis.entry_points.common.model import EntryPoint
from flext_analysis.entry_points.common.reading import Reader
from flext_analysis.program.run_modules import asks_for_main

__all__ = ["console_scripts", "entry_points"]

FRAMEWORK = "python"


def entry_points(reader: Reader) -> Iterator[EntryPoint]:
    """Yield the modules that are run: ``__main__.py``, and those that test whether they are."""
    application = command_application(FRAMEWORK)
    for module in reader.project.modules:
        asks = asks_for_main(module) and not module.is_package  # which is never run itself
        if module.top is not None and (module.path.endswith("__main__.py") or asks):
            name = module.name.removesuffix(".__main__") or module.path
            yield EntryPoint(FRAMEWORK, "script", f"python -m {name}", (module.top,), application)


def console_scripts(scripts: dict[str, str], reader: Reader) -> Iterator[EntryPoint]:
    """Yield the console scripts of a project, given by name with ``module:function``."""
    application = command_application(FRAMEWORK)
    anyone = next(iter(reader.project.modules), None)
    for name, target in sorted(scripts.items()):
        module, _, attribute = target.partition("[")[0].partition(":")
        path = f"{module.strip()}.{attribute.strip()}" if attribute else module.strip()
        for entity in reader.project.of_path(path, anyone) if anyone is not None else ():
            if entity.definition is not None and entity.definition.scope.kind != "class":
                yield EntryPoint(FRAMEWORK, "script", name, (entity.definition,), application)
