import json
import subprocess
import sys

import pytest

from shop.cli import main


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "shop.json"
    path.write_text(json.dumps({"database": str(tmp_path / "shop.db")}))
    return str(path)


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("2024-0001,BK-1001,2,39.98\n2024-0002,BK-1001\n")
    return str(path)


def test_price(csv_file, capsys):
    assert main(["price", str(csv_file), "BK-1001", "--quantity", "3", "--percent", "10"]) == 0
    assert capsys.readouterr().out == "53.97 EUR\n"


def test_price_of_nothing(csv_file, capsys):
    assert main(["price", str(csv_file), "BK-9999"]) == 3
    assert capsys.readouterr().err == "shop: 'BK-9999'\n"


@pytest.mark.parametrize(("arguments", "message"), [
    (["--quantity", "100"], "100 of BK-1001 are more than a customer can order; the limit is 99"),
    (["--percent", "120"], "percent must lie between 0 and 100, not 120"),
])
def test_what_a_clerk_can_fix(csv_file, capsys, arguments, message):
    assert main(["price", str(csv_file), "BK-1001", *arguments]) == 1
    assert capsys.readouterr().err == f"shop: {message}\n"


@pytest.mark.parametrize(("quantity", "message"), [
    ("-3", "argument --quantity: invalid quantity value: '-3'"),
    ("0", "argument --quantity: nobody orders 0 pieces"),
])
def test_bad_argument(csv_file, capsys, quantity, message):
    with pytest.raises(SystemExit) as caught:
        main(["price", str(csv_file), "BK-1001", "--quantity", quantity])
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_import(config, export, capsys):
    assert main(["--config", config, "orders", export]) == 0
    assert capsys.readouterr() == ("1 orders imported\n", "row 2: 2 columns instead of 4\n")
    assert main(["--config", config, "orders", export]) == 1
    assert "order 2024-0001 is in the book already" in capsys.readouterr().err


def test_strict_import(config, export, capsys):
    assert main(["--config", config, "orders", export, "--strict"]) == 1
    assert capsys.readouterr().err.endswith("shop: 1 of 2 rows were rejected\n")


def test_import_without_settings(export, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["orders", export]) == 1
    assert "no usable settings file among: shop.ini, shop.json" in capsys.readouterr().err


def test_feed(supplier, config, capsys, monkeypatch):
    url, pages = supplier
    pages["/feed"] = (200, "application/json", b'{"BK-1001": "9.80"}')
    monkeypatch.setenv("SHOP_SUPPLIER_URL", url + "/feed")
    assert main(["--config", config, "feed"]) == 0
    assert capsys.readouterr().out == "BK-1001 9.80 EUR\n"


def test_feed_without_an_address(config, capsys):
    assert main(["--config", config, "feed"]) == 3
    assert capsys.readouterr().err == "shop: 'supplier_url'\n"


def test_stocktaking_as_a_command(tmp_path):
    sheet = tmp_path / "shelf.txt"
    sheet.write_text("TOY-300 7\nBK-1001 40\nend\n")
    command = [sys.executable, "-m", "shop", "stock", str(sheet)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "BK-1001 40\nTOY-300 7\n", "")
    sheet.write_text("TOY-300 7\n")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr == f"shop: {sheet} was not counted to its end\n"
