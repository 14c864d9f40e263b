"""The alarm's function runs in the console's process here: its metrics would be lines on standard output."""

import pytest


@pytest.fixture(autouse=True)
def _no_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
