"""How values reach the place where they are called or raised, with one small program for each way."""

import pytest

from tests.analysis.escapes.programs import leaving

PROGRAMS = {
    "a call": "def f(): raise KeyError\ndef go(): f()",
    "a factory that returns the error": "def make(): return KeyError('x')\ndef go(): raise make()",
    "a factory that is given the class": "def make(cls, *a): return cls(*a)\ndef go(): raise make(KeyError, 1)",
    "a factory method with a default": """
        class A:
            def error(self, cls: type[Exception] = KeyError) -> Exception:
                return cls(1)
            def go(self):
                raise self.error()
        go = A().go""",
    "a parameter that is raised": "def fail(e): raise e\ndef go(): fail(KeyError())",
    "a parameter that is passed on": "def a(e): raise e\ndef b(x): a(x)\ndef go(): b(KeyError)",
    "a default that is raised": "def fail(cls=KeyError): raise cls\ndef go(): fail()",
    "a stored class": """
        class A:
            def __init__(self, kind): self.kind = kind
            def fail(self): raise self.kind('x')
        def go(): A(KeyError).fail()""",
    "a stored error": """
        class A:
            def keep(self): self.error = KeyError()
            def fail(self): raise self.error
        def go(): A().fail()""",
    "a caught error that is raised later": """
        def f(): raise KeyError
        def go():
            kept = None
            try: f()
            except KeyError as e: kept = e
            if kept: raise kept""",
    "a caught error that is stored": """
        def f(): raise KeyError
        class A:
            def work(self):
                try: f()
                except Exception as e: self.kept = e
            def result(self): raise self.kept
        def go():
            a = A()
            a.work()
            a.result()""",
    "with_traceback": "def go():\n    raise KeyError('x').with_traceback(None)",
    "a callback": "def apply(f): return f()\ndef cb(): raise KeyError\ndef go(): apply(cb)",
    "a callback given outwards": "def cb(x): raise KeyError\ndef go(xs): return sorted(xs, key=cb)",
    "map": "def cb(x): raise KeyError\ndef go(xs): return list(map(cb, xs))",
    "a lambda": "def f(): raise KeyError\ndef go():\n    g = lambda: f()\n    g()",
    "functools.partial": "import functools\ndef f(x): raise KeyError\ndef go(): functools.partial(f, 1)()",
    "a table of functions": "def f(): raise KeyError\nT = {'a': f}\ndef go(k): T[k]()",
    "get from a table": "def f(): raise KeyError\nT = dict(a=f)\ndef go(k): T.get(k)()",
    "a table of classes": "T = {1: KeyError}\ndef go(k): raise T[k]('x')",
    "a list that is appended to": "L = []\ndef f(): raise KeyError\nL.append(f)\ndef go():\n    for g in L: g()",
    "enumerate": "def f(): raise KeyError\ndef go():\n    for i, g in enumerate([f]): g()",
    "zip": "def f(): raise KeyError\ndef go():\n    for i, g in zip([1], [f]): g()",
    "items": "def f(): raise KeyError\nT = {'a': f}\ndef go():\n    for k, g in T.items(): g()",
    "a decorator": """
        import functools
        def deco(f):
            @functools.wraps(f)
            def inner(*a):
                return f(*a)
            return inner
        @deco
        def f(): raise KeyError
        def go(): f()""",
    "a decorator with arguments": """
        def deco(n):
            def outer(f):
                def inner(*a): return f(*a)
                return inner
            return outer
        @deco(3)
        def f(): raise KeyError
        def go(): f()""",
    "a class as a decorator": """
        class Deco:
            def __init__(self, f): self.f = f
            def __call__(self, *a): return self.f(*a)
        @Deco
        def f(): raise KeyError
        def go(): f()""",
    "functools.lru_cache": "import functools\n@functools.lru_cache\ndef f(): raise KeyError\ndef go(): f()",
    "functools.singledispatch": """
        import functools
        @functools.singledispatch
        def f(x): pass
        @f.register
        def _(x: int): raise KeyError
        def go(): f(1)""",
    "a property": """
        class A:
            @property
            def x(self): raise KeyError
        def go(): A().x""",
    "a property setter": """
        class A:
            @property
            def x(self): return 1
            @x.setter
            def x(self, value): raise KeyError
        def go():
            a = A()
            a.x = 1""",
    "cached_property": """
        import functools
        class A:
            @functools.cached_property
            def x(self): raise KeyError
        def go(): A().x""",
    "a class method": """
        class A:
            @classmethod
            def make(cls): raise KeyError
        def go(): A.make()""",
    "a constructor": "class A:\n    def __init__(self): raise KeyError\ndef go(): A()",
    "__post_init__": """
        import dataclasses
        @dataclasses.dataclass
        class A:
            x: int
            def __post_init__(self): raise KeyError
        def go(): A(1)""",
    "a field of a dataclass": """
        import dataclasses
        @dataclasses.dataclass
        class A:
            call: object
            def run(self): self.call()
        def f(): raise KeyError
        def go(): A(f).run()""",
    "a metaclass": """
        class Meta(type):
            def __call__(cls, *a): raise KeyError
        class A(metaclass=Meta): pass
        def go(): A()""",
    "a metaclass that calls that of type": """
        class Meta(type):
            def __call__(cls, *a): return type.__call__(cls, *a)
        class A(metaclass=Meta):
            def __init__(self): raise KeyError
        def go(): Meta.__call__(A)""",
    "super": """
        class A:
            def f(self): raise KeyError
        class B(A):
            def f(self): super().f()
        def go(): B().f()""",
    "a mixin's super": """
        class Mixin:
            def f(self): super().f()
        class A:
            def f(self): raise KeyError
        class B(Mixin, A): pass
        def go(): B().f()""",
    "an override": """
        class A:
            def f(self): pass
        class B(A):
            def f(self): raise KeyError
        def go(a: A): a.f()""",
    "__getattr__": "class A:\n    def __getattr__(self, name): raise KeyError\ndef go(): A().x",
    "a descriptor": """
        class D:
            def __get__(self, obj, owner): raise KeyError
        class A: x = D()
        def go(): A().x""",
    "an operator": "class A:\n    def __add__(self, o): raise KeyError\ndef go(): A() + 1",
    "a reflected operator": "class A:\n    def __radd__(self, o): raise KeyError\ndef go(): 1 + A()",
    "a comparison": "class A:\n    def __lt__(self, o): raise KeyError\ndef go(): A() < 1",
    "an item": "class A:\n    def __getitem__(self, o): raise KeyError\ndef go(): A()[1]",
    "del of an item": "class A:\n    def __delitem__(self, o): raise KeyError\ndef go():\n    a = A()\n    del a[1]",
    "in": "class A:\n    def __contains__(self, o): raise KeyError\ndef go(): 1 in A()",
    "len": "class A:\n    def __len__(self): raise KeyError\ndef go(): len(A())",
    "str": "class A:\n    def __str__(self): raise KeyError\ndef go(): str(A())",
    "an f-string": "class A:\n    def __repr__(self): raise KeyError\ndef go(): return f'{A()!r}'",
    "a call of an instance": "class A:\n    def __call__(self): raise KeyError\ndef go(): A()()",
    "iteration": "class A:\n    def __iter__(self): raise KeyError\ndef go():\n    for x in A(): pass",
    "__enter__": """
        class A:
            def __enter__(self): raise KeyError
            def __exit__(self, *a): pass
        def go():
            with A(): pass""",
    "a context manager": """
        import contextlib
        @contextlib.contextmanager
        def cm():
            raise KeyError
            yield
        def go():
            with cm(): pass""",
    "a generator": "def gen():\n    yield 1\n    raise KeyError\ndef go():\n    for x in gen(): pass",
    "yield from": "def a():\n    yield 1\n    raise KeyError\ndef b(): yield from a()\ndef go(): return list(b())",
    "next": "def gen():\n    yield 1\n    raise KeyError\ndef go(): return next(gen())",
    "join over a generator": "def gen():\n    yield ''\n    raise KeyError\ndef go(): return ''.join(gen())",
    "a stored generator": """
        def gen():
            yield 1
            raise KeyError
        class A:
            def __init__(self): self.it = iter(gen())
            def step(self): return next(self.it)
        def go(): A().step()""",
    "await": "async def f(): raise KeyError\nasync def go(): await f()",
    "asyncio.run": "import asyncio\nasync def f(): raise KeyError\ndef go(): asyncio.run(f())",
    "asyncio.gather": "import asyncio\nasync def f(): raise KeyError\nasync def go(): await asyncio.gather(f(), f())",
    "async for": """
        async def gen():
            yield 1
            raise KeyError
        async def go():
            async for x in gen(): pass""",
    "async with": """
        class A:
            async def __aenter__(self): raise KeyError
            async def __aexit__(self, *a): pass
        async def go():
            async with A(): pass""",
    "submit": """
        from concurrent.futures import ThreadPoolExecutor
        def f(): raise KeyError
        def go():
            with ThreadPoolExecutor() as pool:
                return pool.submit(f).result()""",
    "getattr by name": "class A:\n    def x(self): raise KeyError\ndef go(): getattr(A(), 'x')()",
    "getattr by prefix": """
        class A:
            def visit_a(self): raise KeyError
            def go(self, kind): return getattr(self, 'visit_' + kind)()
        go = A().go""",
    "a nested function": "def go():\n    def inner(): raise KeyError\n    inner()",
    "a closure that is returned": "def make():\n    def inner(): raise KeyError\n    return inner\ndef go(): make()()",
    "a global that is set": "h = None\ndef f(): raise KeyError\ndef setup():\n    global h\n    h = f\ndef go(): h()",
    "a returned instance": "class A:\n    def f(self): raise KeyError\ndef make(): return A()\ndef go(): make().f()",
    "a chain that returns self": """
        class A:
            def a(self): return self
            def f(self): raise KeyError
        def go(): A().a().a().f()""",
    "an annotation": "class A:\n    def f(self): raise KeyError\ndef go(a: 'A | None'): a.f()",
    "a list's annotation": "class A:\n    def f(self): raise KeyError\ndef go(xs: list[A]):\n    for a in xs: a.f()",
    "an attribute's annotation": """
        class A:
            def f(self): raise KeyError
        class B:
            a: A
            def run(self): self.a.f()
        def go(b: B): b.run()""",
    "sys.exc_info": """
        import sys
        def f(): raise KeyError
        def again(): raise sys.exc_info()[1]
        def go():
            try: f()
            except Exception: again()""",
    "a bare raise one call away": """
        def f(): raise KeyError
        def again(): raise
        def go():
            try: f()
            except Exception: again()""",
    "max of a generator": "def go(xs):\n    raise max((KeyError(x) for x in xs), key=str)",
    "a match": "class A:\n    def f(self): raise KeyError\ndef go(x):\n    match x:\n        case A() as a: a.f()",
    "a walrus": "def f(): raise KeyError\ndef go():\n    if (g := f): g()",
    "a star argument": "def f(*fs):\n    for g in fs: g()\ndef cb(): raise KeyError\ndef go(): f(cb)",
    "a keyword argument": "def f(**fs): fs['a']()\ndef cb(): raise KeyError\ndef go(): f(a=cb)",
    "a mapping's mixin method": """
        from collections.abc import Mapping
        class M(Mapping):
            def __getitem__(self, k): raise KeyError
            def __iter__(self): return iter(())
            def __len__(self): return 0
        def go(): return M().items()""",
    "a type that is asked for": "def f():\n    e = KeyError()\n    raise type(e)('x')\ndef go(): f()",
    "a class of a class attribute": """
        class A:
            kind = KeyError
            def f(self): raise self.kind('x')
        def go(): A().f()""",
    "a class attribute that is overridden": """
        class A:
            kind = None
            def f(self): raise self.kind('x')
        class B(A): kind = KeyError
        def go(): B().f()""",
    "NamedTuple": """
        from typing import NamedTuple
        class T(NamedTuple):
            call: object
        def f(): raise KeyError
        def go(): T(f).call()""",
    "ExitStack": """
        import contextlib
        @contextlib.contextmanager
        def cm():
            raise KeyError
            yield
        def go():
            with contextlib.ExitStack() as stack: stack.enter_context(cm())""",
    "__init_subclass__": """
        class A:
            def __init_subclass__(cls): raise KeyError
        def go():
            class B(A): pass""",
    "setattr by name": """
        class A: pass
        def f(): raise KeyError
        def go():
            a = A()
            setattr(a, 'x', f)
            a.x()""",
    "a static method in a table": """
        class A:
            @staticmethod
            def f(): raise KeyError
            T = {'a': f}
            def run(self): self.T['a']()
        def go(): A().run()""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_error_of_a_callee_leaves_its_caller(name: str) -> None:
    found = leaving(PROGRAMS[name])
    assert "KeyError" in found.get("go", found.get("A.go", ""))
