"""The analysis of broken, endless or odd code neither crashes nor runs forever."""

from __future__ import annotations

import subprocess
import sys

import pytest

from flext_analysis.escapes import NARROW, OPEN, Limits
from tests.analysis.escapes.programs import analysis_of, leaving

ODD = {
    "a file that does not parse": {"a.py": "def", "b.py": "from a import f\ndef g(): f()"},
    "modules that import one another": {
        "a.py": "from b import *\ndef f(): g()",
        "b.py": "from a import *\ndef g(): f()",
    },
    "a module that imports itself": {"a.py": "from a import f as f\nf()"},
    "a class that is its own base": {"a.py": "class A(A): pass\ndef f(): raise A"},
    "classes that are each other's base": {"a.py": "class A(B): pass\nclass B(A): pass\ndef f(x: A): x.y()"},
    "a class that is computed": {"a.py": "A = type('A', (Exception,), {})\ndef f(): raise A('x')"},
    "an attribute of itself": {"a.py": "class A:\n    def f(self):\n        self.x = self.x.x\n        self.x()"},
    "a list that holds itself": {"a.py": "x = []\nx.append(x)\ndef f():\n    for y in x: y()\n    x[0][0]()"},
    "a view of its own views": {"a.py": "d = {}\nfor k in 'ab': d = d.items(); d = dict(d)\ndef f(): d['a']()"},
    "a decorator of itself": {"a.py": "@f\ndef f(g): return f(f)(g)"},
    "a property that reads itself": {"a.py": "class A:\n    @property\n    def x(self): return self.x\ndef f(): A().x"},
    "a callback that calls itself": {"a.py": "def f(g): return g(g)\ndef h(): f(f)"},
    "a metaclass of itself": {"a.py": "class M(type, metaclass=M): pass\nclass A(metaclass=M): pass\ndef f(): A()"},
    "super outside of a class": {"a.py": "def f(): super().f()\nsuper().x"},
    "a function that makes functions": {"a.py": "def f(n):\n    def g(m): return f(g)\n    return g\nf(f)(f)(f)"},
}


@pytest.mark.parametrize("name", ODD)
def test_odd_code_ends_without_a_crash(name: str) -> None:
    analysis_of(ODD[name]).by_function()


def test_an_error_comes_through_a_chain_of_5000_calls() -> None:
    links = "\n".join(f"def f{n}(): f{n + 1}()" for n in range(5000))
    found = leaving(f"{links}\ndef f5000(): raise KeyError\n")
    assert found["f0"] == "KeyError"


def test_an_error_comes_through_mutual_recursion() -> None:
    found = leaving("def f(n): g(n)\ndef g(n):\n    if n: raise KeyError\n    f(n)\n")
    assert found == {"f": "KeyError", "g": "KeyError"}


def test_deep_nesting_is_said_to_be_open() -> None:
    text = "def f(x):\n    return " + "x(" * 150 + ")" * 150
    analysis_of(text).by_function()


SEEDED = """
import sys
sys.path[:0] = sys.argv[1:]
from tests.analysis.escapes.programs import leaving
text = "\\n".join(f"class E{n}(Exception): pass\\ndef f{n}(x): raise E{n}\\nL.append(f{n})" for n in range(30))
text = f"L = []\\n{text}\\ndef go(x):\\n    for f in L: f(x)\\ndef pick(a): return a\\n"
text += "\\n".join(f"pick(f{n})" for n in range(30)) + "\\ndef late(): pick(0)(1)\\n"
print(sorted(leaving(text).items()))
"""


def test_the_answer_is_the_same_in_every_run() -> None:
    """Whatever the seed of the hashes."""
    answers = {
        subprocess.run(
            [sys.executable, "-c", SEEDED, *sys.path],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_a_descriptor_gives_back_what_it_is_given() -> None:
    text = """
        class D:
            def __get__(self, obj, owner): return obj
        class A:
            d = D()
            def f(self): raise KeyError
        def go(): A().d.f()
        """
    assert leaving(text)["go"] == "KeyError"


# Each function hands on what the one below it has set: one look at each in turn brings the value one step further.
RELAY = """
class Box: ...
box = Box()
def fail(): raise KeyError
def apart():
    fail()
def go():
    try: box.x9()
    except OSError: pass
"""
RELAY += "".join(f"def f{n}(): box.x{n} = box.x{n - 1}\n" for n in range(9, 0, -1)) + "def f0(): box.x0 = fail\n"


def test_a_value_is_followed_through_many_functions() -> None:
    assert leaving(RELAY)["go"] == "KeyError"


@pytest.mark.parametrize("limits", [NARROW._replace(visits=1), NARROW._replace(reads=0)], ids=["visits", "reads"])
def test_a_function_that_was_looked_at_too_often_is_open_and_no_other(limits: Limits) -> None:
    """The limits apply to each function: one that reaches them is reported, and the others are analysed as before."""
    analysis = analysis_of(RELAY, limits)
    found = {function.scope.qualname: set(errors) for function, errors in analysis.by_function().items()}
    relays = {name for name, errors in found.items() if name.startswith("f") and OPEN in errors}
    assert relays
    assert found["apart"] == {"builtins.KeyError"}
    function = next(one for one in analysis.by_function() if one.scope.qualname in relays)
    assert analysis.explain(function, OPEN)[-1].reason == "too much flows through it"


def test_a_function_that_was_looked_at_too_often_is_looked_at_once_more_in_the_end() -> None:
    text = """
        HOOKS = []
        def go():
            for hook in HOOKS: hook()
        def first(): HOOKS.append(fail)
        def fail(): raise KeyError
        """
    assert leaving(text, NARROW._replace(visits=1))["go"] == "KeyError"
