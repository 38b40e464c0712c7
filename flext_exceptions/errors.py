"""The exception classes that name what went wrong. Each states its facts; the catalogue reads them from here.

For type checkers each class with keywords spells out its signature; at run time there is one ``__init__``, BaseError's,
which reads the keywords from the annotations. A test keeps the two equal.
"""

from __future__ import annotations

import builtins

from . import result
from .base import BaseError
from .codes import ErrorCodes
from .root import install_factory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike
    from uuid import UUID

    Identifier = str | int | UUID


class Error(BaseError, builtins.RuntimeError):
    """Something went wrong that no other type describes better; the catch-equivalent of ``RuntimeError``."""

    code = ErrorCodes.GENERIC_ERROR
    title = "Error"
    grpc_status = "INTERNAL"


class ValidationError(BaseError, builtins.ValueError):
    """A value is not acceptable."""

    code = ErrorCodes.VALIDATION_ERROR
    title = "Validation error"
    category = "validation"
    http_status = 400
    grpc_status = "INVALID_ARGUMENT"
    severity = "warning"

    field: str | None = None
    value: object = None
    validation_details: object = None

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            field: str | None = ..., value: object = ..., validation_details: object = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...


class ConfigurationError(BaseError, builtins.ValueError):
    """The configuration is missing or wrong."""

    code = ErrorCodes.CONFIGURATION_ERROR
    title = "Configuration error"
    http_status = 500
    grpc_status = "FAILED_PRECONDITION"
    severity = "critical"

    config_key: str | None = None
    config_file: str | PathLike[str] | None = None

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            config_key: str | None = ..., config_file: str | PathLike[str] | None = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...


class OSError(BaseError, builtins.OSError):
    """The system refused. Given an errno it becomes the type of that errno, as the builtin does.

    >>> FlextExceptions.OSError(2, "No such file")
    NotFoundError(2, 'No such file')
    """

    code = "OS_ERROR"
    title = "System call failed"
    _adopts = builtins.OSError


class ConnectionError(OSError, builtins.ConnectionError):
    """A service cannot be reached, or the connection to it broke."""

    code = ErrorCodes.CONNECTION_ERROR
    title = "Connection error"
    http_status = 503
    grpc_status = "UNAVAILABLE"
    retryable = True

    service: str | None = None
    endpoint: str | None = None

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            service: str | None = ..., endpoint: str | None = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...


class TimeoutError(OSError, builtins.TimeoutError):
    """Something took longer than allowed."""

    code = ErrorCodes.TIMEOUT_ERROR
    title = "Timeout"
    http_status = 504
    grpc_status = "DEADLINE_EXCEEDED"
    retryable = True

    timeout_seconds: float | None = None

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            timeout_seconds: float | None = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...


class ProcessingError(BaseError, builtins.RuntimeError):
    """A business rule stopped the processing."""

    code = ErrorCodes.PROCESSING_ERROR
    title = "Processing error"
    category = "business"
    grpc_status = "INTERNAL"

    business_rule: str | None = None
    operation: str | None = None

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            business_rule: str | None = ..., operation: str | None = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...


class OperationError(BaseError, builtins.RuntimeError):
    """An operation failed."""

    code = ErrorCodes.OPERATION_ERROR
    title = "Operation failed"
    grpc_status = "INTERNAL"

    operation: str | None = None

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            operation: str | None = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...


class NotFoundError(OSError, builtins.FileNotFoundError):
    """What was asked for does not exist; the catch-equivalent of ``FileNotFoundError``."""

    code = ErrorCodes.NOT_FOUND
    title = "Not found"
    category = "business"
    http_status = 404
    grpc_status = "NOT_FOUND"
    severity = "warning"

    resource_id: Identifier | None = None
    resource_type: str | None = None

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            resource_id: Identifier | None = ..., resource_type: str | None = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...


class AlreadyExistsError(OSError, builtins.FileExistsError):
    """What was to be created exists already; the catch-equivalent of ``FileExistsError``."""

    code = ErrorCodes.ALREADY_EXISTS
    title = "Already exists"
    category = "business"
    http_status = 409
    grpc_status = "ALREADY_EXISTS"
    severity = "warning"

    resource_id: Identifier | None = None
    resource_type: str | None = None

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            resource_id: Identifier | None = ..., resource_type: str | None = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...


class PermissionError(OSError, builtins.PermissionError):
    """The caller is known and not allowed to do this."""

    code = ErrorCodes.PERMISSION_ERROR
    title = "Permission denied"
    category = "security"
    http_status = 403
    grpc_status = "PERMISSION_DENIED"
    severity = "warning"

    required_permission: str | None = None

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            required_permission: str | None = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...


class AuthenticationError(PermissionError):
    """The caller is not known."""

    code = ErrorCodes.AUTHENTICATION_ERROR
    title = "Authentication required"
    http_status = 401
    grpc_status = "UNAUTHENTICATED"

    auth_method: str | None = None

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            required_permission: str | None = ..., auth_method: str | None = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...


class TypeError(BaseError, builtins.TypeError):
    """A value has the wrong type. In ``context`` the name of a builtin type is replaced by the type itself.

    >>> FlextExceptions.TypeError("m", expected_type="str").context
    {'expected_type': <class 'str'>}
    """

    code = ErrorCodes.TYPE_ERROR
    title = "Type error"
    category = "validation"
    http_status = 400
    grpc_status = "INVALID_ARGUMENT"

    expected_type: type | str | None = None
    actual_type: type | str | None = None

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            expected_type: type | str | None = ..., actual_type: type | str | None = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...

    else:

        def __init__(self, /, *args, **kw):
            super().__init__(*args, **kw)
            name_types(self, kw)


def name_types(error: TypeError, given: Mapping[str, object]) -> None:
    """If a builtin type was given by name, put the type itself in the context."""
    for name in ("expected_type", "actual_type"):
        text = given.get(name)
        named = vars(builtins).get(text) if isinstance(text, str) else None
        if isinstance(named, type):
            error.context[name] = named


class AttributeError(BaseError, builtins.AttributeError):  # noqa: FLX307
    """An object lacks an attribute. ``name`` and ``obj`` are the builtin's own fields."""

    code = ErrorCodes.OPERATION_ERROR
    title = "Attribute error"
    grpc_status = "INTERNAL"

    attribute_name: str | None = None
    attribute_context: object = None

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            attribute_name: str | None = ..., attribute_context: object = ..., name: str | None = ...,
            obj: object = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...


class UserError(BaseError, builtins.TypeError):  # noqa: FLX307
    """The caller used this code in a way that it is not designed for."""

    code = ErrorCodes.TYPE_ERROR
    title = "Wrong use"
    category = "validation"
    http_status = 400
    grpc_status = "INVALID_ARGUMENT"
    severity = "warning"


class CriticalError(BaseError, builtins.SystemError):
    """The system cannot continue; the catch-equivalent of ``SystemError``."""

    code = ErrorCodes.CRITICAL_ERROR
    title = "Critical error"
    grpc_status = "INTERNAL"
    severity = "critical"


install_factory()
result.typed_errors, result.unwrap_error = BaseError, OperationError
