"""Settings: an ini or json file, overridden by SHOP_... variables of the environment."""

import configparser
import errno
import json
import os
import stat

DEFAULTS = {
    "currency": "EUR",
    "database": "shop.db",
    "timeout": "5",
}


class Config:
    """Settings as text, by name: ``config.database``, ``config.number("timeout")``."""

    def __init__(self, values):
        self._values = {**DEFAULTS, **values}

    def __getattr__(self, name):
        if name.startswith("_") or name not in self._values:
            raise AttributeError("no such setting: %s" % name)
        return self._values[name]

    def require(self, name):
        """Return a setting that has to be there."""
        if name not in self._values:
            raise KeyError(name)
        return self._values[name]

    def number(self, name, low=0, high=99):
        text = self.require(name)
        try:
            value = int(text)
        except ValueError:
            raise ValueError("setting %s must be a whole number, not %r" % (name, text))
        if not low <= value <= high:
            raise ValueError(
                "setting {} must lie between {} and {}, not {}".format(name, low, high, value)
            )
        return value


def read_ini(path):
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
        return dict(parser["shop"])
    except KeyError as err:
        raise LookupError(f"{path} has no section [shop]") from err
    except configparser.Error as err:
        raise ValueError(f"{path} is no ini file") from err


def read_json(path):
    with open(path, encoding="utf-8") as file:
        try:
            values = json.load(file)
        except json.JSONDecodeError as err:
            raise ValueError("%s is no json file: line %d" % (path, err.lineno)) from err
    return {name: str(value) for name, value in values.items()}


READERS = {".ini": read_ini, ".json": read_json}


def load_config(path, environ=None):
    """Read the settings file at ``path`` and apply the environment on top."""
    path = str(path)
    if not os.path.exists(path):
        raise OSError(errno.ENOENT, "settings file is missing", path)
    if os.stat(path).st_mode & stat.S_IWOTH:
        raise PermissionError("anyone may write to %s: chmod o-w it" % path)
    suffix = os.path.splitext(path)[1]
    if suffix not in READERS:
        raise ValueError(f"settings are kept in {' or '.join(READERS)} files, not {suffix!r}")
    values = READERS[suffix](path)
    for name, value in (os.environ if environ is None else environ).items():
        if name.startswith("SHOP_"):
            values[name.removeprefix("SHOP_").lower()] = value
    return Config(values)


def first_config(paths, environ=None):
    """Return the settings of the first file that can be used."""
    for path in paths:
        try:
            return load_config(path, environ)
        except:
            continue
    raise OSError("no usable settings file among: %s" % ", ".join(map(str, paths)))
