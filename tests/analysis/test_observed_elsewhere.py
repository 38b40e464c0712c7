"""Observers in other modules, errors that are passed on, names that are rebound or read as a whole."""

from __future__ import annotations

import pytest

from flext_analysis.program import error_flow
from flext_analysis.program.error_flow import ErrorFlow
from flext_analysis.program.namespace_readers import namespace_readers
from flext_analysis.program.observed import Finder, observed_sites
from flext_analysis.program.rebound_names import rebound_names
from flext_analysis.program.receivers import error_readers, general_observers, takers, typed_places
from flext_analysis.summaries.summary import line_of
from tests.analysis.observing import ANCESTORS, RAISES, observers
from tests.analysis.programs import project_of


def test_an_observer_in_another_module_says_where_it_stands() -> None:
    """And in which function."""
    body = "try:\n        load(1)\n    except Exception as err:\n        return repr(err)\n"
    caller = f"from a import load\ndef f():\n    {body}"
    project = project_of(a=RAISES, b=caller)
    definitions = [definition for module in project.modules for definition in module.definitions]
    ((site, (one,)),) = observed_sites(definitions, ErrorFlow(project), ANCESTORS).items()
    assert (site[0], line_of(site[1])) == ("a.py", 3)
    assert (one.path, line_of(one.place), one.function, one.what) == ("b.py", 6, "f", "reads repr(err) for the answer")


def test_errors_that_are_handed_over_are_observed_by_whoever_reads_any() -> None:
    """Where they go is not followed."""
    project = project_of(
        m="def f(g):\n    try:\n        g()\n    except Exception as err:\n        return type(err) is KeyError\n"
    )
    definitions = [definition for module in project.modules for definition in module.definitions]
    finder = Finder(ErrorFlow(project), ANCESTORS)
    assert list(general_observers(error_readers(definitions, finder), finder)) == ["KeyError"]


def test_the_typed_classes_that_code_receives_errors_by_are_told() -> None:
    """With the place."""
    text = (
        "from flext_exceptions import FlextExceptions as F\ntry:\n    pass\nexcept (F.KeyError, OSError):\n    pass\n"
    )
    project = project_of(m=text)
    places = typed_places(project.by_path["m.py"].definitions, ErrorFlow(project), ANCESTORS)
    assert {path.rpartition(".")[2]: (file, line_of(at)) for path, (file, at) in places.items()} == {
        "KeyError": ("m.py", 4)
    }


REBOUND = {
    "builtins": ("import builtins\nbuiltins.KeyError = X", [("KeyError", "")]),
    "globals": ("globals()['KeyError'] = X", [("KeyError", "m")]),
    "globals by update": ("globals().update(KeyError=X)", [("KeyError", "m")]),
    "another module": ("import a\na.KeyError = X", [("KeyError", "a")]),
    "setattr": ("import a\nsetattr(a, 'KeyError', X)", [("KeyError", "a")]),
    "mock": ("from unittest import mock\nimport a\nmock.patch.object(a, 'KeyError', X)", [("KeyError", "a")]),
    "mock by a path": ("from unittest.mock import patch\npatch('a.KeyError', X)", [("KeyError", "a")]),
    "monkeypatch": ("import a\nmonkeypatch.setattr(a, 'KeyError', X)", [("KeyError", "a")]),
    "another name": ("globals()['RATE'] = 1\nimport a\na.SIZE = 2\nthing.KeyError = X", []),
    "a computed name": ("globals()['IN_' + name] = 1", []),
}


@pytest.mark.parametrize(("text", "expected"), REBOUND.values(), ids=REBOUND)
def test_names_of_builtins_that_are_bound_anew_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    """And in which module."""
    found = rebound_names(project_of(a="", m=text))
    assert [(one.name, one.module.name if one.module else "") for one in found] == expected


