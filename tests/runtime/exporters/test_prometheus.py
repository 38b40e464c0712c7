"""Prometheus gets every count once, from one process or from many, and no counter decreases."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from prometheus_client import CollectorRegistry, Counter, generate_latest, start_http_server
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from flext_exceptions import FlextExceptions
from flext_exceptions.exporters.prometheus import register

from ..patterns.hostile import in_threads
from .two_processes import CODE

pytestmark = pytest.mark.usefixtures("own_codes_only")

NAME = "flext_exceptions_total"
OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def counts(families: Iterable[Metric]) -> dict[tuple[str, str], float]:
    """The counts by type and code of what was parsed, each of which is there once."""
    found: dict[tuple[str, str], float] = {}
    for family in families:
        if family.name == "flext_exceptions":
            assert family.type == "counter"
            for sample in family.samples:
                assert sample.name == NAME and set(sample.labels) == {"type", "code"}
                label = sample.labels["type"], sample.labels["code"]
                assert label not in found
                found[label] = sample.value
    return found


def scraped_once(port: int) -> dict[tuple[str, str], float]:
    """The counts that a server gives at this moment."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return counts(text_string_to_metric_families(answer.read().decode()))


def scraped(port: int) -> dict[tuple[str, str], float]:
    """The counts that a server gives, which are the same in both formats."""
    plain = scraped_once(port)
    request = Request(f"http://127.0.0.1:{port}/metrics", headers={"Accept": OPENMETRICS})
    with urlopen(request, timeout=10) as answer:
        assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
        assert counts(openmetrics.text_string_to_metric_families(answer.read().decode())) == plain
    return plain


