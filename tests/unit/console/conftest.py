"""A person at the console, in front of the system of the shell's tests."""

from contextlib import suppress

import pytest

from responder.core.errors import ResponderError
from tests.unit.people.terminal import QUEUE, Terminal, applied, asked, scene


@pytest.fixture(autouse=True)
def _no_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    """The alarm's function runs in the console's process here: its metrics would be lines of output."""
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Throttling: going to 0 % waits for an approval. The queues are empty."""
    found, _ = asked(monkeypatch)
    return with_queues(found)


@pytest.fixture
def zero(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Rollout is at 0 %."""
    return with_queues(applied(monkeypatch))


def with_queues(found: Terminal) -> Terminal:
    for name in ("Failures", "Undelivered", "FailedTwice", "Unfollowed", "Unmailed", "Unposted"):
        found.fake.sqs.queues[QUEUE.format(name)] = []
    return found


@pytest.fixture(scope="session", autouse=True)
def _models() -> None:
    """The SDK loads them with the first call, which on a busy machine takes longer than a look may."""
    with suppress(ResponderError):
        scene().faults(15).alarm()
