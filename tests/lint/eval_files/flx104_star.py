"""FLX104 behind star imports."""

from flext_exceptions import *
from flext_exceptions import FlextExceptions as FE


def raising():
    raise FE.KeyError  # FLX104: 4
    raise UnknownError()  # silent: what a star brings is not known by its name
