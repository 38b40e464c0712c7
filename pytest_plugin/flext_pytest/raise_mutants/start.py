"""Start a run with raise mutants: the import hook before any conftest, the other hooks when options are known."""

from __future__ import annotations

import pytest

from flext_pytest.packages import packages_of
from flext_pytest.raise_mutants.import_hook import ImportHook

__all__ = ["install", "register"]

HOOK = pytest.StashKey[ImportHook]()


def install(config: pytest.Config) -> None:
    """From now on, compile the modules of the project's own packages with switches, except test code."""
    hook = config.stash[HOOK] = ImportHook(config, packages_of(config))
    hook.install()


def register(config: pytest.Config) -> None:
    """Register the hooks; their imports happen now, when ``flext_exceptions`` may itself be compiled."""
    if HOOK not in config.stash:  # the plugin was named in a conftest, or with -p in a worker of xdist
        install(config)
    from flext_pytest.raise_mutants.fresh_process import CHILD_OPTION, FreshRun
    from flext_pytest.raise_mutants.hooks import RaiseMutants

    hook = config.stash[HOOK]
    if config.getoption(CHILD_OPTION) is not None:
        config.pluginmanager.register(FreshRun(config, hook.switch), "flext_raise_mutants_child")
    else:
        config.pluginmanager.register(RaiseMutants(config, hook), "flext_raise_mutants")
