"""BaseError: what every concrete type does. It is made to be made fast, and to never raise while it is made."""

from __future__ import annotations

from time import time

from . import codes, metrics, pickling, settings
from ._internal import builtin_layout
from ._internal.error_repr import repr_of_error
from ._internal.notes import Details
from ._internal.safe_text import name_of, text_of
from ._internal.usage_warning import warn_about
from .correlation import current_scope, settle
from .root import FlextExceptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, Self

_to_dict: Callable[[BaseError], dict[str, Any]] | None = None
_OVERRIDES = ("correlation_id", "retryable", "http_status", "retry_after")
_CATALOGUE = frozenset(("flext_exceptions.errors", "flext_exceptions.builtin_mirrors"))


class _Lazy:
    """Computes an attribute on reading. It has no ``__set__``, so what stands in the instance's dict goes first."""

    def __init__(self, compute: Callable[[Any], object]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __get__(self, error: BaseError | None, owner: type) -> object:
        return self if error is None else self._compute(error)


class BaseError(FlextExceptions, namespace=False):
    """The common base of all concrete types, and the catch-equivalent of ``Exception``.

    A subclass states its facts as class attributes, and its named keywords as annotated ones:

    >>> class OutOfStock(FlextExceptions.ValidationError):
    ...     code = "SHOP_0007"
    ...     sku: str | None = None
    >>> error = OutOfStock("sold out", sku="A-1", shelf=4)
    >>> error.code, error.sku, error.context
    ('SHOP_0007', 'A-1', {'sku': 'A-1', 'shelf': 4})
    """

    code: str = codes.ErrorCodes.GENERIC_ERROR
    title: str = "Error"
    category: str = "technical"
    http_status: int = 500
    grpc_status: str = "UNKNOWN"
    severity: str = "error"
    retryable: bool = False
    retry_after: float | None = None

    _keywords: tuple[str, ...] = ()  # named keywords, inherited ones first
    _native_keywords: tuple[str, ...] = ()  # those that the builtin takes and keeps itself
    _native_fields: frozenset[str] = frozenset()  # what the builtin and __slots__ keep outside of the instance's dict
    _shadowed: frozenset[str] = frozenset()  # named keywords that are among them
    _class_elsewhere: str | None = None  # its class by name where it came from, if there is none of that name here
    _made = 0.0  # the time, and in an instance's dict the mark that it was initialised
    # What __init__ needs of its class, in one look-up: whether it knows keywords, the builtin's own __init__ where
    # that has more to fill than args, and what counts.
    _plan: tuple[Callable[[Iterable[str]], bool], Callable[..., None] | None, Iterator[int]] = (
        frozenset[str]().issuperset,
        None,
        metrics.counter("BaseError", codes.ErrorCodes.GENERIC_ERROR),
    )
    _counted_as: metrics.Pair = ("BaseError", codes.ErrorCodes.GENERIC_ERROR)  # its label where it has no other code

    if TYPE_CHECKING:

        def __new__(cls, *args: object, **kw: object) -> Self: ...

        def __init__(
            self,
            /,
            message: object = ...,
            *args: object,
            code: str | None = None,
            error_code: str | None = None,
            context: Mapping[str, object] | None = None,
            correlation_id: str | None = None,
            retryable: bool | None = None,
            http_status: int | None = None,
            retry_after: float | None = None,
            **extra: object,
        ) -> None: ...

    else:
        __new__ = Exception.__new__

        def __init__(self, /, *args, context=None, **kw):
            fits, init, steps = self._plan  # before __dict__ is there, in which it would be looked for
            state = self.__dict__
            native = None
            if state:
                if "_made" in state:
                    return _again(self, args, context, kw)
                if "code" in state:
                    steps, native = metrics.counter(self._counted_as[0], state["code"]), {}
            if kw:
                if fits(kw):
                    state |= kw
                else:
                    args, native = _sort(self, args, kw)
                    if "code" in state:
                        steps = metrics.counter(self._counted_as[0], state["code"])
            state["_made"] = time()
            if context is not None:
                try:
                    state["context"] = {**context, **kw}
                except Exception:
                    state["context"] = {**_as_dict(self, context), **kw}
            elif kw:
                state["context"] = kw
            if init is None:
                self.args = args
            else:
                steps = _fill(self, init, args, native)
            scope = current_scope()
            if scope is not None:
                state.setdefault("correlation_id", scope[0])
            live = settings.current
            if live.usual:
                for _ in steps:  # one step, in half the time of next()
                    break
            else:
                _unusual(self, live, steps)
            return None

        @_Lazy
        def message(self):
            """The text of the first argument, or strerror of an OSError with an errno; "" where there is none."""
            return _message(self)

        @_Lazy
        def context(self):
            """What is known about the error: a dict of its own; one that was put off is made now."""
            state = self.__dict__
            context = state.setdefault("context", state.get("_later", dict)())
            state.pop("_later", None)
            return context

        @_Lazy
        def correlation_id(self):
            """The id of the incident; once read it stays."""
            return settle(self, BaseError)

        @_Lazy
        def timestamp(self):
            """Seconds since the epoch, taken at creation."""
            return self._made

    @property
    def error_code(self) -> str:
        """The code under its older name."""
        return self.code

    @error_code.setter
    def error_code(self, code: str) -> None:
        self.code = code

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(namespace=False, **kw)
        own = vars(cls)
        if "error_code" in own and not hasattr(own["error_code"], "__get__"):
            if "code" not in own:
                cls.code = own["error_code"]
            type.__delattr__(cls, "error_code")
        new = builtin_layout.fitting_new(cls)
        if new is not None:
            cls.__new__ = new  # type: ignore[assignment, method-assign]
        cls._native_keywords = builtin_layout.native_keywords(cls)
        cls._keywords = _named_keywords(cls)
        cls._native_fields = builtin_layout.field_names(cls)
        cls._shadowed = cls._native_fields.intersection(cls._keywords)
        init = builtin_layout.native_init(cls) or (Exception.__init__ if cls._shadowed else None)
        # A code that is computed on reading is that of an instance.
        cls._counted_as = metrics.label(cls.__name__, "" if hasattr(cls.code, "__get__") else cls.code)
        cls._plan = frozenset(cls._keywords).issuperset, init, metrics.counter(*cls._counted_as)
        if cls.__module__ in _CATALOGUE:
            _publish(cls)
        elif "code" in vars(cls):
            codes.claim(cls)

    def __str__(self) -> str:
        live = settings.current
        text = super().__str__()
        return live.str_format.format(message=text, code=self.code) if live.formats else text

    def __repr__(self) -> str:
        return repr_of_error(self)

    def with_context(self, /, **context: object) -> Self:
        """Add to the context and return the error itself.

        >>> FlextExceptions.Error("m").with_context(step=2).context
        {'step': 2}
        """
        self.context.update(context)
        return self

    def same_as(self, other: object) -> bool:
        """Whether the other error is of the same class and says the same.

        Compared are the arguments, code, context, overrides, and the builtin's own fields; not the correlation id,
        timestamp and notes, which name one occurrence. ``==`` is identity.

        >>> FlextExceptions.Error("m", step=2).same_as(FlextExceptions.Error("m", step=2))
        True
        """
        return isinstance(other, BaseError) and type(other) is type(self) and _equal(_data(self), _data(other))

    def to_dict(self) -> dict[str, Any]:
        """The error as a dict that is JSON: see :mod:`flext_exceptions.documents.to_dict` for what it holds.

        It never raises, whatever the error holds, and hides what stands under one of ``redact_keys``. Of texts, numbers
        and what JSON makes of them :meth:`FlextExceptions.from_dict` gives back an error that is ``same_as`` this one.

        >>> FlextExceptions.ValidationError("bad", field="pin", pin_token="1234").to_dict()["context"]
        {'field': 'pin', 'pin_token': '[redacted]'}
        """
        global _to_dict
        if _to_dict is None:  # an import that finds its module loaded still takes a tenth of the whole time
            from .documents.to_dict import to_dict

            _to_dict = to_dict
        return _to_dict(self)

    def to_problem(self) -> dict[str, Any]:
        """The error as a problem document, ``application/problem+json`` (RFC 9457).

        >>> problem = FlextExceptions.NotFoundError("no such user", resource_id="42").to_problem()
        >>> problem["status"], problem["title"], problem["detail"], problem["code"], problem["context"]
        (404, 'Not found', 'no such user', 'NOT_FOUND', {'resource_id': '42'})
        """
        from .documents.problem_details import to_problem

        return to_problem(self)

    __reduce__ = pickling.reduce
    __setstate__ = pickling.restore
    __copy__ = pickling.shallow
    __deepcopy__ = pickling.deep


def _publish(cls: type[BaseError]) -> None:
    """Make a type of the catalogue known as FlextExceptions.Name: to programs, in pickles and in tracebacks."""
    name = cls.__name__
    cls.__module__ = FlextExceptions.__module__
    cls.__qualname__ = f"FlextExceptions.{name}"
    setattr(FlextExceptions, name, cls)
    setattr(FlextExceptions, f"Flext{name}", cls)


_publish(BaseError)


def _named_keywords(cls: type[BaseError]) -> tuple[str, ...]:
    """The annotated attributes of a class and its bases; each has a default, so that reading it never fails."""
    own = [
        name
        for name, annotation in cls.__annotations__.items()
        if not name.startswith("_")
        and "ClassVar" not in str(annotation)
        and not hasattr(BaseError, name)
        and name not in cls._native_keywords
    ]
    for name in own:
        if not hasattr(cls, name):
            setattr(cls, name, None)
    inherited = [name for base in cls.__bases__ for name in getattr(base, "_keywords", ())]
    return tuple(dict.fromkeys(inherited + own))


def _sort(
    self: BaseError, args: tuple[object, ...], kw: dict[str, Any]
) -> tuple[tuple[object, ...], dict[str, object]]:
    """Put each keyword where it belongs and leave in kw what goes into context; return args and the builtin's own."""
    state = self.__dict__
    error_code = kw.pop("error_code", None)
    code = kw.pop("code", None)
    if code is None:
        code = error_code
    if code is not None:
        state["code"] = code
    for name in _OVERRIDES:
        value = kw.pop(name, None)
        if value is not None:
            state[name] = value
    if not args and "message" in kw:
        args = (kw.pop("message"),)
    native = {name: kw.pop(name) for name in self._native_keywords if name in kw}
    state.update((name, kw[name]) for name in self._keywords if name in kw)
    if settings.current.strict:
        # None is "not given": FlextExceptions("m", field=None) makes an Error, which has no field.
        unknown = [name for name, value in kw.items() if name not in self._keywords and value is not None]
        if unknown:
            warn_about(self, f"{type(self).__name__} has no keyword {', '.join(unknown)}; it goes into context")
    return args, native


def _fill(
    self: BaseError, init: Callable[..., None], args: tuple[object, ...], keywords: dict[str, object] | None
) -> Iterator[int]:
    """Run the builtin's ``__init__``; where it refuses, the arguments are kept all the same. Returns what counts."""
    kind = type(self)
    try:
        if len(args) > 1 and (kind is FlextExceptions.OSError or kind is FlextExceptions.BlockingIOError):
            _mirror(self, args)
        else:
            init(self, *args, **(keywords or {}))
    except Exception:
        self.args = args
    if self._shadowed:
        builtin_layout.set_fields(self, {name: vars(self).pop(name) for name in self._shadowed if name in vars(self)})
    if args and not self.args:  # OSError.__init__ does nothing below a user's own __new__
        self.args = args
    if keywords is None or "code" not in vars(self):  # as of most, whose keywords were not even looked through for one
        return self._plan[2]
    return metrics.counter(self._counted_as[0], vars(self)["code"])


def _mirror(self: BaseError, args: tuple[Any, ...]) -> None:
    """Become what the builtin makes of the arguments.

    These two do for themselves what they do not do for a subclass: of ``OSError(2, "x")`` comes a FileNotFoundError,
    and BlockingIOError takes a number in third place as ``characters_written``.
    """
    twin = OSError(*args) if type(self) is FlextExceptions.OSError else BlockingIOError(*args)
    builtin = type(twin)
    if builtin is not OSError:
        kind = next(cls for cls in below(FlextExceptions.OSError) if builtin in cls.__bases__)
        self.__class__ = kind  # pyright: ignore[reportAttributeAccessIssue]
    builtin_layout.refill(self, twin.args, dict(builtin_layout.fields(twin)))


def counted_as(error: BaseError) -> metrics.Pair:
    """The label of an error: public class name, and the code that it has while it is made."""
    state = vars(error)
    return metrics.label(error._counted_as[0], state["code"]) if "code" in state else error._counted_as


def _again(self: BaseError, args: tuple[object, ...], context: object, kw: dict[str, Any]) -> None:
    """Merge a second ``__init__``: in a diamond both parents are called, by classes that know nothing of each other."""
    rest = {name: value for name, value in kw.items() if value is not None}
    args, native = _sort(self, args, rest)
    if context is not None:
        try:
            rest = {**context, **rest}  # type: ignore[dict-item]
        except Exception:
            rest = {**_as_dict(self, context), **rest}
    if rest:
        self.context.update(rest)
    if self.args and args in ((), ("",), (None,)):
        args = self.args
    init = self._plan[1]
    if init is None:
        self.args = args
        return
    before = dict(builtin_layout.fields(self))
    _fill(self, init, args, native)
    builtin_layout.set_fields(self, before | dict(builtin_layout.fields(self)))


def below(cls: type[BaseError]) -> Iterator[type[BaseError]]:
    """A class and all below it, as far as they live; one with two bases comes twice."""
    yield cls
    for sub in cls.__subclasses__():
        yield from below(sub)


def _as_dict(self: BaseError, context: Any) -> dict[Any, Any]:
    """A context that is no mapping, or a broken one, as a dict; nothing given is lost."""
    if settings.current.watches_misuse:
        warn_about(self, f"context of {type(self).__name__} is no mapping but {name_of(type(context))}")
    return {"context": context}


def _unusual(self: BaseError, live: settings.Settings, steps: Iterator[int]) -> None:
    """What settings other than the usual ones ask for."""
    if live.enable_metrics:
        next(steps)
    if live.traceback_details:
        vars(self).setdefault("__notes__", [Details(self)])
    for tell in live.watchers:
        try:
            tell(self)
        except Exception as error:
            warn_about(self, f"{tell!r} was told of an error and failed: {error!r}")


def _message(self: BaseError) -> str:
    args = self.args
    if isinstance(self, OSError) and self.strerror is not None:
        return text_of(self.strerror)
    return text_of(args[0]) if args else ""


def _data(error: BaseError) -> tuple[object, ...]:
    overrides = {name: getattr(error, name) for name in ("code", "retryable", "http_status", "retry_after")}
    return error._class_elsewhere, error.args, overrides, error.context, dict(builtin_layout.fields(error))


def _equal(one: object, other: object) -> bool:
    try:
        return bool(one == other)
    except Exception:  # values that do not compare, such as arrays
        return False