READ = {
    "globals": ("RULES = {k: v for k, v in globals().items()}", ["m"]),
    "vars of a module": ("import a\nprint(vars(a))", ["a"]),
    "getmembers": ("import inspect, a\ninspect.getmembers(a)", ["a"]),
    "its dict": ("import a\na.__dict__.items()", ["a"]),
    "a star beside": ("from a import *\nprint(dir())", ["a", "m"]),
    "fire": ("import fire\nfire.Fire()", ["m"]),
    "single names": ("globals()['A'] = 1\nglobals().get('B')\n'C' in globals()", []),
    "the importer": ("mod = __import__('b', globals(), None, ['x'])", []),
    "an object": ("import inspect\nclass C:\n    def f(self):\n        inspect.getmembers(self)", []),
    "a function's own names": ("def f():\n    return locals(), vars()", []),
}


@pytest.mark.parametrize(("text", "expected"), READ.values(), ids=READ)
def test_modules_whose_names_are_read_as_a_whole_are_found(text: str, expected: list[str]) -> None:
    """An added import would be seen there."""
    assert sorted(one.module.name for one in namespace_readers(project_of(a="X = 1", m=text)).values()) == expected


def test_a_file_that_is_run_by_a_computed_path_may_be_any_that_nothing_imports() -> None:
    """One in a package, one that is imported and the runner itself are not."""
    files = {
        "load": "import used\ndef f(path):\n    with open(path) as file:\n        exec(file.read(), {})\n",
        "conf": "X = 1",
        "used": "",
        "pkg__init": "",
        "pkg__inner": "",
    }
    assert [one.module.name for one in namespace_readers(project_of(**files)).values()] == ["conf"]


# Each function hands on what the one below it has set. The handler reads the class of what leaves one of them.
RELAY = """
class Box: ...
box = Box()
def hook(): raise ValueError
def inner(): raise KeyError
def alone():
    try: inner()
    except KeyError: pass
outside(hook)
def show(n):
    try:
        f2()
        f3()
    except Exception as err:
        return type(err).__name__
"""


RELAY += "".join(f"def f{n}(): box.x{n} = box.x{n - 1}\n" for n in range(9, 0, -1)) + "def f0(): box.x0 = 1\n"


def test_where_too_much_flows_through_a_function_anything_that_is_handed_about_may_leave_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An error that is not passed on is still free."""
    project = project_of(m=RELAY)
    assert observers(project) == set()
    monkeypatch.setattr(error_flow, "LIMITS", error_flow.LIMITS._replace(visits=1))
    definitions = project.by_path["m.py"].definitions
    ((_, place),) = observed_sites(definitions, ErrorFlow(project), ANCESTORS)
    assert line_of(place) == 4
    elsewhere = project_of(m=RELAY.replace("except Exception", "except OSError"))
    assert observers(elsewhere) == set()  # a handler reads what it catches, however much flows there


TAKES = """
def taking(future):
    try:
        return later(future)
    except Exception as err:
        return repr(err)
def later(future): return future.result()
def awaiting(task):
    async def inner(): await task
    return inner
def asking(url):
    try:
        return open(url)
    except FileNotFoundError as err:
        return type(err)
def elsewhere(n):
    try:
        return n.parse()
    except Exception as err:
        return repr(err)
