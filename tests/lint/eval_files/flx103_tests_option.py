# file: checks/cart.py
# options: --flext-tests checks/**
"""FLX103 in what the project says is test code."""


def broken_feed():
    raise ConnectionError("lost")  # silent: a glob names this file
