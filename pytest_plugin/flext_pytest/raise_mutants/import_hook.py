"""Compile the modules of packages with switches: an import hook beside pytest's assertion rewriting and coverage.

No module is imported twice and no file is written. ``flext_exceptions`` is not imported here: it may be one of the
packages to be compiled.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import decode_source
from types import CodeType, ModuleType

import pytest
from _pytest.assertion.rewrite import AssertionRewritingHook, rewrite_asserts

from flext_analysis.modules import is_test
from flext_pytest.raise_mutants.model import Site, SiteKey
from flext_pytest.raise_mutants.schemata import SWITCH, add_switches
from flext_pytest.raise_mutants.switch import Switch

__all__ = ["ImportHook"]


class ImportHook(MetaPathFinder):
    """Finds modules as Python would without it, and compiles those of some packages with switches.

    Args:
        config: the run's configuration, for assertion rewriting.
        packages: the names of the packages.

    ``sites`` are the raise statements of the modules compiled so far; ``exempt`` is the number that comments exempt;
    ``missed`` are modules that were imported before.
    """

    def __init__(self, config: pytest.Config, packages: Iterable[str]) -> None:
        self.config = config
        self.packages = tuple(packages)
        self.switch = Switch()
        self.sites: dict[SiteKey, Site] = {}
        self.exempt: dict[str, int] = {}  # by file: a module may be imported again by a nested run
        self.missed = sorted(name for name in sys.modules if self.is_ours(name))

    def install(self) -> None:
        """Look for each module first; give compiled modules their switch."""
        self.before = vars(builtins).get(SWITCH)
        setattr(builtins, SWITCH, self.switch)
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        """Find no more modules. Modules that are already compiled keep using the switch."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        if self.before is not None:
            setattr(builtins, SWITCH, self.before)

    def is_ours(self, name: str) -> bool:
        """Return whether a module belongs to one of the packages, and is not test code by the usual names."""
        *folders, last = name.split(".")
        within = any(name == package or name.startswith(f"{package}.") for package in self.packages)
        return within and not is_test([*folders[1:], f"{last}.py"])

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return how another finder would load a module, apart from compiling; None for modules of other packages."""
        if not self.is_ours(name):
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find is not None and finder is not self else None
            if spec is not None:
                return self.compiling(spec)
        return None

    def compiling(self, spec: ModuleSpec) -> ModuleSpec:
        """Return a spec that compiles with switches; unchanged if there is no source file."""
        rewrites = isinstance(spec.loader, AssertionRewritingHook)
        if spec.origin is not None and (rewrites or type(spec.loader) is SourceFileLoader):
            spec.loader = SwitchLoader(spec.name, spec.origin, self, rewrites)
        return spec


class SwitchLoader(SourceFileLoader):
    """Loads a module from its source with a switch at each raise statement.

    Args:
        name: the dotted name of the module.
        path: its file.
        hook: receives the sites.
        rewrites: whether pytest rewrites the assertions of this module.
    """

    def __init__(self, name: str, path: str, hook: ImportHook, rewrites: bool) -> None:
        super().__init__(name, path)
        self.hook = hook
        self.rewrites = rewrites

    def get_code(self, fullname: str) -> CodeType:
        """Compile the module: cached byte code has no switches."""
        path: str = self.get_filename(fullname)
        return self.compile(self.get_data(path), path)

    def compile(self, data: bytes, path: str) -> CodeType:
        """Compile a source with a switch at each raise statement."""
        tree = ast.parse(data, path)
        sites, exempt = add_switches(tree, decode_source(data), path, self.name)
        self.hook.sites.update((site.key, site) for site in sites)
        self.hook.exempt[path] = exempt
        if self.rewrites:
            rewrite_asserts(tree, data, path, self.hook.config)  # the way pytest's own loader does it
        code: CodeType = compile(tree, path, "exec", dont_inherit=True)
        return code
