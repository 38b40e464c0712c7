"""Who raised an error: a library, or the program that it called."""

from __future__ import annotations

import sys
from collections.abc import Collection


def raised_within(error: BaseException, libraries: Collection[str]) -> bool:
    """Whether one of these libraries raised an error, and not the program that they called: a hook, an adapter.

    The last frame tells that is not of the standard library, by whose means both may fail.

    >>> import json
    >>> try:
    ...     json.loads("{")
    ... except ValueError as error:
    ...     raised_within(error, {"requests"})
    False
    """
    within, traceback = "", error.__traceback__
    while traceback is not None:
        root = str(traceback.tb_frame.f_globals.get("__name__")).partition(".")[0]
        within = within if root in sys.stdlib_module_names else root
        traceback = traceback.tb_next
    return within in libraries
