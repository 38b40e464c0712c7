# file: tests/test_feed.py
"""FLX108 in test code."""

from unittest.mock import Mock, patch


def test_feed(future, gen):
    feed = Mock(side_effect=ConnectionError("lost"))  # silent: a double fails as the real one does
    feed.load.side_effect = TimeoutError  # silent: an attribute of a double
    with patch("shop.feed.load", side_effect=OSError):  # silent: a patch
        future.set_exception(RuntimeError("x"))  # silent: a future that a test fills
        gen.throw(ValueError)  # silent: a generator that a test drives
