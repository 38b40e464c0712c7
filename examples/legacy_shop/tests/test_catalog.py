import json

import pytest

from shop.catalog import Product, read_catalog, write_csv
from shop.money import Money, parse_money


def test_sum_and_difference():
    assert Money(1999) + Money(1) == Money(2000)
    assert Money(5) - Money(10) == Money(-5)


def test_money_is_whole_cents():
    with pytest.raises(TypeError, match=r"whole number, not 19\.99"):
        Money(19.99)


def test_unknown_currency():
    with pytest.raises(ValueError, match="unknown currency: 'DEM'"):
        Money(1, "DEM")


def test_currencies_are_not_mixed():
    with pytest.raises(ValueError, match="0.01 EUR and 0.01 CHF are in different currencies"):
        Money(1) + Money(1, "CHF")


def test_money_cannot_be_changed():
    with pytest.raises(AttributeError, match="money cannot be changed: cents"):
        Money(1).cents = 2


def test_split_between_nobody():
    with pytest.raises(ZeroDivisionError) as caught:
        Money(1000).split(0)
    assert caught.value.args == ("cannot split 10.00 EUR between nobody",)


@pytest.mark.parametrize("text", ["", "1.5", "1,234.00", "12.00 DEM"])
def test_text_that_is_no_amount(text):
    with pytest.raises(ValueError, match="not an amount") as caught:
        parse_money(text)
    assert repr(text) in str(caught.value)


def test_malformed_sku():
    with pytest.raises(ValueError, match="malformed SKU: 'drum'"):
        Product("drum", "The Tin Drum", Money(1999))


def test_product_without_name():
    with pytest.raises(ValueError) as caught:
        Product("BK-1001", "", Money(1999))
    assert caught.value.args == ()


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
    with pytest.raises(LookupError) as caught:
        catalog.find("tin")
    assert str(caught.value) == "2 products are called 'tin': BK-1001, BK-1002"


def test_csv_there_and_back(catalog, tmp_path):
    write_csv(catalog, tmp_path / "out.csv")
    assert list(read_catalog(tmp_path / "out.csv")) == list(catalog)


def test_csv_is_not_overwritten_by_accident(catalog, csv_file):
    with pytest.raises(FileExistsError, match="catalog.csv is there already"):
        write_csv(catalog, csv_file)
    write_csv(catalog, csv_file, overwrite=True)


def test_csv_without_a_column(csv_file):
    csv_file.write_text("sku,name\nBK-1001,The Tin Drum\n")
    with pytest.raises(ValueError, match="catalog.csv lacks the columns price"):
        read_catalog(csv_file)


def test_csv_error_names_the_line_and_keeps_its_cause(csv_file):
    csv_file.write_text("sku,name,price\nBK-1001,The Tin Drum,cheap\n")
    with pytest.raises(ValueError, match="line 2: not an amount: 'cheap'") as caught:
        read_catalog(csv_file)
    assert isinstance(caught.value.__cause__, ValueError)


def test_json(tmp_path):
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps([{"sku": "TOY-300", "name": "Spinning top", "price": "12.00"}]))
    assert read_catalog(path)["TOY-300"].price == Money(1200)
    path.write_text(json.dumps([{"sku": "TOY-300", "name": "Spinning top"}]))
    with pytest.raises(ValueError, match="an entry has no 'price'"):
        read_catalog(path)


def test_file_of_another_kind():
    with pytest.raises(ValueError, match="not a catalogue: prices.pdf"):
        read_catalog("prices.pdf")
