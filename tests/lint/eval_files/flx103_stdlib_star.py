"""FLX103 behind star imports of the standard library: its sources tell what they bind."""

from builtins import *
from math import *
from os.path import *
from multiprocessing import *


def flagged():
    raise ValueError("x")  # FLX103: 4
    raise OSError  # FLX103: 4
    raise LookupError("x")  # FLX103: 4


def silent():
    raise AuthenticationError("x")  # silent: a class of multiprocessing
    raise BufferTooShort  # silent: another one, not called
    raise NoSuchError("x")  # silent: in none of these modules
