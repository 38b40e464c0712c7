"""What other libraries take for the same job.

    python -m benchmarks.peers [--json]

The two libraries of a job take turns, in process time; the result is the median of theirs divided by ours: above 1 ours
is faster. Both do the whole job, up to the bytes of a line or of an answer, in the form that the other library uses by
itself: structlog without the values of variables, werkzeug with its page of HTML, google-api-core with Google's JSON.
"""

from __future__ import annotations

import json
import logging
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from statistics import median
from time import process_time
from timeit import Timer
from typing import Any

import requests
import structlog
from google.api_core import exceptions as google
from werkzeug import exceptions as werkzeug

from flext_exceptions import FlextExceptions
from flext_exceptions.logs.records import JsonFormatter
from flext_exceptions.web.responses import problem_response
from flext_exceptions.web.upstream import Request, Response, error_for_response

ROUNDS = 101
LOOPS = 50


def deep(raiser: Callable[[], None], depth: int = 10) -> None:
    """Raise at the bottom of some nested calls."""
    if depth:
        deep(raiser, depth - 1)
    else:
        raiser()


def caught(raiser: Callable[[], None]) -> Exception:
    """Return the error that was raised."""
    try:
        deep(raiser)
    except Exception as error:
        return error
    raise AssertionError


def ours() -> None:
    raise FlextExceptions.NotFoundError("no such user", resource_type="user", resource_id="42")


def by_werkzeug() -> None:
    raise werkzeug.NotFound("no such user")


def by_google() -> None:
    raise google.NotFound("no such user")  # type: ignore[no-untyped-call]


ERROR: Any = caught(ours)
THEIRS: Any = caught(by_werkzeug)

# A line of the log.
RECORD: dict[str, Any] = {
    "name": "shop",
    "levelno": logging.ERROR,
    "levelname": "ERROR",
    "msg": "failed",
    "user": "ada",
    "exc_info": (type(ERROR), ERROR, ERROR.__traceback__),
}
FORMATTER = JsonFormatter()
TRACEBACK = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
CHAIN: tuple[Callable[..., Any], ...] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper("iso"),
    TRACEBACK,
    structlog.processors.JSONRenderer(),
)


def line_of_structlog() -> Any:
    event: Any = {"event": "failed", "user": "ada", "exc_info": ERROR}
    for processor in CHAIN:
        event = processor(None, "error", event)
    return event


# An answer with status 404, as a typed error.
def answer(body: dict[str, object], kind: str) -> requests.Response:
    made = requests.Response()
    made.status_code = 404
    made.headers["Content-Type"] = kind
    made._content = json.dumps(body).encode()
    made.request = requests.Request("GET", "http://users/42").prepare()
    made.url = "http://users/42"
    return made


OURS_ANSWERED = answer(json.loads(problem_response(ERROR)[0]), "application/problem+json")
GOOGLE_ANSWERED = answer({"error": {"code": 404, "message": "no such user", "status": "NOT_FOUND"}}, "application/json")


def error_of_answer() -> Any:
    asked = Request("GET", "http://users/42", "req-1")
    told = Response(OURS_ANSWERED.status_code, OURS_ANSWERED.headers, OURS_ANSWERED.content)
    return error_for_response(asked, told)


Job = tuple[str, Callable[[], object], Callable[[], object]]

# The jobs, and each way to do them.
JOBS: dict[str, Job] = {
    "raised, caught": ("google-api-core", lambda: caught(ours), lambda: caught(by_google)),
    "raised, caught ": ("werkzeug", lambda: caught(ours), lambda: caught(by_werkzeug)),
    "a line of JSON with its traceback": (
        "structlog",
        lambda: FORMATTER.format(logging.makeLogRecord(RECORD)),
        line_of_structlog,
    ),
    "an HTTP answer": (
        "werkzeug",
        lambda: problem_response(ERROR),
        lambda: THEIRS.get_response().get_data(),
    ),
    "read from an HTTP answer": (
        "google-api-core",
        error_of_answer,
        lambda: google.from_http_response(GOOGLE_ANSWERED),  # type: ignore[no-untyped-call]
    ),
}


def measure() -> dict[str, tuple[float, float, float]]:
    """Return for each job the microseconds of ours and of theirs, and the ratio."""
    timers = {
        name: (Timer(ours, timer=process_time), Timer(theirs, timer=process_time))
        for name, (_, ours, theirs) in JOBS.items()
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in JOBS}
    for _ in range(ROUNDS):
        for name, (one, other) in timers.items():
            taken[name].append((one.timeit(LOOPS) / LOOPS * 1e6, other.timeit(LOOPS) / LOOPS * 1e6))
    return {
        name: (
            round(median(one for one, _ in pairs), 1),
            round(median(other for _, other in pairs), 1),
            round(median(other / one for one, other in pairs), 2),
        )
        for name, pairs in taken.items()
    }


def main(argv: list[str]) -> int:
    """Print a line for each job."""
    found = measure()
    versions = {name: version(name) for name in sorted({peer for peer, _, _ in JOBS.values()})}
    if "--json" in argv:
        print(json.dumps({"python": platform.python_version(), "versions": versions, "jobs": found}))
        return 0
    names = ", ".join(" ".join(pair) for pair in versions.items())
    print(f"CPU microseconds on Python {platform.python_version()}, {names}.\n")
    print("| job | ours | library | theirs | theirs divided by ours |\n|---|---:|---|---:|---:|")
    for name, (one, other, ratio) in found.items():
        print(f"| {name.strip()} | {one:.1f} | {JOBS[name][0]} | {other:.1f} | {ratio:.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
