"""Typed exceptions: errors as data, with codes, context, correlation and counts. (PYTEST_DONT_REWRITE)"""

from ._internal.usage_warning import FlextUsageWarning
from .base import BaseError as FlextBaseError
from .builtin_mirrors import ArithmeticError as FlextArithmeticError
from .builtin_mirrors import BlockingIOError as FlextBlockingIOError
from .builtin_mirrors import BrokenPipeError as FlextBrokenPipeError
from .builtin_mirrors import BufferError as FlextBufferError
from .builtin_mirrors import ChildProcessError as FlextChildProcessError
from .builtin_mirrors import ConnectionAbortedError as FlextConnectionAbortedError
from .builtin_mirrors import ConnectionRefusedError as FlextConnectionRefusedError
from .builtin_mirrors import ConnectionResetError as FlextConnectionResetError
from .builtin_mirrors import EOFError as FlextEOFError
from .builtin_mirrors import ImportError as FlextImportError
from .builtin_mirrors import IndexError as FlextIndexError
from .builtin_mirrors import InterruptedError as FlextInterruptedError
from .builtin_mirrors import IsADirectoryError as FlextIsADirectoryError
from .builtin_mirrors import KeyError as FlextKeyError
from .builtin_mirrors import LookupError as FlextLookupError
from .builtin_mirrors import ModuleNotFoundError as FlextModuleNotFoundError
from .builtin_mirrors import NotADirectoryError as FlextNotADirectoryError
from .builtin_mirrors import NotImplementedError as FlextNotImplementedError
from .builtin_mirrors import OverflowError as FlextOverflowError
from .builtin_mirrors import ProcessLookupError as FlextProcessLookupError
from .builtin_mirrors import RecursionError as FlextRecursionError
from .builtin_mirrors import ZeroDivisionError as FlextZeroDivisionError
from .errors import AlreadyExistsError as FlextAlreadyExistsError
from .errors import AttributeError as FlextAttributeError
from .errors import AuthenticationError as FlextAuthenticationError
from .errors import ConfigurationError as FlextConfigurationError
from .errors import ConnectionError as FlextConnectionError
from .errors import CriticalError as FlextCriticalError
from .errors import Error as FlextError
from .errors import NotFoundError as FlextNotFoundError
from .errors import OperationError as FlextOperationError
from .errors import OSError as FlextOSError
from .errors import PermissionError as FlextPermissionError
from .errors import ProcessingError as FlextProcessingError
from .errors import TimeoutError as FlextTimeoutError
from .errors import TypeError as FlextTypeError
from .errors import UserError as FlextUserError
from .errors import ValidationError as FlextValidationError
from .result import FlextResult
from .root import FlextExceptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .stand_ins import builtin_repr, builtin_type

__all__ = [
    "FlextAlreadyExistsError",
    "FlextArithmeticError",
    "FlextAttributeError",
    "FlextAuthenticationError",
    "FlextBaseError",
    "FlextBlockingIOError",
    "FlextBrokenPipeError",
    "FlextBufferError",
    "FlextChildProcessError",
    "FlextConfigurationError",
    "FlextConnectionAbortedError",
    "FlextConnectionError",
    "FlextConnectionRefusedError",
    "FlextConnectionResetError",
    "FlextCriticalError",
    "FlextEOFError",
    "FlextError",
    "FlextExceptions",
    "FlextImportError",
    "FlextIndexError",
    "FlextInterruptedError",
    "FlextIsADirectoryError",
    "FlextKeyError",
    "FlextLookupError",
    "FlextModuleNotFoundError",
    "FlextNotADirectoryError",
    "FlextNotFoundError",
    "FlextNotImplementedError",
    "FlextOSError",
    "FlextOperationError",
    "FlextOverflowError",
    "FlextPermissionError",
    "FlextProcessLookupError",
    "FlextProcessingError",
    "FlextRecursionError",
    "FlextResult",
    "FlextTimeoutError",
    "FlextTypeError",
    "FlextUsageWarning",
    "FlextUserError",
    "FlextValidationError",
    "FlextZeroDivisionError",
    "builtin_repr",
    "builtin_type",
]


def __getattr__(name: str) -> object:
    """Import on first use what only migrated programs need (PEP 562)."""
    if name not in ("builtin_repr", "builtin_type"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")  # noqa: FLX103
    from . import stand_ins

    return getattr(stand_ins, name)
