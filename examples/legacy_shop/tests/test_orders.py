import sqlite3

import pytest

from shop.errors import OrderClosed, RefundTooLarge
from shop.money import Money
from shop.orders import Order, import_orders, parse_order
from shop.storage import Storage, retrying

JSON = {"number": "2024-0007", "total": "7.50", "lines": [{"sku": "BK-1002", "quantity": "1"}]}


@pytest.fixture
def order():
    return Order("2024-0001", [("BK-1001", 2)], Money(3998))


@pytest.fixture
def book(tmp_path):
    with Storage(tmp_path / "shop.db") as storage:
        yield storage


def test_from_new_to_delivered(order):
    order.pay(Money(3998))
    with pytest.raises(AttributeError, match="order 2024-0001 has not been shipped"):
        order.carrier
    order.ship(lambda number: f"DHL-{number}")
    assert order.carrier == "DHL"
    order.advance("delivered")
    with pytest.raises(OrderClosed, match="order 2024-0001 is delivered"):
        order.advance("cancelled")


@pytest.mark.parametrize(("action", "kind", "message"), [
    (lambda order: Order("1", order.lines, order.total), ValueError, "looks like .* not '1'"),
    (lambda order: Order("2024-0002", [], order.total), ValueError, "2024-0002 has no lines"),
    (lambda order: order.advance("shipped"), RuntimeError,
     "^order 2024-0001 is new; it can become paid or cancelled, but not shipped$"),
    (lambda order: order.pay(Money(100)), ValueError, "1.00 EUR was paid .* not 39.98 EUR"),
    (lambda order: order.refund(Money(3999)), RefundTooLarge, "39.99 EUR of 39.98 EUR"),
    (lambda order: order.ship(lambda number: ""), Exception, "2024-0001 no tracking number"),
])
def test_what_an_order_refuses(order, action, kind, message):
    with pytest.raises(kind, match=message):
        action(order)
    assert (order.state, order.total) == ("new", Money(3998))


def test_carrier_that_fails(order):
    def refuse(number):
        raise ConnectionError(f"no van for {number}")

    with pytest.raises(ConnectionError, match="no van for 2024-0001"):
        order.ship(refuse)


def test_order_from_the_web_shop():
    assert parse_order(JSON).lines == [("BK-1002", 1)]
    with pytest.raises(ValueError, match="the order has no total"):
        parse_order({name: value for name, value in JSON.items() if name != "total"})
    with pytest.raises(TypeError, match="an order is an object"):
        parse_order([JSON])


def test_import_names_what_it_rejects():
    orders, rejected = import_orders([
        ["2024-0001", "BK-1001", "2", "39.98"],
        ["2024-0002", "BK-1001"],
        ["x", "BK-1001", "1", "19.99"],
        ["2024-0003", "BK-1001", "1", "much"],
    ])
    assert [order.number for order in orders] == ["2024-0001"]
    assert rejected == [
        (2, "ValueError", "2 columns instead of 4"),
        (3, "ValueError", "bad order number: x"),
        (4, "ValueError", "not an amount: 'much'"),
    ]


def test_order_book(book, order):
    book.save(order)
    loaded = book.load(*book.numbers())
    assert (loaded.lines, loaded.total) == (order.lines, order.total)
    with pytest.raises(LookupError, match="order 2024-0009 is not in the book"):
        book.load("2024-0009")


def test_order_saved_twice(book, order):
    book.save(order)
    with pytest.raises(ValueError, match="order 2024-0001 is in the book already") as caught:
        book.save(order)
    assert isinstance(caught.value.__cause__, sqlite3.IntegrityError)


def test_book_that_is_closed(book, order):
    book.close()
    with pytest.raises(Exception):
        book.save(order)


@pytest.mark.parametrize(("version", "kind", "message"), [
    (2, Exception, "schema 2 is too old"),
    (4, RuntimeError, "was written by a newer version"),
])
def test_book_of_another_version(tmp_path, version, kind, message):
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(kind, match=message):
        Storage(tmp_path / "other.db")


def test_file_that_is_no_book(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear customer, " * 100)
    with pytest.raises(OSError, match="letter.txt is no order book"):
        Storage(path)


def test_busy_database_is_tried_again():
    answers = iter([sqlite3.OperationalError("database is locked")])

    def action():
        for error in answers:
            raise error
        return "saved"

    assert retrying(action, pause=0) == "saved"
