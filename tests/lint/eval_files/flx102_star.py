"""FLX102 behind star imports: a module that is not found may bring an Exception of its own."""

import builtins

from .compat import *


def raising():
    raise builtins.Exception("x")  # FLX102: 4
    raise Exception("x")  # silent: may come from the module beside this one
    raise BaseException  # silent: this one too
