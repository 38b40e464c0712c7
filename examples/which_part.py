"""A test that fails on the migrated shop, to show the report of a failure; `make migrate` runs it at the end."""

from shop.cart import Cart
from shop.catalog import Product
from shop.money import Money

from flext_exceptions import FlextExceptions
from flext_pytest import flext_raises


def test_a_cart_takes_whole_pieces():
    cart, clock = Cart(), Product("TOY-301", "Cuckoo clock", Money(9900, "EUR"))
    with flext_raises(FlextExceptions.ValidationError, code="SHOP-101", field="quantity", context={"value": 0}):
        cart.add(clock, -1)
