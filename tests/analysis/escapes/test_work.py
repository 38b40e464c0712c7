"""How much work the analysis does: steps without new input are not repeated, and what calls share is done once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from flext_analysis.escapes import EscapeAnalysis
from flext_analysis.escapes.evaluation.functions import Functions
from flext_analysis.summaries import summary as op
from tests.analysis.escapes.programs import analysis_of, leaving

FUNCTIONS = "\n".join(f"def f{number}(): raise ValueError({number})" for number in range(20))
NAMES = ", ".join(f"f{number}" for number in range(20))
OUTSIDE = ", ".join(f"lib.take{number}" for number in range(10))
HANDED = f"""
import lib
{FUNCTIONS}
TABLE = [{NAMES}]
TAKERS = [{OUTSIDE}]
def hand():
    for function in TABLE:
        for taker in TAKERS:
            taker(function)
"""
GROWING = """
class First(Exception): ...
class Second(Exception): ...
def use():
    print("once")
    raise keep.error
class Keep: ...
keep = Keep()
def first(): keep.error = First()
def second():
    keep.error = made()
def made(): return other()
def other(): return Second()
"""


def items_of(analysis: EscapeAnalysis, name: str) -> list[Any]:
    """Return the items of a function."""
    return next(one.items for one in analysis.engine.instances.values() if one.definition.scope.name == name)


def test_a_function_is_handed_to_code_outside_once_however_many_may_take_it() -> None:
    """Each of 20 functions is called once; ten takers times 20 functions would be 200 calls."""
    calls = [one for one in items_of(analysis_of(HANDED), "hand") if one[0] == "call"]
    assert len(calls) == 20
    assert leaving(HANDED)["hand"] == "ValueError"


def test_only_statements_that_read_something_new_are_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attribute gets two more values: the ``raise`` runs again, the ``print`` next to it does not."""
    runs: Counter[str] = Counter()
    value = Functions.value

    def counted(frame: Functions, code: Any) -> Any:
        if frame.definition.scope.name == "use" and code[0] in (op.CONSTANT, op.ATTRIBUTE):
            runs["constant" if code[0] == op.CONSTANT else "attribute"] += 1
        return value(frame, code)

    monkeypatch.setattr(Functions, "value", counted)
    assert leaving(GROWING)["use"] == "First Second"
    assert runs["constant"] == 1
    assert runs["attribute"] > 1


def test_what_is_added_last_reaches_all_who_read_it() -> None:
    """A statement that is not run again would miss what a table of tables gets in a later function."""
    program = """
    class Late(Exception): ...
    inner = []
    outer = [inner]
    def run():
        for table in outer:
            for function in table:
                function()
    def fill(): inner.append(pick())
    def pick(): return late
    def late(): raise Late
    """
    assert leaving(program)["run"] == "Late"


def family(classes: int, users: int) -> str:
    """Return a program in which many functions read the attribute of an object that may be of any of many classes."""
    below = "\n".join(f"class C{n}(Base):\n    def run(self): raise E{n}" for n in range(classes))
    errors = "\n".join(f"class E{n}(Exception): ..." for n in range(classes))
    readers = "\n".join(f"def use{n}(one: Base): return one.run" for n in range(users))
    return f"{errors}\nclass Base:\n    def run(self): ...\n{below}\n{readers}\ndef call(one: Base): use0(one)()\n"


def test_what_an_attribute_may_be_is_joined_once_for_all_who_read_it() -> None:
    """Each further reader costs the same, whether ten classes override the method or a hundred."""

    def reads(classes: int, users: int) -> int:
        return analysis_of(family(classes, users)).engine.reads

    assert reads(100, 40) - reads(100, 20) == reads(10, 40) - reads(10, 20)
    assert len(leaving(family(15, 2))["call"].split()) == 15


def test_a_class_that_sets_an_attribute_late_is_heard_by_those_who_read_it_of_a_base() -> None:
    program = """
    class Late(Exception): ...
    class Base: ...
    class Below(Base): ...
    class Other: ...
    def run(one: Base): one.hook()
    def elsewhere(one: Other): one.hook()
    def setup(): fill(Below())
    def fill(one): one.hook = pick()
    def pick(): return late
    def late(): raise Late
    """
    found = leaving(program)
    assert (found["run"], found["elsewhere"]) == ("Late", "")


def test_the_hook_for_missing_attributes_is_called_once_for_many_classes_that_share_it() -> None:
    """Twelve classes inherit one ``__getattr__``: a read of what all of them lack calls it once."""
    classes = "\n".join(f"class C{n}(Base): ..." for n in range(12))
    program = f"""
class Lacking(Exception): ...
class Base:
    def __getattr__(self, name): raise Lacking
{classes}
TABLE = [{", ".join(f"C{n}()" for n in range(12))}]
def read():
    for one in TABLE:
        one.missing
"""
    calls = [one for one in items_of(analysis_of(program), "read") if one[0] == "call"]
    assert len(calls) == 1
    assert leaving(program)["read"] == "Lacking"


def table(classes: int, users: int) -> str:
    """Return a program in which many functions read the attribute of one of many objects in a table."""
    made = "\n".join(f"class C{n}(Base): ..." for n in range(classes))
    readers = "\n".join(f"def use{n}():\n    for one in TABLE: one.run()" for n in range(users))
    table = ", ".join(f"C{n}()" for n in range(classes))
    return f"class E(Exception): ...\nclass Base:\n    def run(self): raise E\n{made}\nTABLE = [{table}]\n{readers}\n"


def test_a_method_that_all_objects_of_a_table_inherit_is_called_once() -> None:
    program = table(30, 1)
    assert [one[0] for one in items_of(analysis_of(program), "use0")].count("call") == 1
    assert leaving(program)["use0"] == "E"


def test_what_the_objects_of_a_table_have_is_gathered_once_for_all_who_read_it() -> None:
    """Each further reader costs the same, whether the table holds twelve objects or thirty."""

    def reads(classes: int, users: int) -> int:
        return analysis_of(table(classes, users)).engine.reads

    assert reads(30, 40) - reads(30, 20) == reads(12, 40) - reads(12, 20)


TEN = "\n".join(f"class C{n}: ..." for n in range(10))
USED = f"""
class Late(Exception): ...
{TEN}
TABLE = [{", ".join(f"C{n}()" for n in range(10))}]
def use():
    for one in TABLE: one.run()
def again():
    for one in TABLE: one.run()
"""


def test_what_joins_a_table_late_is_heard_by_all_who_read_the_attribute() -> None:
    program = f"""{USED}
class Added:
    def run(self): raise Late
def add(): TABLE.append(make())
def make(): return other()
def other(): return Added()
"""
    found = leaving(program)
    assert (found["use"], found["again"]) == ("Late", "Late")


def test_what_an_object_of_a_table_gets_late_is_heard_by_all_who_read_the_attribute() -> None:
    program = f"""{USED}
def setup(): fill(C3())
def fill(one): one.run = pick()
def pick(): return hook
def hook(): raise Late
"""
    found = leaving(program)
    assert (found["use"], found["again"]) == ("Late", "Late")
