"""Orders: their life from new to delivered, and where they come from."""

import re

from shop.errors import OrderClosed, RefundTooLarge
from shop.money import parse_money

NUMBER = re.compile(r"\d{4}-\d{4}")
NEXT = {
    "new": ("paid", "cancelled"),
    "paid": ("shipped", "cancelled"),
    "shipped": ("delivered",),
    "delivered": (),
    "cancelled": (),
}


class Order:
    """An order; ``lines`` are pairs of SKU and quantity."""

    def __init__(self, number, lines, total, state="new"):
        if not NUMBER.fullmatch(number):
            raise ValueError(f"an order number looks like 2024-0001, not {number!r}")
        if not lines:
            raise ValueError("order {} has no lines".format(number))
        self.number = number
        self.lines = lines
        self.total = total
        self.state = state
        self.tracking = None

    @property
    def carrier(self):
        if self.tracking is None:
            raise AttributeError(f"order {self.number} has not been shipped")
        return self.tracking.partition("-")[0]

    def advance(self, state):
        if not NEXT[self.state]:
            raise OrderClosed(f"order {self.number} is {self.state}")
        if state not in NEXT[self.state]:
            raise RuntimeError("order %s is %s; it can become %s, but not %s" % (
                self.number,
                self.state,
                " or ".join(NEXT[self.state]),
                state,
            ))
        self.state = state

    def pay(self, amount):
        if amount != self.total:
            raise ValueError(f"{amount} was paid for order {self.number}, not {self.total}")
        self.advance("paid")

    def ship(self, book):
        """Ship the order; ``book`` takes its number and returns a tracking number."""
        try:
            tracking = book(self.number)
        except ConnectionError:
            raise
        if not tracking:
            raise Exception("the carrier gave order %s no tracking number" % self.number)
        self.tracking = tracking
        self.advance("shipped")

    def refund(self, amount):
        if self.total < amount:
            raise RefundTooLarge(f"{amount} of {self.total}")
        self.total -= amount
        return self.total


def parse_order(data):
    """Make an order from the json that the web shop sends."""
    if not isinstance(data, dict):
        raise TypeError("an order is an object, not a list or a number")
    try:
        lines = [(line["sku"], int(line["quantity"])) for line in data["lines"]]
        return Order(data["number"], lines, parse_money(data["total"]))
    except KeyError as err:
        raise ValueError(f"the order has no {err.args[0]}")


def import_orders(rows):
    """Read a marketplace export; return the orders, and (row, reason, text) for the rest."""
    orders = []
    rejected = []
    for position, row in enumerate(rows, start=1):
        try:
            if len(row) != 4:
                raise ValueError(f"{len(row)} columns instead of 4")
            number, sku, quantity, total = row
            if not NUMBER.fullmatch(number):
                raise ValueError("bad order number: %s" % number)
            orders.append(Order(number, [(sku, int(quantity))], parse_money(total)))
        except ValueError as err:
            rejected.append((position, type(err).__name__, str(err)))
    return orders, rejected
