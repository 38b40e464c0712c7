"""After ``isinstance(x, Exception)`` was false, a name holds no error."""

from __future__ import annotations

import pytest

from tests.analysis.observing import RAISES, observers
from tests.analysis.programs import project_of

CALLER = f"{RAISES}def f():\n    try:\n        load(1)\n    except Exception as err:\n        return show(err)\n"

NO_ERROR = {
    "in the body of a negated test": "if not isinstance(x, Exception):\n  return repr(x)\n return 'error'",
    "behind a return": "if isinstance(x, BaseException):\n  return 'error'\n return repr(x)",
    "behind a raise": "if isinstance(x, Exception):\n  raise x\n y = 1\n return type(x).__name__",
    "behind a continue": "for _ in '12':\n  if isinstance(x, Exception):\n   continue\n  return repr(x)",
    "in the else": "if isinstance(x, Exception):\n  y = 'error'\n else:\n  y = repr(x)\n return y",
    "in an elif": (
        "if isinstance(x, Exception):\n  y = 1\n elif x:\n  y = repr(x)\n else:\n  y = type(x).__name__\n return y"
    ),
    "one of several classes": "if isinstance(x, (str, Exception)):\n  return str(x)\n return repr(x)",
    "in a conditional expression": "return str(x) if isinstance(x, Exception) else repr(x)",
    "behind and": "return not isinstance(x, Exception) and repr(x)",
    "behind or": "return isinstance(x, Exception) or repr(x)",
    "behind a test that says more": "if x and not isinstance(x, Exception):\n  return repr(x)\n return 'error'",
    "until it is bound": "if not isinstance(x, Exception):\n  x = ValueError(repr(x))\n return str(x)",
    "handed on": "if isinstance(x, Exception):\n  return 'error'\n return tell(x)\ndef tell(y):\n return repr(y)",
}


@pytest.mark.parametrize("body", NO_ERROR.values(), ids=NO_ERROR)
def test_what_is_no_error_is_read_by_nobody(body: str) -> None:
    """In every form of the test."""
    assert observers(project_of(m=f"{CALLER}def show(x):\n {body}\n")) == set()


MAYBE = {
    "the other branch": "if isinstance(x, Exception):\n  return repr(x)\n return 'other'",
    "a test for one class": "if isinstance(x, KeyError):\n  return 'key'\n return repr(x)",
    "a body that goes on": "if isinstance(x, Exception):\n  y = 1\n return repr(x)",
    "the end of the block": "if not isinstance(x, Exception):\n  y = 1\n return repr(x)",
    "a test that asks for less": "if not isinstance(x, Exception) or x:\n  return repr(x)",
    "a test behind which more is false": "if isinstance(x, Exception) and x.args:\n  return 'error'\n return repr(x)",
    "bound anew": "if not isinstance(x, Exception):\n  x = LAST\n  return repr(x)\n global LAST\n LAST = x",
    "bound at the end of a loop": (
        "y = 1\n if not isinstance(y, Exception):\n  for _ in '12':\n   z = repr(y)\n   y = x\n  return z"
    ),
    "bound by another function": (
        "y = 1\n def put():\n  nonlocal y\n  y = x\n if not isinstance(y, Exception):\n  put()\n  return repr(y)"
    ),
    "read by another function": (
        "y = 1\n def get():\n  return repr(y)\n if not isinstance(y, Exception):\n  y = x\n return get()"
    ),
    "its own isinstance": "isinstance = print\n if isinstance(x, Exception):\n  return 1\n return repr(x)",
}


@pytest.mark.parametrize("body", MAYBE.values(), ids=MAYBE)
def test_what_may_be_an_error_is_read(body: str) -> None:
    """The test proves nothing, or does so no longer."""
    assert observers(project_of(m=f"{CALLER}def show(x):\n {body}\n")) == {"repr"}
