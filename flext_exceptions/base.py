"""BaseError: what every concrete type does. :mod:`flext_exceptions._internal.construction` has the constructor."""

from __future__ import annotations

from _operator import attrgetter

from . import codes, metrics, pickling, settings
from ._internal import builtin_layout, construction
from ._internal.construction import below
from ._internal.safe_text import text_of
from ._internal.state import PublicAttributes, replace_public, state_of
from .correlation import settle
from .root import FlextExceptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Self

__all__ = ["BaseError", "below", "counted_as", "stands_for"]

_to_dict: Callable[[BaseError], dict[str, Any]] | None = None
_CATALOGUE = frozenset(("flext_exceptions.errors", "flext_exceptions.builtin_mirrors"))
_MADE_FOR_A_CLASS = frozenset(("_descriptors", "_is_ready"))
_CONSTRUCTORS = ("__init__", "__post_init__", "__attrs_post_init__")

generation = 0
"""How many classes were defined: facts about all classes hold until another one is defined."""

stands_for: dict[type, type] = {}
"""For each type, the builtin that the same ``except`` clauses catch."""


class _Lazy:
    """Computes an attribute on reading. It has no ``__set__``, so an entry of the instance's dict takes precedence."""

    def __init__(self, compute: Callable[[Any], object], doc: str | None = None) -> None:
        self._compute = compute
        self.__doc__ = doc or compute.__doc__

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
    _native_fields: frozenset[str] = frozenset()  # what the builtin and __slots__ keep outside the instance's dict
    _shadowed: frozenset[str] = frozenset()  # named keywords that are among them
    # the name of its class in the process it came from, if there is no class of that name here
    _class_elsewhere: str | None = None
    # the time; in an instance's dict it also marks that the error was initialised; each class has its own 0.0
    _made = 0.0
    _plan: construction.Plan = (
        frozenset[str]().issuperset,
        None,
        metrics.counter("BaseError", codes.ErrorCodes.GENERIC_ERROR),
    )
    _counted_as: metrics.Pair = ("BaseError", codes.ErrorCodes.GENERIC_ERROR)  # its label if it has no other code
    _head: Any = (None,)  # the part of a document that is the same for all errors of the class; made with the first
    _adopts: Any = None  # the builtin whose choice of a class, and whose fields, this one adopts

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

        _state = builtin_layout.state_slot  # what is otherwise __dict__; not everything in it is public
        __dict__ = property(PublicAttributes, replace_public)

        def __post_init__(self, *_):
            construction.complete(self)

        __attrs_post_init__ = __post_init__

        @_Lazy
        def message(self):
            """The text of the first argument, or strerror for an OSError with an errno; "" if there is none."""
            return _message(self)

        @_Lazy
        def context(self):
            """What is known about the error: a dict of its own. A deferred context is made on first reading."""
            state = state_of(self)
            context = state.setdefault("context", state.get("_later", dict)())
            state.pop("_later", None)
            return context

        @_Lazy
        def correlation_id(self):
            """The id of the incident; it stays the same once it has been read."""
            return settle(self, BaseError)

        timestamp = _Lazy(attrgetter("_made"), "Seconds since the epoch, taken at creation.")

    @property
    def _itself(self) -> BaseError:
        return self  # identifies an object that forwards to an error

    @property
    def error_code(self) -> str:
        """The code under its older name."""
        return self.code

    @error_code.setter
    def error_code(self, code: str) -> None:
        self.code = code

    def __init_subclass__(cls, **kw: Any) -> None:
        global generation
        generation += 1
        super().__init_subclass__(namespace=False, **kw)
        own = vars(cls)
        # the class that ``dataclass(slots=True)`` replaces by this one
        for name in _MADE_FOR_A_CLASS.intersection(own):
            type.__delattr__(cls, name)
        if "error_code" in own and not hasattr(own["error_code"], "__get__"):
            if "code" not in own:
                cls.code = own["error_code"]
            type.__delattr__(cls, "error_code")
        new = builtin_layout.fitting_new(cls)
        # inspect and dataclass of early releases of Python 3.11 fail on a class that has a builtin's __new__ itself.
        if new is not None and cls.__new__ is not new:
            cls.__new__ = new  # type: ignore[assignment, method-assign]
        cls._made = float("0")  # an object of its own
        cls._native_keywords = builtin_layout.native_keywords(cls)
        cls._keywords = _named_keywords(cls)
        cls._native_fields = builtin_layout.field_names(cls)
        cls._shadowed = cls._native_fields.intersection(cls._keywords)
        init = builtin_layout.native_init(cls) or (Exception.__init__ if cls._shadowed else None)
        # A code that is computed on reading belongs to an instance.
        cls._counted_as = metrics.label(cls.__name__, "" if hasattr(cls.code, "__get__") else cls.code)
        cls._plan = frozenset(cls._keywords).issuperset, init, metrics.counter(*cls._counted_as)
        if cls.__module__ in _CATALOGUE:
            _publish(cls)
            return
        if "code" in own:
            codes.claim(cls)
        _adapt(cls)

    def __str__(self) -> str:
        live = settings.current
        text = super().__str__()
        return live.str_format.format(message=text, code=self.code) if live.formats else text

    def __repr__(self) -> str:
        from ._internal.error_repr import repr_of_error

        return repr_of_error(self)

    def with_context(self, /, **context: object) -> Self:
        """Add to the context and return the error itself.

        >>> FlextExceptions.Error("m").with_context(step=2).context
        {'step': 2}
        """
        self.context.update(context)
        return self

    def same_as(self, other: object) -> bool:
        """Whether the other error has the same class and content.

        Compares the arguments, code, context, overrides, and the builtin's own fields; not the correlation id,
        timestamp and notes, which identify one occurrence. ``==`` is identity.

        >>> FlextExceptions.Error("m", step=2).same_as(FlextExceptions.Error("m", step=2))
        True
        """
        return isinstance(other, BaseError) and type(other) is type(self) and _equal(_data(self), _data(other))

    def to_dict(self) -> dict[str, Any]:
        """The error as a dict that is valid JSON; :mod:`flext_exceptions.documents.to_dict` lists its members.

        It never raises, whatever the error holds, and hides values under one of ``redact_keys``. From texts, numbers
        and other JSON values :meth:`FlextExceptions.from_dict` restores an error that is ``same_as`` this one.

        >>> FlextExceptions.ValidationError("bad", field="pin", pin_token="1234").to_dict()["context"]
        {'field': 'pin', 'pin_token': '[redacted]'}
        """
        global _to_dict
        if _to_dict is None:  # importing a module that is already loaded would still take a tenth of the whole time
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
    builtin = (
        Exception if cls is BaseError else next((base for base in cls.__bases__ if base.__module__ == "builtins"), None)
    )
    if builtin is not None and builtin not in stands_for.values():
        stands_for[cls] = builtin


