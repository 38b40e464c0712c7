# file: tests/test_metrics.py
"""FLX402: a test that shares its metrics with every other."""

import unittest
from unittest import mock

import flext_exceptions
import pytest
from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE

from shop.testing import ShopCase


class ShopErrors(FlextExceptions):
    """The namespace of the shop."""


def test_read():
    assert FlextExceptions.get_metrics() == {}  # FLX402: 11


def test_clear():
    FE.clear_metrics()  # FLX402: 4
    FE.ValidationError("m")


def test_record():
    FlextExceptions.Metrics.record_exception("Late")  # FLX402: 4


def test_namespace():
    ShopErrors.clear_metrics()  # FLX402: 4


def test_full_name():
    flext_exceptions.FlextExceptions.clear_metrics()  # FLX402: 4


def test_typed():
    FlextExceptions.ValidationError.clear_metrics()  # FLX402: 4


def test_deep():
    with open("cart.json") as file:
        for line in file:
            match line:
                case "":
                    counts = [FE.get_metrics()[name] for name in line]  # FLX402: 30
    assert counts


async def test_async():
    async with client() as session:
        assert FE.get_metrics()["Late"] == await session.get()  # FLX402: 15


def test_reference():
    later(FE.clear_metrics)  # FLX402: 10


def test_inner():
    def count():
        return FE.get_metrics()  # FLX402: 15

    assert count()


def test_known_fixtures(tmp_path, monkeypatch, capsys):
    FE.clear_metrics()  # FLX402: 4


@pytest.mark.parametrize(("name", "count"), [("Late", 1), ("Lost", 2)])
def test_parameters(name, count):
    assert FE.get_metrics()[name] == count  # FLX402: 11


@pytest.mark.parametrize("name, count", [("Late", 1)])
def test_parameters_in_one_text(name, count):
    assert FE.get_metrics()[name] == count  # FLX402: 11


@pytest.fixture
def order():
    return {"id": 1}


def test_fixture_of_this_file(order):
    FE.clear_metrics()  # FLX402: 4


@pytest.fixture
def sent(order, tmp_path):
    return order, tmp_path


def test_fixture_of_known_ones(sent):
    FE.clear_metrics()  # FLX402: 4


class TestMethods:
    def test_method(self):
        FE.clear_metrics()  # FLX402: 8

    @pytest.mark.slow
    def test_marked(self):
        FE.clear_metrics()  # FLX402: 8

    def test_isolated(self, flext_metrics):
        FE.clear_metrics()  # silent: the fixture, in a method


class TestUnit(unittest.TestCase):
    def test_method(self):
        self.assertEqual(FE.get_metrics(), {})  # FLX402: 25


def test_fixture(flext_metrics):
    FE.clear_metrics()  # silent: the fixture of the plugin
    assert flext_metrics["Late"] == 0


@pytest.mark.usefixtures("flext_metrics")
def test_use_fixtures():
    FE.clear_metrics()  # silent: the fixture by a marker


def test_block():
    with FlextExceptions.Metrics.isolated():
        FE.clear_metrics()  # silent: counted apart in this block


async def test_async_block():
    async with client():
        with FE.Metrics.isolated():
            assert FE.get_metrics() == {}  # silent: apart, inside of another block


@pytest.mark.flext(isolate=True)
def test_marker():
    FE.clear_metrics()  # silent: the marker of the plugin


def test_unknown_fixture(clean_metrics):
    FE.clear_metrics()  # silent: a fixture of some conftest.py that may do it


@mock.patch("shop.cart.save")
def test_mocked(save):
    FE.clear_metrics()  # silent: a parameter that nothing here explains


def test_default(count=1):
    FE.clear_metrics()  # silent: a parameter with a default


@pytest.fixture
def counted(flext_metrics):
    return flext_metrics


def test_through_fixture(counted):
    FE.clear_metrics()  # silent: a fixture of this file that takes the plugin's


@pytest.fixture
def apart():
    with FlextExceptions.Metrics.isolated():
        yield


def test_through_block(apart):
    FE.clear_metrics()  # silent: a fixture of this file with a block of its own


@pytest.fixture
def paid(order, clean_metrics):
    return order


def test_through_two_fixtures(paid):
    FE.clear_metrics()  # silent: a fixture of this file that takes an unknown one


@pytest.fixture
def test_order():
    FE.clear_metrics()  # silent: a fixture, whatever its name
    return {}


@pytest.fixture
def cleared():
    FE.clear_metrics()  # silent: a fixture is no test
    return FE.get_metrics()


def reset():
    FE.clear_metrics()  # silent: a helper, whose callers decide


class TestUsing:
    @pytest.mark.usefixtures("flext_metrics")
    class TestInner:
        def test_method(self):
            FE.clear_metrics()  # silent: the class around it has the marker


class TestAround(unittest.TestCase):
    def setUp(self):
        self.enterContext(FE.Metrics.isolated())

    def test_method(self):
        FE.clear_metrics()  # silent: a set-up that runs before


class TestBelow(ShopCase):
    def test_method(self):
        FE.clear_metrics()  # silent: a base class that may have a set-up


def test_other_metrics():
    statsd.clear_metrics()  # silent: the metrics of another library
    FE.ValidationError("m")  # silent: counted, as every error is, and not looked at
    assert FE.get_error_handling_config()["total_errors_recorded"]  # silent: another question
    get_metrics()  # silent: a function that nothing here binds
    cart().get_metrics()  # silent: a method of what a call gives


def test_shadowed():
    from shop.metrics import FE

    FE.clear_metrics()  # silent: another FE
