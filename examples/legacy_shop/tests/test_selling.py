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


def test_total_with_tax(cart):
    assert cart.total_with_tax("DE") == Money(4278 + 1428)


def test_quantity_is_positive(cart, catalog):
    with pytest.raises(ValueError, match="quantity must be at least 1, not 0"):
        cart.add(catalog["BK-1002"], 0)


def test_currency_of_the_cart(cart):
    with pytest.raises(ValueError) as caught:
        cart.add(Product("TOY-301", "Cuckoo clock", Money(9900, "CHF")))
    assert str(caught.value) == "the cart is in EUR, but TOY-301 is priced in CHF"


def test_too_many_of_one_product(cart, catalog):
    with pytest.raises(OverflowError, match="100 of BK-1001 are more .*; the limit is 99"):
        cart.add(catalog["BK-1001"], 98)


def test_remove(cart):
    cart.remove("TOY-300")
    with pytest.raises(KeyError, match="TOY-300"):
        cart.remove("TOY-300")


def test_line(cart):
    assert cart.line(2)[0].sku == "TOY-300"
    with pytest.raises(IndexError, match="line 3 of 2"):
        cart.line(3)


def test_check_out(cart):
    assert cart.check_out("2024-0001").lines == [("BK-1001", 2), ("TOY-300", 1)]
    with pytest.raises(RuntimeError, match="the cart is empty"):
        Cart().check_out("2024-0002")


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
    ({}, "unknown kind of discount: None"),
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
