# file: tests/helpers/errors.py
"""FLX107 in test code."""


class Boom(Exception):
    """A stand-in."""


def broken():
    raise Boom  # silent: stands in for an error of somebody else
