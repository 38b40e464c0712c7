"""The catalogue is a view of the classes."""

from __future__ import annotations

import ast
import builtins
import re
from pathlib import Path

import flext_exceptions
from flext_exceptions import FlextExceptions, builtin_mirrors, errors
from flext_exceptions.catalogue import ROWS, TARGETS

# The table of the specification: type, builtin, keywords, code.
GIVEN = """
BaseError | Exception | | FLEXT_0001
Error | RuntimeError | | FLEXT_0001
ValidationError | ValueError | field, value, validation_details | FLEXT_3001
ConfigurationError | ValueError | config_key, config_file | FLEXT_2003
ConnectionError | ConnectionError | service, endpoint | FLEXT_2001
TimeoutError | TimeoutError | timeout_seconds | FLEXT_2002
ProcessingError | RuntimeError | business_rule, operation | PROCESSING_ERROR
OperationError | RuntimeError | operation | OPERATION_ERROR
NotFoundError | FileNotFoundError | resource_id, resource_type | NOT_FOUND
AlreadyExistsError | FileExistsError | resource_id, resource_type | ALREADY_EXISTS
PermissionError | PermissionError | required_permission | PERMISSION_ERROR
AuthenticationError | PermissionError | required_permission, auth_method | AUTHENTICATION_ERROR
TypeError | TypeError | expected_type, actual_type | TYPE_ERROR
AttributeError | AttributeError | attribute_name, attribute_context, name, obj | OPERATION_ERROR
UserError | TypeError | | TYPE_ERROR
CriticalError | SystemError | | CRITICAL_ERROR
"""
MIRRORS = """
KeyError IndexError LookupError OSError ArithmeticError OverflowError ZeroDivisionError ImportError ModuleNotFoundError
EOFError BufferError NotImplementedError RecursionError BrokenPipeError ConnectionAbortedError ConnectionRefusedError
ConnectionResetError IsADirectoryError NotADirectoryError InterruptedError BlockingIOError ProcessLookupError
ChildProcessError
""".split()
RENAMED = {
    "Exception": "BaseError",
    "RuntimeError": "Error",
    "ValueError": "ValidationError",
    "FileNotFoundError": "NotFoundError",
    "FileExistsError": "AlreadyExistsError",
    "SystemError": "CriticalError",
}


def code_style(name: str) -> str:
    """KeyError as KEY_ERROR."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).upper()


def test_it_holds_the_given_types_to_the_letter_and_the_mirrors() -> None:
    """And no others."""
    rows = {row.name: row for row in ROWS}
    for line in GIVEN.strip().splitlines():
        name, builtin, keywords, code = (part.strip() for part in line.split("|"))
        row = rows.pop(name)
        assert (row.builtin, row.code) == (getattr(builtins, builtin), code)
        assert row.keywords == tuple(filter(None, keywords.split(", ")))
    assert rows.keys() == set(MIRRORS)
    for name, row in rows.items():
        assert (row.builtin, row.code) == (getattr(builtins, name), code_style(name))


def test_each_builtin_has_its_target() -> None:
    """The same name except for six; KeyError's style of code is KEY_ERROR."""
    assert {name: row.name for name, row in TARGETS.items() if row.name != name} == RENAMED
    assert TARGETS["PermissionError"].name == "PermissionError" and TARGETS["TypeError"].name == "TypeError"
    assert code_style("IsADirectoryError") == "IS_A_DIRECTORY_ERROR"
    assert set(TARGETS) == {row.builtin.__name__ for row in ROWS}


def test_each_fact_is_of_its_kind() -> None:
    """HTTP status and gRPC name that exist, and words of a closed list."""
    grpc = """CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED
    RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS
    UNAUTHENTICATED""".split()
    for row in ROWS:
        assert 400 <= row.http_status < 600
        assert row.grpc_status in grpc
        assert row.category in ("business", "technical", "validation", "security")
        assert row.severity in ("warning", "error", "critical")
        assert row.title and row.title[0].isupper() and row.title[-1] != "."
        assert row.type.__doc__
    assert len({row.title for row in ROWS if row.name != "BaseError"}) == len(ROWS) - 1
    retryable = {row.name for row in ROWS if row.retryable}
    assert retryable == {row.name for row in ROWS if "Connection" in row.name} | {
        "TimeoutError", "BrokenPipeError", "InterruptedError", "BlockingIOError",
    }  # fmt: skip


def test_each_type_has_its_alias() -> None:
    """On the root and in the package, for old code."""
    for row in ROWS:
        assert getattr(FlextExceptions, row.name) is row.type
        assert getattr(FlextExceptions, f"Flext{row.name}") is row.type
        assert getattr(flext_exceptions, f"Flext{row.name}") is row.type
    aliases = {f"Flext{row.name}" for row in ROWS}
    assert set(flext_exceptions.__all__) == aliases | {"FlextExceptions", "FlextResult", "FlextUsageWarning"}


COMMON = "code error_code context correlation_id retryable http_status retry_after".split()


def test_the_signatures_that_type_checkers_read_are_those_of_the_annotations() -> None:
    """The class's own init where it has one, else the nearest base's."""
    written: dict[str, list[str]] = {}
    for module in (errors, builtin_mirrors):
        assert module.__file__ is not None
        for node in ast.parse(Path(module.__file__).read_text()).body:
            if isinstance(node, ast.ClassDef):
                inits = [item for item in ast.walk(node) if getattr(item, "name", "") == "__init__"]
                if inits:
                    assert isinstance(inits[0], ast.FunctionDef)
                    written[node.name] = [argument.arg for argument in inits[0].args.kwonlyargs]
    assert len(written) > 10
    for row in ROWS:
        bases = [base.__name__ for base in row.type.__mro__ if issubclass(base, FlextExceptions)]
        nearest = next((written[base] for base in bases if base in written), COMMON)
        assert sorted(nearest) == sorted([*row.keywords, *COMMON]), row.name
