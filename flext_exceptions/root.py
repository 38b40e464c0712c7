"""FlextExceptions: the namespace of all types, the factory that selects one, and the root that catches them all."""

from __future__ import annotations

from . import codes, metrics
from .correlation import Correlation, header

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Self, TypeAlias, overload

    from . import base, builtin_mirrors, errors
    from .result import FlextResult

# Which keyword selects which type. The order is the rank: the first of several given keywords selects.
SELECTORS = {
    "operation": "OperationError",
    "field": "ValidationError",
    "config_key": "ConfigurationError",
    "business_rule": "ProcessingError",
    "service": "ConnectionError",
    "endpoint": "ConnectionError",
    "timeout_seconds": "TimeoutError",
    "resource_id": "NotFoundError",
    "resource_type": "NotFoundError",
    "required_permission": "PermissionError",
    "auth_method": "AuthenticationError",
    "expected_type": "TypeError",
    "actual_type": "TypeError",
    "attribute_name": "AttributeError",
}
_CHOICES, _NOTHING = {name: rank for rank, name in enumerate(SELECTORS)}, len(SELECTORS)
_TYPES: list[tuple[type[base.BaseError], Callable[..., base.BaseError]]] = []  # by rank, each with its __new__


class FlextExceptions(Exception):  # noqa: FLX304
    """The root class of all errors. Calling it constructs the error that the keywords select.

    >>> FlextExceptions("must not be empty", field="name")
    ValidationError('must not be empty', field='name')
    >>> FlextExceptions("no idea")
    Error('no idea')
    >>> try:
    ...     raise FlextExceptions.NotFoundError("no such user", resource_id="42")
    ... except FlextExceptions as error:
    ...     error.code, error.context
    ('NOT_FOUND', {'resource_id': '42'})

    A direct subclass is a namespace for a project's types; an error class has one of the types as its base.
    """

    __module__ = "flext_exceptions"
    ErrorCodes = codes.ErrorCodes
    Metrics = metrics.Metrics

    if TYPE_CHECKING:
        BaseError: TypeAlias = "base.BaseError"
        Error: TypeAlias = "errors.Error"
        ValidationError: TypeAlias = "errors.ValidationError"
        ConfigurationError: TypeAlias = "errors.ConfigurationError"
        OSError: TypeAlias = "errors.OSError"
        ConnectionError: TypeAlias = "errors.ConnectionError"
        TimeoutError: TypeAlias = "errors.TimeoutError"
        ProcessingError: TypeAlias = "errors.ProcessingError"
        OperationError: TypeAlias = "errors.OperationError"
        NotFoundError: TypeAlias = "errors.NotFoundError"
        AlreadyExistsError: TypeAlias = "errors.AlreadyExistsError"
        PermissionError: TypeAlias = "errors.PermissionError"
        AuthenticationError: TypeAlias = "errors.AuthenticationError"
        TypeError: TypeAlias = "errors.TypeError"
        AttributeError: TypeAlias = "errors.AttributeError"
        UserError: TypeAlias = "errors.UserError"
        CriticalError: TypeAlias = "errors.CriticalError"
        LookupError: TypeAlias = "builtin_mirrors.LookupError"
        KeyError: TypeAlias = "builtin_mirrors.KeyError"
        IndexError: TypeAlias = "builtin_mirrors.IndexError"
        ArithmeticError: TypeAlias = "builtin_mirrors.ArithmeticError"
        OverflowError: TypeAlias = "builtin_mirrors.OverflowError"
        ZeroDivisionError: TypeAlias = "builtin_mirrors.ZeroDivisionError"
        ImportError: TypeAlias = "builtin_mirrors.ImportError"
        ModuleNotFoundError: TypeAlias = "builtin_mirrors.ModuleNotFoundError"
        EOFError: TypeAlias = "builtin_mirrors.EOFError"
        BufferError: TypeAlias = "builtin_mirrors.BufferError"
        NotImplementedError: TypeAlias = "builtin_mirrors.NotImplementedError"
        RecursionError: TypeAlias = "builtin_mirrors.RecursionError"
        BrokenPipeError: TypeAlias = "builtin_mirrors.BrokenPipeError"
        ConnectionAbortedError: TypeAlias = "builtin_mirrors.ConnectionAbortedError"
        ConnectionRefusedError: TypeAlias = "builtin_mirrors.ConnectionRefusedError"
        ConnectionResetError: TypeAlias = "builtin_mirrors.ConnectionResetError"
        IsADirectoryError: TypeAlias = "builtin_mirrors.IsADirectoryError"
        NotADirectoryError: TypeAlias = "builtin_mirrors.NotADirectoryError"
        InterruptedError: TypeAlias = "builtin_mirrors.InterruptedError"
        BlockingIOError: TypeAlias = "builtin_mirrors.BlockingIOError"
        ProcessLookupError: TypeAlias = "builtin_mirrors.ProcessLookupError"
        ChildProcessError: TypeAlias = "builtin_mirrors.ChildProcessError"

        FlextBaseError: TypeAlias = "base.BaseError"
        FlextError: TypeAlias = "errors.Error"
        FlextValidationError: TypeAlias = "errors.ValidationError"
        FlextConfigurationError: TypeAlias = "errors.ConfigurationError"
        FlextOSError: TypeAlias = "errors.OSError"
        FlextConnectionError: TypeAlias = "errors.ConnectionError"
        FlextTimeoutError: TypeAlias = "errors.TimeoutError"
        FlextProcessingError: TypeAlias = "errors.ProcessingError"
        FlextOperationError: TypeAlias = "errors.OperationError"
        FlextNotFoundError: TypeAlias = "errors.NotFoundError"
        FlextAlreadyExistsError: TypeAlias = "errors.AlreadyExistsError"
        FlextPermissionError: TypeAlias = "errors.PermissionError"
        FlextAuthenticationError: TypeAlias = "errors.AuthenticationError"
        FlextTypeError: TypeAlias = "errors.TypeError"
        FlextAttributeError: TypeAlias = "errors.AttributeError"
        FlextUserError: TypeAlias = "errors.UserError"
        FlextCriticalError: TypeAlias = "errors.CriticalError"
        FlextLookupError: TypeAlias = "builtin_mirrors.LookupError"
        FlextKeyError: TypeAlias = "builtin_mirrors.KeyError"
        FlextIndexError: TypeAlias = "builtin_mirrors.IndexError"
        FlextArithmeticError: TypeAlias = "builtin_mirrors.ArithmeticError"
        FlextOverflowError: TypeAlias = "builtin_mirrors.OverflowError"
        FlextZeroDivisionError: TypeAlias = "builtin_mirrors.ZeroDivisionError"
        FlextImportError: TypeAlias = "builtin_mirrors.ImportError"
        FlextModuleNotFoundError: TypeAlias = "builtin_mirrors.ModuleNotFoundError"
        FlextEOFError: TypeAlias = "builtin_mirrors.EOFError"
        FlextBufferError: TypeAlias = "builtin_mirrors.BufferError"
        FlextNotImplementedError: TypeAlias = "builtin_mirrors.NotImplementedError"
        FlextRecursionError: TypeAlias = "builtin_mirrors.RecursionError"
        FlextBrokenPipeError: TypeAlias = "builtin_mirrors.BrokenPipeError"
        FlextConnectionAbortedError: TypeAlias = "builtin_mirrors.ConnectionAbortedError"
        FlextConnectionRefusedError: TypeAlias = "builtin_mirrors.ConnectionRefusedError"
        FlextConnectionResetError: TypeAlias = "builtin_mirrors.ConnectionResetError"
        FlextIsADirectoryError: TypeAlias = "builtin_mirrors.IsADirectoryError"
        FlextNotADirectoryError: TypeAlias = "builtin_mirrors.NotADirectoryError"
        FlextInterruptedError: TypeAlias = "builtin_mirrors.InterruptedError"
        FlextBlockingIOError: TypeAlias = "builtin_mirrors.BlockingIOError"
        FlextProcessLookupError: TypeAlias = "builtin_mirrors.ProcessLookupError"
        FlextChildProcessError: TypeAlias = "builtin_mirrors.ChildProcessError"

        message: str
        code: str
        context: dict[str, Any]
        correlation_id: str
        timestamp: float
        title: str
        category: str
        http_status: int
        grpc_status: str
        severity: str
        retryable: bool
        retry_after: float | None

        @property
        def error_code(self) -> str: ...
        @error_code.setter
        def error_code(self, code: str) -> None: ...
        def with_context(self, /, **context: object) -> Self: ...
        def same_as(self, other: object) -> bool: ...
        def to_dict(self) -> dict[str, Any]: ...
        def to_problem(self) -> dict[str, Any]: ...

        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: str, field: object = None, config_key: object = None,
            business_rule: object = None, service: object = None, endpoint: object = None,
            timeout_seconds: object = None, resource_id: object = None, resource_type: object = None,
            required_permission: object = None, auth_method: object = None, expected_type: object = None,
            actual_type: object = None, attribute_name: object = None, **extra: object
        ) -> errors.OperationError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: str, config_key: object = None,
            business_rule: object = None, service: object = None, endpoint: object = None,
            timeout_seconds: object = None, resource_id: object = None, resource_type: object = None,
            required_permission: object = None, auth_method: object = None, expected_type: object = None,
            actual_type: object = None, attribute_name: object = None, **extra: object
        ) -> errors.ValidationError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None, config_key: str,
            business_rule: object = None, service: object = None, endpoint: object = None,
            timeout_seconds: object = None, resource_id: object = None, resource_type: object = None,
            required_permission: object = None, auth_method: object = None, expected_type: object = None,
            actual_type: object = None, attribute_name: object = None, **extra: object
        ) -> errors.ConfigurationError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None,
            config_key: None = None, business_rule: str, service: object = None, endpoint: object = None,
            timeout_seconds: object = None, resource_id: object = None, resource_type: object = None,
            required_permission: object = None, auth_method: object = None, expected_type: object = None,
            actual_type: object = None, attribute_name: object = None, **extra: object
        ) -> errors.ProcessingError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None,
            config_key: None = None, business_rule: None = None, service: str, endpoint: object = None,
            timeout_seconds: object = None, resource_id: object = None, resource_type: object = None,
            required_permission: object = None, auth_method: object = None, expected_type: object = None,
            actual_type: object = None, attribute_name: object = None, **extra: object
        ) -> errors.ConnectionError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None,
            config_key: None = None, business_rule: None = None, service: None = None, endpoint: str,
            timeout_seconds: object = None, resource_id: object = None, resource_type: object = None,
            required_permission: object = None, auth_method: object = None, expected_type: object = None,
            actual_type: object = None, attribute_name: object = None, **extra: object
        ) -> errors.ConnectionError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None,
            config_key: None = None, business_rule: None = None, service: None = None, endpoint: None = None,
            timeout_seconds: float, resource_id: object = None, resource_type: object = None,
            required_permission: object = None, auth_method: object = None, expected_type: object = None,
            actual_type: object = None, attribute_name: object = None, **extra: object
        ) -> errors.TimeoutError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None,
            config_key: None = None, business_rule: None = None, service: None = None, endpoint: None = None,
            timeout_seconds: None = None, resource_id: errors.Identifier, resource_type: object = None,
            required_permission: object = None, auth_method: object = None, expected_type: object = None,
            actual_type: object = None, attribute_name: object = None, **extra: object
        ) -> errors.NotFoundError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None,
            config_key: None = None, business_rule: None = None, service: None = None, endpoint: None = None,
            timeout_seconds: None = None, resource_id: None = None, resource_type: str,
            required_permission: object = None, auth_method: object = None, expected_type: object = None,
            actual_type: object = None, attribute_name: object = None, **extra: object
        ) -> errors.NotFoundError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None,
            config_key: None = None, business_rule: None = None, service: None = None, endpoint: None = None,
            timeout_seconds: None = None, resource_id: None = None, resource_type: None = None,
            required_permission: str, auth_method: object = None, expected_type: object = None,
            actual_type: object = None, attribute_name: object = None, **extra: object
        ) -> errors.PermissionError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None,
            config_key: None = None, business_rule: None = None, service: None = None, endpoint: None = None,
            timeout_seconds: None = None, resource_id: None = None, resource_type: None = None,
            required_permission: None = None, auth_method: str, expected_type: object = None,
            actual_type: object = None, attribute_name: object = None, **extra: object
        ) -> errors.AuthenticationError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None,
            config_key: None = None, business_rule: None = None, service: None = None, endpoint: None = None,
            timeout_seconds: None = None, resource_id: None = None, resource_type: None = None,
            required_permission: None = None, auth_method: None = None, expected_type: type | str,
            actual_type: object = None, attribute_name: object = None, **extra: object
        ) -> errors.TypeError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None,
            config_key: None = None, business_rule: None = None, service: None = None, endpoint: None = None,
            timeout_seconds: None = None, resource_id: None = None, resource_type: None = None,
            required_permission: None = None, auth_method: None = None, expected_type: None = None,
            actual_type: type | str, attribute_name: object = None, **extra: object
        ) -> errors.TypeError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None,
            config_key: None = None, business_rule: None = None, service: None = None, endpoint: None = None,
            timeout_seconds: None = None, resource_id: None = None, resource_type: None = None,
            required_permission: None = None, auth_method: None = None, expected_type: None = None,
            actual_type: None = None, attribute_name: str, **extra: object
        ) -> errors.AttributeError: ...
        @overload
        def __new__(
            cls, message: object = ..., *args: object, operation: None = None, field: None = None,
            config_key: None = None, business_rule: None = None, service: None = None, endpoint: None = None,
            timeout_seconds: None = None, resource_id: None = None, resource_type: None = None,
            required_permission: None = None, auth_method: None = None, expected_type: None = None,
            actual_type: None = None, attribute_name: None = None, **extra: object
        ) -> errors.Error: ...
        def __new__(cls, *args: object, **kw: object) -> Any: ...

    def __init_subclass__(cls, namespace: bool = True, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        if namespace:
            from ._internal.namespaces import check
            check(cls, FlextExceptions)

    @staticmethod
    def correlation(id: str | None = None, *, traceparent: str | None = None) -> Correlation:
        """Bind a correlation id for every error constructed in a ``with`` block; it yields the id.

        Without an id it is the trace id of a W3C ``traceparent`` header, otherwise a new one. Blocks nest, and the
        object is reentrant. The binding follows asyncio tasks, and threads that run in a copied context.

        >>> with FlextExceptions.correlation("req-1"):
        ...     FlextExceptions.Error("m").correlation_id
        'req-1'
        """
        return Correlation(id, traceparent)

    @staticmethod
    def traceparent(correlation_id: str | None = None) -> str:
        """The W3C ``traceparent`` header for an id, by default the bound one, otherwise a new one.

        The trace id is the id itself if it is, or ends in, 32 lower-case hex digits; otherwise it is derived from it,
        always in the same way. The span id is new on every call.

        >>> FlextExceptions.traceparent("flext_0af7651916cd43dd8448eb211c80319c")[:36]
        '00-0af7651916cd43dd8448eb211c80319c-'
        """
        return header(correlation_id)

    @staticmethod
    def get_metrics() -> metrics.Counts:
        """How many errors of each public class name were constructed since the last clear; a snapshot."""
        return metrics.snapshot()

    @staticmethod
    def clear_metrics() -> None:
        """Restart the counts at zero."""
        metrics.clear()

    @staticmethod
    def check_codes() -> list[tuple[str, tuple[type[Any], ...]]]:
        """Codes that two or more classes of a project declare as their own, each with these classes."""
        return codes.clashes()

    @staticmethod
    def from_dict(document: Mapping[str, Any]) -> base.BaseError:
        """The error whose document ``to_dict`` made: of the class of that name if it exists, otherwise Error.

        Nothing is imported, no ``__init__`` is called and nothing counted. A missing member gets the class's default.
        Raises ValidationError for anything but such a document.

        >>> FlextExceptions.from_dict(FlextExceptions.NotFoundError("m", resource_id="42").to_dict())
        NotFoundError('m', resource_id='42')
        """
        from .documents.from_dict import from_dict
        return from_dict(document)

    @staticmethod
    def from_problem(document: Mapping[str, Any]) -> base.BaseError:
        """The error that any problem document (RFC 9457) describes: by type, otherwise code, otherwise status.

        It is a new error of this program, and counted. Raises ValidationError if the document is not a mapping.

        >>> FlextExceptions.from_problem({"status": 404, "detail": "no such user"})
        NotFoundError('no such user')
        """
        from .documents.problem_details import from_problem
        return from_problem(document)

    @staticmethod
    def configure_error_handling(config: dict[str, Any]) -> FlextResult[dict[str, Any]]:
        """Change settings; see :func:`flext_exceptions.configuration.configure`.

        >>> FlextExceptions.configure_error_handling({"max_error_details": -1}).error
        'max_error_details: -1 is not valid; valid is a whole number from 0, in characters'
        """
        from . import configuration
        return configuration.configure(config)

    @staticmethod
    def get_error_handling_config() -> FlextResult[dict[str, Any]]:
        """All current settings, with ``total_errors_recorded`` and ``error_types_available``."""
        from . import configuration
        return configuration.report(vars(FlextExceptions).values())

    @staticmethod
    def create_environment_specific_config(env: str) -> FlextResult[dict[str, Any]]:
        """The settings of an environment, as :meth:`configure_error_handling` takes them; a failure if it is unknown.

        >>> FlextExceptions.create_environment_specific_config("production").value["max_error_details"]
        500
        """
        from . import configuration
        return configuration.for_environment(env)


def _select(cls: type[FlextExceptions], /, *args: object, **kw: object) -> FlextExceptions:
    picked = _NOTHING
    for key in kw:
        if key in _CHOICES and _CHOICES[key] < picked and kw[key] is not None:
            picked = _CHOICES[key]
    chosen, new = _TYPES[picked]
    self: FlextExceptions = new(chosen)
    if cls is not FlextExceptions:  # Python initialises what a class's call returns only if it is an instance
        self.__init__(*args, **kw)  # type: ignore[misc]
    return self


def install_factory() -> None:
    """Give the root its ``__new__``, after the classes that it selects are defined.

    A class inherits the slot behind ``__new__`` when it is created. Created before this, BaseError and its subclasses
    have the builtin's and are instantiated without a look-up, which saves a sixth of the whole time.
    """
    kinds = [getattr(FlextExceptions, name) for name in (*SELECTORS.values(), "Error")]
    _TYPES.extend((kind, kind.__new__) for kind in kinds)
    FlextExceptions.__new__ = _select  # type: ignore[assignment, method-assign]
