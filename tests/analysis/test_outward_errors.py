"""What a framework is told of, and what code that reads errors from anywhere can get hold of."""

from __future__ import annotations

import pytest

from tests.analysis.observing import observers
from tests.analysis.programs import project_of

HANDLER = """
from flask import Flask
from flext_exceptions import FlextExceptions
app = Flask("shop")
@app.errorhandler(FlextExceptions)
def typed(error):
    return "typed", 400
def parse(text):
    if not text:
        raise ValueError("empty")
    return text
"""
HOOK = """
import sys
def hook(cls, error, traceback):
    sys.exit(3 if cls is ValueError else 4)
sys.excepthook = hook
def parse(text):
    if not text:
        raise ValueError("empty")
    return text
"""
RESULT = """
import unittest
class Result(unittest.TextTestResult):
    def addError(self, test, err):
        self.show(err)
    def show(self, error):
        exc_type, exc_value, traceback = error
        print("ended by %r" % exc_value)
"""

NOT_TOLD = {
    "a view catches what a function raises": HANDLER
    + """
def asked(text):
    try:
        return parse(text)
    except ValueError:
        return ""
@app.route("/")
def index():
    return asked("")
""",
    "the hook of the interpreter, where main catches it": HOOK
    + """
def main():
    try:
        parse("")
    except ValueError:
        return 1
main()
""",
    "the result of a test, where nobody gets hold of it": RESULT
    + """
def is_new(header):
    try:
        if header is None:
            raise ValueError
    except (OverflowError, ValueError):
        return True
    return False
""",
}
TOLD = {
    "a view lets it through": HANDLER + '@app.route("/")\ndef index():\n    return parse("")\n',
    "a function that is handed over": HANDLER
    + 'def index():\n    return parse("")\napp.add_url_rule("/", "i", index)\n',
    "a generator that the framework reads": HANDLER
    + 'def lines():\n    yield parse("")\n@app.route("/")\ndef index():\n    return lines()\n',
    "a property of what a template is given": HANDLER
    + """
class Item:
    @property
    def total(self):
        raise ValueError("no total")
def load():
    return Item()
@app.route("/")
def index():
    return app.jinja_env.from_string("{{ item.total }}").render(item=load())
""",
    "a function that a computed name takes out of its module": HANDLER
    + """
def guarded():
    try:
        index()
    except ValueError:
        return None
def index():
    return parse("")
guarded()
for name, view in list(globals().items()):
    if name.startswith("ind"):
        app.add_url_rule("/", name, view)
""",
    "a group that is split where it is caught": """
from flext_exceptions import FlextExceptions
def parse(text):
    raise ValueError("empty")
def run():
    errors = []
    try:
        parse("")
    except ValueError as error:
        errors.append(error)
    return ExceptionGroup("all", errors).split(FlextExceptions)
""",
    "a function that is chosen by the class of what was caught": """
import functools
from flext_exceptions import FlextExceptions
@functools.singledispatch
def status(error):
    return 500
@status.register(FlextExceptions)
def typed(error):
    return 400
def parse(text):
    raise ValueError("empty")
def run():
    try:
        parse("")
    except ValueError as error:
        return status(error)
""",
    "a function that is chosen by an annotation": """
import functools
from flext_exceptions import FlextExceptions
@functools.singledispatch
def status(error):
    return 500
@status.register
def typed(error: FlextExceptions):
    return 400
def parse(text):
    raise ValueError("empty")
def run():
    try:
        parse("")
    except ValueError as error:
        return status(error)
""",
    "the framework, by the handler itself": HANDLER
    + """
@app.route("/")
def index():
    return guarded()
def guarded():
    try:
        return parse("")
    except ValueError as error:
        return app.handle_user_exception(error)
""",
    "an attempt that is repeated, inside a handler": """
import tenacity
from flext_exceptions import FlextExceptions
def parse(text):
    raise ValueError("empty")
def run():
    try:
        for attempt in tenacity.Retrying(retry=tenacity.retry_if_exception_type(FlextExceptions)):
            with attempt:
                parse("")
    except ValueError:
        return 1
""",
    "the hook of the interpreter": HOOK + 'def main():\n    parse("")\nmain()\n',
    "the result of a test, since the handler calls something": RESULT
    + """
def is_new(header, seen):
    try:
        if header is None:
            raise ValueError
    except ValueError:
        return seen()
""",
    "the result of a test, since a manager stands between": RESULT
    + """
def is_new(header, watched):
    try:
        with watched:
            raise ValueError
    except ValueError:
        return True
""",
    "the result of a test, since the handler raises another": RESULT
    + """
def is_new(header):
    try:
        raise ValueError("old")
    except ValueError:
        raise
""",
}


@pytest.mark.parametrize("name", NOT_TOLD)
def test_an_error_that_stays_inside_is_seen_by_nobody(name: str) -> None:
    """A function of a module that is only called by its name raises for its callers; a quiet handler ends it."""
    assert observers(project_of(shop=NOT_TOLD[name])) == set()


@pytest.mark.parametrize("name", TOLD)
def test_an_error_that_may_leave_is_seen(name: str) -> None:
    """Through what the framework calls, or through a handler that does more than to go on."""
    assert observers(project_of(shop=TOLD[name]))