def run(code: str, folder: Path | None = None) -> str:
    """What a program prints, in multiprocess mode where a folder is given; it must succeed, and say nothing else."""
    environment = dict(os.environ) | ({} if folder is None else {"PROMETHEUS_MULTIPROC_DIR": str(folder)})
    paths = f"import sys; sys.path[:0] = {sys.path!r}\n"
    command = [sys.executable, "-c", paths + textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def in_files(folder: Path) -> dict[tuple[str, str], float]:
    """What the processes of a program left in the folder."""
    code = """
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        sys.stdout.buffer.write(generate_latest(registry))
    """
    return {label: n for label, n in counts(text_string_to_metric_families(run(code, folder))).items() if n}


@pytest.fixture
def registry() -> CollectorRegistry:
    """One that has our counts."""
    registry = CollectorRegistry()
    register(registry)
    return registry


def test_the_counts_of_one_process_over_http(registry: CollectorRegistry) -> None:
    """By type and code, whatever the code holds; a clear takes nothing away."""
    server, thread = start_http_server(0, "127.0.0.1", registry)
    before = scraped(server.server_port)
    FlextExceptions.ValidationError("m", code=CODE)
    FlextExceptions.ValidationError("m")
    FlextExceptions.clear_metrics()
    FlextExceptions.ValidationError("m", code=CODE)
    FlextExceptions.Error("m", code="\ud800")
    after = scraped(server.server_port)
    server.shutdown()
    server.server_close()
    thread.join()
    labels = [("ValidationError", CODE), ("ValidationError", "FLEXT_3001"), ("Error", "\\ud800")]
    assert {label: n for label, n in after.items() if n != before.get(label)} == {
        label: before.get(label, 0) + n for label, n in zip(labels, (2, 1, 1), strict=True)
    }


def test_the_text_is_as_the_format_wants_it(registry: CollectorRegistry) -> None:
    """Quotes, backslashes and new lines are escaped, and there are no zero entries."""
    FlextExceptions.BufferError("m", code='a"b\\c\nd')
    text = generate_latest(registry).decode()
    assert 'flext_exceptions_total{type="BufferError",code="a\\"b\\\\c\\nd"}' in text.replace(
        'code="a\\"b\\\\c\\nd",type="BufferError"', 'type="BufferError",code="a\\"b\\\\c\\nd"'
    )
    assert "# TYPE flext_exceptions_total counter\n" in text
    assert 0 not in counts(text_string_to_metric_families(text)).values()


def test_registering_twice_is_registering_once(registry: CollectorRegistry) -> None:
    """And each registry has the counts."""
    other = CollectorRegistry()
    for each in (registry, other, other):
        register(each)
    FlextExceptions.Error("m")
    both = [counts(text_string_to_metric_families(generate_latest(each).decode())) for each in (registry, other)]
    assert both[0] == both[1] != {}


def test_a_metric_of_anybody_else_by_that_name_is_refused() -> None:
    """Whichever comes second."""
    registry = CollectorRegistry()
    Counter("flext_exceptions", "another", registry=registry)
    with pytest.raises(ValueError, match="flext_exceptions"):
        register(registry)
    registry = CollectorRegistry()
    register(registry)
    with pytest.raises(ValueError, match="flext_exceptions"):
        Counter("flext_exceptions", "another", registry=registry)


def test_eight_threads_that_make_errors_while_others_scrape(registry: CollectorRegistry) -> None:
    """Nothing is lost, nothing is there twice, and no scrape shows less than the one before."""
    labels = {"type": "EOFError", "code": "THREADS"}
    first = registry.get_sample_value(NAME, labels) or 0
    seen: dict[int, list[float]] = {8: [], 9: []}

    def work(number: int) -> None:
        for step in range(1500):
            if number < 8:
                FlextExceptions.EOFError("m", code="THREADS")
            elif step % 50 == 0:
                seen[number].append(registry.get_sample_value(NAME, labels) or 0)

    in_threads(work, 10)
    assert registry.get_sample_value(NAME, labels) == first + 8 * 1500
    assert all(values == sorted(values) for values in seen.values())


def test_the_counts_of_two_processes_over_http(tmp_path: Path) -> None:
    """In multiprocess mode: summed exactly; what a killed one counted stays; a clear takes nothing away."""
    program = Path(__file__).with_name("two_processes.py")
    paths = os.pathsep.join(sys.path)
    with subprocess.Popen(
        [sys.executable, "-W", "error", str(program)],
        env=dict(os.environ) | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        port = int(process.stdout.readline())
        expected: dict[tuple[str, str], float] = {
            ("EOFError", "EOF_ERROR"): 1,
            ("TimeoutError", "FLEXT_2002"): 1,
            ("ValidationError", CODE): 2,
            ("ConnectionError", "FLEXT_2001"): 1600,
        }
        assert scraped(port) == expected
        seen = [expected]
        for _ in range(3):
            process.stdin.write("more\n")
            process.stdin.flush()
            seen += [scraped_once(port) for _ in range(3)]  # while eight threads make errors
            process.stdout.readline()
        for before, after in pairwise(seen):
            assert all(after[label] >= before[label] for label in before)
        expected["TimeoutError", "FLEXT_2002"] += 6
        expected["ConnectionError", "FLEXT_2001"] += 3 * 800
        expected["ByHand", ""] = 3
        assert scraped(port) == expected
        process.stdin.close()
        assert process.wait(10) == 0
    assert in_files(tmp_path) == expected


def test_a_file_of_a_dead_process_of_the_same_number_is_gone_on_with(tmp_path: Path) -> None:
    """The system gives numbers out again: what the dead one counted stays, and nothing is counted for it twice."""
    code = """
        import os
        os.getpid = lambda: 4321
        from flext_exceptions import FlextExceptions
        from flext_exceptions.exporters.prometheus import register
        FlextExceptions.Error("m")
        register()
        FlextExceptions.Error("m")
    """
    for number in (1, 2):
        run(code, tmp_path)
        assert in_files(tmp_path) == {("Error", "FLEXT_0001"): 2 * number}
    assert [file.name for file in tmp_path.iterdir()] == ["counter_4321.db"]


WRITING: dict[str, tuple[str, dict[tuple[str, str], float]]] = {
    "nothing where nothing is counted": (
        """
        FlextExceptions.configure_error_handling({"enable_metrics": False}).unwrap()
        FlextExceptions.Error("m")
        FlextExceptions.Metrics.record_exception("Foreign")
        """,
        {},
    ),
    "an error that a finaliser makes in the middle of a write": (
        """
        class Late:
            def __del__(self):
                FlextExceptions.EOFError("m")

        def inc(amount, inc=prometheus._counter.labels("Error", "FLEXT_0001").inc):
            if lates:
                lates.pop()
            inc(amount)

        lates = [Late()]
        prometheus._counter.labels("Error", "FLEXT_0001").inc = inc
        FlextExceptions.Error("m")
        """,
        {("Error", "FLEXT_0001"): 1, ("EOFError", "EOF_ERROR"): 1},
    ),
    "an error that is made in the middle of a fork": (
        """
        prometheus._before_fork()
        FlextExceptions.Error("m")
        prometheus._after_fork()
        """,
        {("Error", "FLEXT_0001"): 1},
    ),
    "what another thread was faster to write": (
        """
        class Slow:
            def acquire(self, blocking):
                prometheus._pending.clear()
                return True

            def release(self):
                pass

        prometheus._writing, lock = Slow(), prometheus._writing
        FlextExceptions.Error("m")
        prometheus._writing = lock
        FlextExceptions.Error("m")
        """,
        {("Error", "FLEXT_0001"): 2},
    ),
    "what could not be written is written with the next one": (
        """
        import warnings
        from flext_exceptions import FlextUsageWarning

        FlextExceptions.Error("m")
        series = prometheus._series["Error", "FLEXT_0001"]
        inc, series.inc = series.inc, lambda amount: 1 / 0
        for action, number in (("error", 0), ("always", 2)):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter(action)
                FlextExceptions.Error("m")
                FlextExceptions.Metrics.record_exception("Error")
            assert [each.category for each in caught] == [FlextUsageWarning] * number
        assert "PROMETHEUS_MULTIPROC_DIR: ZeroDivisionError" in str(caught[0].message), caught[0].message
        series.inc = inc
        FlextExceptions.Error("m")
        """,
        {("Error", "FLEXT_0001"): 6},
    ),
}


@pytest.mark.parametrize(("code", "expected"), WRITING.values(), ids=WRITING)
def test_in_multiprocess_mode_there_is_written(
    tmp_path: Path, code: str, expected: dict[tuple[str, str], float]
) -> None:
    """What was counted, whatever happens meanwhile."""
    head = """
        from flext_exceptions import FlextExceptions
        from flext_exceptions.exporters import prometheus
        prometheus.register()
    """
    run(textwrap.dedent(head) + textwrap.dedent(code), tmp_path)
    assert in_files(tmp_path) == expected


def test_a_child_that_is_forked_while_a_thread_writes_can_write(tmp_path: Path) -> None:
    """It inherits no lock, ours or that of prometheus_client, and no count of the thread's is lost or doubled."""
    run(
        """
        import os, signal, threading, time, warnings
        from flext_exceptions import FlextExceptions
        from flext_exceptions.exporters import prometheus
        warnings.simplefilter("ignore")  # of Python 3.12 and later, about forking beside threads
        prometheus.register()
        FlextExceptions.Error("m")
        file, writing = prometheus._series["Error", "FLEXT_0001"]._value._file, threading.Event()

        def write_value(*args, write_value=file.write_value):
            writing.set()
            time.sleep(0.1)
            write_value(*args)

        file.write_value = write_value
        thread = threading.Thread(target=FlextExceptions.Error, args=["m"])
        thread.start()
        writing.wait()
        child = os.fork()
        if not child:
            signal.alarm(5)
            FlextExceptions.Error("m")
            FlextExceptions.TimeoutError("m")
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        thread.join()
        FlextExceptions.Error("m")
        """,
        tmp_path,
    )
    assert in_files(tmp_path) == {("Error", "FLEXT_0001"): 4, ("TimeoutError", "FLEXT_2002"): 1}
