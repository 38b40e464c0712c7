"""The requests of the service, its logs and its metrics. Run: ``python -m examples.order_service.web``."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.serving import WSGIRequestHandler, make_server

from examples.order_service import orders, store
from flext_exceptions import FlextExceptions
from flext_exceptions.exporters import prometheus
from flext_exceptions.logs.records import ErrorFilter, JsonFormatter
from flext_exceptions.patterns.environment import FlextExceptionConfigManager
from flext_exceptions.patterns.handlers import ApplicationExceptionHandler, flext_exception_handler
from flext_exceptions.patterns.monitoring import ExceptionMonitor
from flext_exceptions.web.wsgi import ProblemMiddleware

app = Flask(__name__)
app.config["PROPAGATE_EXCEPTIONS"] = True  # the middleware answers errors
handler = ApplicationExceptionHandler()
monitor = ExceptionMonitor({"AlreadyExistsError": 1})  # two duplicates between two scrapes are no accident


@app.post("/orders")
def place() -> tuple[dict[str, str], int]:
    """Place an order."""
    order = request.get_json()
    app.logger.info("order received")
    orders.place(order)
    return {"placed": order["number"]}, 201


@app.post("/batches")
def place_all() -> tuple[dict[str, object], int]:
    """Place many orders; those that fail are logged as one error."""
    batch = request.get_json()
    failures = orders.place_all(batch)
    if failures.has_exceptions():
        handler.handle_exception(failures.create_aggregated_exception())
    return {"orders": len(batch), "failed": failures.get_exception_summary()}, 207


@app.get("/health")
@flext_exception_handler(handler=handler)
def health() -> dict[str, str]:
    """Return whether the service is ready; the error handler answers what is missing."""
    orders.warehouse.get("/health")
    return {"status": "up"}


@app.get("/metrics")
def metrics() -> Response:
    """Export the counts of errors to Prometheus, and alert if there are too many."""
    monitor.check()
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


class Quiet(WSGIRequestHandler):
    """A request handler that leaves logging to the application."""

    def log_request(self, *_: object) -> None:
        """Log nothing."""


def log_as_json(service: str) -> None:
    """Write every log record as one line of JSON, with the correlation id."""
    handler = logging.StreamHandler()
    handler.addFilter(ErrorFilter())
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    FlextExceptionConfigManager()  # as the variable ENVIRONMENT says; of errors those of the caller's doing too
    FlextExceptions.configure_error_handling({"log_level": "INFO"}).unwrap()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    logging.setLogRecordFactory(lambda *args, **kw: tagged(logging.LogRecord(*args, **kw), service))


def tagged(record: logging.LogRecord, service: str) -> logging.LogRecord:
    """Add the service's name to a record."""
    record.app = service
    return record


def serve(application: object) -> None:
    """Print a free port and serve there until the process is stopped."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)  # type: ignore[arg-type]
    print(server.server_port, flush=True)
    server.serve_forever()


def main() -> None:
    """Serve orders."""
    log_as_json("orders")
    store.create()
    prometheus.register()
    serve(ProblemMiddleware(app.wsgi_app))


if __name__ == "__main__":
    main()
