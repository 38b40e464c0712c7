"""Calls without a name in the source: by a computed name, by the language, or from outside code."""

from __future__ import annotations

import pytest

from tests.analysis.observing import RAISES, observers
from tests.analysis.programs import project_of

READS = "    except Exception as err:\n        return type(err).__name__\n"
REACHED = {
    "a table of the module's names": ("", "globals()['lo' + n](1)"),
    "an attribute of a module that is looked up by its own name": (
        "import sys\n",
        "getattr(sys.modules[__name__], 'lo' + n)(1)",
    ),
    "vars() of a module": ("import m\n", "vars(m)['load'](1)"),
    "the __dict__ of a module": ("import m\n", "m.__dict__[n](1)"),
    "import_module": ("import importlib\n", "importlib.import_module('m').load(1)"),
    "import_module with a computed name": ("import importlib\n", "importlib.import_module(n).load(1)"),
    "an attribute with a computed name": ("class A:\n    def go(self):\n        load(1)\n", "getattr(A(), n)()"),
    "inspect.getmembers": (
        "import inspect\nclass A:\n    def go(self):\n        load(1)\n",
        "[one() for _, one in inspect.getmembers(A(), inspect.ismethod)]",
    ),
    "the subclasses of a class": (
        "class A: ...\nclass B(A):\n    def go(self):\n        load(1)\n",
        "[one().go() for one in A.__subclasses__()]",
    ),
    "eval": ("", "eval('load(1)')"),
    "an import inside": ("", "import other"),
    "a class body": ("", "class A:\n            size = load(1)"),
    "an attribute of a module that it makes": ("import made\n", "made.anything"),
    "a metaclass": (
        "class Meta(type):\n    def __call__(cls, *args):\n        try:\n            return super().__call__(*args)\n"
        f"    {READS.replace(chr(10) + '    ', chr(10) + '        ')}"
        "class A(metaclass=Meta):\n    def __init__(self):\n        load(1)\n",
        "A()",
    ),
    "sorted": ("class A:\n    def __lt__(self, other):\n        return load(1)\n", "sorted([A(), A()])"),
    "the largest": ("class A:\n    def __lt__(self, other):\n        return load(1)\n", "max(A(), A())"),
    "iter with an end": ("", "next(iter(load, None))"),
    "divmod": ("class A:\n    def __divmod__(self, other):\n        return load(1)\n", "divmod(A(), 2)"),
    "a deleter": (
        "class A:\n    @property\n    def x(self): ...\n    @x.deleter\n    def x(self):\n        load(1)\n",
        "del A().x",
    ),
    "deleting an attribute": ("class A:\n    def __delattr__(self, name):\n        load(1)\n", "del A().x"),
    "a visitor": (
        "import ast\nclass A(ast.NodeVisitor):\n    def visit_Name(self, n):\n        load(1)\n",
        "A().visit(None)",
    ),
    "a command of a shell": (
        "import cmd\nclass A(cmd.Cmd):\n    def do_go(self, rest):\n        load(1)\n",
        "A().onecmd('go')",
    ),
    "an encoder": (
        "import json\nclass A(json.JSONEncoder):\n    def default(self, o):\n        load(1)\n",
        "json.dumps(None, cls=A)",
    ),
    "what a parser was given before": (
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('n', type=load)\n",
        "parser.parse_args()",
    ),
}


@pytest.mark.parametrize(("before", "call"), REACHED.values(), ids=REACHED)
def test_an_error_reaches_its_observer(before: str, call: str) -> None:
    """Though nothing there names the function that raises it."""
    text = f"{RAISES}{before}def f(n):\n    try:\n        {call}\n{READS}"
    other = "raise ValueError('at import')\n"
    made = "from m import load\ndef __getattr__(name):\n    return load(1)\n"
    assert "name" in observers(project_of(m=text, other=other, made=made))


UNREACHED = {
    "another method of a visitor": (
        "import ast\nclass A(ast.NodeVisitor):\n    def check(self, n):\n        load(1)\n",
        "A().visit(None)",
    ),
    "another special method": (
        "class A:\n    def __eq__(self, other):\n        return load(1)\n",
        "sorted([A(), A()])",
    ),
    "a name of another module": ("", "import other\n        other.__dict__[n](1)"),
    "a text that eval is given": ("", "eval('1 + 1')"),
    "a computed name of something unknown": ("", "getattr(n, n)"),
    "the subclasses of another class": (
        "class A: ...\nclass B:\n    def go(self):\n        load(1)\n",
        "[one() for one in A.__subclasses__()]",
    ),
}


@pytest.mark.parametrize(("before", "call"), UNREACHED.values(), ids=UNREACHED)
def test_an_observer_that_no_computed_name_leads_an_error_to_observes_nothing(before: str, call: str) -> None:
    """What looks alike."""
    text = f"{RAISES}{before}def f(n):\n    try:\n        {call}\n{READS}"
    assert observers(project_of(m=text, other="def other(n): ...\n")) == set()


def test_computed_names_that_lead_to_one_another_come_to_an_end() -> None:
    """Properties that give attributes of the same kind, each of many classes, and one that raises at the end."""
    made = "".join(
        f"class A{n}:\n    @property\n    def get_{n}(self):\n"
        f"        return getattr(A{(n + 1) % 12}(), 'get_' + self.name)\n"
        f"    def get_it(self):\n        load(1)\n"
        for n in range(12)
    )
    text = f"{RAISES}{made}def f(n):\n    try:\n        getattr(A0(), 'get_' + n)()\n{READS}"
    assert observers(project_of(m=text)) == {"name"}
