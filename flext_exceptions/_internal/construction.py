"""How an error is made: fast, and without ever raising, whatever it is given.

Each class has an ``__init__`` of its own, made from one code object with globals of its own: what it would else look up
on the class for every error. It is installed with the first instance, not with the class, or ``@dataclass`` would take
it for one that the program wrote. Whatever is unusual goes the long way, which is the same for all classes.
"""

from __future__ import annotations

import os
from time import time

from .. import metrics, settings
from ..correlation import current_scope
from . import builtin_layout
from .safe_text import name_of
from .state import state_of
from .usage_warning import warn_about

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    # What __init__ needs of its class, in one look-up: whether it knows keywords, the builtin's own __init__ where that
    # has more to fill than args, and what counts.
    Plan = tuple[Callable[[Iterable[str]], bool], Callable[..., None] | None, Iterator[int]]

_OVERRIDES = ("correlation_id", "retryable", "http_status", "retry_after")
_RESERVED = frozenset(("error_code", "message", *_OVERRIDES))

# The globals of an ``__init__`` that are those of its class.
_unmade: Any = None  # its own 0.0, which an instance has until it is made, and no subclass has
_declares: Any = None  # whether all of some keywords are named ones
_fields: tuple[str, ...] = ()  # the named keywords
_reserved: frozenset[str] = frozenset()  # the keywords that need the long way
_name = ""  # under which it is counted
_steps: Any = None  # what counts
_reads_args = True  # whether the builtin makes fields of a second argument


def _init(self: Any, /, *args: Any, **kw: Any) -> None:
    try:
        known = self._made is not _unmade
    except Exception:  # noqa: FLX202 (a class that answers no question)
        known = True
    if known or (_reads_args and len(args) > 1):
        return initialise(self, args, kw)
    steps = _steps
    if not kw:
        self._made = time()
        self.args = args
        scope = current_scope()
        if scope:
            self.correlation_id = scope[0]
    else:
        context, code, state = kw.pop("context", None), None, kw
        try:
            if not _declares(kw):
                code = kw.pop("code", None)
                if settings.current.strict or not _reserved.isdisjoint(kw):
                    raise LookupError  # noqa: FLX103
                if code is None or not _declares(kw):
                    state = {}
                    for name in _fields:
                        if name in kw:
                            state[name] = kw[name]
            merged = {**context, **kw} if context is not None else kw.copy() if state is kw else kw
            if code is not None:
                state["code"] = code
                steps = metrics.counter(_name, code)
        except Exception:  # a keyword that needs more thought, a context that is no mapping
            given = {"context": context, "code": code}
            return initialise(self, args, kw | {name: value for name, value in given.items() if value is not None})
        state["_made"] = time()
        state["context"] = merged
        scope = current_scope()
        if scope:
            state["correlation_id"] = scope[0]
        self._state = state
        self.args = args
    if settings.current.usual:
        for _ in steps:  # one step, in half the time of next()
            return None
    return _unusual(self, settings.current, steps)


_init_function: Any = _init
_base_init: Any = None  # that of BaseError, the first class
_OWN_INIT = "own_init_"


def make_init(cls: Any) -> Any:
    """An ``__init__`` that is the class's own."""
    global _base_init
    # A copy of the code, since the interpreter keeps with it what it learns of the globals.
    own = type(_init_function)(_init_function.__code__.replace(), {**globals(), **_globals_of(cls)}, "__init__")
    own.made_for = cls
    own.__qualname__ = f"{_OWN_INIT}{os.urandom(8).hex()}"
    if _base_init is None:
        _base_init = own
    return own


def __getattr__(name: str) -> Any:
    """An ``__init__`` that is a class's own, by its qualified name, by which cloudpickle refers to it.

    Where the class comes to, nobody knows the name. There it gets that of BaseError, as any class has before its first
    instance.
    """
    if not name.startswith(_OWN_INIT):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")  # noqa: FLX103
    found = (vars(cls).get("__init__") for cls in below(_base_init.made_for))
    return next((init for init in found if getattr(init, "__qualname__", "") == name), _base_init)


def _globals_of(cls: Any) -> dict[str, Any]:
    declares, init, steps = cls._plan
    plain = init is None or init is OSError.__init__
    alone = (
        plain
        and not cls._shadowed
        and cls.__setattr__ is BaseException.__setattr__
        and builtin_layout.has_builtin_new(cls)
        and not any(builtin_layout.is_computed(cls, name) for name in ("args", "context", "correlation_id", "_made"))
    )
    return {
        "_unmade": cls._made if alone else None,
        "_declares": declares,
        "_fields": cls._keywords,
        "_reserved": _RESERVED.union(cls._native_keywords),
        "_name": cls._counted_as[0],
        "_steps": steps,
        "_reads_args": init is not None,
    }


