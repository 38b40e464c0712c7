"""The exception classes that stand in for a builtin and add no facts, so that every builtin has a type."""

from __future__ import annotations

import builtins

from .base import BaseError
from .errors import ConnectionError, Error, OSError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class LookupError(BaseError, builtins.LookupError):
    """A key or an index was not found."""

    code = "LOOKUP_ERROR"
    title = "Lookup error"


class KeyError(LookupError, builtins.KeyError):
    """A mapping lacks a key."""

    code = "KEY_ERROR"
    title = "Key not found"


class IndexError(LookupError, builtins.IndexError):
    """A sequence is shorter than the index."""

    code = "INDEX_ERROR"
    title = "Index out of range"
    grpc_status = "OUT_OF_RANGE"


class ArithmeticError(BaseError, builtins.ArithmeticError):
    """A calculation has no result."""

    code = "ARITHMETIC_ERROR"
    title = "Arithmetic error"


class OverflowError(ArithmeticError, builtins.OverflowError):
    """A result is too large to be represented."""

    code = "OVERFLOW_ERROR"
    title = "Overflow"
    grpc_status = "OUT_OF_RANGE"


class ZeroDivisionError(ArithmeticError, builtins.ZeroDivisionError):
    """A division by zero."""

    code = "ZERO_DIVISION_ERROR"
    title = "Division by zero"


class ImportError(BaseError, builtins.ImportError):
    """A module or a name in it cannot be imported. ``name`` and ``path`` are the builtin's own fields."""

    code = "IMPORT_ERROR"
    title = "Import error"
    grpc_status = "INTERNAL"
    severity = "critical"

    if TYPE_CHECKING:

        def __init__(
            self, /, message: object = ..., *args: object,
            name: str | None = ..., path: str | None = ...,
            code: str | None = ..., error_code: str | None = ..., context: Mapping[str, object] | None = ...,
            correlation_id: str | None = ..., retryable: bool | None = ..., http_status: int | None = ...,
            retry_after: float | None = ..., **extra: object,
        ) -> None: ...


class ModuleNotFoundError(ImportError, builtins.ModuleNotFoundError):
    """A module does not exist."""

    code = "MODULE_NOT_FOUND_ERROR"
    title = "Module not found"


class EOFError(BaseError, builtins.EOFError):
    """The input ended too early."""

    code = "EOF_ERROR"
    title = "Unexpected end of input"
    grpc_status = "DATA_LOSS"


class BufferError(BaseError, builtins.BufferError):
    """A buffer cannot do what was asked."""

    code = "BUFFER_ERROR"
    title = "Buffer error"
    grpc_status = "INTERNAL"


class NotImplementedError(Error, builtins.NotImplementedError):
    """The operation is not implemented."""

    code = "NOT_IMPLEMENTED_ERROR"
    title = "Not implemented"
    http_status = 501
    grpc_status = "UNIMPLEMENTED"


class RecursionError(Error, builtins.RecursionError):
    """The recursion is too deep."""

    code = "RECURSION_ERROR"
    title = "Recursion too deep"
    grpc_status = "RESOURCE_EXHAUSTED"


class BrokenPipeError(ConnectionError, builtins.BrokenPipeError):
    """The other end stopped reading."""

    code = "BROKEN_PIPE_ERROR"
    title = "Broken pipe"


class ConnectionAbortedError(ConnectionError, builtins.ConnectionAbortedError):
    """The connection was aborted by the other end."""

    code = "CONNECTION_ABORTED_ERROR"
    title = "Connection aborted"


class ConnectionRefusedError(ConnectionError, builtins.ConnectionRefusedError):
    """The other end does not accept connections."""

    code = "CONNECTION_REFUSED_ERROR"
    title = "Connection refused"


class ConnectionResetError(ConnectionError, builtins.ConnectionResetError):
    """The other end closed the connection."""

    code = "CONNECTION_RESET_ERROR"
    title = "Connection reset"


class IsADirectoryError(OSError, builtins.IsADirectoryError):
    """A file was asked for, and it is a directory."""

    code = "IS_A_DIRECTORY_ERROR"
    title = "Is a directory"
    grpc_status = "FAILED_PRECONDITION"


class NotADirectoryError(OSError, builtins.NotADirectoryError):
    """A directory was asked for, and it is not one."""

    code = "NOT_A_DIRECTORY_ERROR"
    title = "Not a directory"
    grpc_status = "FAILED_PRECONDITION"


class InterruptedError(OSError, builtins.InterruptedError):
    """A signal interrupted a system call."""

    code = "INTERRUPTED_ERROR"
    title = "Interrupted"
    grpc_status = "ABORTED"
    retryable = True


class BlockingIOError(OSError, builtins.BlockingIOError):
    """An operation would have to wait and must not."""

    code = "BLOCKING_IO_ERROR"
    _adopts = builtins.BlockingIOError
    title = "Would block"
    http_status = 503
    grpc_status = "UNAVAILABLE"
    retryable = True


class ProcessLookupError(OSError, builtins.ProcessLookupError):
    """A process does not exist."""

    code = "PROCESS_LOOKUP_ERROR"
    title = "No such process"
    grpc_status = "NOT_FOUND"


class ChildProcessError(OSError, builtins.ChildProcessError):
    """An operation on a child process failed."""

    code = "CHILD_PROCESS_ERROR"
    title = "Child process error"
    grpc_status = "INTERNAL"
