"""Which errors handlers let pass, which raise sites reach them, and how unknown calls are reported."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flext_analysis.escapes import OPEN, WIDE
from flext_analysis.summaries.summary import line_of, position
from tests.analysis.escapes.programs import analysis_of, is_open, leaving

CLASSES = ["Exception", "LookupError", "KeyError", "IndexError", "OSError", "FileNotFoundError", "ValueError"]


def test_a_handler_stops_what_it_catches_and_nothing_else() -> None:
    found = leaving("""
        def f(): raise KeyError
        def a():
            try: f()
            except LookupError: pass
        def b():
            try: f()
            except ValueError: pass
        def c():
            try: f()
            except (OSError, KeyError): pass
        def d():
            try: f()
            except: pass
        """)
    assert [found[name] for name in "abcd"] == ["", "KeyError", "", ""]


@settings(deadline=None)
@given(st.sampled_from(CLASSES), st.lists(st.sampled_from(CLASSES), min_size=1, max_size=3))
def test_a_class_passes_a_handler_when_python_says_so(raised: str, caught: list[str]) -> None:
    """No handler lets pass what it surely catches, and none stops anything else."""
    found = leaving(f"def f():\n    try:\n        raise {raised}\n    except ({', '.join(caught)},): pass\n")
    namespace = {name: eval(name) for name in CLASSES}
    stops = issubclass(namespace[raised], tuple(namespace[name] for name in caught))
    assert found["f"] == ("" if stops else raised)


def test_else_finally_and_handlers_are_outside_of_the_handlers() -> None:
    found = leaving("""
        def f():
            try: pass
            except KeyError: raise ValueError
            else: raise KeyError
            finally: g()
        def g(): raise OSError
        """)
    assert found["f"] == "KeyError OSError ValueError"


def test_a_bare_raise_and_the_variable_carry_what_was_caught_alone() -> None:
    found = leaving("""
        def f(x):
            if x: raise KeyError
            raise OSError
        def a():
            try: f(1)
            except KeyError: raise
            except OSError: pass
        def b():
            try: f(1)
            except KeyError as e: raise e
            except OSError: pass
        def c():
            try: f(1)
            except (KeyError, OSError) as e: raise RuntimeError from e
        """)
    assert (found["a"], found["b"], found["c"]) == ("KeyError", "KeyError", "RuntimeError")


def test_suppress_and_context_managers_stop_errors() -> None:
    found = leaving("""
        import contextlib
        def f(): raise KeyError
        @contextlib.contextmanager
        def quiet():
            try: yield
            except LookupError: pass
        @contextlib.contextmanager
        def loud():
            try: yield
            except LookupError as e: raise ValueError from e
        def a():
            with contextlib.suppress(KeyError): f()
        def b():
            with quiet(): f()
        def c():
            with loud(): f()
        def d():
            with contextlib.suppress(OSError): f()
        """)
    assert [found[name] for name in "abcd"] == ["", "", "ValueError", "KeyError"]


def test_the_bodies_of_one_context_manager_do_not_mix() -> None:
    found = leaving("""
        import contextlib
        @contextlib.contextmanager
        def cm():
            try: yield
            except Exception: raise
        def a():
            with cm(): raise KeyError
        def b():
            with cm(): raise OSError
        """)
    assert (found["a"], found["b"]) == ("KeyError", "OSError")


def test_each_call_of_a_raise_helper_has_its_own_class() -> None:
    found = leaving("""
        def fail(cls): raise cls
        def a(): fail(KeyError)
        def b(): fail(OSError)
        def make(cls): return cls()
        def c(): raise make(ValueError)
        """)
    assert (found["a"], found["b"], found["c"]) == ("KeyError", "OSError", "ValueError")


def test_each_call_of_a_caller_of_callbacks_has_its_own() -> None:
    """Past the handlers around the call of the callback."""
    found = leaving("""
        def apply(f):
            try: f()
            except KeyError: pass
        def x(): raise KeyError
        def y(): raise OSError
        def a(): apply(x)
        def b(): apply(y)
        """)
    assert (found["a"], found["b"]) == ("", "OSError")


def test_a_stub_counts_only_where_nothing_overrides_it() -> None:
    found = leaving("""
        class A:
            def f(self): raise NotImplementedError
            def g(self): raise NotImplementedError
        class B(A):
            def f(self): raise KeyError
        def a(x: A): x.f()
        def b(x: A): x.g()
        """)
    assert (found["a"], found["b"]) == ("KeyError", "NotImplementedError")


def test_iteration_swallows_the_end_of_an_iterator() -> None:
    found = leaving("""
        class It:
            def __iter__(self): return self
            def __next__(self): raise StopIteration
        def a():
            for x in It(): pass
        def b(): next(It())
        """)
    assert (found["a"], found["b"]) == ("", "StopIteration")


def test_what_cannot_be_told_is_said_to_be_open() -> None:
    assert is_open("def f(x): x()", "f")
    assert is_open("def f(x): raise x", "f")
    assert is_open("def f(x): x.anything()", "f")
    assert not is_open("def f(x):\n    return 1 + 1", "f")
    assert not is_open("def f(x): return x.strip().startswith('#')", "f"), "methods that texts have"
    assert is_open("class Tent:\n    def strip(self): ...\ndef f(x): x.strip()", "f"), "a class has one, too"
    assert not is_open("def f(x):\n    try: x()\n    except BaseException: pass", "f")


def test_a_way_leads_from_the_function_to_the_raise() -> None:
    analysis = analysis_of("""
        def f():
            raise KeyError
        def g():
            f()
        def h():
            try: g()
            except OSError: pass
        """)
    function = next(one for one in analysis.by_function() if one.scope.name == "h")
    steps = analysis.explain(function, "builtins.KeyError")
    assert [(one.function, one.line, one.does) for one in steps] == [
        ("h", 7, "calls"),
        ("g", 5, "calls"),
        ("f", 3, "raises"),
    ]
    assert analysis.explain(function, "builtins.OSError") == []


def test_every_error_has_a_way_and_what_is_open_a_reason() -> None:
    analysis = analysis_of("""
        def fail(e): raise e
        def f(x, g):
            try: g()
            except KeyError: raise
            x.y()
        def a(): raise KeyError
        def b(z): f(z, a)
        def c():
            try: b(1)
            except LookupError as error: fail(error)
        """)
    for function, errors in analysis.by_function().items():
        for name in errors:
            steps = analysis.explain(function, name)
            assert steps, (function, name)
            assert bool(steps[-1].reason) == (name == OPEN)


def test_a_handler_knows_the_raise_sites_that_reach_it() -> None:
    analysis = analysis_of(
        """
        def f(x):
            if x: raise KeyError("a")
            raise KeyError("b")
        def g():
            try: raise OSError
            except KeyError: pass
        def h():
            try: f(1)
            except LookupError as e: log(e)
        def log(e):
            return type(e)
        """,
        sites=True,
    )
    lines = {
        line_of(place): [line_of(one.site[1]) for one in errors if one.site]
        for (_, place), errors in analysis.handlers().items()
    }
    assert lines.get(7, []) == []
    assert lines[10] == [3, 4]
    seen = analysis.origins_of("m.py", position(12, 11))
    assert [(one.path, line_of(one.site[1])) for one in seen if one.site] == [
        ("builtins.KeyError", 3),
        ("builtins.KeyError", 4),
    ]


def test_an_exit_method_is_told_what_leaves_the_body() -> None:
    analysis = analysis_of(
        """
        class M:
            def __enter__(self): return self
            def __exit__(self, kind, error, trace):
                print(repr(error))
        def f():
            with M(): raise KeyError
        """,
        sites=True,
    )
    assert [one.path for one in analysis.origins_of("m.py", position(5, 14))] == ["builtins.KeyError"]


def test_a_table_says_what_others_raise_and_is_marked() -> None:
    text = "import shop\ndef f(): shop.pay()\n"
    raises = {"shop.pay": ["shop.Declined"]}
    found = analysis_of(text, raises=raises).by_function()
    assert {one.scope.name: errors for one, errors in found.items()} == {"f": {"shop.Declined": False}}


def test_the_wide_mode_holds_all_that_the_narrow_one_does() -> None:
    text = "class A:\n    def f(self): raise KeyError\ndef g(x): x.f()\n"
    assert set(leaving(text)["g"].split()) <= set(leaving(text, WIDE)["g"].split())


def test_the_order_of_the_files_does_not_count() -> None:
    files = {
        "p/__init__.py": "from .a import f",
        "p/a.py": "from .b import g\ndef f(): g()",
        "p/b.py": "from .c import *\ndef g(): h(KeyError)",
        "p/c.py": "def h(cls): raise cls",
    }
    results = [leaving(dict(order)) for order in itertools.permutations(files.items())]
    assert all(one == results[0] for one in results)
    assert results[0]["f"] == "KeyError"


HELPERS = """
    def again(): raise
    def outer(): again()
    def third(): outer()
    def fourth(): third()
    def load(n):
        if n: raise KeyError
    def save(n):
        if n: raise OSError
"""


def handling(helper: str) -> dict[str, str]:
    """Return what leaves two functions that call a helper in their handlers."""
    return leaving(f"""{HELPERS}
    def a():
        try: load(1)
        except KeyError: {helper}()
    def b():
        try: save(1)
        except OSError: {helper}()
    """)


@pytest.mark.parametrize("helper", ["again", "outer", "third", "fourth"])
def test_a_helper_raises_again_what_each_of_its_callers_handles(helper: str) -> None:
    found = handling(helper)
    assert (found["a"], found["b"]) == ("KeyError", "OSError")
