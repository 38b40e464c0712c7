"""How an error is constructed: fast, and without ever raising, whatever its arguments.

Each class has its own ``__init__``. All are made from one code object with different globals, which hold what it would
otherwise look up on the class for every error. It is installed with the first instance rather than with the class,
because ``@dataclass`` would mistake it for one that the program wrote. Unusual cases take the slow path, which is the
same for all classes.
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

    # What __init__ needs to know about its class, in one look-up: whether it has keywords, the builtin's own __init__
    # if that fills more than args, and the counter.
    Plan = tuple[Callable[[Iterable[str]], bool], Callable[..., None] | None, Iterator[int]]

_OVERRIDES = ("correlation_id", "retryable", "http_status", "retry_after")
_RESERVED = frozenset(("error_code", "message", *_OVERRIDES))

# The globals of an ``__init__`` that are specific to its class.
_unmade: Any = None  # a 0.0 of its own: an instance has it until it is initialised, and no subclass has it
_declares: Any = None  # whether some keywords are all named ones
_fields: tuple[str, ...] = ()  # the named keywords
_reserved: frozenset[str] = frozenset()  # the keywords that need the slow path
_name = ""  # the label under which it is counted
_steps: Any = None  # the counter
_reads_args = True  # whether the builtin reads a second argument into its fields


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
        except Exception:  # a keyword that needs the slow path, or a context that is not a mapping
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
        for _ in steps:  # one step, in half the time that next() takes
            return None
    return _unusual(self, settings.current, steps)


_init_function: Any = _init
_base_init: Any = None  # BaseError's, the first class
_OWN_INIT = "own_init_"


def make_init(cls: Any) -> Any:
    """An ``__init__`` that belongs to one class."""
    global _base_init
    # A copy of the code, since the interpreter caches in it what it learns about the globals.
    own = type(_init_function)(_init_function.__code__.replace(), {**globals(), **_globals_of(cls)}, "__init__")
    own.made_for = cls
    own.__qualname__ = f"{_OWN_INIT}{os.urandom(8).hex()}"
    if _base_init is None:
        _base_init = own
    return own


def __getattr__(name: str) -> Any:
    """The class's own ``__init__``, named by the qualified name by which cloudpickle refers to it.

    In the process that loads the pickle nobody knows the name. There it resolves to BaseError's, which every class has
    before its first instance.
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
    """Whether an ``__init__`` was made by this module."""
    return hasattr(init, "made_for")


def initialise(self: Any, args: tuple[object, ...], kw: dict[str, Any]) -> None:
    """The slow path of ``__init__``."""
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
    """With its first instance, give a class what it could not have been given before."""
    type.__setattr__(cls, "_is_ready", True)
    if cls.__hash__ is None:  # by a dataclass; an error without a hash is refused by trackers and tracebacks
        type.__setattr__(cls, "__hash__", BaseException.__hash__)
    if is_own_init(cls.__init__):
        type.__setattr__(cls, "__init__", make_init(cls))


def complete(self: Any) -> None:
    """Do what the constructor does, for an error whose constructor never reached ours."""
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
    """Copy the state of the error that this one forwards to: Ray raises instances of a derived class."""
    try:
        other: Any = type(self).__getattr__(self, "_itself")
    except Exception:  # noqa: FLX202 (a class that answers no question)
        return False
    if other is self or not (isinstance(other, BaseException) and "_made" in state_of(other)):
        return False
    known: Any = other
    _ = known.correlation_id, known.context  # read now, or each would generate its own
    for name, value in list(state_of(other).items()):
        state.setdefault(name, value)
    builtin_layout.set_fields(self, dict(builtin_layout.fields(other)))
    return True


def completing(cls: Any, name: str) -> None:
    """Call :func:`complete` after a constructor that the program wrote, until that is seen to call ours itself."""
    original = getattr(cls, name)

    def constructor(self: Any, /, *args: Any, **kw: Any) -> Any:
        result = original(self, *args, **kw)
        # reached through the class: cloudpickle takes this function apart, and would lose a slot
        if "_made" in self._state:
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
    """The ``__new__`` of a class whose ``__init__`` comes from a foreign base that precedes ours."""
    if is_foreign_init(cls) and "__init__" not in vars(cls):
        completing(cls, "__init__")
    return builtin_layout.solid(cls).__new__(cls, *args)


def is_foreign_init(cls: Any) -> bool:
    """Whether ``__init__`` comes from a base that knows nothing of ours."""
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
    """Apply the settings that are not at their defaults."""
    if live.enable_metrics:
        next(steps)
    if live.traceback_details:
        from .notes import Details

        state_of(self).setdefault("__notes__", [Details(self)])
    for tell in live.watchers:
        try:
            tell(self)
        except Exception as error:
            warn_about(self, f"{tell!r} was called with an error and failed: {error!r}")


def _sort(self: Any, args: tuple[object, ...], kw: dict[str, Any]) -> tuple[tuple[object, ...], dict[str, object]]:
    """Sort the keywords, leave in kw what goes into the context, and return args and the builtin's own keywords."""
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
        # None means "not given": FlextExceptions("m", field=None) makes an Error, which has no field.
        unknown = [name for name, value in kw.items() if name not in cls._keywords and value is not None]
        if unknown:
            warn_about(self, f"{cls.__name__} has no keyword {', '.join(unknown)}; it goes into context")
    return args, native


def _seconds(wait: object) -> object:
    if type(wait) is float or type(wait) is int:  # the usual case
        return wait
    from .durations import seconds

    return seconds(wait)


def _fill(
    self: Any, init: Callable[..., None], args: tuple[object, ...], keywords: dict[str, object] | None
) -> Iterator[int]:
    """Run the builtin's ``__init__``; keep the arguments even if it refuses them. Returns what is counted."""
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
    if args and not self.args:  # OSError.__init__ does nothing if a user's class defines __new__
        builtin_layout.set_args(self, args)
    if keywords is None or "code" not in state:  # in most cases, where the keywords were not even searched for one
        steps: Iterator[int] = type(self)._plan[2]
        return steps
    return metrics.counter(type(self)._counted_as[0], state["code"])


def _adopt(self: Any, args: tuple[Any, ...]) -> None:
    """Become what the builtin makes of the arguments.

    Two builtins do for themselves what they do not do for a subclass: ``OSError(2, "x")`` becomes a FileNotFoundError,
    and BlockingIOError takes a number in third place as ``characters_written``.
    """
    cls = type(self)
    twin = cls._adopts(*args)
    if type(twin) is not cls._adopts:
        self.__class__ = next(kind for kind in below(cls) if type(twin) in kind.__bases__)
    builtin_layout.refill(self, twin.args, dict(builtin_layout.fields(twin)))


def below(cls: Any) -> Iterator[Any]:
    """A class and all its living subclasses; one with two bases comes twice."""
    yield cls
    for sub in cls.__subclasses__():
        yield from below(sub)


def _again(self: Any, args: tuple[object, ...], context: Any, kw: dict[str, Any]) -> None:
    """Merge a second ``__init__``: in a diamond both parents are called, by classes that do not know each other."""
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
    """A context that is not a mapping, or a broken one, as a dict; nothing given is lost."""
    if settings.current.watches_misuse:
        warn_about(self, f"context of {type(self).__name__} must be a mapping, not {name_of(type(context))}")
    return {"context": context}
