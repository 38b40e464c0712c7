"""A small http interface for the warehouse's hand scanners: GET /product/SKU, /order/NUMBER."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from shop.catalog import Catalog
from shop.storage import Storage

STATUS = {KeyError: 404, NotImplementedError: 501}


def status_of(err):
    """Return the http status for an error; what is not in the table is the client's fault."""
    return STATUS.get(type(err), 400)


class Api:
    def __init__(self, catalog: Catalog, database):
        self.catalog = catalog
        self.database = database

    def answer(self, path):
        """Return what a path stands for, ready for json."""
        _, _, kind_and_key = path.partition("/")
        kind, _, key = kind_and_key.partition("/")
        if not key:
            raise ValueError(f"ask for /product/SKU or /order/NUMBER, not {path}")
        if kind == "product":
            product = self.catalog[key]
            return {"sku": product.sku, "name": product.name, "price": str(product.price)}
        if kind == "order":
            with Storage(self.database) as storage:
                if key not in storage.numbers():
                    raise KeyError(key)
                order = storage.load(key)
            return {"number": order.number, "state": order.state, "lines": order.lines}
        if kind == "invoice":
            raise NotImplementedError("invoices are still printed")
        raise ValueError("nothing is known about {}".format(kind))


def make_server(api, host="127.0.0.1", port=0):
    """Return a server that is bound but not yet running."""
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            try:
                status, body = 200, api.answer(self.path)
            except Exception as err:
                status, body = status_of(err), {"error": str(err.args[0])}
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    return ThreadingHTTPServer((host, port), Handler)
