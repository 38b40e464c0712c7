"""Which side raised an error: a library, or the program that it called back."""

from __future__ import annotations

import sys
from collections.abc import Collection


def raised_within(error: BaseException, libraries: Collection[str]) -> bool:
    """Whether one of these libraries raised an error, rather than code that they called, such as a hook.

    The last frame outside the standard library decides, since both may fail inside the standard library.

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
