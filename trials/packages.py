"""What is tried: the packages, the runs of ``migrate``, and why tests changed."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["NOTES", "PACKAGES", "PYTEST", "RUNS", "Package", "Run"]


class Package(NamedTuple):
    """A released package and how its own CI runs its suite.

    ``needs`` is what the suite needs besides pytest, ``arguments`` are those of pytest, ``folder`` is where it runs,
    ``known`` how many tests passed when last tried (Python 3.11), ``without`` what of the CI is omitted here.
    """

    version: str
    needs: tuple[str, ...]
    arguments: tuple[str, ...]
    known: int
    folder: str = "."
    environment: tuple[tuple[str, str], ...] = ()
    without: str = ""


class Run(NamedTuple):
    """One way to run ``migrate``, and the recipes whose sites its table counts."""

    arguments: tuple[str, ...]
    recipes: tuple[str, ...]
    safe: bool


PYTEST = "pytest==9.2.0"

RUNS = {
    "safe": Run((), ("raises", "raise-class"), safe=True),
    "observers": Run(("--select", "+observers"), ("raises", "raise-class"), safe=True),
    "rebase": Run(("--unsafe", "--select", "rebase"), ("rebase",), safe=False),
}

PACKAGES = {
    "bitstring": Package(
        "5.0.0",
        ("gfloat==0.5.2", "hypothesis==6.170.17", "pytest-benchmark==5.3.1"),
        ("--benchmark-skip", "tests"),
        1212,
        without="benchmarks",
    ),
    "boltons": Package("26.2.0", (), ("--doctest-modules", "boltons", "tests"), 672),
    "dnspython": Package(
        "2.9.2",
        ("cryptography==50.0.2", "idna==3.20", "trio==0.35.0", "trustme==1.2.1"),
        ("tests",),
        1628,
        environment=(("NO_INTERNET", "1"),),
        without="tests that ask name servers; DNS over HTTPS and QUIC",
    ),
    "docutils": Package(
        "0.23",
        ("pillow==13.0.0", "pygments==2.21.0"),
        (),
        464,
        folder="test",
        without="its own collector: pytest runs the same unittest cases",
    ),
    "graphql-core": Package(
        "3.3.2",
        ("anyio", "pytest-describe", "pytest-timeout==2.4.0", "pytest-benchmark==5.3.1", "pytest-asyncio"),
        ("--benchmark-skip", "tests"),
        0,
        without="benchmarks",
    ),
    "pint": Package(
        "0.25.3",
        ("numpy==2.4.6", "uncertainties==3.2.3", "pytest-subtests==0.15.0", "pytest-benchmark==5.3.1"),
        ("--benchmark-skip", "pint"),
        2299,
        without="benchmarks; what needs xarray, dask, pandas or matplotlib",
    ),
    "trio": Package(
        "0.35.0",
        (
            "async_generator==1.10",
            "astor==0.8.1",
            "jedi==0.20.1",
            "pyOpenSSL==26.4.0",
            "pylint==4.1.4",
            "trustme==1.2.1",
        ),
        ("-p", "trio._tests.pytest_plugin", "--skip-optional-imports", "src"),
        825,
        without="slow tests; what runs mypy, pyright, ruff or black",
    ),
    "werkzeug": Package(
        "3.1.9",
        ("cffi==2.1.1", "cryptography==50.0.2", "ephemeral-port-reserve==1.1.4", "pytest-timeout==2.4.0"),
        ("-m", "not dev_server"),
        953,
        without="tests that start the development server",
    ),
}

# Why tests changed, by run and package: written by hand after a look at each; the numbers are measured.
NOTES: dict[tuple[str, str], str] = {}