def is_own_init(init: object) -> bool:
    """Whether an ``__init__`` is one of those that are made here."""
    return hasattr(init, "made_for")


def initialise(self: Any, args: tuple[object, ...], kw: dict[str, Any]) -> None:
    """The long way of ``__init__``."""
    context = kw.pop("context", None)
    cls = type(self)
    if "_is_ready" not in vars(cls):
        make_ready(cls)
    fits, init, steps = cls._plan
    state = state_of(self)
    native: dict[str, object] | None = None
    if state:
        if "_made" in state:
            return _again(self, args, context, kw)
        if "code" in state:
            steps, native = metrics.counter(cls._counted_as[0], state["code"]), {}
    if kw:
        if fits(kw):
            state |= kw
        else:
            args, native = _sort(self, args, kw)
            if "code" in state:
                steps = metrics.counter(cls._counted_as[0], state["code"])
    state["_made"] = time()
    if context is not None:
        try:
            state["context"] = {**context, **kw}
        except Exception:
            state["context"] = {**_as_dict(self, context), **kw}
    elif kw:
        state["context"] = kw
    if init is None:
        builtin_layout.set_args(self, args)
    else:
        steps = _fill(self, init, args, native)
    _finish(self, state, steps)
    return None


def make_ready(cls: Any) -> None:
    """Give a class, with its first instance, what it could not have been given before."""
    type.__setattr__(cls, "_is_ready", True)
    if cls.__hash__ is None:  # of a dataclass; an error that has no hash is refused by trackers and tracebacks
        type.__setattr__(cls, "__hash__", BaseException.__hash__)
    if is_own_init(cls.__init__):
        type.__setattr__(cls, "__init__", make_init(cls))


def complete(self: Any) -> None:
    """Do for an error whose constructor never came here what is done for every other."""
    state, cls = state_of(self), type(self)
    if "_made" in state:
        return
    if "_is_ready" not in vars(cls):
        make_ready(cls)
    if hasattr(cls, "__getattr__") and _stand_in(self, state):
        return
    state["_made"] = time()
    fields = {name: state[name] for name in cls._keywords if name in state}
    fields |= {name: value for name, value in builtin_layout.fields(self) if name in cls._shadowed}
    if fields:
        state.setdefault("context", fields)
    _finish(self, state, metrics.counter(cls._counted_as[0], state["code"]) if "code" in state else cls._plan[2])


def _stand_in(self: Any, state: dict[str, Any]) -> bool:
    """Take over what an error of ours holds that this one forwards to: Ray raises such, of a class made for it."""
    try:
        other: Any = type(self).__getattr__(self, "_itself")
    except Exception:  # noqa: FLX202 (a class that answers no question)
        return False
    if other is self or not (isinstance(other, BaseException) and "_made" in state_of(other)):
        return False
    known: Any = other
    _ = known.correlation_id, known.context  # read now, or each would make its own
    for name, value in list(state_of(other).items()):
        state.setdefault(name, value)
    builtin_layout.set_fields(self, dict(builtin_layout.fields(other)))
    return True


def completing(cls: Any, name: str) -> None:
    """Let a constructor that a program wrote be followed by :func:`complete`, until it is seen to come here itself."""
    original = getattr(cls, name)

    def constructor(self: Any, /, *args: Any, **kw: Any) -> Any:
        result = original(self, *args, **kw)
        if "_made" in self._state:  # by the class: cloudpickle takes this function apart, and no slot goes with it
            if vars(cls).get(name) is constructor:
                type.__setattr__(cls, name, original)
        elif getattr(type(self), name, None) is constructor:
            complete(self)
        return result

    for each in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(constructor, each, getattr(original, each, None))
    constructor.__wrapped__ = original  # type: ignore[attr-defined]  # as functools.wraps does: signatures follow it
    type.__setattr__(cls, name, constructor)


def new_of_foreign_init(cls: Any, /, *args: object, **kw: object) -> Any:
    """The ``__new__`` of a class whose ``__init__`` is that of a foreign base before ours."""
    if is_foreign_init(cls) and "__init__" not in vars(cls):
        completing(cls, "__init__")
    return builtin_layout.solid(cls).__new__(cls, *args)


def is_foreign_init(cls: Any) -> bool:
    """Whether a base that knows nothing of ours says what ``__init__`` does."""
    definer = next(base for base in cls.__mro__ if "__init__" in vars(base))
    return not hasattr(definer, "_plan")


def _finish(self: Any, state: dict[str, Any], steps: Iterator[int]) -> None:
    scope = current_scope()
    if scope is not None:
        state.setdefault("correlation_id", scope[0])
    live = settings.current
    if live.usual:
        next(steps)
    else:
        _unusual(self, live, steps)


