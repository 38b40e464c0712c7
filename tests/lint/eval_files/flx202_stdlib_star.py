"""FLX202 behind a star import of the standard library, whose source tells what it binds."""

from os.path import *


def flagged():
    try:
        work()
    except Exception:  # FLX202: 4
        pass
    try:
        work()
    except BaseException:  # FLX202: 4
        pass


def silent():
    try:
        getsize("cart.json")
    except OSError:  # silent: a file that is not there, and no more
        pass
    try:
        getsize("cart.json")
    except genericpath.error:  # silent: a name that nothing in sight binds
        pass
