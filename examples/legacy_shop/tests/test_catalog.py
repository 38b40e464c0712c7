import pytest

from shop.catalog import Product, read_csv, write_csv
from shop.money import Money, parse_money


def test_money_adds_up():
    assert Money(1999) + Money(1) - Money(2005) == Money(-5)
    assert str(Money(-5)) == "-0.05 EUR"


@pytest.mark.parametrize(("action", "kind", "message"), [
    (lambda: Money(19.99), TypeError, "cents must be a whole number, not 19.99"),
    (lambda: Money(1, "DEM"), ValueError, "unknown currency: 'DEM'"),
    (lambda: Money(1) + Money(1, "CHF"), ValueError,
     "0.01 EUR and 0.01 CHF are in different currencies"),
    (lambda: setattr(Money(1), "cents", 2), AttributeError, "money cannot be changed: cents"),
    (lambda: parse_money(""), ValueError, "not an amount: ''"),
    (lambda: parse_money("1,234.00"), ValueError, "not an amount: '1,234.00'"),
    (lambda: Product("drum", "The Tin Drum", Money(1)), ValueError, "malformed SKU: 'drum'"),
    (lambda: Product("BK-1001", "", Money(1)), ValueError, ""),
])
def test_bad_values(action, kind, message):
    with pytest.raises(kind) as caught:
        action()
    assert str(caught.value) == message


def test_unknown_sku(catalog):
    with pytest.raises(KeyError) as caught:
        catalog["BK-9999"]
    assert caught.value.args == ("BK-9999",)


def test_sku_listed_twice(catalog):
    with pytest.raises(ValueError, match="SKU listed twice: BK-1001"):
        catalog.add(catalog["BK-1001"])


def test_find(catalog):
    assert catalog.find("drum").sku == "BK-1001"
    with pytest.raises(LookupError, match="no product is called 'kite'"):
        catalog.find("kite")
    with pytest.raises(LookupError, match="2 products are called 'tin': BK-1001, BK-1002"):
        catalog.find("tin")


def test_csv_there_and_back(catalog, tmp_path):
    write_csv(catalog, tmp_path / "out.csv")
    assert list(read_csv(tmp_path / "out.csv")) == list(catalog)


def test_csv_is_not_overwritten_by_accident(catalog, csv_file):
    with pytest.raises(FileExistsError, match="catalog.csv is there already"):
        write_csv(catalog, csv_file)


def test_csv_without_a_column(csv_file):
    csv_file.write_text("sku,name\nBK-1001,The Tin Drum\n")
    with pytest.raises(ValueError, match="catalog.csv lacks the columns price"):
        read_csv(csv_file)


def test_csv_error_names_the_line_and_keeps_its_cause(csv_file):
    csv_file.write_text("sku,name,price\nBK-1001,The Tin Drum,cheap\n")
    with pytest.raises(ValueError, match="line 2: not an amount: 'cheap'") as caught:
        read_csv(csv_file)
    assert str(caught.value.__cause__) == "not an amount: 'cheap'"