def _unusual(self: Any, live: settings.Settings, steps: Iterator[int]) -> None:
    """What settings other than the usual ones ask for."""
    if live.enable_metrics:
        next(steps)
    if live.traceback_details:
        from .notes import Details

        state_of(self).setdefault("__notes__", [Details(self)])
    for tell in live.watchers:
        try:
            tell(self)
        except Exception as error:
            warn_about(self, f"{tell!r} was told of an error and failed: {error!r}")


def _sort(self: Any, args: tuple[object, ...], kw: dict[str, Any]) -> tuple[tuple[object, ...], dict[str, object]]:
    """Put each keyword where it belongs and leave in kw what goes into context; return args and the builtin's own."""
    state = state_of(self)
    error_code = kw.pop("error_code", None)
    code = kw.pop("code", None)
    if code is None:
        code = error_code
    if code is not None:
        state["code"] = code
    for name in _OVERRIDES:
        value = kw.pop(name, None)
        if value is not None:
            state[name] = value if name != "retry_after" else _seconds(value)
    if not args and "message" in kw:
        args = (kw.pop("message"),)
    cls = type(self)
    native = {name: kw.pop(name) for name in cls._native_keywords if name in kw}
    state.update((name, kw[name]) for name in cls._keywords if name in kw)
    if settings.current.strict:
        # None is "not given": FlextExceptions("m", field=None) makes an Error, which has no field.
        unknown = [name for name, value in kw.items() if name not in cls._keywords and value is not None]
        if unknown:
            warn_about(self, f"{cls.__name__} has no keyword {', '.join(unknown)}; it goes into context")
    return args, native


def _seconds(wait: object) -> object:
    if type(wait) is float or type(wait) is int:  # as most say it
        return wait
    from .durations import seconds

    return seconds(wait)


def _fill(
    self: Any, init: Callable[..., None], args: tuple[object, ...], keywords: dict[str, object] | None
) -> Iterator[int]:
    """Run the builtin's ``__init__``; where it refuses, the arguments are kept all the same. Returns what counts."""
    state, cls = state_of(self), type(self)
    try:
        if len(args) > 1 and "_adopts" in vars(cls):
            _adopt(self, args)
        else:
            init(self, *args, **(keywords or {}))
    except Exception:
        builtin_layout.set_args(self, args)
    if cls._shadowed:
        builtin_layout.set_fields(self, {name: state.pop(name) for name in cls._shadowed if name in state})
    if args and not self.args:  # OSError.__init__ does nothing below a user's own __new__
        builtin_layout.set_args(self, args)
    if keywords is None or "code" not in state:  # as of most, whose keywords were not even looked through for one
        steps: Iterator[int] = type(self)._plan[2]
        return steps
    return metrics.counter(type(self)._counted_as[0], state["code"])


def _adopt(self: Any, args: tuple[Any, ...]) -> None:
    """Become what the builtin makes of the arguments.

    Two do for themselves what they do not do for a subclass: of ``OSError(2, "x")`` comes a FileNotFoundError, and
    BlockingIOError takes a number in third place as ``characters_written``.
    """
    cls = type(self)
    twin = cls._adopts(*args)
    if type(twin) is not cls._adopts:
        self.__class__ = next(kind for kind in below(cls) if type(twin) in kind.__bases__)
    builtin_layout.refill(self, twin.args, dict(builtin_layout.fields(twin)))


def below(cls: Any) -> Iterator[Any]:
    """A class and all below it, as far as they live; one with two bases comes twice."""
    yield cls
    for sub in cls.__subclasses__():
        yield from below(sub)


def _again(self: Any, args: tuple[object, ...], context: Any, kw: dict[str, Any]) -> None:
    """Merge a second ``__init__``: in a diamond both parents are called, by classes that know nothing of each other."""
    rest = {name: value for name, value in kw.items() if value is not None}
    args, native = _sort(self, args, rest)
    if context is not None:
        try:
            rest = {**context, **rest}
        except Exception:
            rest = {**_as_dict(self, context), **rest}
    if rest:
        self.context.update(rest)
    if self.args and args in ((), ("",), (None,)):
        args = self.args
    init = type(self)._plan[1]
    if init is None:
        builtin_layout.set_args(self, args)
        return
    before = dict(builtin_layout.fields(self))
    _fill(self, init, args, native)
    builtin_layout.set_fields(self, before | dict(builtin_layout.fields(self)))


def _as_dict(self: Any, context: object) -> dict[Any, Any]:
    """A context that is no mapping, or a broken one, as a dict; nothing given is lost."""
    if settings.current.watches_misuse:
        warn_about(self, f"context of {type(self).__name__} is no mapping but {name_of(type(context))}")
    return {"context": context}
