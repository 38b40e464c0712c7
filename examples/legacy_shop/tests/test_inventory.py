import pickle

import pytest

from shop.errors import OutOfStock
from shop.inventory import Stock, StockWorker, count_sheet, take_stock


@pytest.fixture
def stock():
    return Stock({"BK-1001": 5, "TOY-300": 1})


@pytest.fixture
def sheet(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def test_more_than_there_is(stock):
    with pytest.raises(OutOfStock) as caught:
        stock.reserve("BK-1001", 6)
    assert str(caught.value) == "BK-1001: 6 wanted, 5 in stock"
    assert (caught.value.sku, caught.value.available) == ("BK-1001", 5)


def test_unknown_product(stock):
    with pytest.raises(KeyError, match="BK-9999"):
        stock.reserve("BK-9999", 1)


def test_all_lines_or_none(stock):
    with pytest.raises(OutOfStock, match="TOY-300"):
        stock.reserve_all([("BK-1001", 5), ("TOY-300", 2)])
    assert stock.count("BK-1001") == 5


def test_worker_hands_on_results_and_errors(stock):
    worker = StockWorker()
    worker.start()
    good = worker.submit(stock.reserve, "BK-1001", 2)
    bad = worker.submit(stock.reserve, "TOY-300", 2)
    worker.stop()
    assert good.result() is None
    assert isinstance(bad.exception(), OutOfStock)
    with pytest.raises(RuntimeError, match="the stock worker has stopped"):
        worker.submit(stock.count, "BK-1001")


def test_worker_gives_up_what_it_never_started(stock):
    worker = StockWorker()
    future = worker.submit(stock.reserve, "BK-1001", 2)
    worker.stop()
    with pytest.raises(RuntimeError, match="reserve was never carried out"):
        future.result()


def test_sheet_that_was_not_finished(sheet):
    with pytest.raises(EOFError, match="a.txt was not counted to its end"):
        count_sheet(sheet("a.txt", "BK-1001 40\n"))


def test_stocktaking_in_processes(sheet):
    sheets = [sheet("a.txt", "BK-1001 40\nend\n"), sheet("b.txt", "BK-1001 2\nTOY-300 7\nend\n")]
    assert take_stock(sheets) == {"BK-1001": 42, "TOY-300": 7}


def test_error_of_a_process_arrives_whole(sheet):
    with pytest.raises(ValueError) as caught:
        take_stock([sheet("a.txt", "end\n"), sheet("b.txt", "BK-1001 forty\nend\n")])
    assert str(caught.value).endswith("b.txt, line 1: cannot read 'BK-1001 forty'")
    assert pickle.loads(pickle.dumps(caught.value)).args == caught.value.args
