# file: shop/contest.py
"""FLX103 in files whose names only look like those of tests."""


def test_connection():
    raise ConnectionError("lost")  # FLX103: 4


class TestBed:
    def start(self):
        raise TimeoutError  # FLX103: 8
        raise NotImplementedError  # silent: for a subclass to fill in, wherever it stands
