"""Fixtures that the tests of the runtime share."""

from __future__ import annotations

import hypothesis
import pytest

from flext_exceptions import metrics

hypothesis.settings.register_profile("runtime", deadline=None)  # no test asserts a time
hypothesis.settings.load_profile("runtime")


@pytest.fixture
def own_codes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count under the codes of classes alone, and those of the test, not the many that others in this process made up.

    There is an end to them: a hundred of a name here, two thousand series in OpenTelemetry's SDK.
    """
    kept = {name: dict([next(iter(codes.items()))]) for name, codes in metrics._counters.items()}
    monkeypatch.setattr(metrics, "_counters", kept)
    metrics.clear()  # what is hidden of the totals is more than they now are
