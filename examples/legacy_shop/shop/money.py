"""Amounts of money, kept in whole cents so that totals never drift."""

import re

CURRENCIES = ("CHF", "EUR", "GBP", "USD")
AMOUNT = re.compile(r"(-?\d+)(?:[.,](\d\d))?(?: (%s))?" % "|".join(CURRENCIES))


class Money:
    """An amount in one currency. It cannot be changed.

    >>> Money(1999) + Money(1)
    Money(2000, 'EUR')
    >>> str(Money(-5, "CHF"))
    '-0.05 CHF'
    """

    __slots__ = ("cents", "currency")

    def __init__(self, cents, currency="EUR"):
        if not isinstance(cents, int):
            raise TypeError("cents must be a whole number, not %r" % (cents,))
        if currency not in CURRENCIES:
            raise ValueError("unknown currency: {!r}".format(currency))
        object.__setattr__(self, "cents", cents)
        object.__setattr__(self, "currency", currency)

    def __setattr__(self, name, value):
        raise AttributeError(f"money cannot be changed: {name}")

    def __repr__(self):
        return f"Money({self.cents}, {self.currency!r})"

    def __str__(self):
        sign = "-" if self.cents < 0 else ""
        return "%s%d.%02d %s" % (sign, *divmod(abs(self.cents), 100), self.currency)

    def __eq__(self, other):
        if not isinstance(other, Money):
            return NotImplemented
        return (self.cents, self.currency) == (other.cents, other.currency)

    def __hash__(self):
        return hash((self.cents, self.currency))

    def _same_currency(self, other):
        if other.currency != self.currency:
            raise ValueError(f"{self} and {other} are in different currencies")
        return other.cents

    def __add__(self, other):
        return Money(self.cents + self._same_currency(other), self.currency)

    def __sub__(self, other):
        return Money(self.cents - self._same_currency(other), self.currency)

    def __mul__(self, factor):
        return Money(round(self.cents * factor), self.currency)

    def __lt__(self, other):
        return self.cents < self._same_currency(other)


def parse_money(text, currency="EUR"):
    """Read an amount the way people type it into a spreadsheet.

    >>> parse_money("19.99")
    Money(1999, 'EUR')
    >>> parse_money("5,00 CHF")
    Money(500, 'CHF')
    >>> parse_money("a fiver")
    Traceback (most recent call last):
        ...
    ValueError: not an amount: 'a fiver'
    """
    found = AMOUNT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"not an amount: {text!r}")
    whole, cents, own_currency = found.groups("")
    return Money(int(whole + (cents or "00")), own_currency or currency)
