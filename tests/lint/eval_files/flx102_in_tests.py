# file: shop/test_cart.py
"""FLX102 in test code: a raise stands in for an error that nobody foresees."""


def test_unforeseen():
    def broken():
        raise Exception("boom")  # silent: a double that breaks

    cart(broken)
    raise BaseException  # silent: a signal that the code under test must let through
