"""The alarm's function runs in the console's process here: its metrics would be lines on standard output."""

import pytest

from tests.unit.people.terminal import Terminal, applied, asked


@pytest.fixture(autouse=True)
def _no_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Rollout waits for approval."""
    return asked(monkeypatch)[0]


@pytest.fixture
def off(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Rollout is at 0 %."""
    return applied(monkeypatch)
