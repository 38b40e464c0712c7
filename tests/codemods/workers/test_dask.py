"""``--executor dask`` on a real cluster: a scheduler and two workers, each a process of its own, on this machine."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flext_codemods.workers.dask import ClusterExecutor, connected
from tests.codemods.conftest import AFTER, BEFORE, Repository

# In every process from its start: who read which file is written down, and what a file says at its top happens.
SPY = """
import os, pathlib, time
from flext_codemods.rewrite import pipeline as run

right, is_file = run.read_source, pathlib.Path.is_file

def read(raw):
    with open(os.environ["SPY_LOG"], "a") as log:
        log.write(f"{os.getppid()}\\n")
    if raw.startswith(b"# BOMB"):
        os._exit(1)
    if raw.startswith(b"# SLOW"):
        time.sleep(1)
    return right(raw)

run.read_source = read
if "SPY_WORKER" in os.environ:
    pathlib.Path.is_file = lambda path: path.name != "hidden.py" and is_file(path)
"""
QUICK = """
import sys
from flext_codemods.workers import dask as cluster
cluster.CONNECT = cluster.ARRIVE = cluster.RETURN = 1
from flext_codemods.__main__ import run
run()
"""


class Cluster(NamedTuple):
    """Where the scheduler listens, the environment of all processes, these, and a file that says who read."""

    address: str
    scheduler: subprocess.Popen[bytes] | None
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]]
    log: Path

    def readers(self) -> set[int]:
        """Return the processes whose children have read something."""
        return {int(line) for line in self.log.read_text().split()} if self.log.exists() else set()

    def start(self, repository: Repository, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a migration with this cluster that does not wait long for anything."""
        remote = ("--executor", "dask", "--scheduler", self.address)
        return subprocess.Popen(
            [sys.executable, "-c", QUICK, "migrate", "--allow-no-vcs", *remote, *arguments],
            cwd=repository.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
        )

    def migrate(self, repository: Repository, *arguments: str) -> tuple[int, bytes, bytes]:
        """Run a migration with this cluster to its end; return its status and what it prints."""
        process = self.start(repository, *arguments)
        out, err = process.communicate(timeout=60)
        assert b"Traceback" not in out + err and b"internal error" not in out + err
        return process.returncode, out, err


def ended(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


class Starter:
    """Starts the programs of clusters, and ends them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []

    def program(self, name: str, environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
        """Start a program of dask's that writes a log."""
        command = [sys.executable, "-m", f"distributed.cli.dask_{name}", *arguments, "--no-dashboard"]
        with self.log(len(self.started)).open("wb") as log:
            process = subprocess.Popen(
                command, cwd=self.folder, stderr=log, stdout=log, env=environment, start_new_session=True
            )
        self.started.append(process)
        return process

    def log(self, number: int) -> Path:
        """Return the log of a program."""
        return self.folder / f"{number}.log"

    def cluster(self, workers: int = 2, preload: str = "") -> Cluster:
        """Start a cluster and wait for its workers; each runs some code before anything else."""
        spy, code, found = (self.folder / name for name in ("sitecustomize.py", "preload.py", "scheduler.json"))
        spy.write_text(SPY)
        code.write_text(preload)
        readers = self.folder / "readers"
        path = os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, "SPY_LOG": str(readers)}
        scheduler = self.program(
            "scheduler", environment, "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(found)
        )
        wait_for(lambda: found.exists() and bool(found.read_text()))
        address: str = json.loads(found.read_text())["address"]
        special = (address, "--nthreads", "1", "--preload", str(code))
        at_work = [self.program("worker", {**environment, "SPY_WORKER": "1"}, *special) for _ in range(workers)]
        wait_for(lambda: all("Registered to" in self.log(n).read_text() for n in range(1, workers + 1)))
        return Cluster(address, scheduler, environment, at_work, readers)

    def end(self) -> None:
        """End what is still there."""
        for process in self.started:
            ended(process)


@pytest.fixture
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starter]:
    """Start a cluster for one test alone."""
    made = Starter(tmp_path_factory.mktemp("cluster"))
    yield made
    made.end()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers for the tests that leave them alive, or alive again."""
    made = Starter(tmp_path_factory.mktemp("shared"))
    yield made.cluster()
    made.end()


@pytest.fixture
def cluster(shared: Cluster) -> Cluster:
    """The shared cluster, on which nothing has been read yet."""
    shared.log.unlink(missing_ok=True)
    return shared


def package(root: Path) -> None:
    """Put a copy of a released package into a folder, with a test that shows one of its errors."""
    found = importlib.util.find_spec("jinja2")
    assert found is not None and found.origin is not None
    shutil.copytree(Path(found.origin).parent, root / "jinja2", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "mod.py").write_bytes(BEFORE)
    (root / "tests").mkdir()
    (root / "tests/test_mod.py").write_text('def test():\n    assert "ValueError: no" in out()\n')


def without_seconds(out: bytes) -> dict[str, Any]:
    """Return a JSON report without the one thing that no two runs share."""
    report: dict[str, Any] = json.loads(out)
    assert report["summary"].pop("seconds") > 0
    return report


def contents(root: Path) -> dict[str, bytes]:
    """Return every source of a folder."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.py"))}