"""


def test_an_error_that_was_set_on_a_future_arises_where_a_result_is_taken() -> None:
    """Also through calls. A handler of another class does not see it."""
    project = project_of(m=TAKES)
    definitions = project.by_path["m.py"].definitions
    found = takers(definitions)
    assert {one.scope.name for one in found} == {"taking", "later", "inner", "awaiting"}
    finder = Finder(ErrorFlow(project), ANCESTORS)
    readers = error_readers(definitions, finder)
    seen = general_observers(readers, finder, found)["ValueError"]
    assert [one.function for one in seen] == ["taking"]
    anybody = general_observers(readers, finder)
    assert [one.function for one in anybody["ValueError"]] == ["taking", "elsewhere"]
    assert "asking" in [one.function for one in anybody["FileNotFoundError"]]


def test_what_a_context_manager_gives_is_no_error() -> None:
    """Whatever its name: ``pytest.raises`` gives what knows the error, and has a value of its own."""
    entered = "def f():\n    with raises(ValueError) as err:\n        load(-1)\n    return err.value\n"
    given = "def f(box):\n    err = box.unknown()\n    return err.value\n"
    assert observers(project_of(m=RAISES + entered)) == set()
    assert observers(project_of(m=RAISES + given)) == {"attribute"}


# Code that reads a class or a repr, with the kinds of the observers that load() has: what may be an error, what not.
POSSIBLE = {
    "what a queue gives back": (
        "def go(q):\n    try:\n        load(1)\n    except ValueError as err:\n        q.put(err)\n"
        "def show(q):\n    return repr(q.get())\n",
        {"repr"},
    ),
    "another value beside a queue": (
        "def go(q):\n    try:\n        load(1)\n    except ValueError as err:\n        q.put(err)\n"
        "def show(q):\n    return repr(q.size)\n",
        set(),
    ),
    "what an object of nobody's class has": (
        "def go(job):\n    try:\n        load(1)\n    except ValueError as err:\n        job.failed = err\n"
        "def show(job):\n    return repr(job.failed)\n",
        {"repr"},
    ),
    "what a mapping holds under its key": (
        "def go():\n    try:\n        load(1)\n    except ValueError as err:\n"
        "        return repr({'cause': err, 'n': 1}['cause'])\n",
        {"repr"},
    ),
    "what a mapping holds under another key": (
        "def go():\n    try:\n        load(1)\n    except ValueError as err:\n"
        "        return repr({'cause': err, 'n': 1}['n'])\n",
        set(),
    ),
    "the error of the other handler": (
        "def look(e):\n    return repr(e)\n"
        "def go():\n    try:\n        load(1)\n    except ValueError as e:\n        return str(e)\n"
        "    try:\n        print()\n    except OSError as e:\n        return look(e)\n",
        set(),
    ),
    "the message or the text": (
        "def go():\n    try:\n        load(1)\n    except ValueError as e:\n"
        "        return getattr(e, 'message', str(e))\n",
        set(),
    ),
    "the message, tried before the text": (
        "def go():\n    try:\n        load(1)\n    except ValueError as e:\n"
        "        try:\n            text = str(e.message)\n"
        "        except AttributeError:\n            text = str(e)\n        return text\n",
        set(),
    ),
    "the message or another text": (
        "def go():\n    try:\n        load(1)\n    except ValueError as e:\n"
        "        return getattr(e, 'message', 'none')\n",
        {"attribute"},
    ),
    "a public function that nobody here calls": ("def describe(error):\n    return type(error).__name__\n", {"name"}),
    "a private function that nobody here calls": ("def _describe(error):\n    return type(error).__name__\n", set()),
    "a function inside another that nobody calls": (
        "def outer():\n    def describe(error):\n        return type(error).__name__\n",
        set(),
    ),
    "a function that a framework is given": (
        "import web\ndef describe(error):\n    return type(error).__name__\nweb.on_error(describe)\n",
        {"name"},
    ),
    "a function that a text names": (
        "SETTINGS = {'handler': 'm.describe'}\ndef describe(error):\n    return type(error).__name__\n",
        {"name"},
    ),
}


@pytest.mark.parametrize(("text", "kinds"), POSSIBLE.values(), ids=POSSIBLE)
def test_only_what_may_be_an_error_is_observed(text: str, kinds: set[str]) -> None:
    assert observers(project_of(m=RAISES + text)) == kinds


TEST = """
from shop import load
def test_load(X):
    try:
        load(-1)
    except ValueError as e:
        print(type(e))
"""


def test_what_a_test_prints_is_seen_where_some_test_reads_it() -> None:
    """It appears only if a test fails, and no outcome depends on it."""
    assert observers(project_of(shop=RAISES, tests__test_shop=TEST.replace("X", ""))) == set()
    assert observers(project_of(shop=RAISES, tests__test_shop=TEST.replace("X", "capsys"))) == {"class"}