def _adapt(cls: type[BaseError]) -> None:
    """Adapt to what a program's class defines: its constructor, hash, waiting time and members."""
    own = vars(cls)
    for name in _CONSTRUCTORS:
        if hasattr(own.get(name), "__code__"):
            construction.completing(cls, name)
    if construction.is_foreign_init(cls) and builtin_layout.has_builtin_new(cls):
        cls.__new__ = construction.new_of_foreign_init  # type: ignore[method-assign, assignment]
    if "retry_after" in own and not hasattr(own["retry_after"], "__get__"):
        from ._internal.durations import seconds

        cls.retry_after = seconds(own["retry_after"])
    if issubclass(cls, BaseExceptionGroup) and cls.derive is BaseExceptionGroup.derive:
        cls.derive = pickling.derived  # type: ignore[method-assign]


if not TYPE_CHECKING:
    BaseError.__init__ = construction.make_init(BaseError)
_publish(BaseError)


def _named_keywords(cls: type[BaseError]) -> tuple[str, ...]:
    """The annotated attributes of a class and its bases; each gets a default, so that reading it never fails."""
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


def counted_as(error: BaseError) -> metrics.Pair:
    """The label of an error: public class name, and the code at the time of its construction."""
    state = state_of(error)
    return metrics.label(error._counted_as[0], state["code"]) if "code" in state else error._counted_as


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
    except Exception:  # noqa: FLX202 (values that do not compare, such as arrays)
        return False
