"""The filter and the formatter of log records, configured by a dict as frameworks do it."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import logging.handlers
from collections.abc import Iterator

import pytest


@pytest.fixture
def configured() -> Iterator[io.StringIO]:
    """Logging set up by a dict, as frameworks do it."""
    stream = io.StringIO()
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"error": {"()": "flext_exceptions.logs.records.ErrorFilter"}},
            "formatters": {"json": {"()": "flext_exceptions.logs.records.JsonFormatter"}},
            "handlers": {
                "out": {"class": "logging.StreamHandler", "stream": stream, "filters": ["error"], "formatter": "json"}
            },
            "loggers": {"shop.configured": {"handlers": ["out"], "propagate": False}},
        }
    )
    yield stream
    logging.getLogger("shop.configured").handlers.clear()


def test_it_can_be_configured_by_name(configured: io.StringIO) -> None:
    """With dictConfig, a child's records included."""
    logging.getLogger("shop.configured.child").error("m")
    assert json.loads(configured.getvalue())["logger"] == "shop.configured.child"
