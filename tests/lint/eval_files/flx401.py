# file: tests/test_cart.py
"""FLX401: a test that any error passes."""

import builtins
import unittest

import pytest
import pytest as pt
from flext_exceptions import FlextExceptions
from flext_exceptions import FlextExceptions as FE
from pytest import raises
from pytest import raises as expected_raises

from shop.testing import raises_late

Err = Exception


class ShopErrors(FlextExceptions):
    """The namespace of the shop."""


def test_with():
    """Flagged: the four roots, and nothing else is looked at."""
    with pytest.raises(Exception):  # FLX401: 9
        save()
    with pytest.raises(BaseException):  # FLX401: 9
        save()
    with pytest.raises(FlextExceptions):  # FLX401: 9
        save()
    with pytest.raises(FE.BaseError):  # FLX401: 9
        save()
    with raises(Exception):  # FLX401: 9
        save()
    with pt.raises(Exception):  # FLX401: 9
        save()
    with pytest.raises((ValueError, Exception)):  # FLX401: 9
        save()
    with pytest.raises(Err):  # FLX401: 9
        save()
    with pytest.raises(builtins.Exception):  # FLX401: 9
        save()
    with pytest.raises(ShopErrors.BaseError):  # FLX401: 9
        save()
    with pytest.raises(Exception) as caught:  # FLX401: 9
        save()
    with database(), pytest.raises(Exception):  # FLX401: 21
        save()
    with (
        database() as db,
        pytest.raises(Exception) as unused,  # FLX401: 8
    ):
        save(db)


def test_calls():
    """Flagged: the form that calls a function, too."""
    pytest.raises(Exception, save)  # FLX401: 4
    pytest.raises(BaseException, save, 1, strict=True)  # FLX401: 4
    never_read = pytest.raises(Exception, save)  # FLX401: 17


class TestCart(unittest.IsolatedAsyncioTestCase):
    """Flagged: the same of unittest, in async code as well."""

    def test_with(self):
        with self.assertRaises(Exception):  # FLX401: 13
            save()
        with self.assertRaises((KeyError, FlextExceptions)):  # FLX401: 13
            save()
        with self.assertRaises(Exception, msg="it should fail"):  # FLX401: 13
            save()
        self.assertRaises(Exception, save, 1)  # FLX401: 8

    async def test_async(self):
        async with self.client as client:
            for row in client:
                try:
                    with pytest.raises(Exception):  # FLX401: 25
                        await row.save()
                finally:
                    match row:
                        case None:
                            with self.assertRaises(BaseException) as caught:  # FLX401: 33
                                row.close()


def test_named():
    """Silent: which error is meant is said."""
    with pytest.raises(ValueError):  # silent: a builtin with a meaning
        save()
    with pytest.raises(FlextExceptions.NotFoundError):  # silent: a typed error
        save()
    with pytest.raises(FlextExceptions.Error):  # silent: the catch-equivalent of RuntimeError
        save()
    with pytest.raises((KeyError, ValueError)):  # silent: one of two
        save()
    with pytest.raises(ShopErrors):  # silent: a namespace; the test fails, and that shows
        save()
    with pytest.raises(SystemExit):  # silent: a BaseException with a meaning
        save()
    with pytest.raises(error):  # silent: a name that nothing binds
        save()
    with pytest.raises(database.Exception):  # silent: another class of that name
        save()
    with pytest.raises(type(last)):  # silent: a class that is computed
        save()
    with pytest.raises(*EXPECTED):  # silent: arguments from elsewhere
        save()
    with pytest.raises((*EXPECTED, KeyError)):  # silent: a tuple with unknown parts
        save()
    with pytest.raises():  # silent: pytest itself refuses this
        save()


def test_narrowed(kw):
    """Silent: the text, or a function, looks at the error."""
    with pytest.raises(Exception, match="closed"):  # silent: its text is looked at
        save()
    with pytest.raises(FlextExceptions, match=TEXT):  # silent: its text, by a name
        save()
    with pytest.raises(Exception, check=lambda err: err.code == "A"):  # silent: a function looks at it
        save()
    with pytest.raises(Exception, **kw):  # silent: a match may be among the keywords
        save()


def test_used():
    """Silent: the error is looked at later."""
    with pytest.raises(Exception) as caught:  # silent: its code is looked at
        save()
    assert caught.value.code == "SHOP_0120"
    with pytest.raises(BaseException) as first, database() as db:  # silent: shown to another function
        save(db)
    look_at(first)
    late = pytest.raises(Exception, save)  # silent: the form that calls, with its result read below
    assert "closed" in str(late.value)
    with pytest.raises(Exception) as (seen):  # silent: used in a function inside

        def check():
            return seen.value

        save(check)
    with pytest.raises(Exception) as holder.error:  # silent: bound to an attribute, read elsewhere
        save()
    with pytest.raises(Exception) as errors["save"]:  # silent: kept in a mapping
        save()


class TestSilent(unittest.TestCase):
    def test_used(self):
        with self.assertRaises(Exception) as caught:  # silent: its text is looked at below
            save()
        self.assertIn("closed", str(caught.exception))
        with self.assertRaisesRegex(Exception, "closed"):  # silent: the method that looks at the text
            save()
        with self.assertRaises(KeyError):  # silent: a builtin that tells what is meant
            save()
        self.assertRaises(KeyError, save)  # silent: the same as a call
        with self.assertRaises():  # silent: unittest itself refuses this
            save()


def other_calls():
    """Silent: calls with such names that expect no raise."""
    with tool.raises(Exception):  # silent: a method of something else
        save()
    with raises_late(Exception):  # silent: a function of your own
        save()
    with assertRaises(Exception):  # silent: a bare function, not the method of a test
        save()
    with pytest.warns(Warning):  # silent: about warnings
        save()
    with suppress(Exception):  # silent: no expectation
        save()
    tool.raises(Exception, save)  # silent: the call of another object's method
    expect(pytest.raises, Exception)  # silent: the function, not called here


def shadowed(pytest, Exception):
    with pytest.raises(ValueError):  # silent: a parameter of that name
        save()
    with raises(Exception):  # silent: a class that was given
        save()
    with pytest.raises(BaseException):  # silent: who knows what this pytest is
        save()


def local():
    def raises(error):
        """A helper of this function."""

    with raises(Exception):  # silent: the helper above
        save()


def test_whatever():
    with pytest.raises(Exception):  # silent: I don't care what it raises
        work()
    # The exact error is not guaranteed.
    with pytest.raises(Exception):  # silent: the comment above says why
        work()
    # One more
    # time.
    with pytest.raises(Exception):  # FLX401: 9
        work()
