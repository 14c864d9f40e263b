from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from pytest_socket import disable_socket, enable_socket

from responder.aws.parallel import side_by_side
from responder.checks.run import running
from responder.core import retry
from responder.core.log import log
from tests.fakes.pools import AtOnce, with_pools
from tests.proof.summary import WHOLE

# How long an example takes says how busy the machine is, nothing about the property.
settings.register_profile(
    "unit", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("proof", parent=settings.get_profile("unit"), max_examples=250)
# For `make mutants`: whether a property fails is all that is asked, thousands of times.
settings.register_profile(
    "mutants",
    parent=settings.get_profile("unit"),
    max_examples=10,
    phases=(Phase.explicit, Phase.generate),
    derandomize=True,
    database=None,
)
settings.load_profile("proof" if WHOLE else "unit")


@pytest.fixture(autouse=True)
def _as_loud_as_before() -> Iterator[None]:
    # A test that wants no log would leave none to the next one of the same process.
    before = log().log_level
    yield
    log().setLevel(before)


@pytest.fixture(autouse=True)
def _looks_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    # How long a reading of a fake takes depends on how busy the machine is. Tests of the limits give their
    # own.
    monkeypatch.setattr(side_by_side, "__defaults__", (60.0, 60.0))


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    # As many tries as in earnest, of what a fake turns away.
    monkeypatch.setattr(retry, "PAUSES", (0.0,) * len(retry.PAUSES))
    monkeypatch.setattr(running, "RATES", {})


@pytest.fixture(autouse=True)
def _no_threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    # Starting a thread takes longer than what a fake does.
    if not WITH_THREADS & set(request.path.parts):
        for module in with_pools():
            monkeypatch.setattr(module, "ThreadPoolExecutor", AtOnce)


@pytest.fixture(autouse=True)
def _no_sockets() -> Iterator[None]:
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


# About time, or about what happens at the same time.
WITH_THREADS = {
    "test_at_once.py",
    "test_budget.py",
    "test_call_budget.py",
    "test_check_running.py",
    "test_checked_writes.py",
    "test_deadline.py",
    "test_patient.py",
    "test_readiness_reached.py",
    "test_three_seconds.py",
    "test_twice.py",
}
# Whole stories: `make test` plays them, the quick gate `make check` does not.
SLOW = (
    "followup",
    "slack_inbound",
    "slack_outbound",
    "watchdog",
    "console",
    "people",
    "test_any_history.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if set(SLOW) & set(item.path.parts):
            item.add_marker(pytest.mark.slow)
