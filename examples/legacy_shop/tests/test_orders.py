import sqlite3

import pytest

from shop.errors import OrderClosed, RefundTooLarge
from shop.money import Money
from shop.orders import Order, import_orders, parse_order, settle
from shop.storage import Storage, retrying


@pytest.fixture
def order():
    return Order("2024-0001", [("BK-1001", 2)], Money(3998))


@pytest.fixture
def book(tmp_path):
    with Storage(tmp_path / "shop.db") as storage:
        yield storage


def refuse(number):
    raise ConnectionError(f"no van for {number}")


def test_from_new_to_delivered(order):
    order.pay(Money(3998))
    order.ship(lambda number: f"DHL-{number}")
    order.advance("delivered")
    assert order.carrier == "DHL"
    with pytest.raises(OrderClosed, match="order 2024-0001 is delivered"):
        order.advance("cancelled")


def test_step_that_is_left_out(order):
    with pytest.raises(RuntimeError) as caught:
        order.advance("shipped")
    assert str(caught.value) == (
        "order 2024-0001 is new; it can become paid or cancelled, but not shipped"
    )


def test_number_and_lines():
    with pytest.raises(ValueError, match="looks like 2024-0001, not '1'"):
        Order("1", [("BK-1001", 1)], Money(1))
    with pytest.raises(ValueError, match="order 2024-0001 has no lines"):
        Order("2024-0001", [], Money(0))


def test_wrong_payment(order):
    with pytest.raises(ValueError, match="1.00 EUR was paid for order 2024-0001, not 39.98 EUR"):
        order.pay(Money(100))


def test_carrier_before_shipping(order):
    assert getattr(order, "carrier", None) is None


def test_carrier_that_fails(order):
    with pytest.raises(ConnectionError, match="no van for 2024-0001"):
        order.ship(refuse)
    with pytest.raises(Exception, match="gave order 2024-0001 no tracking number"):
        order.ship(lambda number: "")
    assert order.state == "new"


def test_refund(order):
    assert order.refund(Money(998)) == Money(3000)
    with pytest.raises(RefundTooLarge, match="30.01 EUR of 30.00 EUR"):
        order.refund(Money(3001))


def test_order_from_the_web_shop():
    data = {"number": "2024-0007", "total": "7.50", "lines": [{"sku": "BK-1002", "quantity": "1"}]}
    assert parse_order(data).lines == [("BK-1002", 1)]
    del data["total"]
    with pytest.raises(ValueError, match="the order has no total"):
        parse_order(data)
    with pytest.raises(TypeError, match="an order is an object"):
        parse_order([data])


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


def test_charge_back_takes_the_last_payment_back():
    assert settle([Money(100), Money(250), None, Money(30)]) == Money(130)


def test_order_book(book, order):
    book.save(order)
    assert book.numbers() == ["2024-0001"]
    loaded = book.load("2024-0001")
    assert (loaded.lines, loaded.total) == (order.lines, order.total)


def test_order_saved_twice(book, order):
    book.save(order)
    with pytest.raises(ValueError, match="order 2024-0001 is in the book already") as caught:
        book.save(order)
    assert isinstance(caught.value.__cause__, sqlite3.IntegrityError)


def test_order_that_is_not_there(book):
    with pytest.raises(LookupError, match="order 2024-0009 is not in the book"):
        book.load("2024-0009")


def test_book_that_is_closed(book, order):
    book.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
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
    attempts = []

    def action():
        attempts.append(1)
        if len(attempts) < 3:
            raise sqlite3.OperationalError("database is locked")
        return "saved"

    assert retrying(action, pause=0) == "saved"
