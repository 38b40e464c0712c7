"""The error contract as OpenAPI: ``responses`` with problem documents (RFC 9457), added to a given document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from flext_codemods.audit.contracts.contract import Contract, ContractError
from flext_codemods.project.files import read_bytes
from flext_codemods.project.usage import usage
from flext_exceptions.documents.problem_details import phrase

__all__ = ["add_to_openapi", "read_openapi"]

SCHEMA = "Problem"
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "default": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 100, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string"},
        "correlation_id": {"type": "string"},
        "retry_after": {"type": "number"},
        "context": {"type": "object"},
    },
}
VERBS = frozenset("get put post delete options head patch trace".split())
PARAMETER = re.compile(r"<(?:[^:<>]*:)?([^<>]+)>|\{([^:{}]+)(?::[^{}]*)?\}")


def read_openapi(file: Path) -> dict[str, Any]:
    """Return the OpenAPI document in a file of JSON.

    Raises:
        FlextExceptions.ConfigurationError: the file cannot be read, or is not an OpenAPI 3 document.
    """
    if not file.exists():
        raise usage(f"--openapi: there is no file {file}")
    raw, problem = read_bytes(file)
    if problem:
        raise usage(f"--openapi: {file} {problem}")
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise usage(f"--openapi: {file} is not JSON: {error}") from error
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        raise usage(f"--openapi: {file} is not an OpenAPI 3 document")
    if not isinstance(document.get("paths", {}), dict):
        raise usage(f"--openapi: {file}: paths is not an object")
    return document


def template_of(path: str) -> str:
    """Return the path of a route in OpenAPI's syntax.

    >>> template_of("/orders/<int:number>"), template_of("/orders/{number:int}")
    ('/orders/{number}', '/orders/{number}')
    """
    return PARAMETER.sub(lambda match: "{" + (match[1] or match[2]).strip() + "}", path)


def add_to_openapi(document: dict[str, Any], contracts: Iterable[Contract]) -> tuple[dict[str, Any], list[str]]:
    """Return a document with the answers of the contract added to its operations, and its missing routes.

    A response that an operation describes already is unchanged.
    """
    found: dict[str, Any] = json.loads(json.dumps(document))
    missing = []
    used = False
    for contract in contracts:
        if contract.kind != "route":
            continue
        method, _, path = contract.name.partition(" ")
        operations = list(operations_for(found.get("paths", {}), method.lower(), template_of(path)))
        if not operations:
            missing.append(contract.name)
        for operation in operations:
            for status, errors in by_status(contract.errors):
                responses = operation.setdefault("responses", {})
                if str(status) not in responses:
                    responses[str(status)] = response(status, errors)
                    used = True
    if used:
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault(SCHEMA, PROBLEM)
    return found, missing


def operations_for(paths: dict[str, Any], method: str, template: str) -> Iterator[dict[str, Any]]:
    """Yield the operations of a route; all of them for one that answers any method."""
    wanted = shape(template)
    for path, item in paths.items():
        if isinstance(item, dict) and shape(path) == wanted:
            for verb, operation in item.items():
                if verb in VERBS and method in (verb, "any") and isinstance(operation, dict):
                    yield operation


def shape(path: str) -> str:
    """Return a path without the names of its parameters and without a final slash."""
    return re.sub(r"\{[^{}]*\}", "{}", path).rstrip("/") or "/"


def by_status(errors: Iterable[ContractError]) -> Iterator[tuple[int, list[ContractError]]]:
    """Yield the HTTP statuses of some errors, each with its errors."""
    found: dict[int, list[ContractError]] = {}
    for one in errors:
        if one.status is not None and 400 <= one.status <= 599:
            found.setdefault(one.status, []).append(one)
    yield from sorted(found.items())


def response(status: int, errors: list[ContractError]) -> dict[str, Any]:
    """Return the response for a status."""
    lines = dict.fromkeys(description(one) for one in errors)
    schema: dict[str, Any] = {"$ref": f"#/components/schemas/{SCHEMA}"}
    codes = sorted({one.code for one in errors if one.code})
    if codes:
        schema = {"allOf": [schema, {"type": "object", "properties": {"code": {"type": "string", "enum": codes}}}]}
        if any(not one.code for one in errors):
            schema["allOf"][1]["properties"]["code"].pop("enum")
    found: dict[str, Any] = {
        "description": phrase(status) or "Error",
        "content": {"application/problem+json": {"schema": schema}},
    }
    details = [line for line in lines if line]
    if details:
        found["description"] = f"{found['description']}: {'; '.join(details)}"
    return found


def description(error: ContractError) -> str:
    """Return the description of one error in a response."""
    if error.path in ("*", ""):
        return ""
    return f"{error.code} ({error.title})" if error.code and error.title else error.name
