"""What tests with ``isinstance`` show about a name: it holds no error, or only instances of some classes."""

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


OF_ANOTHER_CLASS = {
    "in the body of the test": "if isinstance(x, KeyError):\n  return repr(x)\n return 'other'",
    "behind a return of all others": "if not isinstance(x, OSError):\n  return 'other'\n return type(x).__name__",
    "one of two": "if isinstance(x, (KeyError, OSError)):\n  return repr(x)\n return 'other'",
    "one of two tests": "if isinstance(x, KeyError) or isinstance(x, OSError):\n  return repr(x)\n return 'other'",
    "None, or a number": "if x is None or isinstance(x, (int, float)):\n  return repr(x)\n return 'other'",
    "behind None": "if x is not None and not isinstance(x, str):\n  return 'other'\n return repr(x)",
    "a class of the project": "class Ours(Exception): pass\n if isinstance(x, Ours):\n  return repr(x)\n return 1",
    "handed on": "return tell(x) if isinstance(x, KeyError) else 1\ndef tell(y):\n return repr(y)",
    "a member that is added": "found = []\n if isinstance(x, KeyError):\n  found.append(x)\n return str(found)",
}


@pytest.mark.parametrize("body", OF_ANOTHER_CLASS.values(), ids=OF_ANOTHER_CLASS)
def test_an_error_is_not_read_where_it_is_known_to_be_another(body: str) -> None:
    """The error is a ValueError."""
    assert observers(project_of(m=f"{CALLER}def show(x):\n {body}\n")) == set()


MAYBE = {
    "a test for its class": "if isinstance(x, ValueError):\n  return repr(x)\n return 1",
    "a test for one above it": "if isinstance(x, (Exception, str)):\n  return repr(x)\n return 1",
    "one of two tests that say nothing together": "if isinstance(x, KeyError) or x:\n  return repr(x)\n return 1",
    "a class that asks for methods": (
        "from collections.abc import Hashable\n if isinstance(x, Hashable):\n  return repr(x)\n return 1"
    ),
    "a protocol": (
        "import typing\n @typing.runtime_checkable\n class Has(typing.Protocol):\n  args: tuple\n"
        " if isinstance(x, Has):\n  return repr(x)\n return 1"
    ),
    "classes that are not known": "if isinstance(x, KINDS):\n  return repr(x)\n return 1",
    "bound anew behind the test": (
        "if isinstance(x, KeyError):\n  x = LAST\n  return repr(x)\n global LAST\n LAST = x"
    ),
    "bound by the test itself": (
        "y = KeyError()\n if isinstance(y, KeyError) and (y := x):\n  return repr(y)\n return 1"
    ),
    "the name of a comprehension": (
        "y = KeyError()\n if isinstance(y, KeyError):\n  return [repr(y) for y in [x]]\n return 1"
    ),
    "a list that is added to": "if isinstance(x, (int, list)):\n  return 1\n y = [x]\n return repr(y)",
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
