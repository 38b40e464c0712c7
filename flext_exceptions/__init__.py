"""Typed exceptions: errors as data, with codes, context, correlation and counts. (PYTEST_DONT_REWRITE)"""

from .base import BaseError as FlextBaseError
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
from .mirrors import ArithmeticError as FlextArithmeticError
from .mirrors import BlockingIOError as FlextBlockingIOError
from .mirrors import BrokenPipeError as FlextBrokenPipeError
from .mirrors import BufferError as FlextBufferError
from .mirrors import ChildProcessError as FlextChildProcessError
from .mirrors import ConnectionAbortedError as FlextConnectionAbortedError
from .mirrors import ConnectionRefusedError as FlextConnectionRefusedError
from .mirrors import ConnectionResetError as FlextConnectionResetError
from .mirrors import EOFError as FlextEOFError
from .mirrors import ImportError as FlextImportError
from .mirrors import IndexError as FlextIndexError
from .mirrors import InterruptedError as FlextInterruptedError
from .mirrors import IsADirectoryError as FlextIsADirectoryError
from .mirrors import KeyError as FlextKeyError
from .mirrors import LookupError as FlextLookupError
from .mirrors import ModuleNotFoundError as FlextModuleNotFoundError
from .mirrors import NotADirectoryError as FlextNotADirectoryError
from .mirrors import NotImplementedError as FlextNotImplementedError
from .mirrors import OverflowError as FlextOverflowError
from .mirrors import ProcessLookupError as FlextProcessLookupError
from .mirrors import RecursionError as FlextRecursionError
from .mirrors import ZeroDivisionError as FlextZeroDivisionError
from .result import FlextResult
from .root import FlextExceptions
from .usage import FlextUsageWarning

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
]
