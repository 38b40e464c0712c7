"""A part whose library is missing says in one line which extra brings it."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from flext_exceptions import FlextExceptions


@pytest.mark.parametrize(
    ("module", "library", "extra"),
    [
        ("patterns.http", "requests", "http"),
        ("patterns.httpx", "httpx", "httpx"),
        ("patterns.recovery", "tenacity", "retry"),
        ("patterns.celery", "celery", "celery"),
        ("web.django", "django", "django"),
        ("web.fastapi", "fastapi", "fastapi"),
        ("exporters.prometheus", "prometheus_client", "prometheus"),
        ("exporters.opentelemetry", "opentelemetry", "opentelemetry"),
    ],
)
def test_a_library_that_is_missing_is_one_line_that_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, module: str, library: str, extra: str
) -> None:
    """An ImportError, as any import's, that has the library's name and no other error behind it."""
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"flext_exceptions.{module}", raising=False)
    with pytest.raises(ImportError) as caught:
        import_module(f"flext_exceptions.{module}")
    assert type(caught.value) is FlextExceptions.ModuleNotFoundError and caught.value.__suppress_context__
    assert str(caught.value) == f"{library} is missing: pip install 'flext-exceptions[{extra}]'"
    assert (caught.value.name, caught.value.code) == (library, "MODULE_NOT_FOUND_ERROR")
