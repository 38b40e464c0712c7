"""What containers hold: the object whose method raises is put in one way, and taken out in another."""

import pytest

from tests.analysis.escapes.programs import leaving

CLASS = "class A:\n    def go(self): raise KeyError\ndef pairs():\n    yield 'a', A()\n"
BODIES = {
    "the values of a literal": "for one in {'a': A()}.values(): one.go()",
    "the values of a mapping that was filled": "t = {}\nt['a'] = A()\nfor one in t.values(): one.go()",
    "a list of the values": "list({'a': A()}.values())[0].go()",
    "the values of a copy": "t = {'a': A()}\nfor one in t.copy().values(): one.go()",
    "the keys": "for one in {A(): 1}: one.go()",
    "the keys of a copy": "for one in {A(): 1}.copy(): one.go()",
    "a mapping made of pairs": "t = dict([('a', A())])\nt['a'].go()",
    "a mapping made of lists of two": "t = dict([['a', A()]])\nt['a'].go()",
    "a mapping made of a generator of pairs": (
        "import collections\nt = collections.OrderedDict((name, A()) for name in 'ab')\nt['a'].go()"
    ),
    "a mapping made of zip": "t = dict(zip('ab', [A(), A()]))\nt['a'].go()",
    "a mapping updated with pairs": "t = {}\nt.update((name, A()) for name in 'ab')\nfor _, one in t.items(): one.go()",
    "a mapping made of a generator function": "t = dict(pairs())\nt['a'].go()",
    "a mapping updated with items": "t = {}\nt.update({'a': A()}.items())\nt['a'].go()",
    "a mapping joined with another": "t = {}\nt |= {'a': A()}\nt['a'].go()",
    "a list extended with pairs": "t = []\nt.extend([('a', A())])\nfor _, one in t: one.go()",
    "a list extended with a mapping": "t = []\nt.extend({A(): 1})\nt[0].go()",
    "a list one place of which was set": "t = [None]\nt[0] = A()\nfor one in t: one.go()",
    "an annotated list": "t: list[A] = []\nt[0] = A()\nfor one in t: one.go()",
    "a list into which a slice was put": "t = []\nt[0:0] = [A()]\nt[0].go()",
    "a product": "import itertools\nfor one, _ in itertools.product([A()], [1]): one.go()",
    "pairs of neighbours": "import itertools\nfor _, one in itertools.pairwise([A()]): one.go()",
    "a simple namespace": "import types\ntypes.SimpleNamespace(a=A()).a.go()",
    "a namespace that was set": "import argparse\nt = argparse.Namespace()\nt.a = A()\nt.a.go()",
}
RUN = {
    "the name of a descriptor": (
        "class D:\n    def __set_name__(self, o, n): raise KeyError\ndef go():\n    class A: x = D()"
    ),
    "a generic class": "class A:\n    def __class_getitem__(cls, k): raise KeyError\ndef go(): A[int]",
    "a member of an enumeration": (
        "import enum\nclass A(enum.Enum):\n    X = 1\n    @classmethod\n    def _missing_(cls, v): raise KeyError\n"
        "def go(): A(2)"
    ),
    "a counter": (
        "import collections\nclass A:\n    def __iter__(self): raise KeyError\ndef go(): collections.Counter(A())"
    ),
    "keys of a mapping": "class A:\n    def __iter__(self): raise KeyError\ndef go(): dict.fromkeys(A())",
    "a running total": "import itertools\ndef f(a, b): raise KeyError\ndef go(): list(itertools.accumulate([1], f))",
    "a key to sort by": (
        "import operator\nclass A:\n    def name(self): raise KeyError\n"
        "def go(): sorted([A()], key=operator.methodcaller('name'))"
    ),
    "a mapping made of a generator": "def pairs():\n    raise KeyError\n    yield 'a', 1\ndef go(): dict(pairs())",
    "a mapping made of an iterable": "class A:\n    def __iter__(self): raise KeyError\ndef go(): dict(A())",
}
NOT_CALLED = {
    "the keys alone": "for one in {'a': A()}: one.go()",
    "a place of a pair": "for one, _ in [('a', A())]: one.go()",
    "the keys of a mapping made of pairs": "for one in dict([('a', A())]): one.go()",
}


def function(body: str) -> str:
    return f"{CLASS}def go():\n" + "\n".join(f"    {line}" for line in body.splitlines())


@pytest.mark.parametrize("name", BODIES)
def test_the_member_of_a_container_is_found_where_it_is_taken_out(name: str) -> None:
    assert leaving(function(BODIES[name]))["go"] == "KeyError"


@pytest.mark.parametrize("name", RUN)
def test_what_is_read_or_made_there_is_run_there(name: str) -> None:
    assert leaving(RUN[name])["go"] == "KeyError"


@pytest.mark.parametrize("name", NOT_CALLED)
def test_what_a_container_does_not_give_there_is_not_called(name: str) -> None:
    assert leaving(function(NOT_CALLED[name])).get("go", "") == ""