def test_a_cluster_does_to_a_real_package_what_the_process_pool_does(repository: Repository, cluster: Cluster) -> None:
    """The same report, its paths as seen from here, and the same bytes in every file; both workers did it."""
    package(repository.root)
    here = repository.spawn("--allow-no-vcs", "--no-cache", "--format", "json", "--jobs", "2")
    files = contents(repository.root)
    shutil.rmtree(repository.root / "jinja2")
    shutil.rmtree(repository.root / "tests")
    package(repository.root)
    status, out, err = cluster.migrate(repository, "--no-cache", "--format", "json")
    assert (status, err) == (here.returncode, here.stderr) == (0, b"")
    report, expected = without_seconds(out), without_seconds(here.stdout)
    assert set(report.pop("advice")) < set(expected.pop("advice"))  # that on pickles is given once a repository
    assert report == expected
    assert contents(repository.root) == files
    assert report["summary"]["changed"] > 10
    assert cluster.readers() == {process.pid for process in cluster.workers}


def test_what_kills_a_worker_costs_its_own_file_alone(repository: Repository, cluster: Cluster) -> None:
    """It is reported in a line, with status 2, though others were in its batch and workers died four times."""
    repository.write({"bomb.py": b"# BOMB\n" + BEFORE} | {f"m{number}.py": BEFORE for number in range(40)})
    status, _, err = cluster.migrate(repository)
    assert (status, err) == (2, b"flext-codemods: bomb.py: not changed: the process that worked on it died\n")
    assert repository.read("bomb.py") == b"# BOMB\n" + BEFORE
    assert {repository.read(f"m{number}.py") for number in range(40)} == {AFTER}


@pytest.mark.parametrize("part", ["workers", "scheduler"])
def test_when_the_cluster_is_gone_the_rest_is_done_here(part: str, repository: Repository, starter: Starter) -> None:
    """The run does not wait for workers that do not come back, and nothing is lost."""
    cluster = starter.cluster()
    repository.write({"slow.py": b"# SLOW\n" + BEFORE, "mod.py": BEFORE})
    process = cluster.start(repository)
    wait_for(lambda: bool(cluster.readers()))
    for each in cluster.workers if part == "workers" else [cluster.scheduler]:
        assert each is not None
        ended(each)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert repository.read() == AFTER and b"FlextExceptions.ValidationError" in repository.read("slow.py")
    assert process.pid in cluster.readers()


def test_no_work_is_pending_for_ever(cluster: Cluster) -> None:
    """A result that is lost with its worker on the way here, of work that is given up then: its future ends too."""

    def work() -> object:
        class Deadly:
            def __reduce__(self) -> str:  # the worker has done its work and is about to send what came of it
                os._exit(1)

        return Deadly()

    with connected(cluster.address) as client:
        executor = ClusterExecutor(client)
        future = executor.submit(work)
        before = set(client.nthreads())
        wait_for(lambda: set(client.nthreads()) != before)
        executor.give_up()
        assert isinstance(future.exception(timeout=10), BrokenExecutor)
        with pytest.raises(BrokenExecutor):
            executor.submit(work)


def test_ctrl_c_ends_at_once_and_leaves_every_file(repository: Repository, starter: Starter) -> None:
    """Status 130, one line, nothing of dask's."""
    cluster = starter.cluster(1)
    repository.write({f"slow{number}.py": b"# SLOW\n" + BEFORE for number in range(20)})
    process = cluster.start(repository)
    wait_for(lambda: bool(cluster.readers()))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=15)
    assert process.returncode == 130
    assert err.strip().startswith(b"flext-codemods: interrupted") and err.strip().count(b"\n") == 0
    assert {repository.read(f"slow{number}.py") for number in range(20)} == {b"# SLOW\n" + BEFORE}


def test_a_file_that_the_workers_cannot_see_is_one_that_cannot_be_read(
    repository: Repository, cluster: Cluster
) -> None:
    """It is left, with its reason, and the others are migrated; named, it fails the run."""
    repository.write({"hidden.py": BEFORE, "mod.py": BEFORE})
    status, out, err = cluster.migrate(repository)
    assert (status, err) == (0, b"") and b"hidden.py: is not a regular file" in out
    assert (repository.read(), repository.read("hidden.py")) == (AFTER, BEFORE)
    status, _, err = cluster.migrate(repository, "hidden.py")
    assert (status, err) == (2, b"flext-codemods: hidden.py: is not a regular file\n")


