"""FLX210: a class in a tuple that another one in it catches."""

import json

from flext_exceptions import FlextExceptions
from shop.errors import Broken


class SoldOut(FlextExceptions.ValidationError):
    """Of this file."""


class Gone(SoldOut):
    """Below it."""


def flagged(job):
    try:
        job()
    except (ValueError, FlextExceptions.ValidationError):  # FLX210: 24
        pass
    try:
        job()
    except (SoldOut, FlextExceptions.ValidationError):  # FLX210: 12
        pass
    try:
        job()
    except (ValueError, KeyError, ValueError):  # FLX210: 34
        pass
    try:
        job()
    except (OSError, IOError):  # FLX210: 21
        pass
    try:
        job()
    except (FileNotFoundError, PermissionError, OSError) as err:  # FLX210: 12, 31
        job.note(err)
    try:
        job()
    except (json.JSONDecodeError, ValueError):  # FLX210: 12
        pass
    try:
        job()
    except* (Gone, SoldOut):  # FLX210: 13
        pass
    try:
        job()
    except (Exception, FlextExceptions.BaseError):  # FLX210: 23
        pass


def silent(job, library, kinds, ValueError):
    try:
        job()
    except (KeyError, IndexError):  # silent: siblings
        pass
    try:
        job()
    except (FlextExceptions.KeyError, FlextExceptions.IndexError):  # silent: typed siblings
        pass
    try:
        job()
    except (OSError, FlextExceptions.ValidationError):  # silent: unrelated
        pass
    try:
        job()
    except (ValueError, FlextExceptions.ValidationError):  # silent: a parameter of that name
        pass
    try:
        job()
    except (KeyError, library.Error):  # silent: a class that is not known
        pass
    try:
        job()
    except (Broken, OSError):  # silent: an imported class
        pass
    try:
        job()
    except (SoldOut,):  # silent: one member
        pass
    try:
        job()
    except (*kinds, OSError):  # silent: whatever kinds holds
        pass
    try:
        job()
    except kinds:  # silent: a name
        pass
    try:
        job()
    except (KeyboardInterrupt, Exception):  # silent: Exception does not catch Ctrl-C
        pass
    return isinstance(job, (OSError, IOError))  # silent: no clause
