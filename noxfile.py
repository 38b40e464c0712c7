"""Run the suite on every supported Python that this machine has; nox says which are missing."""

import nox

nox.options.error_on_missing_interpreters = False
nox.options.default_venv_backend = "venv"


@nox.session(python=["3.11", "3.12", "3.13", "3.14", "3.15"])
def tests(session: nox.Session) -> None:
    """Install the package with all that its tests need, and run them."""
    session.install("-e", ".[dev]")
    session.run("python", "-m", "pytest", *session.posargs)
