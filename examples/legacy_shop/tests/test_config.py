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
    config = load_config(ini, {"SHOP_CURRENCY": "CHF", "HOME": "/"})
    assert (config.database, config.currency) == ("orders.db", "CHF")
    assert config.number("timeout") == 9
    assert Config({}).number("timeout") == 5


def test_unknown_settings():
    with pytest.raises(AttributeError, match="no such setting: colour"):
        Config({}).colour
    with pytest.raises(KeyError) as caught:
        Config({}).require("supplier_url")
    assert caught.value.args == ("supplier_url",)


@pytest.mark.parametrize(("text", "message"), [
    ("soon", "setting timeout must be a whole number, not 'soon'"),
    ("0", "setting timeout must lie between 1 and 60, not 0"),
    ("61", "setting timeout must lie between 1 and 60, not 61"),
])
def test_number(text, message):
    with pytest.raises(ValueError) as caught:
        Config({"timeout": text}).number("timeout", 1, 60)
    assert caught.value.args == (message,)


@pytest.mark.parametrize(("name", "text", "kind", "message"), [
    ("shop.yaml", "port: 80", ValueError, r"in \.ini or \.json files, not '\.yaml'"),
    ("shop.json", '{"timeout": 3\n"port": 80}', ValueError, "is no json file: line 2"),
    ("shop.ini", "timeout = 3\n", ValueError, "is no ini file"),
    ("shop.ini", "[store]\n", LookupError, r"has no section \[shop\]"),
])
def test_unusable_file(tmp_path, name, text, kind, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(kind, match=message):
        load_config(tmp_path / name)


def test_error_keeps_its_cause(tmp_path):
    (tmp_path / "shop.json").write_text("{")
    with pytest.raises(Exception) as caught:
        load_config(tmp_path / "shop.json")
    assert isinstance(caught.value.__cause__, json.JSONDecodeError)


def test_missing_file(tmp_path):
    path = tmp_path / "shop.ini"
    with pytest.raises(FileNotFoundError) as caught:
        load_config(path)
    assert caught.value.args == (errno.ENOENT, "settings file is missing")
    assert caught.value.filename == str(path)


def test_file_that_anyone_may_write(ini):
    ini.chmod(0o666)
    with pytest.raises(PermissionError, match="chmod o-w it"):
        load_config(ini)


def test_first_usable_file(ini, tmp_path):
    assert first_config([tmp_path / "none.ini", ini]).database == "orders.db"
    with pytest.raises(OSError, match="no usable settings file among: .*none.ini"):
        first_config([tmp_path / "none.ini"])
