"""What lies on the shelves, who takes from them, and the yearly stocktaking."""

import collections
import multiprocessing
import queue
import threading
from concurrent.futures import Future, ProcessPoolExecutor

from shop.errors import OutOfStock


class Stock:
    """Pieces by SKU; safe to use from several threads."""

    def __init__(self, pieces):
        self._pieces = dict(pieces)
        self._lock = threading.Lock()

    def count(self, sku):
        if sku not in self._pieces:
            raise KeyError(sku)
        return self._pieces[sku]

    def reserve(self, sku, quantity):
        with self._lock:
            available = self.count(sku)
            if quantity > available:
                raise OutOfStock(sku, quantity, available)
            self._pieces[sku] = available - quantity

    def put_back(self, sku, quantity):
        with self._lock:
            self._pieces[sku] = self._pieces.get(sku, 0) + quantity

    def reserve_all(self, lines):
        """Reserve every line of an order or none of them."""
        done = []
        try:
            for sku, quantity in lines:
                self.reserve(sku, quantity)
                done.append((sku, quantity))
        except OutOfStock:
            for sku, quantity in done:
                try:
                    self.put_back(sku, quantity)
                except Exception:
                    pass
            raise


class StockWorker:
    """One thread that carries out movements of stock in the order they came in."""

    def __init__(self):
        self._jobs = queue.Queue()
        self._stopped = False
        self._thread = threading.Thread(target=self._run)

    def start(self):
        self._thread.start()

    def submit(self, action, *args):
        if self._stopped:
            raise RuntimeError("the stock worker has stopped")
        future = Future()
        self._jobs.put((future, action, args))
        return future

    def _run(self):
        while (job := self._jobs.get()) is not None:
            future, action, args = job
            try:
                future.set_result(action(*args))
            except Exception as err:
                future.set_exception(err)

    def stop(self):
        """Finish what was submitted, if the worker ever ran; give up the rest."""
        self._stopped = True
        if self._thread.ident is not None:
            self._jobs.put(None)
            self._thread.join()
        while not self._jobs.empty():
            future, action, _ = self._jobs.get()
            future.set_exception(RuntimeError(f"{action.__name__} was never carried out"))


def count_sheet(path):
    """Add up one counting sheet, "SKU pieces" a line, closed by a line "end"."""
    pieces = collections.Counter()
    with open(path, encoding="utf-8") as sheet:
        for number, line in enumerate(sheet, start=1):
            if line.strip() == "end":
                return pieces
            sku, _, text = line.partition(" ")
            try:
                count = int(text)
            except ValueError as err:
                raise ValueError(f"{path}, line {number}: cannot read {line.strip()!r}") from err
            pieces[sku] += count
    raise EOFError(f"{path} was not counted to its end")


def take_stock(sheets, workers=2):
    """Count all sheets, in several processes."""
    total = collections.Counter()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=workers, mp_context=context) as pool:
        for pieces in pool.map(count_sheet, sheets):
            total.update(pieces)
    return dict(total)
