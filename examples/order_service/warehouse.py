"""Another service, which reserves articles and is busy now and then."""

from __future__ import annotations

from flask import Flask, request

from examples.order_service.web import log_as_json, serve
from flext_exceptions import FlextExceptions
from flext_exceptions.web.wsgi import ProblemMiddleware

STOCK = {"tea", "coffee"}

app = Flask(__name__)
app.config["PROPAGATE_EXCEPTIONS"] = True
busy = {"A-3"}  # orders that it refuses the first time


@app.put("/reservations/<number>")
def reserve(number: str) -> tuple[str, int]:
    """Reserve an article for an order."""
    sku = request.get_json()["sku"]
    if number in busy:
        busy.remove(number)
        raise FlextExceptions.ConnectionError("busy with a delivery", service="warehouse", retry_after=1)
    if sku not in STOCK:
        raise FlextExceptions.NotFoundError("no such article", resource_type="article", resource_id=sku)
    app.logger.info("reserved")
    return "", 204


@app.get("/health")
def health() -> dict[str, str]:
    """Answer that the service is running."""
    return {"status": "up"}


if __name__ == "__main__":
    log_as_json("warehouse")
    serve(ProblemMiddleware(app.wsgi_app))
