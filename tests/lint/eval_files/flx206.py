"""FLX206: another system's error turned into a typed one that does not know it."""

import sqlite3
from urllib import error as web

import requests
from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from requests import Timeout as NoAnswer

Slow = requests.Timeout


class Closed(FlextExceptions.ProcessingError):
    """A business rule of the shop."""


class Local(Exception):
    """An error of this file, and no typed one."""


class ShopErrors(FlextExceptions):
    """The namespace of the shop."""


def lost(url, tb):
    """Flagged: neither the cause nor the id of the request."""
    future = url
    try:
        requests.get(url)
    except requests.Timeout:
        return FlextExceptions.TimeoutError("no answer", timeout_seconds=5)  # FLX206: 15
    try:
        requests.get(url)
    except NoAnswer as err:
        return FE.TimeoutError(f"no answer: {err}")  # FLX206: 15
    try:
        requests.get(url)
    except Slow:
        return Closed("no answer")  # FLX206: 15
    try:
        requests.get(url)
    except (ValueError, web.URLError):
        return FlextExceptions("no answer", service="stock")  # FLX206: 15
    try:
        query()
    except sqlite3.Error as err:
        if strict:
            return ShopErrors.ConnectionError("no database", service="orders")  # FLX206: 19
    try:
        query()
    except sqlite3.Error as err:
        return Closed("a") if strict else FE.Error("b")  # FLX206: 15, 42
    try:
        query()
    except sqlite3.Error as err:
        return Closed("a").with_traceback(tb)  # FLX206: 15
    try:
        query()
    except sqlite3.Error as err:
        return Closed("a").with_context(query="orders")  # FLX206: 15
    try:
        query()
    except sqlite3.Error as err:
        try:
            roll_back()
        finally:
            return (closed := Closed("a"))  # FLX206: 30
    try:
        query()
    except* sqlite3.Error as group:
        future.set_exception(Closed("a"))  # FLX206: 29


class Client:
    """Flagged in async code."""

    async def get(self, url):
        async with self.session as session:
            try:
                return await session.get(url)
            except requests.ConnectionError:
                return FlextExceptions.ConnectionError("no answer", service="stock")  # FLX206: 23


def kept(url, kw):
    """Silent: the trail goes on."""
    try:
        requests.get(url)
    except requests.Timeout as err:
        raise FlextExceptions.TimeoutError("no answer") from err  # silent: the cause holds all that is known
    try:
        requests.get(url)
    except requests.Timeout as err:
        return FlextExceptions.TimeoutError("no answer", correlation_id=err.request.id)  # silent: the id goes on
    try:
        requests.get(url)
    except requests.Timeout:
        return FlextExceptions.TimeoutError("no answer", **kw)  # silent: the keywords may hold the id
    try:
        requests.get(url)
    except requests.Timeout:
        raise FlextExceptions.TimeoutError("no answer") from None  # silent: said to be of no interest
    try:
        requests.get(url)
    except requests.Timeout as err:
        raise err  # silent: the other system's own error
    try:
        requests.get(url)
    except requests.Timeout:
        raise  # silent: nothing is turned into anything


def not_typed(url):
    """Silent: what is raised has no correlation id, or is not known."""
    try:
        requests.get(url)
    except requests.Timeout:
        return TimeoutError("no answer")  # silent: a builtin, which FLX103 and FLX203 speak of
    try:
        requests.get(url)
    except requests.Timeout:
        return Local("no answer")  # silent: a class without an id
    try:
        requests.get(url)
    except requests.Timeout as err:
        return translate(err)  # silent: a function that may name the cause
    try:
        requests.get(url)
    except requests.Timeout as err:
        return Closed.of(err)  # silent: a constructor that may do so too


def own_errors():
    """Silent: the error that is caught is of this system."""
    try:
        work()
    except ValueError:
        return Closed("a")  # silent: a builtin
    try:
        work()
    except FlextExceptions.NotFoundError:
        return Closed("b")  # silent: a typed error, whose id is bound for both
    try:
        work()
    except Local:
        return Closed("c")  # silent: a class of this file
    try:
        work()
    except ShopErrors:
        return Closed("d")  # silent: a namespace
    try:
        work()
    except:
        return Closed("e")  # silent: anything at all
    try:
        work()
    except ERRORS:
        return Closed("f")  # silent: a name that nothing binds
    return Closed("g")  # silent: no handler


def elsewhere(url):
    """Silent: not in the handler."""
    try:
        requests.get(url)
    except requests.Timeout:

        def fail():
            return Closed("a")  # silent: a function that runs later

        later(fail)
    else:
        return Closed("b")  # silent: there was an answer
    try:
        requests.get(url)
    except requests.Timeout:
        try:
            work()
        except ValueError:
            return Closed("c")  # silent: in the handler of a builtin, the inner one


def shadowed(requests):
    try:
        requests.get()
    except requests.Timeout:
        return Closed("a")  # silent: a parameter; who knows what it is
