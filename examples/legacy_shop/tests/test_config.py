import errno
import json

import pytest

from shop.config import Config, first_config, load_config


@pytest.fixture
def ini(tmp_path):
    path = tmp_path / "shop.ini"
    path.write_text("[shop]\ndatabase = orders.db\ntimeout = 9\n")
    return path


def test_file_default_and_environment(ini):
    config = load_config(ini, {"SHOP_PORT": "9000", "HOME": "/"})
    assert (config.database, config.currency) == ("orders.db", "EUR")
    assert (config.number("timeout"), config.number("port")) == (9, 9000)


def test_json(tmp_path):
    path = tmp_path / "shop.json"
    path.write_text(json.dumps({"timeout": 3}))
    assert load_config(path, {}).number("timeout") == 3


def test_unknown_attribute():
    with pytest.raises(AttributeError, match="no such setting: colour"):
        Config({}).colour
    assert getattr(Config({}), "colour", "red") == "red"


def test_required_setting():
    with pytest.raises(KeyError) as caught:
        Config({}).require("supplier_url")
    assert caught.value.args == ("supplier_url",)


@pytest.mark.parametrize(("text", "message"), [
    ("soon", "setting timeout must be a whole number, not 'soon'"),
    ("", "setting timeout must be a whole number, not ''"),
    ("0", "setting timeout must lie between 1 and 60, not 0"),
    ("61", "setting timeout must lie between 1 and 60, not 61"),
])
def test_number(text, message):
    with pytest.raises(ValueError) as caught:
        Config({"timeout": text}).number("timeout", 1, 60)
    assert str(caught.value) == message


def test_missing_file(tmp_path):
    path = tmp_path / "shop.ini"
    with pytest.raises(FileNotFoundError) as caught:
        load_config(path)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOENT, str(path))


def test_file_that_anyone_may_write(ini):
    ini.chmod(0o666)
    with pytest.raises(PermissionError, match="chmod o-w it"):
        load_config(ini)


def test_file_of_another_kind(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text("database: orders.db")
    with pytest.raises(ValueError, match=r"in \.ini or \.json files, not '\.yaml'"):
        load_config(path)


def test_broken_json(tmp_path):
    path = tmp_path / "shop.json"
    path.write_text('{"timeout": 3\n"port": 80}')
    with pytest.raises(ValueError, match="is no json file: line 2") as caught:
        load_config(path)
    assert isinstance(caught.value.__cause__, json.JSONDecodeError)


def test_ini_without_its_section(ini):
    ini.write_text("[store]\n")
    with pytest.raises(LookupError, match=r"has no section \[shop\]"):
        load_config(ini)


def test_broken_ini(ini):
    ini.write_text("timeout = 3\n")
    with pytest.raises(Exception):
        load_config(ini)


def test_first_usable_file(ini, tmp_path):
    assert first_config([tmp_path / "none.ini", ini]).database == "orders.db"
    with pytest.raises(OSError, match="no usable settings file among: .*none.ini"):
        first_config([tmp_path / "none.ini"])
