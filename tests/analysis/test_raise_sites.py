"""What a raise raises, which handlers may receive it, and which raises are part of a protocol."""

from __future__ import annotations

import ast

import pytest

from flext_analysis.syntax.raise_sites import handlers_around, is_protocol, raise_sites
from flext_analysis.syntax.statements import statements


def protocol(text: str) -> list[bool]:
    """Say of each raise whether it is part of a protocol."""
    return [is_protocol(ast.unparse(site.raised), site.block) for site in raise_sites(statements(ast.parse(text)))]


def test_a_site_is_split_into_class_and_call() -> None:
    """A bare re-raise is not a raise site."""
    text = "raise\nraise A\nraise a.B(1)\nraise f()(2)\nraise A from b\n"
    sites = list(raise_sites(statements(ast.parse(text))))
    assert [(ast.unparse(site.raised), site.call is not None) for site in sites] == [
        ("A", False),
        ("a.B", True),
        ("f()", True),
        ("A", False),
    ]
    assert [site.node.lineno for site in sites] == [2, 3, 4, 5]


def handlers(body: str) -> list[str]:
    """Return the classes of the handlers around the one raise of a function."""
    tree = ast.parse("def f():\n" + "".join(f"    {line}\n" for line in body.splitlines()))
    (site,) = raise_sites(statements(tree))
    return [ast.unparse(handler.type) if handler.type else "" for handler in handlers_around(site.block)]


def test_handlers_around_a_raise_come_innermost_first() -> None:
    """Through blocks of any kind."""
    inner = "try:\n    for x in y:\n        try:\n            if x:\n                raise E\n"
    text = f"{inner}        except A: pass\n        except B: pass\nexcept: pass"
    assert handlers(text) == ["A", "B", ""]
    assert handlers("try:\n    with x:\n        raise E\nexcept* A: pass") == ["A"]


@pytest.mark.parametrize(
    "text",
    [
        "try: pass\nexcept A:\n    raise E",
        "try: pass\nexcept A: pass\nelse:\n    raise E",
        "try: pass\nexcept A: pass\nfinally:\n    raise E",
        "try:\n    def g():\n        raise E\nexcept A: pass",
        "try:\n    class C:\n        raise E\nexcept A: pass",
        "raise E",
    ],
    ids=["handler", "else", "finally", "function", "class", "nothing"],
)
def test_what_stands_elsewhere_is_not_handled(text: str) -> None:
    """In the handler itself, in else, in finally, and in a function or class inside."""
    assert handlers(text) == []


def test_a_raise_in_a_handler_reaches_the_handlers_further_out() -> None:
    """Not those of its own try."""
    assert handlers("try:\n    try: pass\n    except A:\n        raise E\nexcept B: pass") == ["B"]


ALWAYS = (
    "StopIteration StopAsyncIteration NotImplementedError SystemExit KeyboardInterrupt GeneratorExit AssertionError"
)


@pytest.mark.parametrize("name", [*ALWAYS.split(), "DeprecationWarning", "UserWarning", "CancelledError"])
def test_signals_are_protocol_everywhere(name: str) -> None:
    """In a function, at the top."""
    assert protocol(f"raise {name}\ndef f():\n    raise {name}(1)") == [True, True]


TABLE = {
    "AttributeError": "__getattr__ __getattribute__ __setattr__ __delattr__ __get__ __set__ __delete__",
    "KeyError": "__getitem__ __setitem__ __delitem__ __missing__ pop popitem popleft remove",
    "IndexError": "__getitem__ __setitem__ __delitem__ pop popleft",
    "TypeError": "__hash__ __add__ __iter__ __new__ __lt__ __set_name__ __init_subclass__",
}


@pytest.mark.parametrize(("name", "method"), [(name, each) for name, text in TABLE.items() for each in text.split()])
def test_a_method_of_a_protocol_raises_its_error_and_no_other(name: str, method: str) -> None:
    """Called or not, async or not. ValueError belongs to no protocol, and an inner function is a different one."""
    assert protocol(f"class C:\n    def {method}(self):\n        raise {name}(1)\n        raise {name}") == [True, True]
    assert protocol(f"class C:\n    async def {method}(self):\n        if x:\n            raise {name}") == [True]
    assert (
        protocol(f"class C:\n    def {method}(self):\n        raise ValueError\n        raise OSError") == [False] * 2
    )
    assert protocol(f"class C:\n    def {method}(self):\n        def inner():\n            raise {name}") == [False]


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("TypeError", "__init__"),
        ("TypeError", "__call__"),
        ("TypeError", "add"),
        ("TypeError", "__"),
        ("TypeError", "____"),
        ("TypeError", "_private"),
        ("AttributeError", "__init__"),
        ("AttributeError", "get"),
        ("KeyError", "get"),
        ("KeyError", "__init__"),
        ("IndexError", "find"),
    ],
)
def test_other_methods_are_no_protocol(name: str, method: str) -> None:
    """__init__ and __call__ check arguments as any function does."""
    assert protocol(f"class C:\n    def {method}(self):\n        raise {name}") == [False]


@pytest.mark.parametrize(
    "decorator",
    [
        "property",
        "functools.cached_property",
        "cached_property",
        "a.setter",
        "a.deleter",
        "a.getter",
        "my_property",
        "x.lazy_property()",
    ],
)
def test_a_property_raises_attribute_errors_by_protocol(decorator: str) -> None:
    """By any name that ends in property, called or not."""
    assert protocol(f"class C:\n    @{decorator}\n    def a(self):\n        raise AttributeError") == [True]
    assert protocol(f"class C:\n    @{decorator}\n    def a(self):\n        raise KeyError") == [False]


@pytest.mark.parametrize("decorator", ["staticmethod", "setter", "functools.cache", "properties", "x[0]"])
def test_another_decorator_makes_no_property(decorator: str) -> None:
    """Nor does the word alone."""
    assert protocol(f"class C:\n    @{decorator}\n    def a(self):\n        raise AttributeError") == [False]


def test_at_the_top_of_a_module_nothing_but_signals_is_protocol() -> None:
    """There is no function to belong to."""
    assert protocol("raise KeyError\nraise AttributeError\nraise TypeError") == [False] * 3
    assert protocol("def __getattr__(name):\n    raise AttributeError(name)") == [True]
