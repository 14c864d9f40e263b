"""The alarm's function runs in the console's own process here, and its metrics are lines on standard output."""

import pytest


@pytest.fixture(autouse=True)
def _no_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
