"""Discounts, coupons and tax."""

from decimal import Decimal

from .money import parse_money

TAX = {
    "AT": {"standard": Decimal("0.20"), "books": Decimal("0.10")},
    "DE": {"standard": Decimal("0.19"), "books": Decimal("0.07")},
    "FR": {"standard": Decimal("0.20"), "books": Decimal("0.055")},
}


class CouponExpired(ValueError):
    """The coupon was good once."""


class Percent:
    """A field that holds a percentage."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.name not in vars(instance):
            raise AttributeError(f"{self.name} was never set")
        return vars(instance)[self.name]

    def __set__(self, instance, value):
        if not 0 <= value <= 100:
            raise ValueError(f"{self.name} must lie between 0 and 100, not {value}")
        vars(instance)[self.name] = value


class Discount:
    """What is taken off the price of one line of a cart."""

    def taken_off(self, price, quantity):
        raise NotImplementedError("every discount says how much it takes off")


class PercentOff(Discount):
    percent = Percent()

    def __init__(self, percent):
        self.percent = percent

    def taken_off(self, price, quantity):
        return price * quantity * (Decimal(self.percent) / 100)


class AmountOff(Discount):
    def __init__(self, amount):
        self.amount = amount

    def taken_off(self, price, quantity):
        if price * quantity < self.amount:
            raise ArithmeticError(
                "%s off is more than the price of %s" % (self.amount, price * quantity)
            )
        return self.amount


def discount_from_rule(rule):
    """Make a discount from a rule of the marketing department's json file."""
    kind = rule.get("kind")
    try:
        if kind == "percent":
            return PercentOff(rule["percent"])
        if kind == "amount":
            return AmountOff(parse_money(rule["amount"]))
    except KeyError as err:
        raise ValueError("a discount by {} needs {}".format(kind, err)) from err
    if kind == "tiered":
        raise NotImplemented
    raise ValueError(f"unknown kind of discount: {kind!r}")


def redeem(code, coupons, today):
    """Return the discount of a coupon; ``coupons`` maps code to (rule, last day)."""
    if code not in coupons:
        raise LookupError(f"no such coupon: {code}")
    rule, last_day = coupons[code]
    if today > last_day:
        raise CouponExpired(f"coupon {code} expired on {last_day:%d %B %Y}")
    return discount_from_rule(rule)


def tax_rate(country, category="standard"):
    """Return the rate for a category; categories without one of their own are standard."""
    try:
        rates = TAX[country]
        return rates.get(category, rates["standard"])
    except LookupError:
        raise ValueError("no tax rates are known for %s" % country)
    except KeyError:
        return Decimal(0)
