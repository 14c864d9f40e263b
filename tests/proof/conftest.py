from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from typing import Any

import pytest

from responder.aws import parallel
from responder.checks.run import running
from responder.core import retry
from responder.core.log import log
from responder.evidence import logs
from tests.fakes.pools import AtOnce, with_pools
from tests.integration.beside_slack import BesideSlack
from tests.proof import figures
from tests.proof.deployed_stack import DeployedStack, deployed_stack
from tests.proof.summary import WHOLE

type Note = Callable[..., None]

_PATIENCE_SECONDS = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith("tests/proof/"):
            item.add_marker(pytest.mark.proof)


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """`note("crash matrix", cells=9, faults=3)`: added up over all tests of the run."""

    def note(part: str, **counted: float) -> None:
        record_property(figures.NAME, {part: counted})

    return note


@pytest.fixture
def quiet() -> Iterator[None]:
    """Thousands of tracebacks that are meant to happen would bury the one that is not."""
    before = log().log_level
    log().setLevel("CRITICAL")
    yield
    log().setLevel(before)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    # As many tries as in earnest, of what a fake turns away.
    monkeypatch.setattr(retry, "PAUSES", (0.0,) * len(retry.PAUSES))
    monkeypatch.setattr(running, "RATES", {})


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """In `make test`: starting a thread takes longer than what a fake does."""
    if not WHOLE:
        for module in with_pools():
            monkeypatch.setattr(module, "ThreadPoolExecutor", AtOnce)


@pytest.fixture(scope="session")
def stack(beside_slack: BesideSlack) -> DeployedStack:
    """Opened when the first test asks for it."""
    return deployed_stack(beside_slack)


@pytest.fixture
def no_look_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that a busy machine makes late is no fault of the story's."""

    def patient(futures: Mapping[str, Future[Any]], *_: Any) -> None:
        wait(futures.values(), timeout=_PATIENCE_SECONDS)

    monkeypatch.setattr(parallel, "_wait", patient)
    monkeypatch.setattr(logs, "SECONDS", _PATIENCE_SECONDS)
