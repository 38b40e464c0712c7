"""Strategies generate valid errors of their type, and documents that are JSON."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from flext_exceptions import FlextExceptions
from flext_exceptions.catalogue import ROWS
from flext_pytest import assert_error_dict
from flext_pytest.strategies import contexts, error_dicts, errors

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CONCRETE = [row.type for row in ROWS if row.type is not FlextExceptions.BaseError]


@pytest.mark.parametrize("kind", CONCRETE, ids=lambda kind: kind.__name__)
def test_an_error_is_of_the_type_and_the_same_as_its_pickled_copy(kind: type[FlextExceptions.BaseError]) -> None:
    """Exactly of this type, whether it comes from errors() or from from_type()."""

    @FEW
    @given(errors(kind), st.from_type(kind))
    def check(one: FlextExceptions.BaseError, other: FlextExceptions.BaseError) -> None:
        for error in (one, other):
            assert type(error) is kind
            assert error.same_as(pickle.loads(pickle.dumps(error)))

    check()


def test_every_type_is_registered_by_itself() -> None:
    """Else hypothesis would guess from the signature."""
    for kind in CONCRETE:
        found = repr(st.from_type(kind).wrapped_strategy)  # type: ignore[attr-defined]
        assert found.startswith("builds(lambda message, given: kind(message, **given)"), (kind, found)


@pytest.mark.parametrize("row", [row for row in ROWS if row.keywords], ids=lambda row: row.name)
def test_each_keyword_of_a_type_is_used(row: Any) -> None:
    """A value for it turns up."""
    for name in row.keywords:
        found = find(errors(row.type), lambda error, name=name: getattr(error, name, None) is not None)
        assert type(found) is row.type


@pytest.mark.parametrize("strategy", [errors(), st.from_type(FlextExceptions.BaseError)], ids=["errors", "from_type"])
def test_without_a_type_they_are_of_many(strategy: Any) -> None:
    """Of every type of the catalogue; two are looked for."""
    for kind in (FlextExceptions.ValidationError, FlextExceptions.ChildProcessError):
        assert find(strategy, lambda error, kind=kind: type(error) is kind)


@FEW
@given(error_dicts(), contexts())
def test_documents_and_contexts_are_json(document: dict[str, Any], context: dict[str, Any]) -> None:
    """They come back from it as they were, and are documents to assert_error_dict."""
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert json.loads(json.dumps(context, allow_nan=False)) == context
    assert_error_dict(document, code=document["code"], context=document["context"])


@pytest.mark.parametrize("wrong", [3, ValueError, FlextExceptions, "ValidationError", None])
def test_a_wrong_argument_is_one_line(wrong: Any) -> None:
    """That says what is taken."""
    with pytest.raises(
        FlextExceptions.TypeError, match=r"takes a type such as FlextExceptions\.ValidationError"
    ) as caught:
        errors(wrong)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("first", ["hypothesis", "flext_pytest.strategies", "flext_exceptions"])
def test_whichever_is_imported_first_the_types_are_known(first: str) -> None:
    """By hypothesis itself, with no warning."""
    code = (
        f"import {first}\n"
        "from hypothesis import strategies as st\n"
        "from flext_exceptions import FlextExceptions\n"
        "assert 'just(' not in repr(st.from_type(FlextExceptions.ValidationError))\n"
        "from hypothesis import find\n"
        "print(repr(find(st.from_type(FlextExceptions.ValidationError), lambda error: error.field)))\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert done.stdout == "ValidationError('', field='0')\n", done.stderr


def test_the_plugin_does_not_import_hypothesis() -> None:
    """Nor what it needs."""
    code = "import sys, flext_pytest.plugin; print({'hypothesis', 'flext_exceptions'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
