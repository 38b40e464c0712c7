"""FLX202 behind a star import of a module whose source is not found: a bare name may be anything."""

import builtins
from builtins import Exception as Anything

from legacy_compat import *
from flext_exceptions import FlextExceptions


def flagged():
    """Names that are imported by themselves mean what they say."""
    try:
        work()
    except Anything:  # FLX202: 4
        pass
    try:
        work()
    except builtins.BaseException:  # FLX202: 4
        pass
    try:
        work()
    except FlextExceptions:  # FLX202: 4
        pass


def silent():
    try:
        work()
    except Exception:  # silent: the star may have brought another Exception
        pass
    try:
        work()
    except BaseException:  # silent: nor is it known whose BaseException this is
        pass
    try:
        work()
    except Error:  # silent: surely from the star, and unknown
        pass
