from datetime import date
from decimal import Decimal

import pytest

from shop.cart import Cart
from shop.catalog import Product
from shop.money import Money
from shop.pricing import (
    AmountOff,
    CouponExpired,
    Discount,
    PercentOff,
    discount_from_rule,
    redeem,
    tax_rate,
)

COUPONS = {"SPRING": ({"kind": "percent", "percent": 10}, date(2024, 5, 31))}
CLOCK = Product("TOY-301", "Cuckoo clock", Money(9900, "CHF"))


@pytest.fixture
def cart(catalog):
    cart = Cart()
    cart.add(catalog["BK-1001"], 2)
    cart.add(catalog["TOY-300"])
    return cart


def test_total(cart):
    assert cart.total() == Money(5198)
    assert cart.total({"BK-1001": PercentOff(10)}) == Money(4798)
    assert cart.total({"TOY-300": AmountOff(Money(200))}) == Money(4998)


@pytest.mark.parametrize(("action", "kind", "message"), [
    (lambda cart: cart.add(CLOCK, 0), ValueError, "quantity must be at least 1, not 0"),
    (lambda cart: cart.add(CLOCK), ValueError, "cart is in EUR, but TOY-301 is priced in CHF"),
    (lambda cart: cart.add(cart.line(1)[0], 98), OverflowError, "100 .* more .* limit is 99"),
    (lambda cart: cart.remove("TOY-301"), KeyError, "TOY-301"),
    (lambda cart: cart.line(3), IndexError, "line 3 of 2"),
    (lambda cart: Cart().check_out("2024-0002"), RuntimeError, "the cart is empty"),
])
def test_what_a_cart_refuses(cart, action, kind, message):
    with pytest.raises(kind, match=message):
        action(cart)
    assert cart.total() == Money(5198)


def test_check_out(cart):
    cart.remove("TOY-300")
    assert cart.check_out("2024-0001").lines == [("BK-1001", 2)]


@pytest.mark.parametrize("percent", [-1, 101])
def test_percentage(percent):
    with pytest.raises(ValueError, match=f"percent must lie between 0 and 100, not {percent}"):
        PercentOff(percent)


def test_percentage_never_set():
    assert not hasattr(PercentOff.__new__(PercentOff), "percent")


def test_more_off_than_the_price():
    with pytest.raises(ArithmeticError, match="5.00 EUR off is more than the price of 3.00 EUR"):
        AmountOff(Money(500)).taken_off(Money(100), 3)


def test_base_class_takes_nothing_off():
    with pytest.raises(NotImplementedError):
        Discount().taken_off(Money(100), 1)


@pytest.mark.parametrize(("rule", "message"), [
    ({"kind": "amount"}, "a discount by amount needs 'amount'"),
    ({"kind": "gift"}, "unknown kind of discount: 'gift'"),
])
def test_bad_rule(rule, message):
    with pytest.raises(ValueError) as caught:
        discount_from_rule(rule)
    assert caught.value.args == (message,)


def test_coupon():
    assert redeem("SPRING", COUPONS, date(2024, 5, 31)).percent == 10
    with pytest.raises(LookupError, match="no such coupon: SUMMER"):
        redeem("SUMMER", COUPONS, date(2024, 5, 1))
    with pytest.raises(CouponExpired, match="coupon SPRING expired on 31 May 2024"):
        redeem("SPRING", COUPONS, date(2024, 6, 1))


def test_tax_rate():
    assert tax_rate("AT", "books") == Decimal("0.10")
    assert tax_rate("FR", "toys") == Decimal("0.20")
    with pytest.raises(ValueError, match="no tax rates are known for XX"):
        tax_rate("XX")
