"""What an error stores under names: an observer that reads one name does not read what another name holds."""

from __future__ import annotations

import pytest

from flext_analysis.program.error_flow import ErrorFlow
from flext_analysis.program.observed import Finder
from flext_analysis.program.project import Project
from flext_analysis.program.receivers import error_readers, general_observers
from tests.analysis.observing import ANCESTORS, observers
from tests.analysis.programs import project_of

PARSES = "def parse(text):\n    if not text:\n        raise ValueError('empty')\n    return text\n"
FAILS = f"""{PARSES}
class Failed(Exception):
    def __init__(self, *args, **details):
        self.details = self.checked(**details)
        super().__init__(*args)
    def checked(self, **details): return details
class Unread(Failed): pass
class Missing(Failed):
    def __init__(self, *args, **details): super().__init__(*args, **details)
    def checked(self, names): return dict(names=names)
    def __str__(self): return SHOWN
def load(text):
    try:
        return parse(text)
    except ValueError as err:
        raise Unread(cause=err)
def find(): raise Missing(names=["a"])
"""

HARMLESS = {
    "by a subscript": "f'none of {self.details[\"names\"]!r}'",
    "by get": "repr(self.details.get('names', []))",
    "in a copy": "repr(dict(self.details)['names'])",
    "in a display": "repr({**self.details, 'more': 1}['names'])",
    "as an argument": "show(**self.details)",
}
SEEN = {
    "by a subscript": "f'none of {self.details[\"cause\"]!r}'",
    "by get": "repr(self.details.get('cause', []))",
    "by a default": "repr(self.details.get('names', self.details['cause']))",
    "by a name that is computed": "repr(self.details[NAME])",
    "as a whole": "repr(self.details)",
    "in a copy": "repr(dict(self.details)['cause'])",
    "in a display": "repr({**self.details, 'more': 1}['cause'])",
    "in an update": "repr(fill({}, self.details)['cause'])",
    "as an argument": "show_cause(**self.details)",
    "as a keyword that is left": "show_rest(**self.details)",
    "of a table that is filled by names that are computed": "repr(refill(self.details)['names'])",
}
HELPERS = """
def fill(table, more):
    table.update(more)
    return table
def refill(table):
    for name in NAMES:
        table[name] = table['cause']
    return table
def show(names=(), **rest): return repr(names)
def show_cause(names=(), cause=None): return repr(cause)
def show_rest(names=(), **rest): return repr(rest['cause'])
"""


@pytest.mark.parametrize("shown", HARMLESS.values(), ids=HARMLESS)
def test_what_stands_under_another_name_is_not_read(shown: str) -> None:
    assert observers(project_of(m=FAILS.replace("SHOWN", shown) + HELPERS)) == set()


@pytest.mark.parametrize("shown", SEEN.values(), ids=SEEN)
def test_what_stands_under_the_name_is_read(shown: str) -> None:
    assert observers(project_of(m=FAILS.replace("SHOWN", shown) + HELPERS)) == {"repr"}


SPREAD = f"""{PARSES}
def load(text):
    try:
        return parse(text)
    except ValueError as err:
        problem = err
        return give(problem)
def show(first=None, second=None): return repr(second)
"""
GIVEN = {
    "under the name": ("def give(err): return show(**{'second': err})", {"repr"}),
    "under another": ("def give(err): return show(**{'first': err})", set()),
    "by place": ("def give(err): return show(*[1, err])", {"repr"}),
    "by place beside names": ("def give(err): return show(*[1, err], **{'first': 2})", {"repr"}),
    "under a name that is computed": ("def give(err): return show(**{NAME: err})", {"repr"}),
    "from one of two tables": (
        "def give(err): return show(**({'first': 1} if N else dict(zip(NAMES, [err]))))",
        {"repr"},
    ),
}


@pytest.mark.parametrize(("text", "kinds"), GIVEN.values(), ids=GIVEN)
def test_two_stars_give_parameters_what_stands_under_their_names(text: str, kinds: set[str]) -> None:
    assert observers(project_of(m=f"{SPREAD}{text}\n")) == kinds


def readers(project: Project) -> set[str]:
    """Return the functions whose observers may read a ValueError that comes from anywhere."""
    definitions = [definition for module in project.modules for definition in module.definitions]
    finder = Finder(ErrorFlow(project), ANCESTORS)
    found = general_observers(error_readers(definitions, finder), finder).get("ValueError", [])
    return {one.function for one in found}


QUEUE = """
def keep(queue, box, kinds):
    try:
        work(queue)
    except KINDS as err:
        queue.put(err)
        box.failure = err
def take(queue): return type(queue.get())
def look(thing): return repr(thing.failure)
def begin(): return repr(nothing.title)
class Page:
    def __init__(self): self.title = [self]
"""


def test_what_somebody_keeps_is_read_only_where_its_handler_catches_the_error() -> None:
    assert readers(project_of(m=QUEUE.replace("KINDS", "Exception"))) == {"take", "look"}
    assert readers(project_of(m=QUEUE.replace("KINDS", "LookupError"))) == set()
    assert readers(project_of(m=QUEUE.replace("KINDS", "kinds"))) == {"take", "look"}