@pytest.mark.parametrize(
    ("preload", "message"),
    [
        (
            "import importlib.metadata as m; m.version = lambda n, f=m.version: 'old' if n == 'libcst' else f(n)",
            b" libcst old; this machine has Python ",
        ),
        (
            "import sys; sys.modules['flext_codemods.workers.dask'] = None",
            b": a worker cannot do the work: ModuleNotFoundError(",
        ),
    ],
    ids=["another version", "none"],
)
def test_a_worker_that_would_do_something_else_is_not_used(
    preload: str, message: bytes, repository: Repository, starter: Starter
) -> None:
    """One line that says which, and what it has."""
    cluster = starter.cluster(1, preload)
    repository.write({"mod.py": BEFORE})
    status, _, err = cluster.migrate(repository)
    assert status == 2 and err.startswith(b"flext-codemods: --scheduler tcp://") and err.count(b"\n") == 1
    assert message in err
    assert repository.read() == BEFORE


def test_a_cluster_without_workers_is_not_waited_for_long(repository: Repository, starter: Starter) -> None:
    """One line, status 2."""
    cluster = starter.cluster(0)
    repository.write({"mod.py": BEFORE})
    expected = f"flext-codemods: --scheduler {cluster.address}: no worker joined within 1 seconds\n"
    assert cluster.migrate(repository) == (2, b"", expected.encode())


@pytest.mark.parametrize("silent", [True, False], ids=["somebody else listens", "nobody listens"])
def test_a_scheduler_that_does_not_answer_is_said_in_a_line(
    silent: bool, repository: Repository, tmp_path: Path
) -> None:
    """It is not waited for long, and nothing is written."""
    repository.write({"mod.py": BEFORE})
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        if not silent:
            server.close()
        status, _, err = Cluster(address, None, dict(os.environ), [], tmp_path).migrate(repository)
    assert (status, err) == (
        2,
        f"flext-codemods: --scheduler {address}: no scheduler answered within 1 seconds\n".encode(),
    )
    assert repository.read() == BEFORE


@pytest.mark.parametrize("address", ["/tmp", "localhost", "x:y", "bogus://x:1", "tls://127.0.0.1:1", "inproc://x"])
def test_what_is_no_address_is_said_in_a_line(address: str, repository: Repository) -> None:
    """Dask alone would wait for it twice, and then show a traceback."""
    ran = repository.spawn("--executor", "dask", "--scheduler", address)
    assert ran.returncode == 2 and ran.stderr.count(b"\n") == 1
    assert ran.stderr.startswith(
        f"flext-codemods: --scheduler {address}: is not an address such as tcp://host:8786".encode()
    )


def test_without_dask_the_extra_is_named(repository: Repository) -> None:
    """One line, status 2."""
    code = f"import sys; sys.modules['distributed'] = None\n{QUICK}"
    arguments = ("migrate", "--executor", "dask", "--scheduler", "127.0.0.1:1")
    ran = subprocess.run([sys.executable, "-c", code, *arguments], cwd=repository.root, capture_output=True, timeout=60)
    line = b"flext-codemods: --executor dask: distributed is missing: pip install 'flext-exceptions[dask]'\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, b"", line)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--executor", "dask"], "--executor dask and --scheduler ADDRESS require each other"),
        (["--scheduler", "127.0.0.1:1"], "--executor dask and --scheduler ADDRESS require each other"),
        (
            ["--executor", "processes", "--scheduler", "x:1"],
            "--executor dask and --scheduler ADDRESS require each other",
        ),
        (["--executor", "dask", "--scheduler", ""], "--executor dask and --scheduler ADDRESS require each other"),
        (["--executor", "dask", "--scheduler", "x:1", "--jobs", "2"], "--jobs is for processes"),
        (["--executor", "threads"], "'threads' is not one of 'processes', 'dask'"),
    ],
)
def test_options_that_do_not_fit_are_refused(arguments: list[str], message: str, repository: Repository) -> None:
    """Before anything is looked at."""
    ran = repository.migrate(*arguments)
    assert ran.status == 2 and message in ran.err and ran.err.count("\n") == 1


def test_dask_is_not_imported_where_it_is_not_asked_for(repository: Repository) -> None:
    """Nor is what starts processes, in a small run."""
    repository.write({"mod.py": BEFORE})
    code = (
        "import sys; from flext_codemods.cli import main; main(['migrate', '--check'])\n"
        "print(sorted({'dask', 'distributed', 'multiprocessing', 'flext_codemods.workers.dask'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=repository.root, capture_output=True, text=True, timeout=60)
    assert ran.stdout.endswith("[]\n")
